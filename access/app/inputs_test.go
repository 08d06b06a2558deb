package app_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/access/app"
	"go.updspace.com/access/domain"
	"go.updspace.com/access/ports/portstest"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/reqctx"
)

func fromPortal(t *testing.T) context.Context {
	t.Helper()
	return reqctx.With(t.Context(), reqctx.Context{Caller: "portal", TenantID: tenant})
}

func membership() domain.Membership {
	return domain.Membership{
		MembershipKey: domain.MembershipKey{Type: domain.Community, Scope: portstest.C1, User: crowd[1]}, Community: portstest.C1, Role: domain.PlainMember, Version: 1,
	}
}

// What Portal reports decides about rights, so nothing of it is guessed.
func TestMembershipsThatCannotBe(t *testing.T) {
	t.Parallel()
	m, ctx := app.Memberships{Deps: build().deps}, fromPortal(t)
	for name, c := range map[string]struct {
		field  string
		change func(*domain.Membership)
	}{
		"no kind of scope":                   {"scope_type", func(m *domain.Membership) { m.Type = domain.Tenant }},
		"no scope":                           {"scope_id", func(m *domain.Membership) { m.Scope, m.Community = uuid.Nil, uuid.Nil }},
		"a community in another":             {"community_id", func(m *domain.Membership) { m.Community = uuid.New() }},
		"a team in no community":             {"community_id", func(m *domain.Membership) { m.Type, m.Community = domain.Team, uuid.Nil }},
		"no user":                            {"user_id", func(m *domain.Membership) { m.User = uuid.Nil }},
		"no version":                         {"version", func(m *domain.Membership) { m.Version = 0 }},
		"a role that there is not":           {"role", func(m *domain.Membership) { m.Role = "king" }},
		"a team in itself is not refused so": {"", func(m *domain.Membership) { m.Type = domain.Team }},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			bad := membership()
			c.change(&bad)
			_, err := m.Reconcile(ctx, app.MembershipPage{Memberships: []domain.Membership{bad}})
			if c.field == "" {
				require.NoError(t, err)
				return
			}
			require.Contains(t, fields(t, err), "memberships.0."+c.field)
			require.Contains(t, fields(t, m.Sync(ctx, []domain.Membership{bad})), "changes.0."+c.field)
			require.Contains(t, fields(t, m.OnMembershipChanged(ctx, bad)), c.field)
		})
	}
	ended := membership()
	ended.Role = domain.NotMember
	require.NoError(t, m.Sync(ctx, []domain.Membership{ended}))
	_, err := m.Reconcile(ctx, app.MembershipPage{Memberships: []domain.Membership{ended}})
	require.Contains(t, fields(t, err), "memberships.0.role", "a page holds no ended memberships")
}

func TestHowManyMembershipsAreReportedAtOnce(t *testing.T) {
	t.Parallel()
	m, ctx := app.Memberships{Deps: build().deps}, fromPortal(t)
	some := func(n int) []domain.Membership {
		list := make([]domain.Membership, n)
		for i := range list {
			list[i] = membership()
			list[i].User = uuid.New()
		}
		return list
	}
	for n, good := range map[int]bool{0: false, 1: true, app.MaxMembershipChanges: true, app.MaxMembershipChanges + 1: false} {
		require.Equal(t, !good, errs.KindOf(m.Sync(ctx, some(n))) == errs.Invalid, "%d changes", n)
	}
	for n, good := range map[int]bool{0: true, app.MaxMembershipPage: true, app.MaxMembershipPage + 1: false} {
		_, err := m.Reconcile(ctx, app.MembershipPage{Memberships: some(n)})
		require.Equal(t, !good, errs.KindOf(err) == errs.Invalid, "%d memberships", n)
	}
	key := membership().MembershipKey
	_, err := m.Reconcile(ctx, app.MembershipPage{MembershipRange: domain.MembershipRange{After: &key, Until: &key}})
	require.Contains(t, fields(t, err), "until")
	_, err = m.Reconcile(ctx, app.MembershipPage{MembershipRange: domain.MembershipRange{After: &key}, Memberships: []domain.Membership{membership()}})
	require.Contains(t, fields(t, err), "memberships.0.user_id")
}

