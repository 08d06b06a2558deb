// Package outbox publishes the events of api/events/events.yaml through the outbox.
package outbox

import (
	"context"

	"go.updspace.com/api/eventsevents"
	"go.updspace.com/events/domain"
	"go.updspace.com/events/ports"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/outbox"
	"go.updspace.com/libs/recurrence"
)

// Publisher is ports.Publisher.
type Publisher struct {
	publisher *outbox.Publisher
	origin    string // of the portal, with {tenant} for the slug
}

var _ ports.Publisher = (*Publisher)(nil)

// New writes events through publisher. Links in mails begin with the origin of the portal, which has {tenant} in the place of the slug.
func New(publisher *outbox.Publisher, origin string) *Publisher {
	return &Publisher{publisher: publisher, origin: origin}
}

// Publish writes events into the outbox, in the transaction of the change they describe.
func (p *Publisher) Publish(ctx context.Context, events ...domain.DomainEvent) error {
	list := make([]outbox.Event, len(events))
	for i, event := range events {
		wire, err := p.toWire(event)
		if err != nil {
			return err
		}
		list[i] = wire
	}
	return p.publisher.Publish(ctx, list...)
}

// Encode returns the outbox row of an event, for a SQL function that stores it with the change.
func (p *Publisher) Encode(ctx context.Context, event domain.DomainEvent) (outbox.Row, error) {
	wire, err := p.toWire(event)
	if err != nil {
		return outbox.Row{}, err
	}
	return p.publisher.Encode(ctx, wire)
}

// Wake makes the relay look for new rows.
func (p *Publisher) Wake() { p.publisher.Wake() }

func (p *Publisher) toWire(event domain.DomainEvent) (outbox.Event, error) {
	switch e := event.(type) {
	case domain.EventCreated:
		return eventEvent(eventsevents.TypeEventCreated, e.Change), nil
	case domain.EventUpdated:
		data := eventData(e.Change)
		return outbox.Event{Type: eventsevents.TypeEventUpdated, Subject: data.Subject(), Data: eventsevents.EventUpdated{
			EventID: data.EventID, OccurrenceID: data.OccurrenceID, Title: data.Title, ScopeType: data.ScopeType, ScopeID: data.ScopeID,
			Visibility: data.Visibility, Status: data.Status, CreatedBy: data.CreatedBy, ActorID: data.ActorID, SourceRef: data.SourceRef, Link: data.Link,
			StartsAt: data.StartsAt, EndsAt: data.EndsAt, TimeZone: data.TimeZone, AllDay: data.AllDay, Recurring: data.Recurring, Recurrence: data.Recurrence, Reason: data.Reason,
			Hidden: data.Hidden, Fields: append([]string{}, e.Fields...),
		}}, nil
	case domain.EventCancelled:
		return eventEvent(eventsevents.TypeEventCancelled, e.Change), nil
	case domain.EventDeleted:
		return eventEvent(eventsevents.TypeEventDeleted, e.Change), nil
	case domain.RSVPChanged:
		return rsvpEvent(e), nil
	case domain.InvitationSent:
		return invitationEvent(e), nil
	case domain.AttendanceMarked:
		return attendanceEvent(eventsevents.TypeAttendanceMarked, e.Change, e.Attendance), nil
	case domain.AttendanceUnmarked:
		return attendanceEvent(eventsevents.TypeAttendanceUnmarked, e.Change, e.Attendance), nil
	case domain.WaitlistPromoted:
		data := eventData(e.Change)
		return outbox.Event{Type: eventsevents.TypeWaitlistPromoted, Subject: data.Subject(), Data: eventsevents.Promotion{
			EventID: data.EventID, OccurrenceID: *data.OccurrenceID, UserID: e.UserID, Title: data.Title, ScopeType: data.ScopeType, ScopeID: data.ScopeID,
			Visibility: data.Visibility, SourceRef: data.SourceRef, Link: data.Link, StartsAt: data.StartsAt, TimeZone: data.TimeZone,
		}}, nil
	case domain.ReminderDue:
		data := eventData(e.Change)
		return outbox.Event{Type: eventsevents.TypeReminderDue, Subject: data.Subject(), Data: eventsevents.Reminder{
			EventID: data.EventID, OccurrenceID: *data.OccurrenceID, UserID: e.UserID, Minutes: int64(e.Minutes), Title: data.Title, ScopeType: data.ScopeType,
			ScopeID: data.ScopeID, Visibility: data.Visibility, SourceRef: data.SourceRef, Link: data.Link, StartsAt: data.StartsAt, TimeZone: data.TimeZone,
			AllDay: data.AllDay,
		}}, nil
	case domain.ReminderMail:
		return p.reminderMail(e)
	}
	return outbox.Event{}, errs.Internalf("events: no wire form of %T", event)
}

