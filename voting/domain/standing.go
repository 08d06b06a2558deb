package domain

import (
	"time"

	"github.com/google/uuid"

	"go.updspace.com/libs/authz"
)

// Progress is how far a voter has got with the questions of a poll.
type Progress struct {
	Votes     int  // ballots cast
	VotesLeft bool // a question takes another one
	Missing   bool // a required question has none
}

// Progress returns how far a voter with these ballots has got.
func (p Questionnaire) Progress(mine []Ballot) Progress {
	used := make(map[uuid.UUID]int, len(p.questions))
	for _, b := range mine {
		used[b.data.QuestionID]++
	}
	progress := Progress{Votes: len(mine), VotesLeft: p.HasVotesLeft(mine)}
	for _, q := range p.questions {
		progress.Missing = progress.Missing || q.data.IsRequired && used[q.data.ID] == 0
	}
	return progress
}

// CannotVote is why a caller cannot vote, for telling the caller. It is empty when the caller can.
type CannotVote string

// The reasons, in the order in which they count.
const (
	CannotVoteDraft        CannotVote = "POLL_DRAFT"
	CannotVoteClosed       CannotVote = "POLL_CLOSED"
	CannotVoteObserver     CannotVote = "OBSERVER"
	CannotVoteNotInvited   CannotVote = "NOT_INVITED"
	CannotVoteNoPermission CannotVote = "NO_PERMISSION"
	CannotVoteNotStarted   CannotVote = "POLL_NOT_STARTED"
	CannotVoteEnded        CannotVote = "POLL_ENDED"
	CannotVoteAlreadyVoted CannotVote = "ALREADY_VOTED"
)

// Standing is where a caller is in a poll: what the caller has done and can do.
type Standing struct {
	Role             Role
	Progress         Progress
	CannotVote       CannotVote
	CanEditQuestions bool
	CanManage        bool
	CanDelete        bool
	CanReadResults   bool
}

// StandingOf is the standing of a viewer of a list.
func StandingOf(v authz.Viewer, p Poll, role Role, progress Progress, now time.Time) Standing {
	grants := GrantsOf(v, p)
	return NewStanding(p, role, grants, NewPollAccess(p, v.Actor, role, grants), progress, now)
}

// NewStanding returns the standing of a caller at a time. The creator has the role of an owner.
func NewStanding(p Poll, role Role, g Grants, caller PollAccess, progress Progress, now time.Time) Standing {
	s := Standing{
		Role: role, Progress: progress, CanEditQuestions: caller.CanEditQuestions && p.CanEditQuestions() == nil, CanManage: caller.CanManage,
		CanDelete:      caller.CanDelete && p.CanDelete() == nil,
		CanReadResults: g.Results && (p.ResultsArePublic() || caller.CanReadEarlyResults),
	}
	s.CannotVote = cannotVote(p, s.Role, g, caller, progress, now)
	return s
}

func cannotVote(p Poll, role Role, g Grants, caller PollAccess, progress Progress, now time.Time) CannotVote {
	phase := p.Phase(now)
	switch {
	case phase == PhaseDraft:
		return CannotVoteDraft
	case p.data.Status == StatusClosed:
		return CannotVoteClosed
	case role == RoleObserver:
		return CannotVoteObserver
	case !caller.CanVote:
		return CannotVoteNotInvited
	case !g.Cast:
		return CannotVoteNoPermission
	case phase == PhaseScheduled:
		return CannotVoteNotStarted
	case phase == PhaseClosed:
		return CannotVoteEnded
	case !progress.VotesLeft && (!p.data.Rules.AllowRevoting || progress.Votes == 0):
		return CannotVoteAlreadyVoted
	}
	return ""
}

// CanVote reports whether the caller can cast a ballot or change one.
func (s Standing) CanVote() bool { return s.CannotVote == "" }

// ToDo reports whether the poll waits for the caller's vote: the caller can vote and has not, or left a required question
// out.
func (s Standing) ToDo() bool { return s.CanVote() && (s.Progress.Votes == 0 || s.Progress.Missing) }
