package app

import (
	"context"

	"github.com/google/uuid"

	"go.updspace.com/events/domain"
	"go.updspace.com/events/ports"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/idempotency"
	"go.updspace.com/libs/page"
)

// Occurrences are the use cases of single dates.
type Occurrences struct{ Deps }

// List returns the dates of an event, by their start. from limits them to those that end then or later.
func (s *Occurrences) List(ctx context.Context, by authz.Actor, id uuid.UUID, from string, p page.Request) (page.Page[EventView], error) {
	since, err := moment(from, 0, domain.ErrInvalidFrom)
	if err != nil {
		return page.Page[EventView]{}, err
	}
	event, access, err := s.load(ctx, by, id)
	if err != nil {
		return page.Page[EventView]{}, err
	}
	var at ports.Position
	var after *ports.Position
	found, err := page.Decode("events", p.Cursor, &at.Starts, &at.ID)
	if err != nil {
		return page.Page[EventView]{}, err
	}
	if found {
		after = &at
	}
	dates, err := page.Fetch(p.Limit, func(limit int) ([]ports.Dated, error) {
		list, err := s.Deps.Occurrences.Page(ctx, id, since, after, limit)
		dated := make([]ports.Dated, len(list))
		for i, o := range list {
			dated[i] = ports.Dated{Event: event, Occurrence: o}
		}
		return dated, err
	}, cursorAfter)
	if err != nil {
		return page.Page[EventView]{}, err
	}
	views := page.Map(dates, func(d ports.Dated) EventView { return EventView{Dated: d, EventAccess: access} })
	views.Items, err = s.withAnswers(ctx, by, views.Items...)
	return views, err
}

// ChangeOccurrence names a date that a caller changes, and the version of its event that the caller has seen.
type ChangeOccurrence struct {
	Event   uuid.UUID
	ID      uuid.UUID
	Version *int // nil is any
}

// change locks a date of an event that the caller manages, changes it, and stores and records what the change returns.
func (s *Occurrences) change(
	ctx context.Context, by authz.Actor, in ChangeOccurrence,
	fn func(event domain.Event, o domain.Occurrence) (domain.Occurrence, bool, error), happened func(domain.Change) domain.DomainEvent,
) (EventView, error) {
	access, err := s.requireManaged(ctx, by, in.Event)
	if err != nil {
		return EventView{}, err
	}
	view := EventView{EventAccess: access}
	err = s.Tx.Do(ctx, func(ctx context.Context) (err error) {
		if view.Event, err = s.lock(ctx, in.Event, in.Version); err != nil {
			return err
		}
		if view.Occurrence, err = s.Deps.Occurrences.Lock(ctx, in.Event, in.ID); err != nil {
			return err
		}
		was := view.Occurrence
		var changed bool
		if view.Occurrence, changed, err = fn(view.Event, was); err != nil || !changed {
			return err
		}
		if mail, ok := view.Event.MailAboutDate(was, view.Occurrence, s.Clock.Now()); ok {
			if err := s.Invitations.Tell(ctx, in.Event, mail); err != nil {
				return err
			}
		}
		view.Event = view.Event.Touch(s.Clock.Now())
		if err := s.Deps.Occurrences.Update(ctx, view.Occurrence); err != nil {
			return err
		}
		if err := s.Events.Update(ctx, view.Event); err != nil {
			return err
		}
		return s.record(ctx, happened(domain.Change{Event: view.Event, Occurrence: &view.Occurrence, By: by.User}))
	})
	if err != nil {
		return EventView{}, err
	}
	return s.withAnswer(ctx, by, view)
}

// Edit changes or moves one date.
func (s *Occurrences) Edit(ctx context.Context, by authz.Actor, in ChangeOccurrence, edit domain.OccurrenceEdit) (EventView, error) {
	if edit == (domain.OccurrenceEdit{}) {
		return EventView{}, domain.ErrNoUpdates
	}
	return s.change(ctx, by, in, func(event domain.Event, o domain.Occurrence) (domain.Occurrence, bool, error) {
		return event.EditOccurrence(o, edit)
	}, func(c domain.Change) domain.DomainEvent {
		return domain.EventUpdated{Change: c, Fields: []string{"occurrence"}}
	})
}

