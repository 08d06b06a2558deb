package app

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/events/domain"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/errs/why"
	"go.updspace.com/libs/groups"
	"go.updspace.com/libs/idempotency"
	"go.updspace.com/libs/reqctx"
)

// Events are the use cases of whole events.
type Events struct{ Deps }

// Get returns an event on one of its dates; nil is the one that is on or comes next.
func (s *Events) Get(ctx context.Context, by authz.Actor, id uuid.UUID, occurrence *uuid.UUID) (EventView, error) {
	event, access, err := s.load(ctx, by, id)
	if err != nil {
		return EventView{}, err
	}
	view, err := s.viewOn(ctx, event, access, occurrence)
	if err != nil {
		return EventView{}, err
	}
	return s.withAnswer(ctx, by, view)
}

// CreateEvent is the input of Events.Create.
type CreateEvent struct {
	Event     domain.EventDraft // its Scope is set from ScopeType and ScopeID
	ScopeType authz.ScopeType
	ScopeID   string // may be left out for the tenant
}

// Create makes an event with its dates. A repeated request returns the event of the first one.
func (s *Events) Create(ctx context.Context, by authz.Actor, in CreateEvent) (EventView, error) {
	if in.ScopeType == "" {
		return EventView{}, errs.Field("scopeType", why.Required)
	}
	scope, err := domain.ScopeTypes.ParseFields(by.Tenant, in.ScopeType, in.ScopeID, "scopeType", "scopeId")
	if err != nil {
		return EventView{}, err
	}
	_, held, err := authz.CheckAlso(ctx, s.Access, nil, scope, domain.PermissionEventCreate, domain.PermissionEventRead, domain.PermissionRSVPSet)
	if err != nil {
		return EventView{}, err
	}
	if !held[domain.PermissionEventCreate] {
		return EventView{}, authz.Denied(domain.PermissionEventCreate)
	}
	event, err := idempotency.Once(ctx, s.Once, "createEvent", in, func(ctx context.Context) (domain.Event, error) {
		in.Event.Scope = scope
		return s.create(ctx, by, in.Event)
	}, domain.Event.ID, s.Events.Find)
	if err != nil {
		return EventView{}, err
	}
	reads := held[domain.PermissionEventRead]
	return s.first(ctx, by, event, domain.EventAccess{CanRead: reads, CanManage: true, CanAnswer: reads && held[domain.PermissionRSVPSet]})
}

func (s *Events) create(ctx context.Context, by authz.Actor, draft domain.EventDraft) (domain.Event, error) {
	err := groups.RequireActive(ctx, s.Groups, draft.Scope)
	if errors.Is(err, groups.ErrUnknown) {
		err = errs.Field("scopeId", why.NotFound("names no community or team of this tenant")) // as bodies of this service name it
	}
	if err != nil {
		return domain.Event{}, err
	}
	event, dates, err := domain.NewEvent(by, reqctx.From(ctx).TenantSlug, draft, s.Clock.Now())
	if err != nil {
		return domain.Event{}, err
	}
	if err := s.Events.Add(ctx, event); err != nil {
		return domain.Event{}, err
	}
	if err := s.Occurrences.Add(ctx, dates...); err != nil {
		return domain.Event{}, err
	}
	return event, s.record(ctx, domain.EventCreated{Change: domain.Change{Event: event, By: by.User}})
}

// ChangeEvent names an event that a caller changes, and the version of it that the caller has seen.
type ChangeEvent struct {
	ID         uuid.UUID
	Version    *int       // nil is any
	Occurrence *uuid.UUID // the date to show; nil is the one that is on or comes next
}

// change locks an event that the caller manages, changes it, and stores and records what the change returns.
func (s *Events) change(
	ctx context.Context, by authz.Actor, in ChangeEvent, fn func(ctx context.Context, event domain.Event) (domain.Event, domain.DomainEvent, error),
) (EventView, error) {
	access, err := s.requireManaged(ctx, by, in.ID)
	if err != nil {
		return EventView{}, err
	}
	var event domain.Event
	err = s.Tx.Do(ctx, func(ctx context.Context) error {
		was, err := s.lock(ctx, in.ID, in.Version)
		if err != nil {
			return err
		}
		var happened domain.DomainEvent
		if event, happened, err = fn(ctx, was); err != nil || happened == nil {
			return err
		}
		if err := s.Events.Update(ctx, event); err != nil {
			return err
		}
		if err := s.tellInvited(ctx, was, event); err != nil {
			return err
		}
		return s.record(ctx, happened)
	})
	if err != nil {
		return EventView{}, err
	}
	return s.shown(ctx, by, event, access, in.Occurrence)
}

