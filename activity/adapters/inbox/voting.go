package inbox

import (
	"go.updspace.com/activity/domain"
	"go.updspace.com/api/votingevents"
	"go.updspace.com/libs/authz"
)

// poll is a poll that takes votes or took them. Drafts, polls whose start is to come and hidden ones are not shown.
func poll(s source, d votingevents.Poll) ([]domain.Change, error) {
	if d.Status == votingevents.PollStatusDraft || d.Hidden || d.Status == votingevents.PollStatusActive && d.StartsAt != nil && d.StartsAt.After(s.at) {
		return s.retract(d.SourceRef)
	}
	payload := map[string]any{"poll_id": d.PollID.String(), "status": d.Status, "anonymous": d.Anonymous}
	if d.EndsAt != nil {
		payload["ends_at"] = d.EndsAt.UTC()
	}
	return s.put(domain.ItemData{
		SourceRef: d.SourceRef, Type: domain.PollOpened, Actor: d.CreatedBy, Title: d.Title, Visibility: authz.Visibility(d.Visibility),
		Scope: s.scope(d.ScopeType, d.ScopeID), Link: "/polls/" + d.PollID.String(), Payload: payload,
	})
}

func pollGone(s source, d votingevents.Poll) ([]domain.Change, error) { return s.retract(d.SourceRef) }

// vote says that a member has voted, and never for what. Votes in anonymous polls are not told of at all: the time of a vote may
// say who it is.
func vote(s source, d votingevents.Vote) ([]domain.Change, error) {
	if d.UserID == nil {
		return nil, nil
	}
	return s.put(domain.ItemData{
		SourceRef: voteRef(d), Parent: d.SourceRef, Type: domain.VoteCast, Actor: *d.UserID, Title: d.Title, Visibility: authz.Visibility(d.Visibility),
		Scope: s.scope(d.ScopeType, d.ScopeID), Link: "/polls/" + d.PollID.String(),
		Payload: map[string]any{"vote_id": d.VoteID.String(), "poll_id": d.PollID.String(), "nomination_id": d.NominationID.String()},
	})
}

func voteGone(s source, d votingevents.Vote) ([]domain.Change, error) {
	if d.UserID == nil {
		return nil, nil
	}
	return s.retract(voteRef(d))
}

func voteRef(d votingevents.Vote) string { return "vote:" + d.VoteID.String() }