// Cancel cancels one date.
func (s *Occurrences) Cancel(ctx context.Context, by authz.Actor, in ChangeOccurrence, reason string) (EventView, error) {
	return s.change(ctx, by, in, func(event domain.Event, o domain.Occurrence) (domain.Occurrence, bool, error) {
		return event.CancelOccurrence(o, reason)
	}, func(c domain.Change) domain.DomainEvent { return domain.EventCancelled{Change: c} })
}

// Restore lets a cancelled date take place after all.
func (s *Occurrences) Restore(ctx context.Context, by authz.Actor, in ChangeOccurrence) (EventView, error) {
	return s.change(ctx, by, in, domain.Event.RestoreDate,
		func(c domain.Change) domain.DomainEvent {
			return domain.EventUpdated{Change: c, Fields: []string{"status"}}
		})
}

// splitInput is what a repeated request must be equal in.
type splitInput struct {
	ChangeOccurrence
	Edit domain.EventEdit
}

// Split ends a series before one of its dates. A new event takes this and the following dates, and gets the changes.
func (s *Occurrences) Split(ctx context.Context, by authz.Actor, in ChangeOccurrence, edit domain.EventEdit) (EventView, error) {
	access, err := s.requireManaged(ctx, by, in.Event)
	if err != nil {
		return EventView{}, err
	}
	event, err := idempotency.Once(ctx, s.Once, "splitEvent", splitInput{in, edit}, func(ctx context.Context) (domain.Event, error) {
		return s.split(ctx, by, in, edit)
	}, domain.Event.ID, s.Events.Find)
	if err != nil {
		return EventView{}, err
	}
	return s.first(ctx, by, event, access)
}

func (s *Occurrences) split(ctx context.Context, by authz.Actor, in ChangeOccurrence, edit domain.EventEdit) (domain.Event, error) {
	event, err := s.lock(ctx, in.Event, in.Version)
	if err != nil {
		return domain.Event{}, err
	}
	o, err := s.Deps.Occurrences.Lock(ctx, in.Event, in.ID)
	if err != nil {
		return domain.Event{}, err
	}
	stored, err := s.Deps.Occurrences.List(ctx, in.Event)
	if err != nil {
		return domain.Event{}, err
	}
	now := s.Clock.Now()
	first, second, moved, err := event.Split(o, stored, now)
	if err != nil {
		return domain.Event{}, err
	}
	second, plan, _, err := second.Edit(edit, moved, now)
	if err != nil {
		return domain.Event{}, err
	}
	if err := s.Events.Update(ctx, first); err != nil {
		return domain.Event{}, err
	}
	if err := s.Events.Add(ctx, second); err != nil {
		return domain.Event{}, err
	}
	if err := s.Deps.Occurrences.Update(ctx, moved...); err != nil {
		return domain.Event{}, err
	}
	if err := s.Answers.CopySeries(ctx, event.ID(), second.ID()); err != nil {
		return domain.Event{}, err
	}
	if err := s.Reminders.CopyChoices(ctx, event.ID(), second.ID()); err != nil {
		return domain.Event{}, err
	}
	if err := s.apply(ctx, second.ID(), plan); err != nil {
		return domain.Event{}, err
	}
	if err := s.seats(ctx, event, second); err != nil {
		return domain.Event{}, err
	}
	if err := s.inviteToBoth(ctx, event, first, second); err != nil {
		return domain.Event{}, err
	}
	return second, s.record(ctx,
		domain.EventUpdated{Change: domain.Change{Event: first, By: by.User}, Fields: []string{"rrule"}},
		domain.EventCreated{Change: domain.Change{Event: second, By: by.User}})
}
