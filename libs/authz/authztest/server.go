package authztest

import (
	"context"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/uuid"
	"github.com/oapi-codegen/nullable"

	"go.updspace.com/api/accessapi"
	"go.updspace.com/api/commonapi"
	"go.updspace.com/libs/accessclient"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/errs/why"
	"go.updspace.com/libs/httpx"
	"go.updspace.com/libs/reqctx"
	"go.updspace.com/libs/signing"
)

var document = sync.OnceValues(accessapi.GetSpec)

// Serve starts an HTTP server that answers the internal operations of access for a calling service, until the test ends,
// and returns its URL. verifier is that of the service "access": testkit.Keyring().Verifier("access"). Requests are
// verified and validated as by the real service.
func Serve(t testing.TB, a *Access, verifier *signing.Verifier, caller string) string {
	t.Helper()
	s := httptest.NewServer(Handler(t, a, verifier, caller))
	t.Cleanup(s.Close)
	return s.URL
}

// Handler is what Serve serves.
func Handler(t testing.TB, a *Access, verifier *signing.Verifier, caller string) http.Handler {
	t.Helper()
	spec, err := document()
	if err != nil {
		t.Fatalf("authztest: %v", err)
	}
	kit := httpx.New(httpx.Options{Authenticate: httpx.Signed(verifier)})
	strict := accessapi.NewStrictHandlerWithOptions(server{access: a, caller: caller}, nil, accessapi.StrictHTTPServerOptions{
		RequestErrorHandlerFunc: kit.RequestError, ResponseErrorHandlerFunc: kit.ResponseError,
	})
	mux := http.NewServeMux()
	accessapi.HandlerWithOptions(strict, accessapi.StdHTTPServerOptions{BaseRouter: mux, ErrorHandlerFunc: kit.RequestError})
	handler, err := kit.Handler(mux, spec, accessapi.Operations)
	if err != nil {
		t.Fatalf("authztest: %v", err)
	}
	return handler
}

// server implements the operations that services call. The others, which the embedded interface leaves nil, panic.
type server struct {
	accessapi.StrictServerInterface
	access *Access
	caller string
}

// admit refuses calls of other services than the one under test.
func (s server) admit(ctx context.Context) error {
	if caller := reqctx.From(ctx).Caller; caller != s.caller {
		return errs.Forbiddenf("This fake access is for %s, not for %s.", s.caller, caller)
	}
	return nil
}

func (s server) CheckPermission(ctx context.Context, r accessapi.CheckPermissionRequestObject) (accessapi.CheckPermissionResponseObject, error) {
	decisions, err := s.decide(ctx, []accessapi.Check{*r.Body})
	if err != nil {
		return nil, err
	}
	return accessapi.CheckPermission200JSONResponse(decisions[0]), nil
}

func (s server) CheckPermissions(ctx context.Context, r accessapi.CheckPermissionsRequestObject) (accessapi.CheckPermissionsResponseObject, error) {
	decisions, err := s.decide(ctx, r.Body.Checks)
	if err != nil {
		return nil, err
	}
	return accessapi.CheckPermissions200JSONResponse{Decisions: decisions}, nil
}

func (s server) CheckSubjects(ctx context.Context, r accessapi.CheckSubjectsRequestObject) (accessapi.CheckSubjectsResponseObject, error) {
	var answer accessapi.CheckSubjects200JSONResponse
	for _, subject := range r.Body.Subjects {
		rc := reqctx.From(ctx)
		rc.TenantID, rc.UserID, rc.Flags = subject.TenantID, subject.UserID, reqctx.Flags(subject.Flags)
		decisions, err := s.decide(reqctx.With(ctx, rc), subject.Checks)
		if err != nil {
			return nil, err
		}
		answer.Subjects = append(answer.Subjects, accessapi.DecisionBatch{Decisions: decisions})
	}
	return answer, nil
}

