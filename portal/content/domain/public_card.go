package domain

import (
	"html"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
)

// PublicCard is what guests of a tenant may see.
type PublicCard struct {
	Members     int
	Communities []PublicCommunity
	Faces       []PublicFace // of members who agreed
	Posts       []PublicPost // by members who agreed
}

// The bounds of a PublicCard.
const (
	MaxPublicCommunities = 20
	MaxPublicFaces       = 9
	MaxPublicPosts       = 3
	MaxPublicExcerpt     = 300
)

// PublicCommunity is a community that a user can join or ask to join.
type PublicCommunity struct {
	ID          uuid.UUID
	Name        string
	Description string
	Hue         int // see the group
	Members     int
}

// PublicFace is a member who agreed to be shown.
type PublicFace struct {
	User uuid.UUID
	Name string
}

// PublicPost is a public post whose author agreed to be shown.
type PublicPost struct {
	ID        uuid.UUID
	Title     string
	Excerpt   string // plain text
	Author    string
	CreatedAt time.Time
}

// The tags after which a text goes on in a new place.
var breakingTags = []string{"p", "br", "li", "tr", "td", "th", "pre", "blockquote", "hr", "h1", "h2", "h3", "h4", "h5", "h6"}

// Text is the beginning of the rendered body as plain text of at most some characters, in one line.
func (r Rendered) Text(most int) string {
	summary, _ := r.Summary()
	var text strings.Builder
	for summary != "" {
		before, rest, tagged := strings.Cut(summary, "<")
		text.WriteString(before)
		if !tagged {
			break
		}
		tag, after, _ := strings.Cut(rest, ">")
		name, _, _ := strings.Cut(strings.Trim(tag, "/"), " ")
		if slices.Contains(breakingTags, name) {
			text.WriteByte(' ')
		}
		summary = after
	}
	runes := []rune(strings.Join(strings.Fields(html.UnescapeString(text.String())), " "))
	if len(runes) <= most {
		return string(runes)
	}
	return strings.TrimSpace(string(runes[:most-1])) + "…"
}