func attendanceEvent(kind string, c domain.Change, a domain.Attendance) outbox.Event {
	data := eventData(c)
	return outbox.Event{Type: kind, Subject: data.Subject(), Data: eventsevents.Attendance{
		EventID: data.EventID, OccurrenceID: *data.OccurrenceID, UserID: a.UserID, ActorID: data.ActorID, Method: string(a.Method), Title: data.Title,
		ScopeType: data.ScopeType, ScopeID: data.ScopeID, Visibility: data.Visibility, SourceRef: data.SourceRef, Link: data.Link,
		StartsAt: data.StartsAt, TimeZone: data.TimeZone,
	}}
}

func rsvpEvent(e domain.RSVPChanged) outbox.Event {
	data := eventData(e.Change)
	return outbox.Event{Type: eventsevents.TypeRsvpChanged, Subject: data.Subject(), Data: eventsevents.Rsvp{
		EventID: data.EventID, OccurrenceID: data.OccurrenceID, UserID: e.Answer.UserID, ActorID: data.ActorID, Status: string(e.Answer.Status),
		Waiting: e.Answer.Waiting, PlusOnes: int64(e.Answer.PlusOnes), Series: orNil(e.Series), Guest: orNil(e.Answer.Guest), Title: data.Title, ScopeType: data.ScopeType, ScopeID: data.ScopeID,
		Visibility: data.Visibility, SourceRef: data.SourceRef, Link: data.Link, StartsAt: data.StartsAt, TimeZone: data.TimeZone,
	}}
}

func invitationEvent(e domain.InvitationSent) outbox.Event {
	data := eventData(e.Change)
	sent := eventsevents.Invitation{
		EventID: data.EventID, InvitationID: e.Invitation.ID, ActorID: data.ActorID, Title: data.Title, ScopeType: data.ScopeType, ScopeID: data.ScopeID,
		Visibility: data.Visibility, SourceRef: data.SourceRef, Link: data.Link, StartsAt: data.StartsAt, TimeZone: data.TimeZone,
	}
	if !e.Invitation.Guest {
		sent.UserID = &e.Invitation.UserID
	}
	return outbox.Event{Type: eventsevents.TypeInvitationSent, Subject: data.Subject(), Data: sent}
}

func eventEvent(kind string, c domain.Change) outbox.Event {
	data := eventData(c)
	return outbox.Event{Type: kind, Subject: data.Subject(), Data: data}
}

func eventData(c domain.Change) eventsevents.Event {
	d := c.Event.Data()
	data := eventsevents.Event{
		EventID: d.ID, Title: d.Details.Title, ScopeType: string(d.Scope.Type), ScopeID: d.Scope.ID, Visibility: string(d.Visibility),
		Status: string(d.Status), CreatedBy: d.CreatedBy, ActorID: orNil(c.By), SourceRef: "event:" + d.ID.String(), Link: "/events/" + d.ID.String(),
		StartsAt: d.Schedule.Starts(), EndsAt: d.Schedule.EndOf(d.Schedule.Start), TimeZone: d.Schedule.Zone, AllDay: d.Schedule.AllDay(),
		Recurring: d.Schedule.Recurs(), Reason: orNil(d.CancelReason), Hidden: orNil(d.Hidden),
	}
	if c.Occurrence == nil {
		data.Recurrence = recurrenceOf(d.Schedule)
	} else {
		o := c.Occurrence.Data()
		data.OccurrenceID, data.Link = &o.ID, data.Link+"?on="+o.ID.String()
		data.Title, data.StartsAt, data.EndsAt = c.Event.Details(*c.Occurrence).Title, o.Starts, o.Ends
		data.Status, data.Reason = string(c.Event.Status(*c.Occurrence)), orNil(c.Event.CancelReason(*c.Occurrence))
	}
	return data
}

// recurrenceOf is nil for an event of one date.
func recurrenceOf(s domain.Schedule) *eventsevents.Recurrence {
	if !s.Recurs() {
		return nil
	}
	texts := func(dates []recurrence.Local) []string {
		list := make([]string, len(dates))
		for i, date := range dates {
			list[i] = date.String()
		}
		return list
	}
	return &eventsevents.Recurrence{Start: s.Start.String(), Rule: s.Rule, Rdates: texts(s.RDates), Exdates: texts(s.EXDates)}
}

// orNil is nil for the zero value, which stands for none.
func orNil[T comparable](v T) *T {
	var zero T
	if v == zero {
		return nil
	}
	return &v
}
