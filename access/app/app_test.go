package app_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/access/app"
	"go.updspace.com/access/domain"
	"go.updspace.com/access/ports"
	"go.updspace.com/access/ports/portstest"
	"go.updspace.com/libs/audit"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/page"
	"go.updspace.com/libs/reqctx"
)

var (
	tenant = portstest.Tenant
	user   = uuid.MustParse("00000000-0000-4000-8000-000000000009")
	noon   = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
)

type clock struct{}

func (clock) Now() time.Time { return noon }

// counted counts what was read.
type counted struct {
	ports.Facts
	loads int
	err   error
}

func (c *counted) Load(ctx context.Context, s domain.Subject, at time.Time) (*domain.Facts, error) {
	c.loads++
	if c.err != nil {
		return nil, c.err
	}
	return c.Facts.Load(ctx, s, at)
}

// house is the use cases over fakes.
type house struct {
	memory    *portstest.Memory
	facts     *counted
	audit     *portstest.AuditLog
	deps      app.Deps
	decisions app.Decisions
	overview  app.Overview
	bootstrap app.Bootstrap
}

// deps are memory as the use cases need it.
func deps(m *portstest.Memory, facts ports.Facts, log *portstest.AuditLog) app.Deps {
	return app.Deps{
		Catalogue: domain.Platform, Facts: facts, Stored: m, OfUsers: m, Roles: portstest.MemoryRoles{Memory: m}, Bindings: portstest.MemoryBindings{Memory: m},
		Overrides: portstest.MemoryOverrides{Memory: m}, Admins: portstest.Administrators{Memory: m},
		Memberships: m, Rewards: portstest.MemoryRewards{Memory: m}, Audit: log, Powers: log, Events: m, Tx: m, Requests: &portstest.Once{}, Clock: clock{},
	}
}

func build() *house {
	h := &house{memory: &portstest.Memory{}, audit: &portstest.AuditLog{}}
	for _, t := range domain.Templates(domain.Platform) {
		h.memory.AddRole(domain.Role{Service: t.Service, Name: t.Name, Keys: t.Keys})
	}
	h.facts = &counted{Facts: h.memory}
	h.deps = deps(h.memory, h.facts, h.audit)
	h.decisions, h.overview, h.bootstrap = app.Decisions{Deps: h.deps}, app.Overview{Deps: h.deps}, app.Bootstrap{Deps: h.deps}
	return h
}

func as(flags reqctx.Flags) context.Context {
	return reqctx.With(context.Background(), reqctx.Context{RequestID: "request-1", TenantID: tenant, UserID: user, Flags: flags})
}

var (
	outsider = reqctx.Flags{}
	member   = reqctx.Flags{MembershipStatus: "active"}
	root     = reqctx.Flags{SystemAdmin: true}
)

func ask(permission string) app.CheckInput {
	return app.CheckInput{Permission: permission, ScopeType: domain.Tenant}
}

func TestTheSubjectIsWhoSigned(t *testing.T) {
	t.Parallel()
	h := build()
	for name, rc := range map[string]reqctx.Context{
		"no flags": {}, "no user": {TenantID: tenant}, "no tenant": {UserID: user, Flags: root},
	} {
		t.Run(name, func(t *testing.T) {
			ctx := reqctx.With(context.Background(), rc)
			_, err := h.decisions.Check(ctx, ask("voting.poll.read"))
			require.Equal(t, errs.Unauthenticated, errs.KindOf(err))
			_, err = h.decisions.CheckAll(ctx, []app.CheckInput{ask("voting.poll.read")})
			require.Equal(t, errs.Unauthenticated, errs.KindOf(err))
			_, err = h.decisions.Effective(ctx, app.ScopeInput{Type: domain.Tenant})
			require.Equal(t, errs.Unauthenticated, errs.KindOf(err))
			_, err = h.overview.Permissions(ctx, "")
			require.Equal(t, errs.Unauthenticated, errs.KindOf(err))
		})
	}
	require.Zero(t, h.facts.loads)
}

