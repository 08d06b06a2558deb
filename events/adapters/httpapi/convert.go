package httpapi

import (
	"time"

	"github.com/google/uuid"
	"github.com/oapi-codegen/nullable"

	"go.updspace.com/api/commonapi"
	"go.updspace.com/api/eventsapi"
	"go.updspace.com/events/app"
	"go.updspace.com/events/domain"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/wire"
)

// FromAPI functions convert requests to inputs of use cases, ToAPI functions results to responses.

// FromAPIListEvents converts the query of a list.
func FromAPIListEvents(p eventsapi.ListEventsParams) app.ListEvents {
	answer, waiting := answered(string(wire.Value(p.MyAnswer)))
	return app.ListEvents{
		MyAnswer: answer, MyWaiting: waiting,
		From: wire.Value(p.From), To: wire.Value(p.To), ScopeType: authz.ScopeType(wire.Value(p.ScopeType)), ScopeID: wire.Value(p.ScopeID),
		Query: wire.Value(p.Q), Tag: wire.Value(p.Tag), GameID: wire.Value(p.GameID), Visibility: authz.Visibility(wire.Value(p.Visibility)),
		Status: domain.Status(wire.Value(p.Status)), Mine: wire.Value(p.Mine), Descending: wire.Value(p.Order) == eventsapi.ListEventsParamsOrderDesc,
		Cursor: wire.Value(p.Cursor), Limit: wire.ValueOr(p.Limit, 100), Offset: wire.Value(p.Offset),
	}
}

// FromAPIEventCreate converts a new event. Its fields have two names each.
func FromAPIEventCreate(b eventsapi.EventCreate) app.CreateEvent {
	return app.CreateEvent{
		Event: domain.EventDraft{
			Details: domain.Details{
				Title: b.Title, Description: wire.Get(b.Description),
				LocationText: wire.Get(either(b.LocationText, b.OldLocationText)), LocationURL: wire.Get(either(b.LocationURL, b.OldLocationURL)),
			},
			GameID: wire.Get(either(b.GameID, b.OldGameID)), Tags: wire.Get(b.Tags), Answers: domain.AnswerRules{
				Capacity: wire.Get(b.Capacity), PlusOnes: wire.Value(b.PlusOnes), CloseMinutes: wire.Given(b.AnswersCloseMinutes),
			},
			Reminders:  wire.Get(b.ReminderMinutes),
			Status:     domain.Status(wire.Value(b.Status)),
			Visibility: authz.Visibility(wire.Get(b.Visibility)), CoHosts: wire.Get(b.CoHosts),
			Schedule: domain.ScheduleDraft{
				Starts: wire.Value(or(b.StartsAt, b.OldStartsAt)), Ends: wire.Value(or(b.EndsAt, b.OldEndsAt)), Zone: wire.Value(b.TimeZone),
				AllDay: wire.Value(b.AllDay), Rule: wire.Get(b.Rrule), RDates: wire.Get(b.Rdates), EXDates: wire.Get(b.Exdates),
			},
		},
		ScopeType: authz.ScopeType(wire.Value(or(b.ScopeType, b.OldScopeType))), ScopeID: wire.Get(either(b.ScopeID, b.OldScopeID)),
	}
}

// FromAPIEventUpdate converts the change of an event.
func FromAPIEventUpdate(b eventsapi.EventUpdate) domain.EventEdit {
	var visibility *authz.Visibility
	if v := wire.Given(b.Visibility); v != nil {
		visibility = wire.As[authz.Visibility](v)
	}
	var closeMinutes **int
	if b.AnswersCloseMinutes.IsSpecified() {
		closeMinutes = new(wire.Given(b.AnswersCloseMinutes))
	}
	return domain.EventEdit{
		Title: wire.Given(b.Title), Description: wire.Edit(b.Description),
		LocationText: wire.Edit(either(b.LocationText, b.OldLocationText)), LocationURL: wire.Edit(either(b.LocationURL, b.OldLocationURL)),
		GameID: wire.Edit(either(b.GameID, b.OldGameID)), Tags: wire.Given(b.Tags), Visibility: visibility,
		Starts: wire.Given(either(b.StartsAt, b.OldStartsAt)), Ends: wire.Given(either(b.EndsAt, b.OldEndsAt)), Zone: wire.Given(b.TimeZone), AllDay: wire.Given(b.AllDay),
		Rule: wire.Edit(b.Rrule), RDates: wire.Given(b.Rdates), EXDates: wire.Given(b.Exdates),
		Capacity: wire.Edit(b.Capacity), PlusOnes: wire.Given(b.PlusOnes), CloseMinutes: closeMinutes,
		Reminders: wire.Given(b.ReminderMinutes), CoHosts: wire.Given(b.CoHosts),
	}
}

