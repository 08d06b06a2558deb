package app

import (
	"context"
	"errors"

	"github.com/google/uuid"

	"go.updspace.com/libs/groups"
	"go.updspace.com/libs/reqctx"
	"go.updspace.com/voting/domain"
	"go.updspace.com/voting/ports"
)

// Lifecycle changes polls without a user: at their end, and when their community or team is archived or deleted.
type Lifecycle struct{ Deps }

// NewLifecycle returns the use cases without a user.
func NewLifecycle(d Deps) *Lifecycle { return &Lifecycle{d} }

// dueAtOnce bounds how many polls one run of a job opens or closes.
const dueAtOnce = 500

// FollowSchedules announces the polls of all tenants whose start has come and closes those whose end has passed. Any number
// of instances may run it at once: each poll is changed by the one that locks it first.
func (s *Lifecycle) FollowSchedules(ctx context.Context) error {
	return errors.Join(s.openStarted(ctx), s.CloseEnded(ctx))
}

func (s *Lifecycle) openStarted(ctx context.Context) error {
	opening, err := s.Polls.ListOpening(ctx, s.Clock.Now(), dueAtOnce)
	if err != nil {
		return err
	}
	return s.changeDue(ctx, opening, func(poll domain.Poll) (domain.Poll, bool) { return poll.Open(s.Clock.Now()) })
}

// CloseEnded closes the polls of all tenants whose end has passed. A poll that cannot be closed does not keep the others
// open.
func (s *Lifecycle) CloseEnded(ctx context.Context) error {
	ended, err := s.Polls.ListEnded(ctx, s.Clock.Now(), dueAtOnce)
	if err != nil {
		return err
	}
	return s.changeDue(ctx, ended, func(poll domain.Poll) (domain.Poll, bool) { return poll.CloseEnded(s.Clock.Now()) })
}

func (s *Lifecycle) changeDue(ctx context.Context, due []ports.PollOfTenant, fn func(domain.Poll) (domain.Poll, bool)) error {
	var failed []error
	for _, e := range due {
		ctx := reqctx.With(ctx, reqctx.Context{TenantID: e.Tenant})
		failed = append(failed, s.Tx.Do(ctx, func(ctx context.Context) error { return s.change(ctx, e.Poll, s.Polls.LockFree, fn) }))
	}
	return errors.Join(failed...)
}

// GroupChanged stores the state of a community or a team. Its polls are closed when it is archived or deleted, and hidden
// when it is deleted. It runs in the transaction of the event.
func (s *Lifecycle) GroupChanged(ctx context.Context, group groups.Group) error {
	if err := s.Groups.Put(ctx, group); err != nil {
		return err
	}
	if group.State == groups.Active {
		return nil
	}
	polls, err := s.Polls.ListByGroup(ctx, group.Scope)
	if err != nil {
		return err
	}
	for _, id := range polls {
		if err := s.change(ctx, id, s.Polls.Lock, func(poll domain.Poll) (domain.Poll, bool) {
			return poll.CloseWithGroup(group.State, s.Clock.Now())
		}); err != nil {
			return err
		}
	}
	return nil
}

// change locks a poll, changes it and records that it was closed, opened, or else updated. A poll that is gone is left out.
func (s *Lifecycle) change(
	ctx context.Context, id uuid.UUID, lock func(context.Context, uuid.UUID) (domain.Poll, error), fn func(domain.Poll) (domain.Poll, bool),
) error {
	was, err := lock(ctx, id)
	if errors.Is(err, domain.ErrPollNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	poll, changed := fn(was)
	if !changed {
		return nil
	}
	if err := s.Polls.Update(ctx, poll); err != nil {
		return err
	}
	if poll.Data().Status != was.Data().Status {
		return s.record(ctx, statusEvent(poll, uuid.Nil))
	}
	if poll.Data().Opened && !was.Data().Opened {
		return s.record(ctx, domain.PollOpened{PollEvent: domain.PollEvent{Poll: poll}})
	}
	return s.record(ctx, domain.PollUpdated{PollEvent: domain.PollEvent{Poll: poll}})
}
