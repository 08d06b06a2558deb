// Package httpapi serves api/openapi/events.yaml: a handler converts the request, calls a use case and converts its result.
// The kit has verified the caller before a handler runs; the use cases check permissions.
package httpapi

import (
	"context"
	"fmt"
	"net/http"

	"go.updspace.com/api/eventsapi"
	"go.updspace.com/events/app"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/httpx"
	"go.updspace.com/libs/personaldata"
	"go.updspace.com/libs/reqctx"
	"go.updspace.com/libs/wire"
)

// server implements every operation of the document, with the use cases of app.
type server struct {
	events       app.Events
	occurrences  app.Occurrences
	answers      app.Answers
	attendance   app.Attendance
	reminders    app.Reminders
	calendars    app.Calendars
	invitations  app.Invitations
	links        app.InvitationLinks
	addresses    app.CalendarAddresses
	imports      app.Imports
	audit        app.Audit
	personalData *personaldata.Store
	inbound      InboundMail
}

var _ eventsapi.StrictServerInterface = (*server)(nil)

// New returns the handler of the service.
func New(kit *httpx.Server, deps app.Deps, personalData *personaldata.Store, inbound InboundMail) (http.Handler, error) {
	spec, err := eventsapi.GetSpec()
	if err != nil {
		return nil, fmt.Errorf("reading the embedded document: %w", err)
	}
	strict := eventsapi.NewStrictHandlerWithOptions(&server{
		app.Events{Deps: deps}, app.Occurrences{Deps: deps}, app.Answers{Deps: deps}, app.Attendance{Deps: deps},
		app.Reminders{Deps: deps}, app.Calendars{Deps: deps},
		app.Invitations{Deps: deps}, app.InvitationLinks{Deps: deps}, app.CalendarAddresses{Deps: deps}, app.Imports{Deps: deps}, app.Audit{Deps: deps}, personalData, inbound,
	}, nil, eventsapi.StrictHTTPServerOptions{RequestErrorHandlerFunc: kit.RequestError, ResponseErrorHandlerFunc: kit.ResponseError})
	mux := http.NewServeMux()
	eventsapi.HandlerWithOptions(strict, eventsapi.StdHTTPServerOptions{BaseRouter: mux, ErrorHandlerFunc: kit.RequestError})
	return kit.Handler(mux, spec, eventsapi.Operations)
}

// actor is the user of the verified request context.
func actor(ctx context.Context) authz.Actor { return reqctx.From(ctx).Actor() }

// tagOf is the ETag of an event.
func tagOf(v app.EventView) *string { return wire.ETag(v.Event.Version()) }
