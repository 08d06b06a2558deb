package inbox

import (
	"go.updspace.com/activity/domain"
	"go.updspace.com/api/eventsevents"
	"go.updspace.com/libs/authz"
)

// calendarEvent is an event that takes place. What happens to one of its dates is no news of the event.
func calendarEvent(s source, d eventsevents.Event) ([]domain.Change, error) {
	if d.OccurrenceID != nil {
		return nil, nil
	}
	if d.Status != eventsevents.EventStatusScheduled || d.Hidden != nil && *d.Hidden {
		return s.retract(d.SourceRef)
	}
	payload := map[string]any{
		"event_id": d.EventID.String(), "starts_at": d.StartsAt.UTC(), "ends_at": d.EndsAt.UTC(), "time_zone": d.TimeZone, "all_day": d.AllDay, "recurring": d.Recurring,
	}
	if d.Recurrence != nil {
		payload["recurrence"] = d.Recurrence
	}
	return s.put(domain.ItemData{
		SourceRef: d.SourceRef, Type: domain.EventCreated, Actor: d.CreatedBy, Title: d.Title, Visibility: authz.Visibility(d.Visibility),
		Scope: s.scope(d.ScopeType, d.ScopeID), Link: d.Link, Payload: payload,
	})
}

func calendarEventUpdated(s source, d eventsevents.EventUpdated) ([]domain.Change, error) {
	return calendarEvent(s, eventsevents.Event{
		EventID: d.EventID, OccurrenceID: d.OccurrenceID, Title: d.Title, ScopeType: d.ScopeType, ScopeID: d.ScopeID, Visibility: d.Visibility, Status: d.Status,
		CreatedBy: d.CreatedBy, SourceRef: d.SourceRef, Link: d.Link, StartsAt: d.StartsAt, EndsAt: d.EndsAt, TimeZone: d.TimeZone, AllDay: d.AllDay,
		Recurring: d.Recurring, Recurrence: d.Recurrence, Hidden: d.Hidden,
	})
}

func calendarEventGone(s source, d eventsevents.Event) ([]domain.Change, error) {
	return s.retract(d.SourceRef)
}

// rsvp is the answer of a member who comes or is interested. Guests without an account are not told of.
func rsvp(s source, d eventsevents.Rsvp) ([]domain.Change, error) {
	if d.Guest != nil && *d.Guest {
		return nil, nil
	}
	ref := "rsvp:" + d.EventID.String()
	payload := map[string]any{"event_id": d.EventID.String(), "status": d.Status, "waiting": d.Waiting, "starts_at": d.StartsAt.UTC(), "time_zone": d.TimeZone}
	if d.OccurrenceID != nil {
		ref += ":" + d.OccurrenceID.String()
		payload["occurrence_id"] = d.OccurrenceID.String()
	}
	ref += ":" + d.UserID.String()
	if d.Status != eventsevents.RsvpStatusGoing && d.Status != eventsevents.RsvpStatusInterested {
		return s.retract(ref)
	}
	return s.put(domain.ItemData{
		SourceRef: ref, Parent: d.SourceRef, Type: domain.EventRsvpChanged, Actor: d.UserID, Title: d.Title, Visibility: authz.Visibility(d.Visibility),
		Scope: s.scope(d.ScopeType, d.ScopeID), Link: d.Link, Payload: payload,
	})
}
