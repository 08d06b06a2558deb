package notices

import (
	"time"

	"github.com/google/uuid"

	"go.updspace.com/activity/notifications/domain"
	"go.updspace.com/api/votingevents"
	"go.updspace.com/libs/authz"
)

const pollRead authz.Permission = "voting.poll.read"

// closingSoon is how long before the end members are reminded of a poll.
const closingSoon = 24 * time.Hour

func pollNotice(kind domain.Kind, p votingevents.Poll) domain.Notice {
	return domain.Notice{
		Cause: string(kind) + ":" + p.PollID.String(), Kind: kind, Subject: p.SourceRef, Actor: orNil(p.ActorID), To: domain.Members,
		Sight: pollSight(p), Title: p.Title, Details: domain.Details{EndsAt: p.EndsAt}, Link: "/polls/" + p.PollID.String(),
	}
}

func pollSight(p votingevents.Poll) domain.Sight {
	return domain.Sight{Permission: pollRead, Scope: scopeOf(p.ScopeType, p.ScopeID), Visibility: authz.Visibility(p.Visibility)}
}

// forMembers reports whether a poll has members who can be told: a private one has participants, whom voting invites, and one of an event or a post
// is found there.
func forMembers(p votingevents.Poll) bool {
	return !p.Hidden && p.Visibility != votingevents.PollVisibilityPrivate &&
		(p.ScopeType == votingevents.PollScopeTypeTenant || p.ScopeType == votingevents.PollScopeTypeCommunity || p.ScopeType == votingevents.PollScopeTypeTeam)
}

func pollPublished(o occasion, p votingevents.Poll) domain.Told {
	if p.StartsAt != nil && p.StartsAt.After(o.at) {
		return domain.Told{} // voting tells when it opens
	}
	return pollOpened(o, p)
}

func pollOpened(o occasion, p votingevents.Poll) domain.Told {
	if !forMembers(p) {
		return domain.Told{}
	}
	told := one(pollNotice(domain.KindPollOpened, p))
	told.Notices = append(told.Notices, closing(o, p)...)
	return told
}

// closing is the reminder of a poll's end. A poll that ends sooner has none.
func closing(o occasion, p votingevents.Poll) []domain.Notice {
	if p.EndsAt == nil || !p.EndsAt.Add(-closingSoon).After(o.at) {
		return nil
	}
	n := pollNotice(domain.KindPollClosing, p)
	n.Due, n.Expires, n.Actor = p.EndsAt.Add(-closingSoon), *p.EndsAt, uuid.Nil
	return []domain.Notice{n}
}

func pollUpdated(o occasion, p votingevents.Poll) domain.Told {
	if p.Hidden {
		return domain.Told{Withdrawn: []string{p.SourceRef}}
	}
	told := domain.Told{Moved: []domain.Moved{{Subject: p.SourceRef, Sight: pollSight(p)}}}
	if p.Status == votingevents.PollStatusActive && forMembers(p) && (p.StartsAt == nil || !p.StartsAt.After(o.at)) {
		if told.Notices, told.Replaces = closing(o, p), true; told.Notices == nil {
			told.Unsaid = []string{pollNotice(domain.KindPollClosing, p).Cause}
		}
	}
	return told
}

func pollClosed(_ occasion, p votingevents.Poll) domain.Told {
	told := domain.Told{Unsaid: []string{pollNotice(domain.KindPollClosing, p).Cause}}
	if forMembers(p) && p.ResultsVisibility != votingevents.PollResultsVisibilityAdminsOnly {
		n := pollNotice(domain.KindPollResults, p)
		n.Link += "/results"
		told.Notices = []domain.Notice{n}
	}
	return told
}

func pollDeleted(_ occasion, p votingevents.Poll) domain.Told {
	return domain.Told{Withdrawn: []string{p.SourceRef}}
}

func participantNotice(o occasion, kind domain.Kind, p votingevents.Participant, change string) domain.Notice {
	return domain.Notice{
		Cause: string(kind) + ":" + o.event.String(), Kind: kind, Subject: p.SourceRef, Actor: orNil(p.ActorID), To: domain.Named, Persons: []uuid.UUID{p.UserID},
		Scope: scopeOf(p.ScopeType, p.ScopeID), Title: p.Title, Details: domain.Details{Role: p.Role, Change: change}, Link: "/polls/" + p.PollID.String(),
	}
}

func participantInvited(o occasion, p votingevents.Participant) domain.Told {
	return one(participantNotice(o, domain.KindInvitation, p, ""))
}

// participantChanged tells of a role that another person gave. Who accepts an invitation knows it.
func participantChanged(o occasion, p votingevents.Participant) domain.Told {
	if orNil(p.ActorID) == p.UserID || p.UserID == p.CreatedBy {
		return domain.Told{}
	}
	return one(participantNotice(o, domain.KindRole, p, "given"))
}

// participantRemoved takes back what the person was told of a poll, which may be private.
func participantRemoved(_ occasion, p votingevents.Participant) domain.Told {
	return domain.Told{Left: []domain.Left{{Subject: p.SourceRef, Person: p.UserID}}}
}

func participantDeclined(o occasion, p votingevents.Participant) domain.Told {
	return participantRemoved(o, p)
}
