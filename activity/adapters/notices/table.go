// Package notices reads the domain events of all services as what they mean for notifications.
package notices

import (
	"context"
	"time"

	"github.com/cloudevents/sdk-go/v2/event"
	"github.com/google/uuid"

	"go.updspace.com/activity/notifications/domain"
	"go.updspace.com/api/accessevents"
	"go.updspace.com/api/activityevents"
	"go.updspace.com/api/eventsevents"
	"go.updspace.com/api/gamificationevents"
	"go.updspace.com/api/identityevents"
	"go.updspace.com/api/mailevents"
	"go.updspace.com/api/portalevents"
	"go.updspace.com/api/votingevents"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/outbox"
	"go.updspace.com/libs/reqctx"
)

// meaning is what an event means.
type meaning func(t time.Time, id uuid.UUID, tenant uuid.UUID, e event.Event) (domain.Told, error)

// table has a row for each event that tells people of something, takes back what was told, or changes who is told. TestEveryEventHasAPlace holds it
// and the list of those left out against api/events.
var table = map[string]meaning{
	activityevents.TypeNewsPublished: as(activityevents.DecodeNews, newsPublished),
	activityevents.TypeNewsChanged:   as(activityevents.DecodeNewsChanged, newsChanged),
	activityevents.TypeNewsDeleted:   as(activityevents.DecodeNews, newsDeleted),
	activityevents.TypeNewsCommented: as(activityevents.DecodeNewsComment, newsCommented),
	activityevents.TypeNewsReacted:   as(activityevents.DecodeNewsReaction, newsReacted),

	portalevents.TypeMembershipAdded:   as(portalevents.DecodeMembership, membershipAdded),
	portalevents.TypeMembershipChanged: as(portalevents.DecodeMembership, membershipChanged),
	portalevents.TypeMembershipRemoved: as(portalevents.DecodeMembership, membershipRemoved),
	portalevents.TypeCommunityDeleted:  as(portalevents.DecodeCommunity, communityDeleted),
	portalevents.TypeTeamDeleted:       as(portalevents.DecodeTeam, teamDeleted),

	votingevents.TypePollPublished:       as(votingevents.DecodePoll, pollPublished),
	votingevents.TypePollOpened:          as(votingevents.DecodePoll, pollOpened),
	votingevents.TypePollUpdated:         as(votingevents.DecodePoll, pollUpdated),
	votingevents.TypePollClosed:          as(votingevents.DecodePoll, pollClosed),
	votingevents.TypePollDeleted:         as(votingevents.DecodePoll, pollDeleted),
	votingevents.TypeParticipantInvited:  as(votingevents.DecodeParticipant, participantInvited),
	votingevents.TypeParticipantChanged:  as(votingevents.DecodeParticipant, participantChanged),
	votingevents.TypeParticipantRemoved:  as(votingevents.DecodeParticipant, participantRemoved),
	votingevents.TypeParticipantDeclined: as(votingevents.DecodeParticipant, participantDeclined),

	eventsevents.TypeEventUpdated:     as(eventsevents.DecodeEventUpdated, eventUpdated),
	eventsevents.TypeEventCancelled:   as(eventsevents.DecodeEvent, eventCancelled),
	eventsevents.TypeEventDeleted:     as(eventsevents.DecodeEvent, eventDeleted),
	eventsevents.TypeRsvpChanged:      as(eventsevents.DecodeRsvp, rsvpChanged),
	eventsevents.TypeWaitlistPromoted: as(eventsevents.DecodePromotion, waitlistPromoted),
	eventsevents.TypeReminderDue:      as(eventsevents.DecodeReminder, reminderDue),
	eventsevents.TypeInvitationSent:   as(eventsevents.DecodeInvitation, invitationSent),

	accessevents.TypeRoleGiven: as(accessevents.DecodeRoleBinding, roleGiven),
	accessevents.TypeRoleTaken: as(accessevents.DecodeRoleBinding, roleTaken),

	gamificationevents.TypeGrantCreated: as(gamificationevents.DecodeGrant, grantCreated),
	gamificationevents.TypeGrantRevoked: as(gamificationevents.DecodeGrantRevoked, grantRevoked),
	gamificationevents.TypeRewardGiven:  as(gamificationevents.DecodeReward, rewardGiven),
	gamificationevents.TypeRewardTaken:  as(gamificationevents.DecodeRewardTaken, rewardTaken),
	gamificationevents.TypeLevelReached: as(gamificationevents.DecodeLevelReached, levelReached),

	identityevents.TypeTenantCreated:     as(identityevents.DecodeTenant, tenantChanged),
	identityevents.TypeTenantUpdated:     as(identityevents.DecodeTenant, tenantChanged),
	identityevents.TypeMembershipChanged: as(identityevents.DecodeMembership, tenantMembershipChanged),

	identityevents.TypeExternalIdentityLinked:   as(identityevents.DecodeExternalIdentity, accountLinked),
	identityevents.TypeExternalIdentityUnlinked: as(identityevents.DecodeExternalIdentityUnlinked, accountUnlinked),
}

