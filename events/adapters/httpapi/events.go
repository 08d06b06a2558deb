package httpapi

import (
	"context"

	"go.updspace.com/api/eventsapi"
	"go.updspace.com/events/app"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/page"
	"go.updspace.com/libs/wire"
)

func (s *server) ListEvents(ctx context.Context, r eventsapi.ListEventsRequestObject) (eventsapi.ListEventsResponseObject, error) {
	page, err := s.events.List(ctx, actor(ctx), FromAPIListEvents(r.Params))
	if err != nil {
		return nil, err
	}
	return eventsapi.ListEvents200JSONResponse(ToAPIEventPage(page)), nil
}

func (s *server) GetMonth(ctx context.Context, r eventsapi.GetMonthRequestObject) (eventsapi.GetMonthResponseObject, error) {
	p := r.Params
	answer, waiting := answered(string(wire.Value(p.MyAnswer)))
	month, err := s.events.Month(ctx, actor(ctx), app.MonthQuery{
		Month: p.Month, Zone: wire.Value(p.TimeZone), ScopeType: authz.ScopeType(wire.Value(p.ScopeType)), ScopeID: wire.Value(p.ScopeID),
		Query: wire.Value(p.Q), Tag: wire.Value(p.Tag), GameID: wire.Value(p.GameID), Mine: wire.Value(p.Mine), MyAnswer: answer, MyWaiting: waiting,
	})
	if err != nil {
		return nil, err
	}
	return eventsapi.GetMonth200JSONResponse{
		Month: month.Month, TimeZone: month.Zone, From: month.From, To: month.To, Items: wire.Each(month.Items, ToAPIEvent), Truncated: month.Truncated,
	}, nil
}

func (s *server) CreateEvent(ctx context.Context, r eventsapi.CreateEventRequestObject) (eventsapi.CreateEventResponseObject, error) {
	event, err := s.events.Create(ctx, actor(ctx), FromAPIEventCreate(*r.Body))
	if err != nil {
		return nil, err
	}
	return eventsapi.CreateEvent201JSONResponse{Body: ToAPIEvent(event), Headers: eventsapi.CreateEvent201ResponseHeaders{ETag: tagOf(event)}}, nil
}

func (s *server) GetEvent(ctx context.Context, r eventsapi.GetEventRequestObject) (eventsapi.GetEventResponseObject, error) {
	event, err := s.events.Get(ctx, actor(ctx), r.EventID, r.Params.Occurrence)
	if err != nil {
		return nil, err
	}
	return eventsapi.GetEvent200JSONResponse{Body: ToAPIEvent(event), Headers: eventsapi.GetEvent200ResponseHeaders{ETag: tagOf(event)}}, nil
}

func (s *server) UpdateEvent(ctx context.Context, r eventsapi.UpdateEventRequestObject) (eventsapi.UpdateEventResponseObject, error) {
	in := app.ChangeEvent{ID: r.EventID, Version: wire.IfMatch(r.Params.IfMatch), Occurrence: r.Params.Occurrence}
	event, err := s.events.Update(ctx, actor(ctx), in, FromAPIEventUpdate(*r.Body))
	if err != nil {
		return nil, err
	}
	return eventsapi.UpdateEvent200JSONResponse{Body: ToAPIEvent(event), Headers: eventsapi.UpdateEvent200ResponseHeaders{ETag: tagOf(event)}}, nil
}

func (s *server) DeleteEvent(ctx context.Context, r eventsapi.DeleteEventRequestObject) (eventsapi.DeleteEventResponseObject, error) {
	if err := s.events.Delete(ctx, actor(ctx), app.ChangeEvent{ID: r.EventID, Version: wire.IfMatch(r.Params.IfMatch)}); err != nil {
		return nil, err
	}
	return eventsapi.DeleteEvent204Response{}, nil
}

func (s *server) PublishEvent(ctx context.Context, r eventsapi.PublishEventRequestObject) (eventsapi.PublishEventResponseObject, error) {
	event, err := s.events.Publish(ctx, actor(ctx), app.ChangeEvent{ID: r.EventID, Version: wire.IfMatch(r.Params.IfMatch)})
	if err != nil {
		return nil, err
	}
	return eventsapi.PublishEvent200JSONResponse{Body: ToAPIEvent(event), Headers: eventsapi.PublishEvent200ResponseHeaders{ETag: tagOf(event)}}, nil
}