func TestFlags(t *testing.T) {
	t.Parallel()
	h := build()
	for name, c := range map[string]struct {
		flags reqctx.Flags
		want  domain.Reason
	}{
		"no flags":               {outsider, domain.NoRole},
		"member":                 {member, domain.RBACAllow},
		"membership disabled":    {reqctx.Flags{MembershipStatus: "disabled"}, domain.NoRole},
		"an active account":      {reqctx.Flags{Status: "active"}, domain.NoRole},
		"suspended":              {reqctx.Flags{MembershipStatus: "active", Suspended: true}, domain.MasterSuspended},
		"banned":                 {reqctx.Flags{MembershipStatus: "active", Banned: true}, domain.MasterSuspended},
		"suspended by status":    {reqctx.Flags{MembershipStatus: "active", Status: "suspended"}, domain.MasterSuspended},
		"banned by status":       {reqctx.Flags{SystemAdmin: true, Status: "banned"}, domain.MasterSuspended},
		"system admin":           {root, domain.MasterSystemAdmin},
		"suspended system admin": {reqctx.Flags{SystemAdmin: true, Suspended: true}, domain.MasterSuspended},
	} {
		t.Run(name, func(t *testing.T) {
			a, err := h.decisions.Check(as(c.flags), ask("voting.vote.cast"))
			require.NoError(t, err)
			require.Equal(t, c.want, a.Reason)
		})
	}
}

func TestOneReadForAnyNumberOfQuestionsAndNoneWhenNoneIsNeeded(t *testing.T) {
	t.Parallel()
	h := build()
	var many []app.CheckInput
	for _, p := range domain.Platform.All() {
		many = append(many, ask(p.Key))
	}
	answers, err := h.decisions.CheckAll(as(member), many)
	require.NoError(t, err)
	require.Equal(t, 1, h.facts.loads)
	for i, a := range answers { // in the order of the questions
		alone, err := h.decisions.Check(as(member), many[i])
		require.NoError(t, err)
		require.Equal(t, alone, a)
	}

	h.facts.loads = 0
	for _, flags := range []reqctx.Flags{{Suspended: true}, root} {
		_, err = h.decisions.CheckAll(as(flags), many)
		require.NoError(t, err)
	}
	_, err = h.decisions.Check(as(member), ask("voting.poll.explode"))
	require.NoError(t, err)
	require.Zero(t, h.facts.loads)

	h.facts.err = errs.Unavailablef("away")
	_, err = h.decisions.CheckAll(as(member), []app.CheckInput{ask("x"), ask("voting.vote.cast")})
	require.Equal(t, errs.Unavailable, errs.KindOf(err), "no answer is not a no")
}

func TestExplainOnlyWhenAsked(t *testing.T) {
	t.Parallel()
	h := build()
	explained := ask("voting.vote.cast")
	explained.Explain = true
	answers, err := h.decisions.CheckAll(as(member), []app.CheckInput{ask("voting.vote.cast"), explained})
	require.NoError(t, err)
	require.Empty(t, answers[0].Steps)
	require.NotEmpty(t, answers[1].Steps)
	require.Equal(t, answers[0].Decision, answers[1].Decision)
}

func TestInputs(t *testing.T) {
	t.Parallel()
	h := build()
	scope := func(typ domain.ScopeType, id string) app.CheckInput {
		return app.CheckInput{Permission: "voting.poll.read", ScopeType: typ, ScopeID: id}
	}
	friends := ask("voting.poll.read")
	friends.Visibility = "friends"
	for name, c := range map[string]struct {
		in    app.CheckInput
		field string
	}{
		"no permission":        {ask(""), "permission"},
		"endless permission":   {ask(string(make([]byte, 129))), "permission"},
		"no scope":             {scope("", "x"), "scope.type"},
		"no id":                {scope(domain.Team, ""), "scope.id"},
		"an odd id":            {scope(domain.Team, "a\nb"), "scope.id"},
		"an unknown visiblity": {friends, "resource_visibility"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := h.decisions.Check(as(member), c.in)
			require.Contains(t, fields(t, err), c.field)
			_, err = h.decisions.CheckAll(as(member), []app.CheckInput{ask("voting.poll.read"), c.in})
			require.Contains(t, fields(t, err), "checks.1."+c.field)
		})
	}
	_, err := h.decisions.CheckAll(as(member), nil)
	require.Contains(t, fields(t, err), "checks")
	_, err = h.decisions.CheckAll(as(member), make([]app.CheckInput, 101))
	require.Contains(t, fields(t, err), "checks")
	_, err = h.decisions.Effective(as(member), app.ScopeInput{Type: domain.Team})
	require.Contains(t, fields(t, err), "scope_id")
	_, err = app.OverrideInput{Tenant: tenant, User: uuid.New(), Override: domain.Override{Effect: "maybe"}}.Validate(domain.Catalogue{}, tenant, time.Now())
	require.Contains(t, fields(t, err), "action")
}

