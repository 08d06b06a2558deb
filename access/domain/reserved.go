package domain

// Reasons for keys that no service asks for yet. Roles of tenants hold them and
// the frontends know them, so they stay in the catalogue until their service
// asks. A test fails for a key that is neither asked nor here, and for one that
// is here and asked.
const (
	ownProfile           = "the own profile is shown to everybody without asking; only the frontends ask, for its page"
	oneOfSome            = "writing is asked for by who shall read; roles of earlier installations hold it"
	untilEvents          = "the calendar will ask for it"
	untilActivity        = "the feed and its sources will ask for it"
	untilGamification    = "achievements will ask for it"
	untilPersonalization = "personalisation, whose service is not built, will ask for it; roles of earlier installations hold it"
	untilApplications    = "reviewing applications to join will ask for it"
	shownOnly            = "only the frontends ask, to show the screen of nominations; voting itself asks for votings.admin"
)

var reserved = map[string]string{
	"portal.applications.review": untilApplications,

	"portal.profile.read_self": ownProfile,
	"portal.posts.create":      oneOfSome,

	"voting.nominations.admin": shownOnly,

	"events.event.create":    untilEvents,
	"events.event.manage":    untilEvents,
	"events.rsvp.set":        untilEvents,
	"events.attendance.mark": untilEvents,

	"activity.sources.link":   untilActivity,
	"activity.sources.manage": untilActivity,
	"activity.news.create":    untilActivity,
	"activity.news.manage":    untilActivity,
	"activity.admin.sync":     untilActivity,
	"activity.admin.games":    untilActivity,

	"gamification.achievements.read":         untilGamification,
	"gamification.achievements.create":       untilGamification,
	"gamification.achievements.edit":         untilGamification,
	"gamification.achievements.publish":      untilGamification,
	"gamification.achievements.hide":         untilGamification,
	"gamification.achievements.revoke":       untilGamification,
	"gamification.achievements.view_private": untilGamification,

	"personalization.preferences.read_own": untilPersonalization,
	"personalization.preferences.edit_own": untilPersonalization,
	"personalization.content.manage":       untilPersonalization,
	"personalization.dashboards.customize": untilPersonalization,
}

// reserve marks permissions with why nobody asks for them.
func reserve(permissions []Permission) []Permission {
	for i := range permissions {
		permissions[i].Reserved = reserved[permissions[i].Key]
	}
	return permissions
}
