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
	"go.updspace.com/libs/audit"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/page"
	"go.updspace.com/libs/reqctx"
)

func TestChangesThatAreRefused(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	before := len(s.audit.Entries())
	other := app.RoleInput{Tenant: portstest.Other, Service: domain.Voting, Name: "judge"}
	binding := app.BindingInput{Tenant: tenant, User: crowd[1], ScopeType: domain.Tenant, Role: s.role.ID}
	for name, c := range map[string]struct {
		err  error
		want errs.Kind
	}{
		"a role without a name":                   {result(s.roles.Create(s.ctx, app.RoleInput{Service: domain.Voting})), errs.Invalid},
		"a role of another tenant":                {result(s.roles.Create(s.ctx, other)), errs.BadRequest},
		"a role moved to another tenant":          {result(s.roles.Update(s.ctx, s.role.ID, other)), errs.BadRequest},
		"a binding of no user":                    {result(s.bindings.Create(s.ctx, app.BindingInput{Tenant: tenant, ScopeType: domain.Tenant})), errs.Invalid},
		"a binding that there is":                 {result(s.bindings.Create(s.ctx, binding)), errs.Conflict},
		"a binding that ends before now":          {result(s.bindings.Expire(s.ctx, s.binding, noon)), errs.Invalid},
		"a binding that there is not":             {result(s.bindings.Expire(s.ctx, 0, noon.Add(1))), errs.NotFound},
		"an override of no effect":                {result(s.overrides.Create(s.ctx, app.OverrideInput{Tenant: tenant, User: crowd[1]})), errs.Invalid},
		"an override that ends before now":        {result(s.overrides.Update(s.ctx, s.override, app.OverrideEdit{Expires: new(noon)})), errs.Invalid},
		"an override of a stranger":               {result(s.overrides.Create(s.ctx, overrideOf(uuid.New()))), errs.NotFound},
		"a preview of two changes":                {result(s.roles.Preview(s.ctx, s.role.ID, []string{"voting.poll.read"}, true)), errs.Invalid},
		"a preview of an unknown key":             {result(s.roles.Preview(s.ctx, s.role.ID, []string{"no.such.key"}, false)), errs.NotFound},
		"an audit log that ends before it begins": {result(app.Overview{Deps: s.deps}.AuditLog(s.ctx, audit.Filter{From: noon, To: noon.Add(-1)}, page.Request{})), errs.Invalid},
	} {
		require.Equal(t, c.want, errs.KindOf(c.err), "%s: %v", name, c.err)
	}
	require.Len(t, s.audit.Entries(), before)
	for _, filter := range []audit.Filter{{}, {From: noon}, {To: noon}, {From: noon, To: noon}} {
		require.NoError(t, result(app.Overview{Deps: s.deps}.AuditLog(s.ctx, filter, page.Request{})))
	}
}

// What only system administrators may, others may not, whatever they hold; a suspended one is none.
func TestChangesOfSystemAdministrators(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	role := app.RoleInput{Service: domain.Voting, Name: "judge", Keys: []string{"voting.poll.read"}}
	for _, ctx := range []context.Context{s.ctx, by(crowd[2], reqctx.Flags{SystemAdmin: true, Suspended: true})} {
		require.Equal(t, errs.Forbidden, errs.KindOf(result(s.roles.CreateAsSystemAdmin(ctx, role))))
		require.Equal(t, errs.Forbidden, errs.KindOf(s.bindings.DeleteAsSystemAdmin(ctx, s.binding)))
	}
	ctx := by(crowd[2], root)
	made, err := s.roles.CreateAsSystemAdmin(ctx, role)
	require.NoError(t, err)
	bound, err := s.bindings.CreateAsSystemAdmin(ctx, app.BindingInput{Tenant: tenant, User: crowd[1], ScopeType: domain.Tenant, Role: made.ID, Expires: noon.Add(time.Hour)})
	require.NoError(t, err)
	require.NoError(t, s.bindings.DeleteAsSystemAdmin(ctx, bound.ID))
	require.Equal(t, []domain.Event{domain.RoleGiven{Binding: bound, By: crowd[2]}, domain.RoleTaken{Binding: bound, By: crowd[2]}}, s.memory.Published())
	entries := s.audit.Entries()
	last := entries[len(entries)-1]
	require.Equal(t, app.ActionBindingDeleted, last.Action)
	require.Equal(t, domain.FormatID(bound.ID), last.TargetID)
	require.Equal(t, crowd[1], last.About)
	require.Equal(t, "system_admin", last.Metadata["via"])
	require.Equal(t, "2026-03-01T13:00:00Z", last.Metadata["expires_at"])
}

