package app

import (
	"context"

	"go.updspace.com/events/domain"
	"go.updspace.com/libs/authz"
)

// Calendars are the use cases of events in people's own calendars.
type Calendars struct{ Deps }

// Calendar is what a calendar is told of an event.
type Calendar struct {
	Event       domain.Event
	Series      bool                // with what all its dates share
	Occurrences []domain.Occurrence // dates of their own: those that differ from the series, or the only ones
}

// Event returns an event that the caller sees, or one of its dates, for a calendar.
func (s *Calendars) Event(ctx context.Context, by authz.Actor, in DateOf) (Calendar, error) {
	event, _, err := s.load(ctx, by, in.Event)
	if err != nil {
		return Calendar{}, err
	}
	if in.Occurrence != nil {
		o, err := s.Occurrences.Find(ctx, in.Event, *in.Occurrence)
		return Calendar{Event: event, Occurrences: []domain.Occurrence{o}}, err
	}
	dates, err := s.Occurrences.List(ctx, in.Event)
	if err != nil {
		return Calendar{}, err
	}
	calendar := Calendar{Event: event, Series: event.Data().Schedule.Recurs()}
	for _, o := range dates {
		if !calendar.Series || o.Changed() || o.Data().Cancelled {
			calendar.Occurrences = append(calendar.Occurrences, o)
		}
	}
	return calendar, nil
}