func (s server) decide(ctx context.Context, in []accessapi.Check) ([]accessapi.Decision, error) {
	if err := s.admit(ctx); err != nil {
		return nil, err
	}
	checks := make([]authz.Check, len(in))
	for i, c := range in {
		check, err := fromAPICheck(c, reqctx.From(ctx).TenantID)
		if err != nil {
			return nil, err
		}
		checks[i] = check
	}
	decisions, err := s.access.Decide(reqctx.From(ctx), checks...)
	if err != nil {
		return nil, err
	}
	out := make([]accessapi.Decision, len(decisions))
	for i, d := range decisions {
		out[i] = accessapi.Decision{Allowed: d.Allowed, ReasonCode: d.Reason}
	}
	return out, nil
}

func (s server) ListAllowedScopes(ctx context.Context, r accessapi.ListAllowedScopesRequestObject) (accessapi.ListAllowedScopesResponseObject, error) {
	if err := s.admit(ctx); err != nil {
		return nil, err
	}
	queries := make([]authz.ScopeQuery, len(r.Body.Questions))
	for i, q := range r.Body.Questions {
		queries[i] = authz.ScopeQuery{Permission: authz.Permission(q.Permission), Visibility: fromAPIVisibility(q.ResourceVisibility)}
	}
	allowed, err := s.access.AllowedScopes(ctx, queries)
	if err != nil {
		return nil, err
	}
	answers := make([]accessapi.AllowedScopes, len(allowed))
	for i, a := range allowed {
		answers[i] = accessapi.AllowedScopes{Everywhere: a.Everywhere, Tenant: a.Tenant, Communities: texts(a.Communities), Teams: texts(a.Teams)}
	}
	return accessapi.ListAllowedScopes200JSONResponse{Answers: answers}, nil
}

// GetEffectivePermissions lists, of the catalogue or else of the permissions that the facts name, those that are allowed.
func (s server) GetEffectivePermissions(ctx context.Context, r accessapi.GetEffectivePermissionsRequestObject) (accessapi.GetEffectivePermissionsResponseObject, error) {
	if err := s.admit(ctx); err != nil {
		return nil, err
	}
	rc, id := reqctx.From(ctx), ""
	if r.Params.ScopeID != nil {
		id = *r.Params.ScopeID
	}
	scope, err := fromAPIScope(r.Params.ScopeType, id, rc.TenantID)
	if err != nil {
		return nil, err
	}
	permissions, roles, err := s.access.effective(rc, scope)
	if err != nil {
		return nil, err
	}
	out := accessapi.GetEffectivePermissions200JSONResponse{Permissions: permissions, Roles: []accessapi.RoleRef{}}
	for i, role := range roles {
		out.Roles = append(out.Roles, accessapi.RoleRef{ID: int64(i + 1), Service: role.Service, Name: role.Name})
	}
	return out, nil
}

func (a *Access) effective(rc reqctx.Context, scope authz.Scope) ([]string, []Role, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.failure != nil {
		return nil, nil, a.failure
	}
	d := a.decider(rc)
	candidates := slices.Clone(a.catalogue)
	var roles []Role
	for _, b := range d.Bindings {
		candidates = append(candidates, b.Role.Permissions...)
		if d.covers(b.Scope, scope) {
			roles = append(roles, b.Role)
		}
	}
	for _, r := range d.MemberRoles {
		candidates = append(candidates, r.Permissions...)
		if d.member {
			roles = append(roles, r)
		}
	}
	for _, o := range d.Overrides {
		candidates = append(candidates, o.Permission)
	}
	permissions := []string{}
	for _, p := range candidates {
		if p != "" && d.decide(authz.Check{Permission: p, Scope: scope}).Allowed {
			permissions = append(permissions, string(p))
		}
	}
	slices.Sort(permissions)
	slices.SortFunc(roles, func(x, y Role) int { return strings.Compare(x.Service+":"+x.Name, y.Service+":"+y.Name) })
	return slices.Compact(permissions), roles, nil
}

