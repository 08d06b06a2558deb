package portstest

import (
	"context"
	"slices"
	"sync"

	"github.com/google/uuid"

	"go.updspace.com/libs/reqctx"
	"go.updspace.com/voting/domain"
)

type memoryBallots struct{ *Memory }

func (m memoryBallots) Choice(ctx context.Context, poll, question, option uuid.UUID) (choice domain.Choice, err error) {
	m.use(ctx, func(s *state) {
		choice = domain.Choice{QuestionID: question, OptionID: option}
		if choice.Poll, err = s.poll(ctx, poll); err != nil {
			return
		}
		if q, ok := s.questions[question]; ok && q.Data().PollID == poll {
			choice.MaxVotes = q.Data().MaxVotes
			o, ok := s.options[option]
			choice.Offered = ok && o.Data().QuestionID == question
		}
	})
	return choice, err
}

func (m memoryBallots) Cast(ctx context.Context, ballot domain.Ballot, choice domain.Choice) (cast bool, err error) {
	m.use(ctx, func(s *state) {
		poll, err := s.poll(ctx, choice.Poll.ID())
		if err != nil || poll.Version() != choice.Poll.Version() || ballot.Data().Slot > s.questions[ballot.Data().QuestionID].Data().MaxVotes {
			return
		}
		for _, b := range s.of(poll.ID(), ballot.Data().UserID) {
			was, is := b.Data(), ballot.Data()
			if was.OptionID == is.OptionID || was.QuestionID == is.QuestionID && was.Slot == is.Slot {
				return
			}
		}
		s.ballots = append(s.ballots, ballot)
		cast = true
	})
	return cast, nil
}

func (m memoryBallots) Revoke(ctx context.Context, ballot domain.Ballot, poll domain.Poll) (revoked bool, err error) {
	m.use(ctx, func(s *state) {
		now, err := s.poll(ctx, poll.ID())
		if err != nil || now.Version() != poll.Version() {
			return
		}
		before := len(s.ballots)
		s.ballots = slices.DeleteFunc(slices.Clone(s.ballots), func(b domain.Ballot) bool {
			return b.ID() == ballot.ID() && b.Data().PollID == poll.ID()
		})
		revoked = len(s.ballots) < before
	})
	return revoked, nil
}

func (m memoryBallots) Find(ctx context.Context, id uuid.UUID) (ballot domain.Ballot, err error) {
	m.use(ctx, func(s *state) {
		i := slices.IndexFunc(s.ballots, func(b domain.Ballot) bool {
			return b.ID() == id && b.Data().TenantID == reqctx.From(ctx).TenantID
		})
		if i < 0 {
			err = domain.ErrBallotNotFound
			return
		}
		ballot = s.ballots[i]
	})
	return ballot, err
}

func (s *state) of(poll, user uuid.UUID) (found []domain.Ballot) {
	for _, b := range s.ballots {
		if d := b.Data(); d.PollID == poll && d.UserID == user {
			found = append(found, b)
		}
	}
	return found
}

func (m memoryBallots) Of(ctx context.Context, poll, user uuid.UUID) (found []domain.Ballot, err error) {
	m.use(ctx, func(s *state) {
		if _, err := s.poll(ctx, poll); err == nil {
			found = s.of(poll, user)
		}
	})
	return found, nil
}

func (m memoryBallots) Any(ctx context.Context, poll uuid.UUID) (found bool, err error) {
	m.each(ctx, func(d domain.BallotData) { found = found || d.PollID == poll })
	return found, nil
}

func (m memoryBallots) Totals(ctx context.Context, polls ...domain.Poll) (map[uuid.UUID]int64, error) {
	totals := map[uuid.UUID]int64{}
	m.each(ctx, func(d domain.BallotData) {
		if slices.ContainsFunc(polls, func(p domain.Poll) bool { return p.ID() == d.PollID }) {
			totals[d.PollID]++
		}
	})
	return totals, nil
}

func (m memoryBallots) Tally(ctx context.Context, poll uuid.UUID) (domain.Tally, error) {
	tally := domain.Tally{}
	m.each(ctx, func(d domain.BallotData) {
		if d.PollID == poll {
			tally[d.OptionID]++
		}
	})
	return tally, nil
}

func (m memoryBallots) each(ctx context.Context, fn func(domain.BallotData)) {
	m.use(ctx, func(s *state) {
		for _, b := range s.ballots {
			if b.Data().TenantID == reqctx.From(ctx).TenantID {
				fn(b.Data())
			}
		}
	})
}

// Choices remembers choices until it is told to forget, so that tests can have it remember too long.
type Choices struct {
	mu    sync.Mutex
	known map[[3]uuid.UUID]domain.Choice
}

// Recall implements ports.Choices.
func (c *Choices) Recall(_ context.Context, poll, question, option uuid.UUID) (domain.Choice, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	choice, ok := c.known[[3]uuid.UUID{poll, question, option}]
	return choice, ok
}

// Remember implements ports.Choices.
func (c *Choices) Remember(_ context.Context, choice domain.Choice) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.known == nil {
		c.known = map[[3]uuid.UUID]domain.Choice{}
	}
	c.known[[3]uuid.UUID{choice.Poll.ID(), choice.QuestionID, choice.OptionID}] = choice
}
