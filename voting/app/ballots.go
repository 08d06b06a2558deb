package app

import (
	"context"

	"github.com/google/uuid"

	"go.updspace.com/libs/errs"
	"go.updspace.com/voting/domain"
	"go.updspace.com/voting/ports"
)

// Ballots are the use cases around voting itself.
type Ballots struct {
	gate    gate
	polls   ports.Polls
	ballots ports.Ballots
	choices ports.Choices
	events  ports.Events
	tx      ports.Tx
	clock   ports.Clock
}

// NewBallots needs everything but its own rules from outside.
func NewBallots(access ports.Access, polls ports.Polls, ballots ports.Ballots, choices ports.Choices, events ports.Events, tx ports.Tx, clock ports.Clock) *Ballots {
	return &Ballots{gate: gate{access}, polls: polls, ballots: ballots, choices: choices, events: events, tx: tx, clock: clock}
}

// CastBallot names the option to vote for.
type CastBallot struct {
	PollID     uuid.UUID
	QuestionID uuid.UUID
	OptionID   uuid.UUID
	RequestID  string
}

// Validate checks what can be told without looking anything up.
func (in CastBallot) Validate() error {
	fields := errs.Fields{}
	fields.Check(in.PollID != uuid.Nil, "poll_id", "is required")
	fields.Check(in.QuestionID != uuid.Nil, "nomination_id", "is required")
	fields.Check(in.OptionID != uuid.Nil, "option_id", "is required")
	return fields.Err()
}

// attempts bounds how often casting or revoking starts again because the poll was changed, or because another ballot
// of the same user came in between.
const attempts = 50

var errBusy = errs.New(errs.Unavailable, "", "Too much is happening to this poll at once. Try again.")

// Cast records a vote. The domain decides on what was read, the repository makes sure that it still holds when it is
// written, and when it does not, the decision is made again on what is true then. A repeated request gets the ballot
// that its first try cast.
//
// What was read may even be remembered from an earlier vote, as long as the answer is yes; a no is looked into.
func (s *Ballots) Cast(ctx context.Context, by domain.Actor, in CastBallot) (domain.Ballot, error) {
	if err := in.Validate(); err != nil {
		return domain.Ballot{}, err
	}
	if choice, ok := s.choices.Recall(ctx, in.PollID, in.QuestionID, in.OptionID); ok && s.gate.vote(ctx, by, choice.Poll) == nil {
		if ballot, refusal := choice.Fill(by, in.RequestID, s.clock.Now()); refusal == nil {
			if cast, err := s.cast(ctx, ballot, choice); cast || err != nil {
				return ballot, err
			}
		}
	}
	var mine []domain.Ballot
	for range attempts {
		choice, err := s.ballots.Choice(ctx, in.PollID, in.QuestionID, in.OptionID)
		if err != nil {
			return domain.Ballot{}, err
		}
		if err := s.gate.vote(ctx, by, choice.Poll); err != nil {
			return domain.Ballot{}, err
		}
		now := s.clock.Now()
		ballot, refusal := choice.Fill(by, in.RequestID, now, mine...)
		if refusal == nil {
			cast, err := s.cast(ctx, ballot, choice)
			if err != nil {
				return domain.Ballot{}, err
			}
			if cast {
				s.choices.Remember(ctx, choice)
				return ballot, nil
			}
		}
		if mine, err = s.ballots.Of(ctx, in.PollID, by.User); err != nil {
			return domain.Ballot{}, err
		}
		for _, earlier := range mine {
			if earlier.Repeats(choice, in.RequestID) {
				return earlier, nil
			}
		}
		if refusal == nil {
			_, refusal = choice.Fill(by, in.RequestID, now, mine...)
		}
		if refusal != nil {
			return domain.Ballot{}, refusal
		}
	}
	return domain.Ballot{}, errBusy
}

func (s *Ballots) cast(ctx context.Context, ballot domain.Ballot, choice domain.Choice) (cast bool, err error) {
	err = s.tx.Do(ctx, func(ctx context.Context) error {
		if cast, err = s.ballots.Cast(ctx, ballot, choice); err != nil || !cast {
			return err
		}
		return s.events.Publish(ctx, domain.VoteCast{BallotEvent: domain.BallotEvent{Poll: choice.Poll, Ballot: ballot}})
	})
	return cast, err
}

// Revoke takes back one of the caller's ballots.
func (s *Ballots) Revoke(ctx context.Context, by domain.Actor, id uuid.UUID) error {
	for range attempts {
		ballot, err := s.ballots.Find(ctx, id)
		if err != nil {
			return err
		}
		if ballot.Data().UserID != by.User {
			return domain.ErrBallotNotFound
		}
		poll, err := s.polls.Find(ctx, ballot.Data().PollID)
		if err != nil {
			return err
		}
		if err := s.gate.vote(ctx, by, poll); err != nil {
			return err
		}
		if err := poll.GivesBallotsBack(s.clock.Now()); err != nil {
			return err
		}
		if revoked, err := s.revoke(ctx, ballot, poll); revoked || err != nil {
			return err
		}
	}
	return errBusy
}

func (s *Ballots) revoke(ctx context.Context, ballot domain.Ballot, poll domain.Poll) (revoked bool, err error) {
	err = s.tx.Do(ctx, func(ctx context.Context) error {
		if revoked, err = s.ballots.Revoke(ctx, ballot, poll); err != nil || !revoked {
			return err
		}
		return s.events.Publish(ctx, domain.VoteRevoked{BallotEvent: domain.BallotEvent{Poll: poll, Ballot: ballot}})
	})
	return revoked, err
}

// Mine returns the caller's ballots in a poll, oldest first.
func (s *Ballots) Mine(ctx context.Context, by domain.Actor, poll uuid.UUID) ([]domain.Ballot, error) {
	p, err := s.polls.Find(ctx, poll)
	if err != nil {
		return nil, err
	}
	if err := s.gate.require(ctx, by, p, domain.PermissionVoteReadOwn); err != nil {
		return nil, err
	}
	return s.ballots.Of(ctx, poll, by.User)
}
