package domain

import (
	"regexp"
	"slices"
	"strings"
)

// maxMentions bounds how many members one text mentions. Further names are no mentions.
const maxMentions = 20

var mention = regexp.MustCompile(`(?:^|[^\p{L}\p{N}_@/.])@([\p{L}\p{N}_][\p{L}\p{N}_.-]{1,63})`)

// Mentions are the usernames that a text names with an @, in lower case, each once.
func Mentions(text string) []string {
	names := []string{}
	for _, found := range mention.FindAllStringSubmatch(text, -1) {
		name := strings.ToLower(strings.TrimRight(found[1], ".-"))
		if !slices.Contains(names, name) && len(names) < maxMentions {
			names = append(names, name)
		}
	}
	return names
}
