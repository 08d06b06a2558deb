package domain

import "slices"

// Names of the role templates. Active members of a tenant hold the role member without a binding. Holders of a role admin
// see private resources of others.
const (
	RoleMember    = "member"
	RoleModerator = "moderator"
	RoleAdmin     = "admin"
)

// Template is a role that every tenant can bind.
type Template struct {
	Service Service
	Name    string
	Keys    []string // sorted
}

// RoleText is a template in words.
type RoleText struct {
	Name        Text
	Description Text
}

// TextOf returns the words of a template of the platform. A role of a tenant has the name that was typed, and no more.
func TextOf(r Role) (text RoleText, ok bool) {
	if !r.Template() {
		return RoleText{}, false
	}
	text.Name, ok = templateNames[r.Name]
	text.Description = templateDescriptions[r.Service][r.Name]
	return text, ok
}

// Templates returns the templates of every service. Each tier includes the one below it, and an admin holds every key of
// the service, new ones included.
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

// moderatorBesides are the keys of moderators beside those of members: the daily work of a group, without its roles and
// settings.
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

var templateNames = map[string]Text{
	RoleMember:    {"Members", "Участники"},
	RoleModerator: {"Moderators", "Модераторы"},
	RoleAdmin:     {"Administrators", "Администраторы"},
}

// templateDescriptions say what the holders of a template do all day, not each key.
var templateDescriptions = map[Service]map[string]Text{
	Portal: {
		RoleMember: {"Every member holds it: see people, communities and teams, read posts and write their own.",
			"Есть у каждого участника: видеть людей, сообщества и команды, читать посты и писать свои."},
		RoleModerator: {"Run teams, decide about members, change and delete posts of others.",
			"Вести команды, решать об участниках, менять и удалять чужие посты."},
		RoleAdmin: {"Everything in communities, teams and posts, with roles, exceptions and the settings of the space.",
			"Всё в сообществах, командах и постах, включая роли, исключения и настройки пространства."},
	},
	Voting: {
		RoleMember:    {"Every member holds it: see polls, vote, and see the results when they open.", "Есть у каждого участника: видеть опросы, голосовать и узнавать результаты, когда они открыты."},
		RoleModerator: {"Create polls and run their own ones.", "Создавать опросы и вести свои."},
		RoleAdmin:     {"Run every poll, private ones as well.", "Вести любой опрос, в том числе закрытый."},
	},
	Events: {
		RoleMember:    {"Every member holds it: see events and answer invitations.", "Есть у каждого участника: видеть события и отвечать на приглашения."},
		RoleModerator: {"Create events and record who attended.", "Создавать события и отмечать пришедших."},
		RoleAdmin:     {"Run every event.", "Вести любое событие."},
	},
	Activity: {
		RoleMember:    {"Every member holds it: read the feed, write news and link own accounts.", "Есть у каждого участника: читать ленту, писать новости и привязывать свои аккаунты."},
		RoleModerator: {"Change and delete news of others.", "Менять и удалять чужие новости."},
		RoleAdmin:     {"Run the feed with its sources and games.", "Вести ленту, её источники и список игр."},
	},
	Gamification: {
		RoleMember:    {"Every member holds it: see achievements.", "Есть у каждого участника: видеть достижения."},
		RoleModerator: {"Grant achievements to members.", "Вручать достижения участникам."},
		RoleAdmin:     {"Create, publish, grant and revoke achievements.", "Создавать, публиковать, вручать и отзывать достижения."},
	},
	Personalization: {
		RoleMember:    {"Every member holds it: own preferences and the own start page.", "Есть у каждого участника: свои настройки и своя главная."},
		RoleModerator: {"The same as members.", "То же, что у участников."},
		RoleAdmin:     {"Choose what is offered on the start page, besides the own preferences.", "Выбирать, что предлагается на главной, кроме своих настроек."},
	},
}
