package app

import (
	"context"
	"errors"

	"github.com/google/uuid"

	"go.updspace.com/events/domain"
	"go.updspace.com/events/ports"
	"go.updspace.com/libs/authz"
)

// DateOf names a date of an event; nil is the one that is on or comes next.
type DateOf struct {
	Event      uuid.UUID
	Occurrence *uuid.UUID
}

// EventView is an event on one of its dates, as it is shown to one caller.
type EventView struct {
	ports.Dated
	domain.EventAccess
	Mine *domain.Answer // of the caller; nil without one
	Open bool           // the date accepts answers
}

// viewOn is an event on a date, without the answers of the caller. A date that is named must be one of the event.
func (d Deps) viewOn(ctx context.Context, event domain.Event, access domain.EventAccess, occurrence *uuid.UUID) (view EventView, err error) {
	view = EventView{Dated: ports.Dated{Event: event}, EventAccess: access}
	if occurrence != nil {
		view.Occurrence, err = d.Occurrences.Find(ctx, event.ID(), *occurrence)
	} else {
		view.Occurrence, err = d.Occurrences.Shown(ctx, event.ID(), d.Clock.Now())
	}
	return view, err
}

// shown is viewOn after a change, with the answer of the caller. A change may have removed the date: then the event is shown on the
// one that is on or comes next.
func (d Deps) shown(ctx context.Context, by authz.Actor, event domain.Event, access domain.EventAccess, occurrence *uuid.UUID) (EventView, error) {
	view, err := d.viewOn(ctx, event, access, occurrence)
	if occurrence != nil && errors.Is(err, domain.ErrOccurrenceNotFound) {
		view, err = d.viewOn(ctx, event, access, nil)
	}
	if err != nil {
		return EventView{}, err
	}
	return d.withAnswer(ctx, by, view)
}

// withAnswers adds the answers of the caller, and whether the dates accept any.
func (d Deps) withAnswers(ctx context.Context, caller authz.Actor, views ...EventView) ([]EventView, error) {
	ids := make([]uuid.UUID, len(views))
	for i, v := range views {
		ids[i] = v.Occurrence.ID()
	}
	answers, err := d.Answers.OfUser(ctx, caller.User, ids...)
	for i, v := range views {
		views[i].Open = v.Event.AcceptsAnswers(v.Occurrence, d.Clock.Now()) == nil
		if a, ok := answers[v.Occurrence.ID()]; ok && a.Status != domain.AnswerWithdrawn {
			views[i].Mine = &a
		}
	}
	return views, err
}

// withAnswer is withAnswers for one date.
func (d Deps) withAnswer(ctx context.Context, caller authz.Actor, view EventView) (EventView, error) {
	views, err := d.withAnswers(ctx, caller, view)
	return views[0], err
}

// first is a new event on its first date.
func (d Deps) first(ctx context.Context, by authz.Actor, event domain.Event, access domain.EventAccess) (EventView, error) {
	o, err := d.Occurrences.First(ctx, event.ID())
	if err != nil {
		return EventView{}, err
	}
	return d.withAnswer(ctx, by, EventView{Dated: ports.Dated{Event: event, Occurrence: o}, EventAccess: access})
}
