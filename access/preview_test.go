package access_test

import (
	"fmt"
	"net/http"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/access/domain"
	"go.updspace.com/api/accessapi"
)

func (s *fixture) preview(p person, role int64, body string) reply {
	s.T.Helper()
	return s.call(p, http.MethodPost, fmt.Sprintf("/admin/roles/%d/preview", role), body)
}

// A preview says who would lose what, and changes nothing.
func TestAPreviewOfARole(t *testing.T) {
	t.Parallel()
	s := start(t)
	p := s.administrator(aef)
	crew := s.createRole(p, "voting", "crew", "voting.poll.read", "voting.poll.create", "voting.vote.cast")
	other := s.createRole(p, "voting", "other", "voting.poll.create")
	community := domain.Scope{Type: domain.Community, ID: uuid.NewString()}
	in := func(who person, role int64, scope domain.Scope) {
		s.exec(aef, "INSERT INTO role_bindings (tenant_id, user_id, scope_type, scope_id, role_id) VALUES (?, ?, ?, ?, ?)", aef, who.user, scope.Type, scope.ID, role)
	}
	plain, twice, elsewhere, denied := stranger(aef), stranger(aef), stranger(aef), stranger(aef)
	for _, who := range []person{plain, twice, elsewhere, denied} {
		in(who, crew.ID, domain.TenantScope(aef))
	}
	in(twice, other.ID, domain.TenantScope(aef))
	in(elsewhere, other.ID, community) // reaches less than what is lost
	s.exec(aef, "INSERT INTO policy_overrides (id, tenant_id, user_id, action, permission_key) VALUES (?, ?, ?, 'deny', 'voting.poll.create')", uuid.New(), aef, denied.user)

	got := made[accessapi.RolePreview](s, s.preview(p, crew.ID, `{"permissions":["voting.vote.cast","voting.results.read","voting.poll.read"]}`), 200)
	require.Equal(t, []string{"voting.results.read"}, got.Added)
	require.Equal(t, []string{"voting.poll.create"}, got.Removed)
	require.Equal(t, 4, got.Holders)
	require.Equal(t, 2, got.Losing)
	require.Equal(t, []accessapi.RoleLoss{{Key: "voting.poll.create", Lost: 2, Kept: 1}}, got.Losses)
	require.ElementsMatch(t, []accessapi.RoleLoser{
		{UserID: plain.user, Permissions: []string{"voting.poll.create"}}, {UserID: elsewhere.user, Permissions: []string{"voting.poll.create"}},
	}, got.FirstLosing)

	got = made[accessapi.RolePreview](s, s.preview(p, crew.ID, `{"delete":true}`), 200)
	require.Equal(t, crew.PermissionKeys, got.Removed)
	require.Equal(t, 4, got.Losing)
	same := made[accessapi.RolePreview](s, s.preview(p, other.ID, `{"permissions":["voting.poll.create"]}`), 200)
	require.Equal(t, accessapi.RolePreview{
		Added: []string{}, Removed: []string{}, Holders: 2, Losses: []accessapi.RoleLoss{}, FirstLosing: []accessapi.RoleLoser{},
	}, same)

	require.True(t, s.decide(plain, inTenant("voting.poll.create", plain)).Allowed, "nothing has changed")
	require.Equal(t, 1, s.count(aef, "SELECT count(*) FROM roles WHERE id = ? AND cardinality(keys) = 3", crew.ID))
	require.Zero(t, s.count(aef, "SELECT count(*) FROM audit_entries WHERE action IN ('role_updated', 'role_deleted')"))
}

// Members hold the tenant's role named member without a binding, and the template when it is gone.
func TestAPreviewOfTheRoleOfMembers(t *testing.T) {
	t.Parallel()
	s := start(t)
	p := s.administrator(aef)
	own := s.createRole(p, "voting", "member", "voting.poll.read", "voting.poll.create")
	for range 3 {
		s.exec(aef, "INSERT INTO tenant_members (tenant_id, user_id, active, changed_at) VALUES (?, ?, true, now())", aef, uuid.New())
	}
	members := s.count(aef, "SELECT count(*) FROM tenant_members WHERE active")
	got := made[accessapi.RolePreview](s, s.preview(p, own.ID, `{"delete":true}`), 200)
	require.Equal(t, []string{"voting.results.read", "voting.vote.cast", "voting.vote.read_own"}, got.Added)
	require.Equal(t, members, got.Holders)
	require.Equal(t, "voting.poll.read", got.Losses[1].Key)
	require.Zero(t, got.Losses[1].Lost, "the template grants it")
	require.GreaterOrEqual(t, got.Losses[0].Lost, 3)
	got = made[accessapi.RolePreview](s, s.preview(p, own.ID, `{"permissions":[]}`), 200)
	require.Empty(t, got.Added)
	require.GreaterOrEqual(t, got.Losses[1].Lost, 3, "the template stays replaced")
}

// What is refused to the change is refused to its preview.
func TestAPreviewIsRefusedAsTheChange(t *testing.T) {
	t.Parallel()
	s := start(t)
	admin := s.administrator(aef)
	p := s.steward(aef)
	role := s.createRole(admin, "voting", "crew")
	for body, want := range map[string]struct {
		status int
		code   string
		fields string
	}{
		`{}`:                                       {422, "VALIDATION_ERROR", ""},
		`{"delete":false}`:                         {422, "VALIDATION_ERROR", "permissions"},
		`{"delete":true,"permissions":[]}`:         {422, "VALIDATION_ERROR", "delete"},
		`{"permissions":["portal.posts.read"]}`:    {422, "VALIDATION_ERROR", "permissions"},
		`{"permissions":["voting.b"]}`:             {404, "PERMISSION_NOT_FOUND", ""},
		`{"permissions":["voting.votings.admin"]}`: {403, "PERMISSION_NOT_HELD", ""},
	} {
		r := s.refused(s.preview(p, role.ID, body), want.status, want.code)
		require.Contains(t, string(r.body), want.fields)
	}
	s.refused(s.preview(p, 1<<40, `{"delete":true}`), 404, "ROLE_NOT_FOUND")
	s.refused(s.preview(member(aef), role.ID, `{"delete":true}`), 403, "FORBIDDEN")
	require.Zero(t, s.count(aef, "SELECT count(*) FROM audit_entries WHERE action = 'write_refused'"), "a preview is no attempt")

	// gaming is administered through one role of its own
	alone := s.administrator(gaming)
	stewards := s.createRole(alone, "portal", "stewards", domain.AdministratorKeys()...)
	s.exec(gaming, "INSERT INTO role_bindings (tenant_id, user_id, scope_type, scope_id, role_id) VALUES (?, ?, 'TENANT', ?, ?)", gaming, alone.user, gaming.String(), stewards.ID)
	s.exec(gaming, "DELETE FROM role_bindings b USING roles r WHERE r.id = b.role_id AND b.tenant_id = ? AND r.tenant_id IS NULL AND r.service = 'portal'", gaming)
	s.refused(s.preview(alone, stewards.ID, `{"delete":true}`), 409, "LAST_ADMIN")
}
