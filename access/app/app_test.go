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
	"go.updspace.com/libs/errs"
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
	journal   *portstest.Journal
	decisions *app.Decisions
	catalogue *app.Catalogue
	bootstrap *app.Bootstrap
}

func build() *house {
	h := &house{memory: &portstest.Memory{}, journal: &portstest.Journal{}}
	for _, t := range domain.Templates(domain.Platform) {
		h.memory.AddRole(domain.Role{Service: t.Service, Name: t.Name, Keys: t.Keys})
	}
	h.facts = &counted{Facts: h.memory}
	h.decisions = app.NewDecisions(domain.Platform, h.facts, h.journal, clock{})
	h.catalogue = app.NewCatalogue(domain.Platform, h.decisions)
	h.bootstrap = app.NewBootstrap(h.memory, h.memory, h.memory, portstest.Administrators{Memory: h.memory}, h.journal, clock{})
	return h
}

func as(flags reqctx.Flags) context.Context {
	return reqctx.With(context.Background(), reqctx.Context{RequestID: "request-1", TenantID: tenant, UserID: user, Flags: flags})
}

var (
	nobody = reqctx.Flags{}
	member = reqctx.Flags{MembershipStatus: "active"}
	root   = reqctx.Flags{SystemAdmin: true}
)

func ask(permission string) app.CheckInput {
	return app.CheckInput{Permission: permission, ScopeType: domain.Tenant}
}

func TestTheSubjectIsWhoSigned(t *testing.T) {
	h := build()
	for name, rc := range map[string]reqctx.Context{
		"nobody": {}, "no user": {TenantID: tenant}, "no tenant": {UserID: user, Flags: root},
	} {
		t.Run(name, func(t *testing.T) {
			ctx := reqctx.With(context.Background(), rc)
			_, err := h.decisions.Check(ctx, ask("voting.poll.read"))
			require.Equal(t, errs.Unauthenticated, errs.KindOf(err))
			_, err = h.decisions.CheckAll(ctx, []app.CheckInput{ask("voting.poll.read")})
			require.Equal(t, errs.Unauthenticated, errs.KindOf(err))
			_, err = h.decisions.Effective(ctx, app.EffectiveInput{ScopeType: domain.Tenant})
			require.Equal(t, errs.Unauthenticated, errs.KindOf(err))
			_, err = h.catalogue.List(ctx, "")
			require.Equal(t, errs.Unauthenticated, errs.KindOf(err))
		})
	}
	require.Zero(t, h.facts.loads)
}

