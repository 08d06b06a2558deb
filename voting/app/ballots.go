package app

import (
	"context"

	"github.com/google/uuid"

	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/errs/why"
	"go.updspace.com/voting/domain"
)

// Ballots are the use cases of voting.
type Ballots struct{ Deps }

// CastBallot is the input of Ballots.Cast: the option to vote for.
type CastBallot struct {
	PollID     uuid.UUID
	QuestionID uuid.UUID
	OptionID   uuid.UUID
	RequestID  string
}

// Validate checks what needs no lookup.
func (in CastBallot) Validate() error {
	fields := errs.Fields{}
	fields.Check(in.PollID != uuid.Nil, "poll_id", why.Required)
	fields.Check(in.QuestionID != uuid.Nil, "nomination_id", why.Required)
	fields.Check(in.OptionID != uuid.Nil, "option_id", why.Required)
	return fields.Err()
}

// attempts bounds how often casting or revoking starts again because the poll was changed or another ballot of the same
// user was stored in between.
const attempts = 50

var errBusy = errs.New(errs.Unavailable, "", "Too many requests are changing this poll at once. Try again.")

// Cast records a vote. The domain decides on what was read, and the repository stores the ballot only if that still
// holds; otherwise the decision is made again. The first attempt may read from a cache: it can accept a vote, never
// refuse one. A repeated request gets the ballot that its first try cast.
func (s *Ballots) Cast(ctx context.Context, by authz.Actor, in CastBallot) (domain.Ballot, error) {
	if err := in.Validate(); err != nil {
		return domain.Ballot{}, err
	}
	var decision voteDecision
	var mine []domain.Ballot
	for attempt := range attempts {
		fresh := attempt > 0
		selection, err := s.Ballots.Selection(ctx, in.PollID, in.QuestionID, in.OptionID, fresh)
		if err != nil {
			return domain.Ballot{}, err
		}
		allowed, err := decision.mayVote(ctx, s.Access, selection.Poll)
		if err == nil && !allowed && fresh {
			allowed, err = true, authorizer{s.Deps}.requireVote(ctx, by, selection.Poll)
		}
		if err != nil {
			return domain.Ballot{}, err
		}
		if !allowed {
			continue
		}
		now := s.Clock.Now()
		ballot, refusal := selection.NewBallot(by, in.RequestID, now, mine...)
		if refusal == nil {
			if cast, err := s.Ballots.Cast(ctx, ballot, selection.Poll); cast || err != nil {
				return ballot, err
			}
		}
		if !fresh {
			continue
		}
		if mine, err = s.Ballots.ListByUser(ctx, in.PollID, by.User); err != nil {
			return domain.Ballot{}, err
		}
		for _, earlier := range mine {
			if earlier.Repeats(selection, in.RequestID) {
				return earlier, nil
			}
		}
		if refusal == nil {
			_, refusal = selection.NewBallot(by, in.RequestID, now, mine...)
		}
		if refusal != nil {
			return domain.Ballot{}, refusal
		}
	}
	return domain.Ballot{}, errBusy
}

// Revoke removes one of the caller's ballots.
func (s *Ballots) Revoke(ctx context.Context, by authz.Actor, id uuid.UUID) error {
	for range attempts {
		ballot, err := s.Ballots.Find(ctx, id)
		if err != nil {
			return err
		}
		if ballot.Data().UserID != by.User {
			return domain.ErrBallotNotFound
		}
		poll, err := s.Polls.Find(ctx, ballot.Data().PollID)
		if err != nil {
			return err
		}
		if err := (authorizer{s.Deps}).requireVote(ctx, by, poll); err != nil {
			return err
		}
		if err := poll.CanRevoke(s.Clock.Now()); err != nil {
			return err
		}
		if revoked, err := s.revoke(ctx, ballot, poll); revoked || err != nil {
			return err
		}
	}
	return errBusy
}

func (s *Ballots) revoke(ctx context.Context, ballot domain.Ballot, poll domain.Poll) (revoked bool, err error) {
	err = s.Tx.Do(ctx, func(ctx context.Context) error {
		if revoked, err = s.Ballots.Revoke(ctx, ballot, poll); err != nil || !revoked {
			return err
		}
		return s.Events.Publish(ctx, domain.VoteRevoked{BallotEvent: domain.BallotEvent{Poll: poll, Ballot: ballot}})
	})
	return revoked, err
}

// Mine returns the caller's ballots in a poll, oldest first.
func (s *Ballots) Mine(ctx context.Context, by authz.Actor, poll uuid.UUID) ([]domain.Ballot, error) {
	p, err := s.Polls.Find(ctx, poll)
	if err != nil {
		return nil, err
	}
	if err := (authorizer{s.Deps}).require(ctx, by, p, domain.PermissionVoteReadOwn); err != nil {
		return nil, err
	}
	return s.Ballots.ListByUser(ctx, poll, by.User)
}
