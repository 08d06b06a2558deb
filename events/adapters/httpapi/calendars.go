package httpapi

import (
	"context"

	"github.com/google/uuid"
	"github.com/oapi-codegen/nullable"
	openapi_types "github.com/oapi-codegen/runtime/types"

	"go.updspace.com/api/eventsapi"
	"go.updspace.com/events/app"
	"go.updspace.com/events/calendarfile"
	"go.updspace.com/events/domain"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/wire"
)

func (s *server) ListCalendarAddresses(ctx context.Context, _ eventsapi.ListCalendarAddressesRequestObject) (eventsapi.ListCalendarAddressesResponseObject, error) {
	list, err := s.addresses.List(ctx, actor(ctx))
	if err != nil {
		return nil, err
	}
	return eventsapi.ListCalendarAddresses200JSONResponse{Items: wire.Each(list, func(a domain.CalendarAddress) eventsapi.CalendarAddress {
		return ToAPICalendarAddress(app.NewAddress{CalendarAddress: a})
	})}, nil
}

func (s *server) CreateCalendarAddress(ctx context.Context, r eventsapi.CreateCalendarAddressRequestObject) (eventsapi.CreateCalendarAddressResponseObject, error) {
	address, err := s.addresses.Create(ctx, actor(ctx), app.CreateAddress{
		Name: r.Body.Name, Content: domain.CalendarContent(r.Body.Content), ScopeType: authz.ScopeType(wire.Value(r.Body.ScopeType)), ScopeID: wire.Value(r.Body.ScopeID),
	})
	if err != nil {
		return nil, err
	}
	return eventsapi.CreateCalendarAddress201JSONResponse(ToAPICalendarAddress(address)), nil
}

func (s *server) RenewCalendarAddress(ctx context.Context, r eventsapi.RenewCalendarAddressRequestObject) (eventsapi.RenewCalendarAddressResponseObject, error) {
	address, err := s.addresses.Renew(ctx, actor(ctx), r.AddressID)
	if err != nil {
		return nil, err
	}
	return eventsapi.RenewCalendarAddress200JSONResponse(ToAPICalendarAddress(address)), nil
}

func (s *server) DeleteCalendarAddress(ctx context.Context, r eventsapi.DeleteCalendarAddressRequestObject) (eventsapi.DeleteCalendarAddressResponseObject, error) {
	if err := s.addresses.Remove(ctx, actor(ctx), r.AddressID); err != nil {
		return nil, err
	}
	return eventsapi.DeleteCalendarAddress204Response{}, nil
}

// ToAPICalendarAddress converts an address, with its path if its secret is known.
func ToAPICalendarAddress(a app.NewAddress) eventsapi.CalendarAddress {
	address := eventsapi.CalendarAddress{
		ID: a.ID, Name: a.Name, Content: eventsapi.CalendarContent(a.Content), CreatedAt: a.CreatedAt, RenewedAt: a.RenewedAt,
		ScopeType: nullable.NewNullNullable[eventsapi.CalendarAddressScopeType](), ScopeID: nullable.NewNullNullable[string](),
		LastUsedOn: nullable.NewNullNullable[openapi_types.Date](), Path: nullable.NewNullNullable[string](),
	}
	if a.Content == domain.ContentGroup {
		address.ScopeType, address.ScopeID = nullable.NewNullableWithValue(eventsapi.CalendarAddressScopeType(a.Scope.Type)), nullable.NewNullableWithValue(a.Scope.ID.String())
	}
	if !a.LastUsedOn.IsZero() {
		address.LastUsedOn = nullable.NewNullableWithValue(openapi_types.Date{Time: a.LastUsedOn})
	}
	if a.Token != "" {
		address.Path = nullable.NewNullableWithValue("/api/v1/events/calendars/feeds/" + string(a.Token) + "/calendar.ics")
	}
	return address
}

func (s *server) ImportEvents(ctx context.Context, r eventsapi.ImportEventsRequestObject) (eventsapi.ImportEventsResponseObject, error) {
	p := r.Params
	report, err := s.imports.Import(ctx, actor(ctx), app.ImportEvents{
		ScopeType: authz.ScopeType(p.ScopeType), ScopeID: wire.Value(p.ScopeID),
		Status: domain.Status(wire.ValueOr(p.Status, eventsapi.ImportEventsParamsStatusScheduled)), Visibility: authz.Visibility(wire.Value(p.Visibility)),
		DryRun: wire.Value(p.DryRun), Read: func() ([]domain.FileEvent, error) { return calendarfile.Read(r.Body, wire.ValueOr(p.TimeZone, "UTC")) },
	})
	if err != nil {
		return nil, err
	}
	return eventsapi.ImportEvents200JSONResponse(ToAPIEventImport(report)), nil
}

// ToAPIEventImport converts what an import did.
func ToAPIEventImport(r app.ImportReport) eventsapi.EventImport {
	imported := eventsapi.EventImport{DryRun: r.DryRun, Items: wire.Each(r.Items, ToAPIEventImportItem)}
	for _, item := range r.Items {
		switch item.Action {
		case app.ImportCreate:
			imported.Created++
		case app.ImportUpdate:
			imported.Updated++
		case app.ImportUnchanged:
			imported.Unchanged++
		default:
			imported.Skipped++
		}
	}
	return imported
}

// ToAPIEventImportItem converts an item of a file.
func ToAPIEventImportItem(i app.ImportItem) eventsapi.EventImportItem {
	item := eventsapi.EventImportItem{
		Line: i.Line, Action: eventsapi.EventImportItemAction(i.Action), Title: i.Title, StartsAt: wire.TimeOrNull(i.Starts), AllDay: i.AllDay,
		TimeZone: wire.OrNull(i.Zone), Rrule: wire.OrNull(i.Rule), Dates: i.Dates, EventID: nullable.NewNullNullable[uuid.UUID](),
		Reason: wire.OrNull(eventsapi.EventImportItemReason(i.Reason)), Field: wire.OrNull(i.Property),
	}
	if i.Event != uuid.Nil {
		item.EventID = nullable.NewNullableWithValue(i.Event)
	}
	return item
}