func (s server) SyncMemberships(ctx context.Context, r accessapi.SyncMembershipsRequestObject) (accessapi.SyncMembershipsResponseObject, error) {
	if err := s.admit(ctx); err != nil {
		return nil, err
	}
	changes := make([]accessclient.Membership, len(r.Body.Changes))
	for i, c := range r.Body.Changes {
		role, _ := c.Role.Get() // null is the empty role
		changes[i] = fromAPIMembership(c.ScopeType, c.ScopeID, c.CommunityID, c.UserID, role, c.Version)
	}
	if err := s.access.SyncMemberships(ctx, changes); err != nil {
		return nil, err
	}
	return accessapi.SyncMemberships204Response{}, nil
}

func (s server) ReconcileMemberships(ctx context.Context, r accessapi.ReconcileMembershipsRequestObject) (accessapi.ReconcileMembershipsResponseObject, error) {
	if err := s.admit(ctx); err != nil {
		return nil, err
	}
	page := accessclient.MembershipPage{After: fromAPIKey(r.Body.After), Until: fromAPIKey(r.Body.Until)}
	for _, m := range r.Body.Memberships {
		page.Memberships = append(page.Memberships, fromAPIMembership(m.ScopeType, m.ScopeID, m.CommunityID, m.UserID, m.Role, m.Version))
	}
	drift, err := s.access.ReconcileMemberships(ctx, page)
	if err != nil {
		return nil, err
	}
	return accessapi.ReconcileMemberships200JSONResponse{Added: drift.Added, Changed: drift.Changed, Removed: drift.Removed}, nil
}

func fromAPIScope(kind commonapi.ScopeType, id string, tenant uuid.UUID) (authz.Scope, error) {
	scope := authz.Scope{Type: authz.ScopeType(kind)}
	switch {
	case scope.Type == authz.ScopeGlobal:
		return scope, nil
	case scope.Type == authz.ScopeTenant && id == "":
		return authz.TenantScope(tenant), nil
	}
	parsed, err := uuid.Parse(id)
	if err != nil {
		return authz.Scope{}, errs.Fields{"scope.id": why.NotFormat("uuid", "must be a UUID")}.Err()
	}
	scope.ID = parsed
	return scope, nil
}

func fromAPICheck(c accessapi.Check, tenant uuid.UUID) (authz.Check, error) {
	scope, err := fromAPIScope(c.Scope.Type, c.Scope.ID, tenant)
	check := authz.Check{Permission: authz.Permission(c.Permission), Scope: scope, Visibility: fromAPIVisibility(c.ResourceVisibility)}
	if c.ResourceOwnerID != nil {
		check.Owner = *c.ResourceOwnerID
	}
	return check, err
}

func fromAPIVisibility(v *commonapi.Visibility) authz.Visibility {
	if v == nil {
		return ""
	}
	return authz.Visibility(*v)
}

func fromAPIMembership(kind accessapi.MemberScopeType, scope, community, user uuid.UUID, role accessapi.MemberRole, version int64) accessclient.Membership {
	return accessclient.Membership{
		MembershipKey: accessclient.MembershipKey{Scope: authz.Scope{Type: authz.ScopeType(kind), ID: scope}, UserID: user},
		CommunityID:   community, Role: string(role), Version: version,
	}
}

func fromAPIKey(in nullable.Nullable[accessapi.MembershipKey]) *accessclient.MembershipKey {
	key, err := in.Get()
	if err != nil {
		return nil
	}
	return &accessclient.MembershipKey{Scope: authz.Scope{Type: authz.ScopeType(key.ScopeType), ID: key.ScopeID}, UserID: key.UserID}
}

func texts(ids []uuid.UUID) []string {
	list := make([]string, len(ids))
	for i, id := range ids {
		list[i] = id.String()
	}
	return list
}
