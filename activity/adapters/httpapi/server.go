// Package httpapi serves api/openapi/activity.yaml: convert in, call the use case, convert out.
package httpapi

import (
	"context"
	"fmt"
	"net/http"

	"go.updspace.com/activity/app"
	connectorapp "go.updspace.com/activity/connectors/app"
	gameapp "go.updspace.com/activity/games/app"
	told "go.updspace.com/activity/notifications/app"
	roleapp "go.updspace.com/activity/roles/app"
	webhookapp "go.updspace.com/activity/webhooks/app"
	"go.updspace.com/api/activityapi"
	"go.updspace.com/libs/httpx"
	"go.updspace.com/libs/page"
	"go.updspace.com/libs/personaldata"
	"go.updspace.com/libs/wire"
)

// server is made of one part for each section of the spec.
type server struct {
	feed
	news
	notifications
	webhooks
	sources
	accounts
	games
	roles
	live
	administration
}

var _ activityapi.StrictServerInterface = server{}

// New returns the handler of the service.
func New(
	kit *httpx.Server, reading *app.Feed, posts *app.News, streaming *app.Live, times LiveTimes, told told.Deps, outgoing webhookapp.Deps,
	incoming connectorapp.Deps, played gameapp.Deps, catalogue app.Games, following roleapp.Deps, personalData *personaldata.Store,
) (http.Handler, error) {
	spec, err := activityapi.GetSpec()
	if err != nil {
		return nil, fmt.Errorf("reading the embedded spec: %w", err)
	}
	parts := server{
		feed: feed{reading, posts}, news: news{posts}, notifications: newNotifications(told), webhooks: newWebhooks(outgoing),
		sources: newSources(incoming), accounts: newAccounts(played), games: games{catalogue}, roles: roles{roleapp.Administration{Deps: following}}, live: live{streaming, times}, administration: administration{personalData},
	}
	strict := activityapi.NewStrictHandlerWithOptions(parts, nil, activityapi.StrictHTTPServerOptions{
		RequestErrorHandlerFunc: kit.RequestError, ResponseErrorHandlerFunc: kit.ResponseError,
	})
	mux := http.NewServeMux()
	activityapi.HandlerWithOptions(strict, activityapi.StdHTTPServerOptions{
		BaseRouter: mux, ErrorHandlerFunc: kit.RequestError, Middlewares: []activityapi.MiddlewareFunc{httpx.KeepBody(hookPath)},
	})
	return kit.Handler(mux, spec, activityapi.Operations)
}

// administration serves other services.
type administration struct{ personalData *personaldata.Store }

func (s administration) ExportPersonalData(ctx context.Context, r activityapi.ExportPersonalDataRequestObject) (activityapi.ExportPersonalDataResponseObject, error) {
	export, err := s.personalData.Export(ctx, r.UserID, page.Request{Limit: wire.Value(r.Params.Limit), Cursor: wire.Value(r.Params.Cursor)})
	if err != nil {
		return nil, err
	}
	return activityapi.ExportPersonalData200JSONResponse{PersonalDataJSONResponse: export.ToAPI()}, nil
}

func (s administration) ErasePersonalData(ctx context.Context, r activityapi.ErasePersonalDataRequestObject) (activityapi.ErasePersonalDataResponseObject, error) {
	receipt, err := s.personalData.Erase(ctx, r.UserID, r.Params.Name...)
	if err != nil {
		return nil, err
	}
	return activityapi.ErasePersonalData200JSONResponse{ErasureJSONResponse: receipt.ToAPI()}, nil
}
