package app

import (
	"context"

	"github.com/google/uuid"

	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/errs/why"
	"go.updspace.com/libs/groups"
	"go.updspace.com/voting/domain"
)

// UpdatePoll is the input of Polls.Update: what to change, and the status to bring the poll to.
type UpdatePoll struct {
	Edit   domain.PollEdit
	Status *domain.Status
}

// Validate checks what needs no lookup.
func (in UpdatePoll) Validate() error {
	fields := errs.Fields{}
	fields.Check(in.Status == nil || in.Status.Valid(), "status", why.NotAllowed("must be draft, active or closed"))
	return fields.Err()
}

// Update changes a poll, publishes it or closes it.
func (s *Polls) Update(ctx context.Context, by authz.Actor, id uuid.UUID, in UpdatePoll) (PollView, error) {
	if err := in.Validate(); err != nil {
		return PollView{}, err
	}
	if _, err := s.requireManaged(ctx, by, id); err != nil {
		return PollView{}, err
	}
	var poll domain.Poll
	err := s.Tx.Do(ctx, func(ctx context.Context) (err error) {
		if poll, err = s.Polls.Lock(ctx, id); err != nil {
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

func (s *Polls) change(ctx context.Context, by authz.Actor, poll domain.Poll, in UpdatePoll) (domain.Poll, error) {
	now := s.Clock.Now()
	var events []domain.Event
	hasBallots, err := s.Ballots.Exists(ctx, poll.ID())
	if err != nil {
		return domain.Poll{}, err
	}
	amendments := len(poll.Data().Amendments)
	poll, edited, err := poll.Edit(in.Edit, hasBallots, now)
	if err != nil {
		return domain.Poll{}, err
	}
	if edited {
		amended := len(poll.Data().Amendments) > amendments
		events = append(events, domain.PollUpdated{PollEvent: domain.PollEvent{Poll: poll, By: by.User}, Amended: amended})
	}
	if in.Status != nil {
		questionnaire, err := s.Questionnaires.Find(ctx, poll.ID())
		if err != nil {
			return domain.Poll{}, err
		}
		var changed bool
		if poll, changed, err = poll.Transition(*in.Status, questionnaire, now); err != nil {
			return domain.Poll{}, err
		}
		if changed {
			if *in.Status == domain.StatusActive {
				if err := groups.RequireActive(ctx, s.Groups, poll.Data().Scope); err != nil {
					return domain.Poll{}, err
				}
			}
			events = append(events, statusEvent(poll, by.User))
		}
	}
	if len(events) == 0 {
		return poll, nil
	}
	if err := s.Polls.Update(ctx, poll); err != nil {
		return domain.Poll{}, err
	}
	return poll, s.record(ctx, events...)
}

// Delete removes a draft, or a poll whose community or team is gone, with everything below it.
func (s *Polls) Delete(ctx context.Context, by authz.Actor, id uuid.UUID) error {
	access, err := s.requireManaged(ctx, by, id)
	if err != nil {
		return err
	}
	if !access.CanDelete {
		return authz.Denied(domain.PermissionPollsAdmin)
	}
	return s.Tx.Do(ctx, func(ctx context.Context) error {
		poll, err := s.Polls.Lock(ctx, id)
		if err != nil {
			return err
		}
		if err := poll.CanDelete(); err != nil {
			return err
		}
		if err := s.Polls.Delete(ctx, id); err != nil {
			return err
		}
		return s.record(ctx, domain.PollDeleted{PollEvent: domain.PollEvent{Poll: poll, By: by.User}})
	})
}

// statusEvent is the event of the status that a poll has just got.
func statusEvent(poll domain.Poll, by uuid.UUID) domain.Event {
	e := domain.PollEvent{Poll: poll, By: by}
	if poll.Data().Status == domain.StatusClosed {
		return domain.PollClosed{PollEvent: e}
	}
	return domain.PollPublished{PollEvent: e}
}
