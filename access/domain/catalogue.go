package domain

import "strings"

// Platform is the catalogue of this platform, the only source of permissions:
// the database is seeded from it and a key outside of it is never allowed. A key
// that nobody asks for yet says why it is here (reserved.go).
var Platform = NewCatalogue(reserve([]Permission{
	own(Portal, "profile.read_self", "See the own profile"),
	own(Portal, "profile.edit_self", "Change the own profile"),
	own(Portal, "profiles.read", "See the profiles of others"),
	own(Portal, "applications.review", "Review applications to join"),
	own(Portal, "communities.list", "List communities"),
	own(Portal, "communities.create", "Create communities"),
	own(Portal, "communities.read", "Open communities"),
	own(Portal, "communities.manage", "Administer communities"),
	own(Portal, "communities.members.read", "Look up members of communities"),
	own(Portal, "communities.members.manage", "Add and remove members of communities"),
	own(Portal, "teams.list", "List teams"),
	own(Portal, "teams.create", "Create teams"),
	own(Portal, "teams.manage", "Administer teams"),
	own(Portal, "teams.members.read", "Look up members of teams"),
	own(Portal, "teams.members.manage", "Add and remove members of teams"),
	own(Portal, "posts.read", "Read posts"),
	own(Portal, "posts.create", "Write posts"),
	own(Portal, "posts.create_public", "Write public posts"),
	own(Portal, "posts.create_community", "Write posts for a community"),
	own(Portal, "posts.create_team", "Write posts for a team"),
	own(Portal, "posts.create_private", "Write private posts"),
	own(Portal, "posts.read_private", "Read private posts of others"),
	own(Portal, "posts.manage", "Change and delete posts of others"),
	own(Portal, "roles.read", "See roles, their bindings and the journal"),
	own(Portal, "roles.write", "Create, change and delete roles"),
	own(Portal, "role_bindings.write", "Grant and revoke roles"),
	own(Portal, "policy_overrides.write", "Make exceptions from roles for single users"),
	own(Portal, "permissions.read", "See the catalogue of permissions"),

	own(Voting, "poll.read", "Read polls"),
	own(Voting, "poll.create", "Create polls"),
	own(Voting, "vote.cast", "Vote"),
	own(Voting, "vote.read_own", "See the own votes"),
	own(Voting, "results.read", "Read results"),
	own(Voting, "votings.admin", "Administer polls"),
	own(Voting, "nominations.admin", "Administer nominations"),

	own(Events, "event.read", "Read events"),
	own(Events, "event.create", "Create events"),
	own(Events, "event.manage", "Administer events"),
	own(Events, "rsvp.set", "Answer invitations"),
	own(Events, "attendance.mark", "Record who attended"),

	own(Activity, "feed.read", "Read the feed"),
	own(Activity, "sources.link", "Link accounts of other platforms"),
	own(Activity, "sources.manage", "Administer sources"),
	own(Activity, "news.create", "Write news"),
	own(Activity, "news.manage", "Moderate news"),
	own(Activity, "admin.sync", "Run a synchronisation and follow it"),
	own(Activity, "admin.games", "Edit the catalogue of games"),

	own(Gamification, "achievements.read", "See achievements"),
	own(Gamification, "achievements.create", "Create achievements"),
	own(Gamification, "achievements.edit", "Change achievements"),
	own(Gamification, "achievements.publish", "Publish achievements"),
	own(Gamification, "achievements.hide", "Hide achievements"),
	own(Gamification, "achievements.assign", "Grant achievements to people"),
	own(Gamification, "achievements.revoke", "Take achievements back"),
	own(Gamification, "achievements.view_private", "See private grants of others"),

	own(Personalization, "preferences.read_own", "See the own preferences"),
	own(Personalization, "preferences.edit_own", "Change the own preferences"),
	own(Personalization, "content.manage", "Administer personalised content"),
	own(Personalization, "dashboards.customize", "Arrange the own dashboard"),
}))

// own makes a permission whose key begins with its service, as every key does.
func own(service Service, name, description string) Permission {
	return Permission{Key: keyOf(service, name), Service: service, Description: description}
}

func keyOf(service Service, name string) string {
	return strings.Join([]string{string(service), name}, ".")
}