func (s *server) CancelEvent(ctx context.Context, r eventsapi.CancelEventRequestObject) (eventsapi.CancelEventResponseObject, error) {
	in := app.ChangeEvent{ID: r.EventID, Version: wire.IfMatch(r.Params.IfMatch)}
	event, err := s.events.Cancel(ctx, actor(ctx), in, wire.Get(r.Body.Reason))
	if err != nil {
		return nil, err
	}
	return eventsapi.CancelEvent200JSONResponse{Body: ToAPIEvent(event), Headers: eventsapi.CancelEvent200ResponseHeaders{ETag: tagOf(event)}}, nil
}

func (s *server) DuplicateEvent(ctx context.Context, r eventsapi.DuplicateEventRequestObject) (eventsapi.DuplicateEventResponseObject, error) {
	event, err := s.events.Duplicate(ctx, actor(ctx), app.DuplicateEvent{ID: r.EventID, Starts: r.Body.StartsAt})
	if err != nil {
		return nil, err
	}
	return eventsapi.DuplicateEvent201JSONResponse{Body: ToAPIEvent(event), Headers: eventsapi.DuplicateEvent201ResponseHeaders{ETag: tagOf(event)}}, nil
}

func (s *server) ListOccurrences(ctx context.Context, r eventsapi.ListOccurrencesRequestObject) (eventsapi.ListOccurrencesResponseObject, error) {
	dates, err := s.occurrences.List(ctx, actor(ctx), r.EventID, wire.Value(r.Params.From),
		page.Request{Limit: wire.Value(r.Params.Limit), Cursor: wire.Value(r.Params.Cursor)})
	if err != nil {
		return nil, err
	}
	return eventsapi.ListOccurrences200JSONResponse{Items: wire.Each(dates.Items, ToAPIEvent), NextCursor: wire.OrNull(dates.Next)}, nil
}

func (s *server) UpdateOccurrence(ctx context.Context, r eventsapi.UpdateOccurrenceRequestObject) (eventsapi.UpdateOccurrenceResponseObject, error) {
	in := app.ChangeOccurrence{Event: r.EventID, ID: r.OccurrenceID, Version: wire.IfMatch(r.Params.IfMatch)}
	event, err := s.occurrences.Edit(ctx, actor(ctx), in, FromAPIOccurrenceUpdate(*r.Body))
	if err != nil {
		return nil, err
	}
	return eventsapi.UpdateOccurrence200JSONResponse{Body: ToAPIEvent(event), Headers: eventsapi.UpdateOccurrence200ResponseHeaders{ETag: tagOf(event)}}, nil
}

func (s *server) CancelOccurrence(ctx context.Context, r eventsapi.CancelOccurrenceRequestObject) (eventsapi.CancelOccurrenceResponseObject, error) {
	in := app.ChangeOccurrence{Event: r.EventID, ID: r.OccurrenceID, Version: wire.IfMatch(r.Params.IfMatch)}
	event, err := s.occurrences.Cancel(ctx, actor(ctx), in, wire.Get(r.Body.Reason))
	if err != nil {
		return nil, err
	}
	return eventsapi.CancelOccurrence200JSONResponse{Body: ToAPIEvent(event), Headers: eventsapi.CancelOccurrence200ResponseHeaders{ETag: tagOf(event)}}, nil
}

func (s *server) RestoreOccurrence(ctx context.Context, r eventsapi.RestoreOccurrenceRequestObject) (eventsapi.RestoreOccurrenceResponseObject, error) {
	event, err := s.occurrences.Restore(ctx, actor(ctx), app.ChangeOccurrence{Event: r.EventID, ID: r.OccurrenceID, Version: wire.IfMatch(r.Params.IfMatch)})
	if err != nil {
		return nil, err
	}
	return eventsapi.RestoreOccurrence200JSONResponse{Body: ToAPIEvent(event), Headers: eventsapi.RestoreOccurrence200ResponseHeaders{ETag: tagOf(event)}}, nil
}

func (s *server) SplitEvent(ctx context.Context, r eventsapi.SplitEventRequestObject) (eventsapi.SplitEventResponseObject, error) {
	in := app.ChangeOccurrence{Event: r.EventID, ID: r.OccurrenceID, Version: wire.IfMatch(r.Params.IfMatch)}
	event, err := s.occurrences.Split(ctx, actor(ctx), in, FromAPIEventUpdate(*r.Body))
	if err != nil {
		return nil, err
	}
	return eventsapi.SplitEvent201JSONResponse{Body: ToAPIEvent(event), Headers: eventsapi.SplitEvent201ResponseHeaders{ETag: tagOf(event)}}, nil
}
