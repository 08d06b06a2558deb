package inbox

import (
	"go.updspace.com/api/accessevents"
	"go.updspace.com/api/eventsevents"
	"go.updspace.com/api/gamificationevents"
	"go.updspace.com/api/identityevents"
	"go.updspace.com/api/mailevents"
	"go.updspace.com/api/portalevents"
	"go.updspace.com/api/votingevents"
)

// mappings is the one table of what events of other services mean to the feed. docs/feed.md has it in words. Every event of api/events
// is here, or in leftOut with the reason.
var mappings = map[string]mapping{
	identityevents.TypeMembershipChanged: by(identityevents.DecodeMembership, tenantMember),

	portalevents.TypeCommunityCreated:  by(portalevents.DecodeCommunity, community),
	portalevents.TypeCommunityUpdated:  by(portalevents.DecodeCommunity, community),
	portalevents.TypeCommunityDeleted:  by(portalevents.DecodeCommunity, communityGone),
	portalevents.TypeTeamCreated:       by(portalevents.DecodeTeam, team),
	portalevents.TypeTeamUpdated:       by(portalevents.DecodeTeam, team),
	portalevents.TypeTeamDeleted:       by(portalevents.DecodeTeam, teamGone),
	portalevents.TypeMembershipAdded:   by(portalevents.DecodeMembership, groupMember),
	portalevents.TypeMembershipRemoved: by(portalevents.DecodeMembership, groupMemberGone),
	portalevents.TypePostCreated:       by(portalevents.DecodePost, post),
	portalevents.TypePostUpdated:       by(portalevents.DecodePost, post),
	portalevents.TypePostDeleted:       by(portalevents.DecodePost, postGone),

	votingevents.TypePollCreated:   by(votingevents.DecodePoll, poll),
	votingevents.TypePollUpdated:   by(votingevents.DecodePoll, poll),
	votingevents.TypePollPublished: by(votingevents.DecodePoll, poll),
	votingevents.TypePollOpened:    by(votingevents.DecodePoll, poll),
	votingevents.TypePollClosed:    by(votingevents.DecodePoll, poll),
	votingevents.TypePollDeleted:   by(votingevents.DecodePoll, pollGone),
	votingevents.TypeVoteCast:      by(votingevents.DecodeVote, vote),
	votingevents.TypeVoteRevoked:   by(votingevents.DecodeVote, voteGone),

	eventsevents.TypeEventCreated:   by(eventsevents.DecodeEvent, calendarEvent),
	eventsevents.TypeEventUpdated:   by(eventsevents.DecodeEventUpdated, calendarEventUpdated),
	eventsevents.TypeEventCancelled: by(eventsevents.DecodeEvent, calendarEvent),
	eventsevents.TypeEventDeleted:   by(eventsevents.DecodeEvent, calendarEventGone),
	eventsevents.TypeRsvpChanged:    by(eventsevents.DecodeRsvp, rsvp),

	gamificationevents.TypeAchievementPublished: by(gamificationevents.DecodeAchievement, achievement),
	gamificationevents.TypeGrantCreated:         by(gamificationevents.DecodeGrant, grant),
	gamificationevents.TypeGrantRevoked:         by(gamificationevents.DecodeGrantRevoked, grantGone),
	gamificationevents.TypeLevelReached:         by(gamificationevents.DecodeLevelReached, level),
	gamificationevents.TypeSeasonClosed:         by(gamificationevents.DecodeSeasonClosed, season),
}

const (
	ofAccounts = "accounts belong to the platform: their events have no tenant, and others have no business with them"
	personal   = "it is for one person: a notification, not news for others"
	ofMail     = "mail is between the platform and one person"
)

// leftOut are the events that change nothing in the feed, with the reason. Those of activity itself are not here: their items are
// written in the transaction of the change.
var leftOut = map[string]string{
	identityevents.TypeUserCreated:      ofAccounts,
	identityevents.TypeUserUpdated:      ofAccounts,
	identityevents.TypeUserSuspended:    ofAccounts,
	identityevents.TypeUserDeleted:      ofAccounts,
	identityevents.TypeUserBanned:       ofAccounts,
	identityevents.TypeUserActivated:    ofAccounts,
	identityevents.TypeSessionCreated:   ofAccounts,
	identityevents.TypeSessionNewDevice: personal,
	identityevents.TypePasswordChanged:  personal,
	identityevents.TypeEmailChanged:     personal,
	identityevents.TypeTenantCreated:    "a new tenant has no members who could read of it",
	identityevents.TypeTenantUpdated:    "names and colours are settings",
	identityevents.TypeFactorAdded:      ofAccounts,
	identityevents.TypeFactorRemoved:    ofAccounts,
	identityevents.TypeFactorUsed:       ofAccounts,
	identityevents.TypePasskeyAdded:     ofAccounts,
	identityevents.TypePasskeyRemoved:   ofAccounts,

	identityevents.TypeExternalIdentityLinked:   "which accounts a member has elsewhere is the member's own matter",
	identityevents.TypeExternalIdentityUnlinked: "as linked",

	identityevents.TypeApplicationSubmitted: "an application is for its reviewers; a person who becomes a member is an item of the membership",
	identityevents.TypeApplicationApproved:  "as submitted",
	identityevents.TypeApplicationRejected:  "as submitted",
	identityevents.TypeApplicationWithdrawn: "as submitted",

	portalevents.TypeCommunityArchived: "what happened in an archived community stays in the feed, and nothing new comes",
	portalevents.TypeCommunityRestored: "as archived",
	portalevents.TypeTeamArchived:      "as archived",
	portalevents.TypeTeamRestored:      "as archived",
	portalevents.TypeMembershipChanged: "roles are matters of the group",
	portalevents.TypeProfileUpdated:    "names are asked for when the feed is read",

	votingevents.TypeParticipantChanged:  personal,
	votingevents.TypeParticipantRemoved:  personal,
	votingevents.TypeParticipantInvited:  personal,
	votingevents.TypeParticipantDeclined: personal,

	eventsevents.TypeWaitlistPromoted:   personal,
	eventsevents.TypeAttendanceMarked:   "the answer has said who comes; who came is a record of the organisers",
	eventsevents.TypeAttendanceUnmarked: "as marked",
	eventsevents.TypeReminderDue:        personal,
	eventsevents.TypeInvitationSent:     personal,

	accessevents.TypeRoleGiven: "who may do what is the person's own matter",
	accessevents.TypeRoleTaken: "as given",

	gamificationevents.TypeRewardGiven: "roles are matters of access",
	gamificationevents.TypeRewardTaken: "roles are matters of access",

	mailevents.TypeMessageRequested: ofMail,
	mailevents.TypeMessageSent:      ofMail,
	mailevents.TypeMessageFailed:    ofMail,
}