func TestOnlyPortalReportsMemberships(t *testing.T) {
	t.Parallel()
	m := app.Memberships{Deps: build().deps}
	for caller, c := range map[reqctx.Context]string{
		{TenantID: tenant}:                   "FORBIDDEN",
		{TenantID: tenant, Caller: "voting"}: "FORBIDDEN",
		{Caller: "portal"}:                   "MISSING_TENANT_CONTEXT",
	} {
		ctx := reqctx.With(t.Context(), caller)
		for _, err := range []error{m.Sync(ctx, []domain.Membership{membership()}), result(m.Reconcile(ctx, app.MembershipPage{}))} {
			var refused *errs.Error
			require.ErrorAs(t, err, &refused)
			require.Equal(t, c, refused.Code)
		}
	}
}

// Every change of rights is in the audit log, and what is refused as well; a preview changes nothing and is not.
func TestEveryChangeOfRightsIsInTheAuditLog(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		change func(s scene) error
		want   []string
	}{
		"create a role": {func(s scene) error {
			return result(s.roles.Create(s.ctx, app.RoleInput{Service: domain.Voting, Name: "judge", Keys: []string{"voting.poll.read"}}))
		}, []string{app.ActionRoleCreated}},
		"update a role": {func(s scene) error {
			return result(s.roles.Update(s.ctx, s.other.ID, app.RoleInput{Service: domain.Voting, Name: "crew"}))
		}, []string{app.ActionRoleUpdated}},
		"leave a role as it is": {func(s scene) error {
			return result(s.roles.Update(s.ctx, s.other.ID, app.RoleInput{Service: domain.Voting, Name: "crew", Keys: s.other.Keys}))
		}, nil},
		"delete a role and its bindings": {func(s scene) error { return s.roles.Delete(s.ctx, s.role.ID) }, []string{app.ActionBindingDeleted, app.ActionRoleDeleted}},
		"preview a change": {func(s scene) error {
			return result(s.roles.Preview(s.ctx, s.role.ID, nil, true))
		}, nil},
		"bind a role in the place of an expired binding": {func(s scene) error {
			return result(s.bindings.Create(s.ctx, app.BindingInput{Tenant: tenant, User: crowd[1], ScopeType: domain.Tenant, Role: s.other.ID}))
		}, []string{app.ActionBindingExpired, app.ActionBindingCreated}},
		"let a binding expire": {func(s scene) error { return result(s.bindings.Expire(s.ctx, s.binding, noon.Add(time.Hour))) }, []string{app.ActionBindingUpdated}},
		"leave a binding":      {func(s scene) error { return result(s.bindings.Expire(s.ctx, s.binding, time.Time{})) }, nil},
		"delete a binding":     {func(s scene) error { return s.bindings.Delete(s.ctx, s.binding) }, []string{app.ActionBindingDeleted}},
		"create an override":   {func(s scene) error { return result(s.overrides.Create(s.ctx, overrideOf(crowd[2]))) }, []string{app.ActionOverrideCreated}},
		"update an override": {func(s scene) error {
			return result(s.overrides.Update(s.ctx, s.override, app.OverrideEdit{Reason: new("spam")}))
		}, []string{app.ActionOverrideUpdated}},
		"leave an override":  {func(s scene) error { return result(s.overrides.Update(s.ctx, s.override, app.OverrideEdit{})) }, nil},
		"delete an override": {func(s scene) error { return s.overrides.Delete(s.ctx, s.override) }, []string{app.ActionOverrideDeleted}},
		"change a binding that the caller may not": {func(s scene) error {
			require.Equal(t, errs.Forbidden, errs.KindOf(s.bindings.Delete(by(crowd[3], member), s.binding)))
			return nil
		}, []string{app.ActionWriteRefused}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newScene(t)
			before := len(s.audit.Entries())
			require.NoError(t, c.change(s))
			var got []string
			for _, e := range s.audit.Entries()[before:] {
				got = append(got, e.Action)
			}
			require.Equal(t, c.want, got)
		})
	}
}

func TestThePlatformsRolesAreNotChanged(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	template, err := s.deps.Roles.Template(s.ctx, domain.Voting, domain.RoleMember)
	require.NoError(t, err)
	require.ErrorIs(t, s.roles.Delete(s.ctx, template.ID), domain.ErrRoleNotFound)
	_, err = s.roles.Update(s.ctx, template.ID, app.RoleInput{Service: domain.Voting, Name: "x"})
	require.ErrorIs(t, err, domain.ErrRoleNotFound)
	_, err = s.roles.Preview(s.ctx, template.ID, nil, true)
	require.ErrorIs(t, err, domain.ErrRoleNotFound)
	_, err = s.roles.Preview(t.Context(), s.role.ID, nil, true)
	require.Equal(t, errs.Unauthenticated, errs.KindOf(err))
}