func fields(t *testing.T, err error) map[string]string {
	t.Helper()
	var e *errs.Error
	require.ErrorAs(t, err, &e)
	require.Equal(t, errs.Invalid, e.Kind)
	return e.Fields
}

func TestTheScopeOfAnotherTenantIsClosed(t *testing.T) {
	t.Parallel()
	h := build()
	in := ask("voting.poll.read")
	in.ScopeID = portstest.Other.String()
	for _, flags := range []reqctx.Flags{member, root} {
		a, err := h.decisions.Check(as(flags), in)
		require.NoError(t, err)
		require.Equal(t, domain.TenantMismatch, a.Reason)
	}
	e, err := h.decisions.Effective(as(root), app.ScopeInput{Type: domain.Tenant, ID: portstest.Other.String()})
	require.NoError(t, err)
	require.Empty(t, e.Keys)
	require.Empty(t, e.Roles)
}

func TestSystemAdminDecisionsAreAudited(t *testing.T) {
	t.Parallel()
	h := build()
	in := app.CheckInput{Permission: "voting.poll.read", ScopeType: domain.Team, ScopeID: "t1"}
	_, err := h.decisions.CheckAll(as(root), []app.CheckInput{in, ask("voting.poll.explode"), ask("voting.votings.admin")})
	require.NoError(t, err)
	actor := audit.Actor{Type: audit.User, ID: user}
	require.Equal(t, []audit.Entry{
		{Tenant: tenant, Actor: actor, Action: "system_admin_decision", TargetType: "permission", TargetID: "voting.poll.read", At: noon, RequestID: "request-1",
			Metadata: map[string]any{"scope_type": "TEAM", "scope_id": "t1"}},
		{Tenant: tenant, Actor: actor, Action: "system_admin_decision", TargetType: "permission", TargetID: "voting.votings.admin", At: noon, RequestID: "request-1",
			Metadata: map[string]any{"scope_type": "TENANT", "scope_id": tenant.String()}},
	}, h.audit.Entries())

	_, err = h.decisions.Check(as(member), ask("voting.poll.read"))
	require.NoError(t, err)
	_, err = h.decisions.Effective(as(root), app.ScopeInput{Type: domain.Tenant})
	require.NoError(t, err)
	require.Len(t, h.audit.Entries(), 2, "nothing else is")

	h.audit.Err = errs.Unavailablef("away")
	_, err = h.decisions.Check(as(root), ask("voting.poll.read"))
	require.Equal(t, errs.Unavailable, errs.KindOf(err), "without a trace there is no power")
}

func TestEffective(t *testing.T) {
	t.Parallel()
	h := build()
	in := app.ScopeInput{Type: domain.Tenant}
	e, err := h.decisions.Effective(as(outsider), in)
	require.NoError(t, err)
	require.Equal(t, domain.Effective{Keys: []string{}}, e)

	e, err = h.decisions.Effective(as(member), in)
	require.NoError(t, err)
	require.Len(t, e.Roles, len(domain.Services()))
	require.Contains(t, e.Keys, "voting.vote.cast")
	require.NotContains(t, e.Keys, "voting.poll.create")

	e, err = h.decisions.Effective(as(root), in)
	require.NoError(t, err)
	require.Len(t, e.Keys, len(domain.Platform.All()))
	require.True(t, slices.IsSorted(e.Keys))

	h.memory.AddOverride(tenant, user, domain.Override{Effect: domain.Allow, Permission: "voting.poll.create"}, time.Time{})
	h.memory.AddOverride(tenant, user, domain.Override{Effect: domain.Deny, Permission: "voting.vote.cast"}, time.Time{})
	e, err = h.decisions.Effective(as(member), in)
	require.NoError(t, err)
	require.NotContains(t, e.Keys, "voting.vote.cast")
	require.Contains(t, e.Keys, "voting.poll.create")
}

