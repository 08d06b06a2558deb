package domain

import "slices"

// Names of the role templates. Member is also the role that active members of
// a tenant hold without a binding, and Admin the role whose holders see private
// resources of others.
const (
	RoleMember    = "member"
	RoleModerator = "moderator"
	RoleAdmin     = "admin"
)

// Template is a role that the platform offers to every tenant.
type Template struct {
	Service Service
	Name    string
	Keys    []string // sorted
}

// Templates returns the templates of every service. Each tier includes the one
// below it, and an admin holds every key of the service: a new key is never
// out of an administrator's reach by mistake.
func Templates(c Catalogue) []Template {
	var all []Template
	for _, service := range Services() {
		member := keysOf(service, memberOf[service]...)
		moderator := append(slices.Clone(member), keysOf(service, moderatorBesides[service]...)...)
		var admin []string
		for _, p := range c.OfService(service) {
			admin = append(admin, p.Key)
		}
		slices.Sort(member)
		slices.Sort(moderator)
		all = append(all,
			Template{Service: service, Name: RoleMember, Keys: member},
			Template{Service: service, Name: RoleModerator, Keys: moderator},
			Template{Service: service, Name: RoleAdmin, Keys: admin},
		)
	}
	return all
}

var memberOf = map[Service][]string{
	Portal: {
		"profile.read_self", "profile.edit_self", "profiles.read",
		"communities.list", "communities.read", "communities.members.read",
		"teams.list", "teams.members.read",
		"posts.read", "posts.create_public", "posts.create_community", "posts.create_team", "posts.create_private",
	},
	Voting:          {"poll.read", "vote.cast", "vote.read_own", "results.read"},
	Events:          {"event.read", "rsvp.set"},
	Activity:        {"feed.read", "sources.link", "news.create"},
	Gamification:    {"achievements.read"},
	Personalization: {"preferences.read_own", "preferences.edit_own", "dashboards.customize"},
}

// moderatorBesides is what a moderator may besides what members may: run the
// daily life of a group, but neither its rights nor its settings.
var moderatorBesides = map[Service][]string{
	Portal:       {"teams.create", "teams.manage", "teams.members.manage", "communities.members.manage", "posts.create", "posts.manage"},
	Voting:       {"poll.create"},
	Events:       {"event.create", "attendance.mark"},
	Activity:     {"news.manage"},
	Gamification: {"achievements.assign"},
}

func keysOf(service Service, names ...string) []string {
	keys := make([]string, len(names))
	for i, name := range names {
		keys[i] = keyOf(service, name)
	}
	return keys
}