func TestWhatAPreviewSays(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	preview, err := s.roles.Preview(s.ctx, s.other.ID, []string{"voting.vote.cast"}, false)
	require.NoError(t, err)
	require.Equal(t, []string{"voting.poll.read"}, preview.Removed)
	require.Equal(t, []string{"voting.vote.cast"}, preview.Added)
	found, err := s.deps.Roles.Find(s.ctx, s.other.ID)
	require.NoError(t, err)
	require.Equal(t, s.other, found, "it was a rehearsal")
}

func TestExplanationsForAdministratorsAndForOneself(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	scope := app.ScopeInput{Type: domain.Tenant}
	answer, err := app.Overview{Deps: s.deps}.Explain(s.ctx, app.UserInput{User: crowd[1], Scope: scope}, ask("voting.poll.read"))
	require.NoError(t, err)
	require.True(t, answer.Allowed, "by the role that is bound")
	require.NotEmpty(t, answer.Steps)
	_, err = app.Overview{Deps: s.deps}.Explain(s.ctx, app.UserInput{User: crowd[1], Scope: app.ScopeInput{Type: domain.Team}}, ask("voting.poll.read"))
	require.Contains(t, fields(t, err), "scope_id")

	own, err := app.Own{Deps: s.deps}.Decide(by(crowd[1], member), ask("voting.poll.create"))
	require.NoError(t, err)
	require.False(t, own.Allowed)
	require.NotEmpty(t, own.Granting)
	require.NotEmpty(t, own.AdminRoles)
	require.Equal(t, []uuid.UUID{crowd[0]}, own.Administrators)
	own, err = app.Own{Deps: s.deps}.Decide(by(uuid.New(), outsider), ask("voting.poll.create"))
	require.NoError(t, err)
	require.Empty(t, own.Granting, "outsiders are not told")
	require.Empty(t, own.Administrators)
}

func TestInputsOfGrants(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		in   app.BindingInput
		want error
	}{
		"good":                     {app.BindingInput{Tenant: tenant, User: user, ScopeType: domain.Tenant}, nil},
		"another tenant":           {app.BindingInput{Tenant: portstest.Other, User: user, ScopeType: domain.Tenant}, domain.ErrTenantMismatch},
		"scope of another tenant":  {app.BindingInput{Tenant: tenant, User: user, ScopeType: domain.Tenant, ScopeID: portstest.Other.String()}, domain.ErrTenantMismatch},
		"no user, another tenant":  {app.BindingInput{Tenant: portstest.Other, ScopeType: domain.Tenant}, errs.Fields{"user_id": {}}.Err()},
		"no scope, another tenant": {app.BindingInput{Tenant: portstest.Other, User: user, ScopeType: domain.Team}, errs.Fields{"scope_id": {}}.Err()},
	} {
		_, err := c.in.Validate(tenant, noon)
		require.Equal(t, errs.KindOf(c.want), errs.KindOf(err), name)
	}
	for expires, good := range map[time.Time]bool{{}: true, noon.Add(1): true, noon: false, noon.Add(-1): false} {
		_, err := app.BindingInput{Tenant: tenant, User: user, ScopeType: domain.Tenant, Expires: expires}.Validate(tenant, noon)
		require.Equal(t, good, err == nil, expires)
	}
	_, err := app.OverrideInput{Tenant: portstest.Other, User: user, Override: domain.Override{Effect: "maybe"}}.Validate(domain.Platform, tenant, noon)
	require.Contains(t, fields(t, err), "action")
	_, err = app.OverrideInput{Tenant: portstest.Other, User: user, Override: domain.Override{Effect: domain.Deny}}.Validate(domain.Platform, tenant, noon)
	require.ErrorIs(t, err, domain.ErrTenantMismatch)
	_, err = app.OverrideInput{Tenant: tenant, User: user, Override: domain.Override{Effect: domain.Deny, Permission: "no.such.key"}}.Validate(domain.Platform, tenant, noon)
	require.ErrorIs(t, err, domain.ErrUnknownKeys)
}