func TestTheCatalogueIsForThoseWhoReadRolesOrPermissions(t *testing.T) {
	t.Parallel()
	h := build()
	_, err := h.overview.Permissions(as(member), "")
	require.Equal(t, errs.Forbidden, errs.KindOf(err))
	for _, key := range []string{domain.ReadPermissions, domain.ReadRoles} {
		h := build()
		role := h.memory.AddRole(domain.Role{Tenant: tenant, Service: domain.Portal, Name: "reader", Keys: []string{key}})
		_, _, err := h.memory.Grant(as(member), domain.Grant{User: user, Role: role.ID, Scope: domain.TenantScope(tenant)})
		require.NoError(t, err)
		all, err := h.overview.Permissions(as(member), "")
		require.NoError(t, err)
		require.Equal(t, domain.Platform.All(), all)
		some, err := h.overview.Permissions(as(member), domain.Voting)
		require.NoError(t, err)
		require.Equal(t, domain.Platform.OfService(domain.Voting), some)
		none, err := h.overview.Permissions(as(member), "zebra")
		require.NoError(t, err)
		require.Empty(t, none)
	}
}

func TestBootstrap(t *testing.T) {
	t.Parallel()
	h := build()
	require.NoError(t, h.bootstrap.Admin(context.Background(), tenant, user))
	for _, p := range domain.Platform.All() {
		a, err := h.decisions.Check(as(outsider), ask(p.Key))
		require.NoError(t, err)
		require.True(t, a.Allowed, p.Key)
	}
	entries := h.audit.Entries()
	require.Len(t, entries, len(domain.Services()))
	for _, e := range entries {
		require.Equal(t, "binding_created", e.Action)
		require.Equal(t, "binding", e.TargetType)
		require.Equal(t, audit.Actor{Type: audit.System}, e.Actor)
		require.Equal(t, user, e.About)
		require.Equal(t, tenant, e.Tenant)
		require.Equal(t, user.String(), e.Metadata["user_id"])
		require.Equal(t, "TENANT", e.Metadata["scope_type"])
		require.Equal(t, tenant.String(), e.Metadata["scope_id"])
		require.Equal(t, "bootstrap", e.Metadata["via"])
	}
	require.NoError(t, h.bootstrap.Admin(context.Background(), tenant, user))
	require.Len(t, h.audit.Entries(), len(entries), "a repetition changes nothing")
}

func TestBootstrapNeedsTheTemplates(t *testing.T) {
	t.Parallel()
	empty := &portstest.Memory{}
	b := app.Bootstrap{Deps: deps(empty, empty, &portstest.AuditLog{})}
	require.Equal(t, errs.NotFound, errs.KindOf(b.Admin(context.Background(), tenant, user)))
}

// The error of a refusal names what was denied and why, for the log.
func TestARefusalSaysWhichCheckWasDenied(t *testing.T) {
	t.Parallel()
	h := build()
	_, err := app.Roles{Administration: app.Administration{Deps: h.deps}}.List(as(member), ports.RoleSearch{}, page.Request{})
	require.Equal(t, errs.Forbidden, errs.KindOf(err))
	require.ErrorContains(t, err, "portal.roles.read in TENANT: RBAC_DENY")
	_, err = h.overview.Permissions(as(outsider), "")
	require.ErrorContains(t, err, "portal.permissions.read in TENANT: NO_ROLE, portal.roles.read in TENANT: NO_ROLE")
}
