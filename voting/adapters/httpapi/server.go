// Package httpapi serves api/openapi/voting.yaml: a handler converts the request, calls a use case and converts its result.
// The kit has verified the caller before a handler runs; the use cases check permissions.
package httpapi

import (
	"context"
	"fmt"
	"net/http"

	"go.updspace.com/api/votingapi"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/httpx"
	"go.updspace.com/libs/personaldata"
	"go.updspace.com/libs/reqctx"
	"go.updspace.com/voting/app"
)

// server implements every operation of the document, with the use cases of app.
type server struct {
	polls        app.Polls
	questions    app.Questions
	images       app.Images
	participants app.Participants
	invites      app.Invites
	ballots      app.Ballots
	results      app.Results
	audit        app.Audit
	personalData *personaldata.Store
}

var _ votingapi.StrictServerInterface = (*server)(nil)

// Options adapt the kit to the hottest write.
func Options(o *httpx.Options) {
	o.BodyScanners = map[string]httpx.BodyScanner{"castVote": scanVote}
}

// New returns the handler of the service.
func New(kit *httpx.Server, deps app.Deps, personalData *personaldata.Store) (http.Handler, error) {
	spec, err := votingapi.GetSpec()
	if err != nil {
		return nil, fmt.Errorf("reading the embedded document: %w", err)
	}
	strict := votingapi.NewStrictHandlerWithOptions(&server{
		app.Polls{Deps: deps}, app.Questions{Deps: deps}, app.Images{Deps: deps}, app.Participants{Deps: deps}, app.Invites{Deps: deps}, app.Ballots{Deps: deps},
		app.Results{Deps: deps}, app.Audit{Deps: deps}, personalData,
	}, nil, votingapi.StrictHTTPServerOptions{RequestErrorHandlerFunc: kit.RequestError, ResponseErrorHandlerFunc: kit.ResponseError})
	mux := http.NewServeMux()
	votingapi.HandlerWithOptions(strict, votingapi.StdHTTPServerOptions{BaseRouter: mux, ErrorHandlerFunc: kit.RequestError})
	return kit.Handler(mux, spec, votingapi.Operations)
}

// actor is the user of the verified request context.
func actor(ctx context.Context) authz.Actor {
	rc := reqctx.From(ctx)
	return authz.Actor{Tenant: rc.TenantID, User: rc.UserID}
}

var done = votingapi.DoneJSONResponse{Ok: true}
