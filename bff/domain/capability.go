package domain

import "slices"

// aliases are the names under which the portal's menu asks for permissions.
var aliases = map[string]string{
	"activity.feed.read": "feed:read",
	"events.event.read":  "events:read",
	"voting.poll.read":   "voting:read",
}

// Capabilities returns the permissions sorted, each once, together with the menu's own names for them.
func Capabilities(permissions []string) []string {
	all := make([]string, 0, len(permissions)+len(aliases))
	for _, p := range permissions {
		all = append(all, p)
		if alias, ok := aliases[p]; ok {
			all = append(all, alias)
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}
