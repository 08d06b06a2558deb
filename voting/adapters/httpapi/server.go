// Package httpapi serves api/openapi/voting.yaml: convert in, call the use case, convert out. Who may is asked by the
// use cases; who is asking was settled by the kit before a handler runs.
package httpapi

import (
	"context"
	"fmt"
	"net/http"

	"go.updspace.com/api/votingapi"
	"go.updspace.com/libs/httpx"
	"go.updspace.com/libs/reqctx"
	"go.updspace.com/voting/app"
	"go.updspace.com/voting/domain"
)

// server implements every operation: one part per tag of the document.
type server struct {
	polls
	nominations
	votes
	results
}

var _ votingapi.StrictServerInterface = server{}

// New returns the handler of the service.
func New(kit *httpx.Kit, p *app.Polls, q *app.Questions, b *app.Ballots, r *app.Results) (http.Handler, error) {
	spec, err := votingapi.GetSpec()
	if err != nil {
		return nil, fmt.Errorf("reading the embedded document: %w", err)
	}
	strict := votingapi.NewStrictHandlerWithOptions(server{polls{p}, nominations{q}, votes{b}, results{r}}, nil, votingapi.StrictHTTPServerOptions{
		RequestErrorHandlerFunc: kit.RequestError, ResponseErrorHandlerFunc: kit.ResponseError,
	})
	mux := http.NewServeMux()
	votingapi.HandlerWithOptions(strict, votingapi.StdHTTPServerOptions{BaseRouter: mux, ErrorHandlerFunc: kit.RequestError})
	return kit.Handler(mux, spec, votingapi.Operations)
}

// actor is the user of the verified request context.
func actor(ctx context.Context) domain.Actor {
	rc := reqctx.From(ctx)
	return domain.Actor{Tenant: rc.TenantID, User: rc.UserID}
}

var done = votingapi.DoneJSONResponse{Ok: true}
