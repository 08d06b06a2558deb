// Package httpapi serves api/openapi/gamification.yaml: a handler converts the request, calls a use case and converts its
// result. The kit has verified the caller before a handler runs; the use cases check permissions.
package httpapi

import (
	"fmt"
	"net/http"

	"go.updspace.com/api/gamificationapi"
	"go.updspace.com/gamification/app"
	"go.updspace.com/libs/httpx"
	"go.updspace.com/libs/personaldata"
)

// server implements every operation of the document, with the use cases of app.
type server struct {
	achievements app.Achievements
	grants       app.Grants
	nominations  app.Nominations
	rules        app.Rules
	rewards      app.Rewards
	points       app.Points
	seasons      app.Seasons
	images       app.Images
	categories   app.Categories
	badges       app.Badges
	keys         app.BadgeKeys
	issuer       app.BadgeIssuer
	shared       app.SharedBadges
	audit        app.Audit
	personalData *personaldata.Store
}

var _ gamificationapi.StrictServerInterface = (*server)(nil)

// New returns the handler of the service.
func New(kit *httpx.Server, deps app.Deps, personalData *personaldata.Store) (http.Handler, error) {
	spec, err := gamificationapi.GetSpec()
	if err != nil {
		return nil, fmt.Errorf("reading the embedded document: %w", err)
	}
	strict := gamificationapi.NewStrictHandlerWithOptions(&server{
		achievements: app.Achievements{Deps: deps}, grants: app.Grants{Deps: deps}, nominations: app.Nominations{Deps: deps},
		rules: app.Rules{Deps: deps}, rewards: app.Rewards{Deps: deps}, points: app.Points{Deps: deps}, seasons: app.Seasons{Deps: deps}, images: app.Images{Deps: deps}, categories: app.Categories{Deps: deps}, audit: app.Audit{Deps: deps}, personalData: personalData,
		badges: app.Badges{Deps: deps}, keys: app.BadgeKeys{Deps: deps}, issuer: app.BadgeIssuer{Deps: deps}, shared: app.SharedBadges{Deps: deps},
	}, nil, gamificationapi.StrictHTTPServerOptions{RequestErrorHandlerFunc: kit.RequestError, ResponseErrorHandlerFunc: kit.ResponseError})
	mux := http.NewServeMux()
	gamificationapi.HandlerWithOptions(strict, gamificationapi.StdHTTPServerOptions{BaseRouter: mux, ErrorHandlerFunc: kit.RequestError})
	return kit.Handler(mux, spec, gamificationapi.Operations)
}