func TestFlags(t *testing.T) {
	h := build()
	for name, c := range map[string]struct {
		flags reqctx.Flags
		want  domain.Reason
	}{
		"nobody":                 {nobody, domain.NoRole},
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
	_, err = h.decisions.Effective(as(member), app.EffectiveInput{ScopeType: domain.Team})
	require.Contains(t, fields(t, err), "scope_id")
}

func fields(t *testing.T, err error) map[string]string {
	t.Helper()
	var e *errs.Error
	require.ErrorAs(t, err, &e)
	require.Equal(t, errs.Invalid, e.Kind)
	return e.Fields
}

func TestTheScopeOfAnotherTenantIsClosed(t *testing.T) {
	h := build()
	in := ask("voting.poll.read")
	in.ScopeID = portstest.Other.String()
	for _, flags := range []reqctx.Flags{member, root} {
		a, err := h.decisions.Check(as(flags), in)
		require.NoError(t, err)
		require.Equal(t, domain.TenantMismatch, a.Reason)
	}
	e, err := h.decisions.Effective(as(root), app.EffectiveInput{ScopeType: domain.Tenant, ScopeID: portstest.Other.String()})
	require.NoError(t, err)
	require.Empty(t, e.Keys)
	require.Empty(t, e.Roles)
}

func TestThePowerOfSystemAdminsIsJournalled(t *testing.T) {
	h := build()
	in := app.CheckInput{Permission: "voting.poll.read", ScopeType: domain.Team, ScopeID: "t1"}
	_, err := h.decisions.CheckAll(as(root), []app.CheckInput{in, ask("voting.poll.explode"), ask("voting.votings.admin")})
	require.NoError(t, err)
	require.Equal(t, []domain.Entry{
		{Tenant: tenant, PerformedBy: user, Action: "system_admin_decision", TargetType: "permission", TargetID: "voting.poll.read", At: noon,
			Metadata: map[string]string{"scope_type": "TEAM", "scope_id": "t1", "request_id": "request-1"}},
		{Tenant: tenant, PerformedBy: user, Action: "system_admin_decision", TargetType: "permission", TargetID: "voting.votings.admin", At: noon,
			Metadata: map[string]string{"scope_type": "TENANT", "scope_id": tenant.String(), "request_id": "request-1"}},
	}, h.journal.Entries())

	_, err = h.decisions.Check(as(member), ask("voting.poll.read"))
	require.NoError(t, err)
	_, err = h.decisions.Effective(as(root), app.EffectiveInput{ScopeType: domain.Tenant})
	require.NoError(t, err)
	require.Len(t, h.journal.Entries(), 2, "nothing else is")

	h.journal.Err = errs.Unavailablef("away")
	_, err = h.decisions.Check(as(root), ask("voting.poll.read"))
	require.Equal(t, errs.Unavailable, errs.KindOf(err), "without a trace there is no power")
}

func TestEffective(t *testing.T) {
	h := build()
	in := app.EffectiveInput{ScopeType: domain.Tenant}
	e, err := h.decisions.Effective(as(nobody), in)
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
	h := build()
	_, err := h.catalogue.List(as(member), "")
	require.Equal(t, errs.Forbidden, errs.KindOf(err))
	for _, key := range []string{domain.ReadPermissions, domain.ReadRoles} {
		h := build()
		role := h.memory.AddRole(domain.Role{Tenant: tenant, Service: domain.Portal, Name: "reader", Keys: []string{key}})
		_, _, err := h.memory.Grant(as(member), domain.Grant{User: user, Role: role.ID, Scope: domain.TenantScope(tenant)})
		require.NoError(t, err)
		all, err := h.catalogue.List(as(member), "")
		require.NoError(t, err)
		require.Equal(t, domain.Platform.All(), all)
		some, err := h.catalogue.List(as(member), domain.Voting)
		require.NoError(t, err)
		require.Equal(t, domain.Platform.OfService(domain.Voting), some)
		none, err := h.catalogue.List(as(member), "zebra")
		require.NoError(t, err)
		require.Empty(t, none)
	}
}

func TestBootstrap(t *testing.T) {
	h := build()
	require.NoError(t, h.bootstrap.Admin(context.Background(), tenant, user))
	for _, p := range domain.Platform.All() {
		a, err := h.decisions.Check(as(nobody), ask(p.Key))
		require.NoError(t, err)
		require.True(t, a.Allowed, p.Key)
	}
	entries := h.journal.Entries()
	require.Len(t, entries, len(domain.Services()))
	for _, e := range entries {
		require.Equal(t, "binding_created", e.Action)
		require.Equal(t, "binding", e.TargetType)
		require.Equal(t, uuid.Nil, e.PerformedBy)
		require.Equal(t, tenant, e.Tenant)
		require.Equal(t, user.String(), e.Metadata["user_id"])
		require.Equal(t, "TENANT", e.Metadata["scope_type"])
		require.Equal(t, tenant.String(), e.Metadata["scope_id"])
		require.Equal(t, "bootstrap", e.Metadata["via"])
	}
	require.NoError(t, h.bootstrap.Admin(context.Background(), tenant, user))
	require.Len(t, h.journal.Entries(), len(entries), "a repetition changes nothing")
}

func TestBootstrapNeedsTheTemplates(t *testing.T) {
	empty := &portstest.Memory{}
	b := app.NewBootstrap(empty, empty, empty, portstest.Administrators{Memory: empty}, &portstest.Journal{}, clock{})
	require.Equal(t, errs.NotFound, errs.KindOf(b.Admin(context.Background(), tenant, user)))
}
