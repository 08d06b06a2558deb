package app

import (
	"context"

	"github.com/google/uuid"

	"go.updspace.com/libs/errs"
	"go.updspace.com/voting/domain"
)

// UpdatePoll says what to change of a poll, and what status to bring it to.
type UpdatePoll struct {
	Edit   domain.PollEdit
	Status *domain.Status
}

// Validate checks what can be told without looking anything up.
func (in UpdatePoll) Validate() error {
	fields := errs.Fields{}
	fields.Check(in.Status == nil || in.Status.Valid(), "status", "must be draft, active or closed")
	return fields.Err()
}

// Update changes a poll, publishes it or closes it.
func (s *Polls) Update(ctx context.Context, by domain.Actor, id uuid.UUID, in UpdatePoll) (PollView, error) {
	if err := in.Validate(); err != nil {
		return PollView{}, err
	}
	if err := s.manage(ctx, by, id); err != nil {
		return PollView{}, err
	}
	var poll domain.Poll
	err := s.tx.Do(ctx, func(ctx context.Context) (err error) {
		if poll, err = s.polls.Lock(ctx, id); err != nil {
			return err
		}
		poll, err = s.change(ctx, by, poll, in)
		return err
	})
	if err != nil {
		return PollView{}, err
	}
	return s.view(ctx, poll)
}

func (s *Polls) change(ctx context.Context, by domain.Actor, poll domain.Poll, in UpdatePoll) (domain.Poll, error) {
	now := s.clock.Now()
	var happened []domain.Event
	hasBallots, err := s.ballots.Any(ctx, poll.ID())
	if err != nil {
		return domain.Poll{}, err
	}
	poll, edited, err := poll.Edit(in.Edit, hasBallots, now)
	if err != nil {
		return domain.Poll{}, err
	}
	if edited {
		happened = append(happened, domain.PollUpdated{PollEvent: domain.PollEvent{Poll: poll, By: by.User}})
	}
	if in.Status != nil {
		paper, err := s.papers.Find(ctx, poll.ID())
		if err != nil {
			return domain.Poll{}, err
		}
		var changed bool
		if poll, changed, err = poll.Move(*in.Status, paper, now); err != nil {
			return domain.Poll{}, err
		}
		if changed {
			happened = append(happened, moved(poll, by))
		}
	}
	if len(happened) == 0 {
		return poll, nil
	}
	if err := s.polls.Update(ctx, poll); err != nil {
		return domain.Poll{}, err
	}
	return poll, s.events.Publish(ctx, happened...)
}

// Delete removes a draft with everything below it.
func (s *Polls) Delete(ctx context.Context, by domain.Actor, id uuid.UUID) error {
	if err := s.manage(ctx, by, id); err != nil {
		return err
	}
	return s.tx.Do(ctx, func(ctx context.Context) error {
		poll, err := s.polls.Lock(ctx, id)
		if err != nil {
			return err
		}
		if err := poll.Locked(); err != nil {
			return err
		}
		if err := s.polls.Delete(ctx, id); err != nil {
			return err
		}
		return s.events.Publish(ctx, domain.PollDeleted{PollEvent: domain.PollEvent{Poll: poll, By: by.User}})
	})
}

// manage asks before any lock is taken: Access may take its time, and others would wait.
func (s *Polls) manage(ctx context.Context, by domain.Actor, id uuid.UUID) error {
	poll, err := s.polls.Find(ctx, id)
	if err != nil {
		return err
	}
	return s.gate.manage(ctx, by, poll)
}

// moved tells of the status a poll has just come to.
func moved(poll domain.Poll, by domain.Actor) domain.Event {
	e := domain.PollEvent{Poll: poll, By: by.User}
	if poll.Data().Status == domain.StatusClosed {
		return domain.PollClosed{PollEvent: e}
	}
	return domain.PollPublished{PollEvent: e}
}