// Update changes an event and all its dates.
func (s *Events) Update(ctx context.Context, by authz.Actor, in ChangeEvent, edit domain.EventEdit) (EventView, error) {
	if edit.Empty() {
		return EventView{}, domain.ErrNoUpdates
	}
	return s.change(ctx, by, in, func(ctx context.Context, was domain.Event) (domain.Event, domain.DomainEvent, error) {
		var stored []domain.Occurrence
		if edit.Reschedules() {
			var err error
			if stored, err = s.Occurrences.List(ctx, was.ID()); err != nil {
				return domain.Event{}, nil, err
			}
		}
		event, plan, changed, err := was.Edit(edit, stored, s.Clock.Now())
		if err != nil || !changed {
			return event, nil, err
		}
		happened := domain.EventUpdated{Change: domain.Change{Event: event, By: by.User}, Fields: domain.ChangedFields(was, event)}
		if err := s.apply(ctx, event.ID(), plan); err != nil {
			return event, nil, err
		}
		return event, happened, s.seats(ctx, was, event)
	})
}

// seats brings the dates to come in line with a changed capacity. It cannot be less than what is taken; a greater one seats those who
// wait.
func (d Deps) seats(ctx context.Context, was, is domain.Event) error {
	before, after := was.Data().Answers.Capacity, is.Data().Answers.Capacity
	if before == after {
		return nil
	}
	taken, err := d.Answers.MostSeats(ctx, is.ID(), d.Clock.Now())
	if err != nil {
		return err
	}
	if after > 0 && taken > after {
		return domain.ErrCapacityTaken
	}
	return d.Answers.SeatWaiting(ctx, is, d.Clock.Now())
}

// Publish makes a draft a scheduled event.
func (s *Events) Publish(ctx context.Context, by authz.Actor, in ChangeEvent) (EventView, error) {
	return s.change(ctx, by, in, func(ctx context.Context, was domain.Event) (domain.Event, domain.DomainEvent, error) {
		event, changed, err := was.Publish(s.Clock.Now())
		if err != nil || !changed {
			return event, nil, err
		}
		happened := domain.EventUpdated{Change: domain.Change{Event: event, By: by.User}, Fields: []string{"status"}}
		return event, happened, groups.RequireActive(ctx, s.Groups, event.Data().Scope)
	})
}

// Cancel cancels an event with all its dates.
func (s *Events) Cancel(ctx context.Context, by authz.Actor, in ChangeEvent, reason string) (EventView, error) {
	return s.change(ctx, by, in, func(_ context.Context, was domain.Event) (domain.Event, domain.DomainEvent, error) {
		event, changed, err := was.Cancel(reason, s.Clock.Now())
		if err != nil || !changed {
			return event, nil, err
		}
		return event, domain.EventCancelled{Change: domain.Change{Event: event, By: by.User}}, nil
	})
}

// Delete removes an event with all its dates.
func (s *Events) Delete(ctx context.Context, by authz.Actor, in ChangeEvent) error {
	if _, err := s.requireManaged(ctx, by, in.ID); err != nil {
		return err
	}
	return s.Tx.Do(ctx, func(ctx context.Context) error {
		event, err := s.lock(ctx, in.ID, in.Version)
		if err != nil {
			return err
		}
		if err := s.uninviteAll(ctx, event); err != nil {
			return err
		}
		if err := s.Events.Delete(ctx, in.ID); err != nil {
			return err
		}
		return s.record(ctx, domain.EventDeleted{Change: domain.Change{Event: event, By: by.User}})
	})
}

// DuplicateEvent is the input of Events.Duplicate.
type DuplicateEvent struct {
	ID     uuid.UUID
	Starts time.Time
}

// Duplicate makes a draft with what an event has that the caller sees.
func (s *Events) Duplicate(ctx context.Context, by authz.Actor, in DuplicateEvent) (EventView, error) {
	original, err := s.Events.Find(ctx, in.ID)
	if err != nil {
		return EventView{}, err
	}
	access, held, err := s.accessTo(ctx, by, original, domain.PermissionEventCreate)
	if err != nil {
		return EventView{}, err
	}
	if !held[domain.PermissionEventCreate] {
		return EventView{}, authz.Denied(domain.PermissionEventCreate)
	}
	event, err := idempotency.Once(ctx, s.Once, "duplicateEvent", in, func(ctx context.Context) (domain.Event, error) {
		return s.create(ctx, by, original.Copy(in.Starts))
	}, domain.Event.ID, s.Events.Find)
	if err != nil {
		return EventView{}, err
	}
	access.CanManage = true // the copy belongs to the caller
	return s.first(ctx, by, event, access)
}