// FromAPIOccurrenceUpdate converts the change of one date.
func FromAPIOccurrenceUpdate(b eventsapi.OccurrenceUpdate) domain.OccurrenceEdit {
	return domain.OccurrenceEdit{
		Title: b.Title, Description: b.Description, LocationText: b.LocationText, LocationURL: b.LocationURL,
		Starts: b.StartsAt, Ends: b.EndsAt, Reset: wire.Value(b.Reset),
	}
}

// ToAPIEvent converts an event on one of its dates.
func ToAPIEvent(v app.EventView) eventsapi.Event {
	d, o := v.Event.Data(), v.Occurrence.Data()
	details := v.Event.Details(v.Occurrence)
	rsvp, mine := nullable.NewNullNullable[eventsapi.EventMyRsvp](), nullable.NewNullNullable[eventsapi.Answer]()
	if v.Mine != nil {
		rsvp.Set(eventsapi.EventMyRsvp(v.Mine.Status))
		mine.Set(ToAPIAnswer(*v.Mine))
	}
	event := eventsapi.Event{
		ID: d.ID, OccurrenceID: o.ID, TenantID: d.TenantID, ScopeType: eventsapi.EventScopeType(d.Scope.Type), ScopeID: d.Scope.ID.String(),
		Title: details.Title, Description: wire.OrNull(details.Description), StartsAt: o.Starts, EndsAt: o.Ends, OriginalStartsAt: o.Original,
		TimeZone: d.Schedule.Zone, AllDay: d.Schedule.AllDay(), LocationText: wire.OrNull(details.LocationText), LocationURL: wire.OrNull(details.LocationURL),
		GameID: wire.OrNull(d.GameID), Tags: wire.Each(d.Tags, func(tag string) string { return tag }), Visibility: commonapi.Visibility(d.Visibility),
		Status: eventsapi.EventStatus(v.Event.Status(v.Occurrence)), CancelReason: wire.OrNull(v.Event.CancelReason(v.Occurrence)),
		Changed: v.Occurrence.Changed(), Series: ToAPISeries(v), CoHosts: wire.Each(d.CoHosts, func(id uuid.UUID) uuid.UUID { return id }),
		CreatedBy: d.CreatedBy, CreatedAt: d.CreatedAt, UpdatedAt: d.UpdatedAt, Version: d.Version,
		CanManage: v.CanManage, CanAnswer: v.CanAnswer && v.Open, Capacity: wire.OrNull(d.Answers.Capacity), PlusOnes: d.Answers.PlusOnes,
		AnswersCloseMinutes: orNull(d.Answers.CloseMinutes), AnswersCloseAt: v.Event.AnswersClose(v.Occurrence),
		ReminderMinutes: d.Reminders,
		SeatsTaken:      o.Counts.Seats, WaitingCount: o.Counts.Waiting, MyRsvp: rsvp, MyAnswer: mine,
	}
	event.RsvpCounts.Going, event.RsvpCounts.Interested, event.RsvpCounts.NotGoing = o.Counts.Going, o.Counts.Interested, o.Counts.NotGoing
	return event
}

// ToAPISeries converts what an event has for all its dates, if its date alone does not show it.
func ToAPISeries(v app.EventView) nullable.Nullable[eventsapi.EventSeries] {
	d := v.Event.Data()
	if !d.Schedule.Recurs() && !v.Occurrence.Changed() {
		return nullable.NewNullNullable[eventsapi.EventSeries]()
	}
	same := func(t time.Time) time.Time { return t }
	return nullable.NewNullableWithValue(eventsapi.EventSeries{
		Title: d.Details.Title, Description: wire.OrNull(d.Details.Description), LocationText: wire.OrNull(d.Details.LocationText),
		LocationURL: wire.OrNull(d.Details.LocationURL), StartsAt: d.Schedule.Starts(), EndsAt: d.Schedule.EndOf(d.Schedule.Start), Rrule: wire.OrNull(d.Schedule.Rule),
		Rdates: wire.Each(d.Schedule.Instants(d.Schedule.RDates), same), Exdates: wire.Each(d.Schedule.Instants(d.Schedule.EXDates), same),
	})
}

func orNull(n *int) nullable.Nullable[int] {
	if n == nil {
		return nullable.NewNullNullable[int]()
	}
	return nullable.NewNullableWithValue(*n)
}

// ToAPIEventPage converts a page of dates.
func ToAPIEventPage(p app.EventPage) eventsapi.EventPage {
	page := eventsapi.EventPage{Items: wire.Each(p.Items, ToAPIEvent), NextCursor: wire.OrNull(p.Next)}
	page.Meta.Total, page.Meta.Limit, page.Meta.Offset = p.Total, p.Limit, p.Offset
	return page
}

// either is a field by its name, or by its former one.
func either[T any](name, former nullable.Nullable[T]) nullable.Nullable[T] {
	if name.IsSpecified() {
		return name
	}
	return former
}

// or is either for fields that cannot be null.
func or[T any](name, former *T) *T {
	if name != nil {
		return name
	}
	return former
}
