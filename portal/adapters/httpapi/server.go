// Package httpapi serves api/openapi/portal.yaml: convert in, call the use case, convert out. Who may is asked by the
// use cases; who is asking was settled by the kit before a handler runs.
package httpapi

import (
	"context"
	"fmt"
	"net/http"

	"github.com/google/uuid"

	"go.updspace.com/api/portalapi"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/httpx"
	"go.updspace.com/libs/personaldata"
	"go.updspace.com/libs/reqctx"
	portalapp "go.updspace.com/portal/app"
	contentapp "go.updspace.com/portal/content/app"
	groupsapp "go.updspace.com/portal/groups/app"
)

// server implements every operation: one part per subject.
type server struct {
	modules
	groups
	members
	joining
	records
	posts
	profiles
	people
	search
}

var _ portalapi.StrictServerInterface = server{}

// Apps are the use cases behind the operations. Those of groups and of content are each built on one set of ports.
type Apps struct {
	Groups  groupsapp.Deps
	Content contentapp.Deps
	Data    *personaldata.Store
}

// New returns the handler of the service.
func New(kit *httpx.Server, apps Apps) (http.Handler, error) {
	spec, err := portalapi.GetSpec()
	if err != nil {
		return nil, fmt.Errorf("reading the embedded document: %w", err)
	}
	d, content := apps.Groups, apps.Content
	s := server{
		groups: groups{groupsapp.Groups{Deps: d}}, members: members{groupsapp.Members{Deps: d}, groupsapp.Bans{Deps: d}},
		joining: joining{groupsapp.JoinRequests{Deps: d}, groupsapp.Invites{Deps: d}, groupsapp.InviteLinks{Deps: d}},
		records: records{groupsapp.Groups{Deps: d}, apps.Data},
		posts:   posts{contentapp.Posts{Deps: content}, contentapp.Files{Deps: content}}, profiles: profiles{contentapp.Profiles{Deps: content}},
		people: people{contentapp.People{Deps: content}, groupsapp.Queue{Deps: d}},
		search: search{portalapp.Search{
			Access: content.Access, Quota: content.Quota, People: contentapp.People{Deps: content}, Posts: contentapp.Posts{Deps: content}, Groups: groupsapp.Groups{Deps: d},
		}, contentapp.Posts{Deps: content}},
	}
	strict := portalapi.NewStrictHandlerWithOptions(s, nil, portalapi.StrictHTTPServerOptions{
		RequestErrorHandlerFunc: kit.RequestError, ResponseErrorHandlerFunc: kit.ResponseError,
	})
	mux := http.NewServeMux()
	portalapi.HandlerWithOptions(strict, portalapi.StdHTTPServerOptions{BaseRouter: mux, ErrorHandlerFunc: kit.RequestError})
	return kit.Handler(mux, spec, portalapi.Operations)
}

// actor is the user of the verified request context.
func actor(ctx context.Context) authz.Actor {
	rc := reqctx.From(ctx)
	return authz.Actor{Tenant: rc.TenantID, User: rc.UserID}
}

// requireTenant refuses a service's request that names no tenant.
func requireTenant(ctx context.Context) error {
	if reqctx.From(ctx).TenantID == uuid.Nil {
		return errs.New(errs.BadRequest, "MISSING_TENANT_CONTEXT", "The request names no tenant.")
	}
	return nil
}
