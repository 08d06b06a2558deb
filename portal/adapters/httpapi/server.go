// Package httpapi serves api/openapi/portal.yaml: convert in, call the use case, convert out. Who may is asked by the
// use cases; who is asking was settled by the kit before a handler runs.
package httpapi

import (
	"context"
	"fmt"
	"net/http"

	"go.updspace.com/api/portalapi"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/httpx"
	"go.updspace.com/libs/reqctx"
	"go.updspace.com/portal/app"
	"go.updspace.com/portal/domain"
)

// server implements every operation: one part per tag of the document.
type server struct {
	modules
	communities
	teams
	members
	requests
	invites
	links
	journal
	registry
	posts
	profiles
	dsar
}

var _ portalapi.StrictServerInterface = server{}

// Apps are the use cases that the wire leads to.
type Apps struct {
	Groups   *app.Groups
	Members  *app.Members
	Requests *app.Requests
	Invites  *app.Invites
	Links    *app.Links
	Journal  *app.Journal
	Registry *app.Registry
	Posts    *app.Posts
	Files    *app.Files
	Profiles *app.Profiles
	Data     *app.PersonalData
}

// New returns the handler of the service.
func New(kit *httpx.Kit, apps Apps) (http.Handler, error) {
	spec, err := portalapi.GetSpec()
	if err != nil {
		return nil, fmt.Errorf("reading the embedded document: %w", err)
	}
	s := server{
		communities: communities{apps.Groups}, teams: teams{apps.Groups}, members: members{apps.Members}, requests: requests{apps.Requests},
		invites: invites{apps.Invites}, links: links{apps.Links}, journal: journal{apps.Journal}, registry: registry{apps.Registry},
		posts: posts{apps.Posts, apps.Files}, profiles: profiles{apps.Profiles}, dsar: dsar{apps.Data},
	}
	strict := portalapi.NewStrictHandlerWithOptions(s, []portalapi.StrictMiddlewareFunc{inGoodStanding}, portalapi.StrictHTTPServerOptions{
		RequestErrorHandlerFunc: kit.RequestError, ResponseErrorHandlerFunc: kit.ResponseError,
	})
	mux := http.NewServeMux()
	portalapi.HandlerWithOptions(strict, portalapi.StdHTTPServerOptions{BaseRouter: mux, ErrorHandlerFunc: kit.RequestError})
	return kit.Handler(mux, spec, portalapi.Operations)
}

// inGoodStanding turns suspended users away from every operation of a user: those that need no permission never come to
// Access, which would.
func inGoodStanding(next portalapi.StrictHandlerFunc, _ string) portalapi.StrictHandlerFunc {
	return func(ctx context.Context, w http.ResponseWriter, r *http.Request, request any) (any, error) {
		rc := reqctx.From(ctx)
		if portalapi.Operations[rc.Operation].NeedsUser() && (rc.Flags.Suspended || rc.Flags.Banned) {
			return nil, errs.Forbiddenf("Your account is suspended.")
		}
		return next(ctx, w, r, request)
	}
}

// actor is the user of the verified request context.
func actor(ctx context.Context) domain.Actor {
	rc := reqctx.From(ctx)
	return domain.Actor{Tenant: rc.TenantID, User: rc.UserID}
}

var done = portalapi.DoneJSONResponse{Ok: true}