// accounts are the events of Accounts.
var accounts = []string{
	identityevents.TypeUserCreated, identityevents.TypeUserUpdated, identityevents.TypeUserSuspended, identityevents.TypeUserBanned, identityevents.TypeUserActivated,
	identityevents.TypeUserDeleted,
	identityevents.TypeSessionNewDevice, identityevents.TypePasswordChanged, identityevents.TypeEmailChanged, identityevents.TypeFactorAdded,
	identityevents.TypeFactorRemoved, identityevents.TypeFactorUsed, identityevents.TypePasskeyAdded, identityevents.TypePasskeyRemoved,
}

// leftOut are the events of which no one is told, with the reason.
var leftOut = map[string]string{
	activityevents.TypeFeedUpdated:              "for open streams of the feed",
	activityevents.TypeFeedRead:                 "for open streams of the feed",
	activityevents.TypeInboxChanged:             "for open streams of the feed",
	activityevents.TypeRoleGiven:                "access tells of the role when it is bound",
	activityevents.TypeRoleTaken:                "access tells of the role when it is bound",
	portalevents.TypeCommunityCreated:           "the feed shows it",
	portalevents.TypeCommunityUpdated:           "the feed shows it",
	portalevents.TypeCommunityArchived:          "concerns no one person",
	portalevents.TypeCommunityRestored:          "concerns no one person",
	portalevents.TypeTeamCreated:                "the feed shows it",
	portalevents.TypeTeamUpdated:                "the feed shows it",
	portalevents.TypeTeamArchived:               "concerns no one person",
	portalevents.TypeTeamRestored:               "concerns no one person",
	portalevents.TypePostCreated:                "names no one; the feed shows it",
	portalevents.TypePostUpdated:                "names no one; the feed shows it",
	portalevents.TypePostDeleted:                "no one was told of the post",
	portalevents.TypeProfileUpdated:             "a person's own change",
	votingevents.TypePollCreated:                "a draft, which only those who edit it see",
	votingevents.TypeVoteCast:                   "a secret of the voter, and too many",
	votingevents.TypeVoteRevoked:                "a secret of the voter",
	eventsevents.TypeEventCreated:               "the feed shows it; those who are invited have their own event",
	eventsevents.TypeAttendanceMarked:           "the person was there",
	eventsevents.TypeAttendanceUnmarked:         "a correction of the organiser",
	gamificationevents.TypeAchievementPublished: "the feed shows it",
	gamificationevents.TypeSeasonClosed:         "the feed shows it",
	identityevents.TypeSessionCreated:           "a notice of each sign-in would be read by no one; a new browser has an event of its own",
	identityevents.TypeApplicationSubmitted:     "a page lists what waits for reviewers",
	identityevents.TypeApplicationApproved:      "the applicant gets a mail",
	identityevents.TypeApplicationRejected:      "the applicant gets a mail",
	identityevents.TypeApplicationWithdrawn:     "the applicant's own change",
	mailevents.TypeMessageRequested:             "a mail has its own recipient",
	mailevents.TypeMessageSent:                  "a mail has its own recipient",
	mailevents.TypeMessageFailed:                "its sender is told",
}

// Types are the events of Handler. Account types are those of Accounts, which belong to no tenant.
func Types() []string {
	types := make([]string, 0, len(table))
	for kind := range table {
		types = append(types, kind)
	}
	return types
}

// AccountTypes are the events of Accounts.
func AccountTypes() []string { return accounts }

// Handler passes on what events of Types mean. Others are let go.
func Handler(record func(context.Context, domain.Told) error) outbox.Handler {
	return func(ctx context.Context, e event.Event) error {
		read, ok := table[e.Type()]
		if !ok {
			return nil
		}
		id, err := uuid.Parse(e.ID())
		if err != nil {
			return outbox.Poison(err)
		}
		told, err := read(e.Time(), id, reqctx.From(ctx).TenantID, e)
		if err != nil {
			return err
		}
		return record(ctx, told)
	}
}

// occasion is when something happened: the time and the id of its event.
type occasion struct {
	at     time.Time
	event  uuid.UUID
	tenant uuid.UUID
}

func as[T any](decode func(kind string, data []byte) (T, error), means func(o occasion, data T) domain.Told) meaning {
	return func(t time.Time, id, tenant uuid.UUID, e event.Event) (domain.Told, error) {
		data, err := outbox.Decode(e, decode)
		if err != nil {
			return domain.Told{}, err
		}
		return means(occasion{at: t, event: id, tenant: tenant}, data), nil
	}
}

// one is a single notice.
func one(n domain.Notice) domain.Told { return domain.Told{Notices: []domain.Notice{n}} }

func scopeOf(kind string, id uuid.UUID) authz.Scope {
	return authz.Scope{Type: authz.ScopeType(kind), ID: id}
}

func orNil(id *uuid.UUID) uuid.UUID {
	if id == nil {
		return uuid.Nil
	}
	return *id
}