// Holders of a role that is deleted are told, and those whose binding had expired are not.
func TestADeletedRoleIsTakenFromItsHolders(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	record, err := s.deps.Bindings.Find(s.ctx, s.binding)
	require.NoError(t, err)
	_, err = s.deps.Bindings.Add(s.ctx, domain.Grant{User: crowd[3], Role: record.Role.ID, Scope: record.Scope, Expires: noon}, noon)
	require.NoError(t, err)
	require.NoError(t, s.roles.Delete(s.ctx, record.Role.ID))
	var taken []uuid.UUID
	for _, e := range s.memory.Published() {
		taken = append(taken, e.(domain.RoleTaken).Binding.User)
	}
	require.Contains(t, taken, record.User)
	require.NotContains(t, taken, crowd[3])
}

// The entry of an update has what is now, and what was before where it differs.
func TestTheAuditLogSaysWhatWasBefore(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	last := func() map[string]any {
		entries := s.audit.Entries()
		return entries[len(entries)-1].Metadata
	}
	require.NoError(t, result(s.roles.Update(s.ctx, s.other.ID, app.RoleInput{Service: domain.Voting, Name: "crew"})))
	require.Equal(t, map[string]any{
		"service": "voting", "name": "crew", "permission_keys": []string{}, "was_permission_keys": []string{"voting.poll.read"},
	}, last())
	updated, err := s.overrides.Update(s.ctx, s.override, app.OverrideEdit{Permission: new("voting.poll.read"), Expires: new(noon.Add(time.Hour))})
	require.NoError(t, err)
	require.Equal(t, noon.Add(time.Hour), updated.Expires)
	require.Equal(t, map[string]any{
		"user_id": crowd[1].String(), "action": "deny", "permission_key": "voting.poll.read", "was_permission_key": "voting.vote.cast", "expires_at": "2026-03-01T13:00:00Z",
	}, last())
	require.NoError(t, result(s.overrides.Update(by(crowd[2], root), s.override, app.OverrideEdit{Effect: new(domain.Allow)})))
	require.Equal(t, "system_admin", last()["via"])
	require.NotContains(t, last(), "was_via")
	require.Equal(t, "deny", last()["was_action"])
}

// Bindings that end with a community are in the audit log like others; those that follow from memberships are not.
func TestBindingsEndWithTheirCommunity(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	community := domain.Scope{Type: domain.Community, ID: portstest.C1.String()}
	id, _, err := s.memory.Grant(s.ctx, domain.Grant{User: crowd[2], Role: s.other.ID, Scope: community})
	require.NoError(t, err)
	before := len(s.audit.Entries())
	require.NoError(t, app.Memberships{Deps: s.deps}.OnScopeDeleted(fromPortal(t), community))
	entries := s.audit.Entries()[before:]
	require.Len(t, entries, 1)
	require.Equal(t, domain.FormatID(id), entries[0].TargetID)
	require.Equal(t, "scope_deleted", entries[0].Metadata["via"])
}

func TestARepeatedRequestChangesOnce(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	ctx := reqctx.With(t.Context(), reqctx.Context{TenantID: tenant, UserID: crowd[0], Flags: member, RequestID: "once"})
	in := app.RoleInput{Service: domain.Voting, Name: "judge", Keys: []string{"voting.poll.read"}}
	first, err := s.roles.Create(ctx, in)
	require.NoError(t, err)
	second, err := s.roles.Create(ctx, in)
	require.NoError(t, err)
	require.Equal(t, first.ID, second.ID)
	require.Equal(t, "judge", second.Name)
}

// A preview is refused as the change would be.
func TestAPreviewIsRefusedAsTheChangeWouldBe(t *testing.T) {
	t.Parallel()
	o := buildOffice()
	boss := o.memory.AddRole(domain.Role{Tenant: tenant, Service: domain.Portal, Name: "boss", Keys: []string{domain.WriteBindings, domain.ReadRoles, domain.WriteRoles}})
	ctx := by(crowd[0], member)
	_, _, err := o.memory.Grant(ctx, domain.Grant{User: crowd[0], Role: boss.ID, Scope: domain.TenantScope(tenant)})
	require.NoError(t, err)
	_, err = o.roles.Preview(ctx, boss.ID, nil, true)
	require.ErrorIs(t, err, domain.ErrLastAdmin)
	_, err = o.roles.Preview(ctx, boss.ID, append(boss.Keys, domain.WriteOverrides), false)
	require.ErrorIs(t, err, domain.ErrNotHeld)
	preview, err := o.roles.Preview(ctx, boss.ID, []string{domain.WriteBindings, domain.WriteRoles}, false)
	require.NoError(t, err)
	require.Equal(t, []string{domain.ReadRoles}, preview.Removed)
	require.Empty(t, o.audit.Entries())
}
