package app

import (
	"context"

	"go.updspace.com/events/domain"
	"go.updspace.com/libs/authz"
)

// Calendars are the use cases of events in people's own calendars.
type Calendars struct{ Deps }

// Calendar is the content of a calendar file.
type Calendar struct {
	Event       domain.Event
	Series      bool                // the file has the series with its rule
	Occurrences []domain.Occurrence // besides the series the dates that differ from it; else every date of the file
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
