package access_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/access/ports/portstest"
	"go.updspace.com/api/accessapi"
	"go.updspace.com/api/commonapi"
	"go.updspace.com/libs/reqctx"
)

func (s *fixture) bindRole(p person, in accessapi.BindingCreate) reply {
	s.T.Helper()
	body, err := json.Marshal(in)
	require.NoError(s.T, err)
	s.knowReferences(string(body))
	return s.tryBindRole(p, in)
}

// tryBindRole is bindRole for users and scopes that may be unknown.
func (s *fixture) tryBindRole(p person, in accessapi.BindingCreate) reply {
	s.T.Helper()
	resp, err := s.as(p).CreateAdminRoleBindingWithResponse(s.T.Context(), in)
	require.NoError(s.T, err)
	return of(resp)
}

func grantOf(role int64, user uuid.UUID) accessapi.BindingCreate {
	return accessapi.BindingCreate{TenantID: aef, UserID: user, ScopeType: commonapi.ScopeTypeTENANT, ScopeID: aef.String(), RoleID: role}
}

func (s *fixture) search(p person, params accessapi.SearchAdminRoleBindingsParams) []accessapi.AdminBinding {
	s.T.Helper()
	resp, err := s.as(p).SearchAdminRoleBindingsWithResponse(s.T.Context(), &params)
	require.NoError(s.T, err)
	return made[[]accessapi.AdminBinding](s, of(resp), http.StatusOK)
}

func TestABindingFromBeginningToEnd(t *testing.T) {
	t.Parallel()
	s := start(t)
	p := s.steward(aef, "voting.votings.admin")
	role, holder := s.createRole(p, "voting", "tenant crew", "voting.votings.admin"), stranger(aef)
	b := made[accessapi.AdminBinding](s, s.bindRole(p, grantOf(role.ID, holder.user)), http.StatusCreated)
	require.Equal(t, "tenant crew", b.RoleName)
	require.Equal(t, p.user, b.CreatedBy.MustGet())
	require.Equal(t, accessapi.AdminBindingSourceManual, b.Source)
	require.True(t, s.decide(holder, inTenant("voting.votings.admin", holder)).Allowed)
	newest := made[[]accessapi.AuditEvent](s, s.call(p, http.MethodGet, "/admin/events?limit=1", ""), 200)
	require.Equal(t, "binding_created", newest[0].Action, "the newest entry of the audit log")

	require.Equal(t, []accessapi.AdminBinding{b}, s.search(p, accessapi.SearchAdminRoleBindingsParams{Q: ptr("TENANT")}), "the role's name contains it")
	require.Equal(t, []accessapi.AdminBinding{b}, s.search(p, accessapi.SearchAdminRoleBindingsParams{UserID: &holder.user}))
	require.Equal(t, []accessapi.AdminBinding{b}, s.search(p, accessapi.SearchAdminRoleBindingsParams{Q: ptr(" " + holder.user.String() + " ")}))
	require.Equal(t, []accessapi.AdminBinding{b}, s.search(p, accessapi.SearchAdminRoleBindingsParams{RoleID: &role.ID}))

	r := s.refused(s.bindRole(p, grantOf(role.ID, holder.user)), 409, "ALREADY_EXISTS")
	require.JSONEq(t, fmt.Sprintf(`{"binding_id":%d}`, b.ID), r.details())
	require.Equal(t, 204, s.call(p, http.MethodDelete, fmt.Sprintf("/admin/role-bindings/%d", b.ID), "").status)
	require.Equal(t, accessapi.ReasonCodeNOROLE, s.reason(holder, inTenant("voting.votings.admin", holder)), "at once")
	s.refused(s.call(p, http.MethodDelete, fmt.Sprintf("/admin/role-bindings/%d", b.ID), ""), 404, "NOT_FOUND")
	require.Equal(t, 1, s.count(aef, `SELECT count(*) FROM audit_entries WHERE action = 'binding_deleted' AND target_id = ?
		AND metadata = jsonb_build_object('role_id', ?, 'user_id', ?, 'scope_type', 'TENANT', 'scope_id', ?)`, fmt.Sprint(b.ID), fmt.Sprint(role.ID), holder.user.String(), aef.String()), "with its scope")
}

func TestBindingsPageBackwardsInTime(t *testing.T) {
	t.Parallel()
	s := start(t)
	p := s.administrator(aef)
	role := s.createRole(p, "voting", "crew")
	var want []int64
	for i := range 5 {
		in := grantOf(role.ID, uuid.New())
		in.ScopeType, in.ScopeID = commonapi.ScopeTypeCOMMUNITY, []uuid.UUID{portstest.C1, portstest.C2}[i%2].String()
		want = append([]int64{made[accessapi.AdminBinding](s, s.bindRole(p, in), 201).ID}, want...)
	}
	var got []int64
	path := fmt.Sprintf("/admin/role-bindings/search?role_id=%d&limit=2", role.ID)
	for cursor := ""; ; {
		r := s.call(p, http.MethodGet, path+cursor, "")
		for _, b := range made[[]accessapi.AdminBinding](s, r, 200) {
			got = append(got, b.ID)
		}
		if r.header.Get("X-Next-Cursor") == "" {
			break
		}
		cursor = "&cursor=" + r.header.Get("X-Next-Cursor")
	}
	require.Equal(t, want, got)
	require.Len(t, s.search(p, accessapi.SearchAdminRoleBindingsParams{ScopeType: ptr(commonapi.ScopeTypeCOMMUNITY), ScopeID: ptr(portstest.C2.String())}), 2)
	s.refused(s.call(p, http.MethodGet, "/admin/role-bindings/search?cursor=WyJ4Il0", ""), 422, "VALIDATION_ERROR")
	s.refused(s.call(p, http.MethodGet, "/admin/role-bindings/search?scope_type=tenant", ""), 422, "VALIDATION_ERROR")
	s.refused(s.call(member(aef), http.MethodGet, "/admin/role-bindings/search", ""), 403, "FORBIDDEN")
}

func TestBindingsExpire(t *testing.T) {
	t.Parallel()
	s := start(t)
	p := s.steward(aef, "voting.votings.admin")
	role, holder := s.createRole(p, "voting", "crew", "voting.votings.admin"), stranger(aef)
	in := grantOf(role.ID, holder.user)
	in.ExpiresAt.Set(s.Clock.Now())
	r := s.refused(s.bindRole(p, in), 422, "VALIDATION_ERROR")
	require.JSONEq(t, `{"fields":{"expires_at":"must lie in the future"}}`, r.details())
	in.ExpiresAt.Set(s.Clock.Now().Add(time.Hour))
	b := made[accessapi.AdminBinding](s, s.bindRole(p, in), 201)
	require.Equal(t, s.Clock.Now().Add(time.Hour), b.ExpiresAt.MustGet())
	require.True(t, s.decide(holder, inTenant("voting.votings.admin", holder)).Allowed)

	path := fmt.Sprintf("/admin/role-bindings/%d", b.ID)
	later := s.Clock.Now().Add(2 * time.Hour)
	b = made[accessapi.AdminBinding](s, s.call(p, http.MethodPatch, path, fmt.Sprintf(`{"expires_at":%q}`, later.Format(time.RFC3339))), 200)
	require.Equal(t, later, b.ExpiresAt.MustGet())
	require.Equal(t, 1, s.count(aef, "SELECT count(*) FROM audit_entries WHERE action = 'binding_updated' AND metadata ? 'was_expires_at'"))
	weak := s.steward(aef)
	made[accessapi.AdminBinding](s, s.call(weak, http.MethodPatch, path, fmt.Sprintf(`{"expires_at":%q}`, later.Add(-time.Minute).Format(time.RFC3339))), 200) // shorter
	s.refused(s.call(weak, http.MethodPatch, path, `{"expires_at":null}`), 403, "PERMISSION_NOT_HELD")
	s.refused(s.call(p, http.MethodPatch, path, `{}`), 422, "VALIDATION_ERROR")

	s.Clock.Advance(3 * time.Hour)
	require.Equal(t, accessapi.ReasonCodeNOROLE, s.reason(holder, inTenant("voting.votings.admin", holder)))
	again := made[accessapi.AdminBinding](s, s.bindRole(p, grantOf(role.ID, holder.user)), 201)
	require.NotEqual(t, b.ID, again.ID, "what has expired makes room")
	require.True(t, s.decide(holder, inTenant("voting.votings.admin", holder)).Allowed)
}

func TestWhatABindingMustNotBe(t *testing.T) {
	t.Parallel()
	s := start(t)
	p := s.administrator(aef)
	role, foreign := s.createRole(p, "voting", "crew"), s.createRole(s.administrator(gaming), "voting", "crew")
	user := uuid.New()
	for name, c := range map[string]struct {
		change func(*accessapi.BindingCreate)
		status int
		code   string
	}{
		"another tenant":              {func(b *accessapi.BindingCreate) { b.TenantID = gaming }, 400, "TENANT_MISMATCH"},
		"the scope of another tenant": {func(b *accessapi.BindingCreate) { b.ScopeID = gaming.String() }, 400, "TENANT_MISMATCH"},
		"a role that does not exist":  {func(b *accessapi.BindingCreate) { b.RoleID = 1 << 40 }, 404, "ROLE_NOT_FOUND"},
		"a role of another tenant":    {func(b *accessapi.BindingCreate) { b.RoleID = foreign.ID }, 404, "ROLE_NOT_FOUND"},
		"no flags":                    {func(b *accessapi.BindingCreate) { b.UserID = uuid.Nil }, 422, "VALIDATION_ERROR"},
		"a scope of no kind":          {func(b *accessapi.BindingCreate) { b.ScopeType = "tenant" }, 422, "VALIDATION_ERROR"},
		"a community without id":      {func(b *accessapi.BindingCreate) { b.ScopeType, b.ScopeID = "COMMUNITY", "" }, 422, "VALIDATION_ERROR"},
		"a role of id zero":           {func(b *accessapi.BindingCreate) { b.RoleID = 0 }, 422, "VALIDATION_ERROR"},
	} {
		t.Run(name, func(t *testing.T) {
			in := grantOf(role.ID, user)
			c.change(&in)
			s.refused(s.bindRole(p, in), c.status, c.code)
		})
	}
	for _, left := range []string{"tenant_id", "user_id", "scope_type", "scope_id", "role_id"} {
		body := map[string]string{"tenant_id": `"` + aef.String() + `"`, "user_id": `"` + user.String() + `"`, "scope_type": `"GLOBAL"`, "scope_id": `""`, "role_id": fmt.Sprint(role.ID)}
		delete(body, left)
		text := "{"
		for name, value := range body {
			text += fmt.Sprintf("%q:%s,", name, value)
		}
		s.refused(s.call(p, http.MethodPost, "/admin/role-bindings", text[:len(text)-1]+"}"), 422, "VALIDATION_ERROR")
	}
	require.Zero(t, s.count(aef, "SELECT count(*) FROM role_bindings WHERE user_id = ?", user))
}

// All five kinds of scopes, in their one form.
func TestEveryKindOfScope(t *testing.T) {
	t.Parallel()
	s := start(t)
	p := s.administrator(aef)
	role := s.createRole(p, "voting", "crew")
	for _, c := range []struct {
		typ      commonapi.ScopeType
		id, want string
	}{
		{"GLOBAL", "whatever", ""}, {"TENANT", "", aef.String()}, {"SERVICE", "voting", "voting"}, {"TEAM", portstest.T1.String(), portstest.T1.String()},
		{"COMMUNITY", "01890A5D-AC96-774B-BCCE-B302099A8057", "01890a5d-ac96-774b-bcce-b302099a8057"},
	} {
		in := grantOf(role.ID, uuid.New())
		in.ScopeType, in.ScopeID = c.typ, c.id
		require.Equal(t, c.want, made[accessapi.AdminBinding](s, s.bindRole(p, in), 201).ScopeID)
	}
}

func TestBindingsOfMembershipsAreShownAndKept(t *testing.T) {
	t.Parallel()
	s := start(t)
	p := s.administrator(aef)
	role, user := s.createRole(p, "voting", "crew"), uuid.New()
	s.exec(aef, "INSERT INTO role_bindings (tenant_id, user_id, scope_type, scope_id, role_id, source) VALUES (?, ?, 'COMMUNITY', ?, ?, 'membership')", aef, user, portstest.C1.String(), role.ID)
	derived := s.search(p, accessapi.SearchAdminRoleBindingsParams{UserID: &user})
	require.Len(t, derived, 1)
	require.Equal(t, accessapi.AdminBindingSourceMembership, derived[0].Source)
	require.True(t, derived[0].CreatedBy.IsNull())
	path := fmt.Sprintf("role-bindings/%d", derived[0].ID)
	root := person{tenant: aef, user: uuid.New(), flags: reqctx.Flags{SystemAdmin: true}}
	s.refused(s.call(p, http.MethodDelete, "/admin/"+path, ""), 409, "MANAGED_BY_PORTAL")
	s.refused(s.call(p, http.MethodPatch, "/admin/"+path, `{"expires_at":null}`), 409, "MANAGED_BY_PORTAL")
	s.refused(s.call(root, http.MethodDelete, "/"+path, ""), 409, "MANAGED_BY_PORTAL")
	in := grantOf(role.ID, user)
	in.ScopeType, in.ScopeID = commonapi.ScopeTypeCOMMUNITY, portstest.C1.String()
	made[accessapi.AdminBinding](s, s.bindRole(p, in), 201) // the same by hand
	require.Equal(t, 2, s.count(aef, "SELECT count(*) FROM role_bindings WHERE user_id = ?", user))
}

func TestASystemAdministratorBindsInTheTenant(t *testing.T) {
	t.Parallel()
	s := start(t)
	root := person{tenant: aef, user: uuid.New(), flags: reqctx.Flags{SystemAdmin: true}}
	template := s.count(aef, "SELECT id FROM roles WHERE tenant_id IS NULL AND service = 'voting' AND name = 'admin'")
	holder := stranger(aef)
	body := `{"tenant_id":%q,"user_id":%q,"scope_type":"TENANT","scope_id":"","role_id":%d}`
	r := s.call(root, http.MethodPost, "/role-bindings", fmt.Sprintf(body, aef, holder.user, template))
	b := made[accessapi.Binding](s, r, 201)
	require.JSONEq(t, fmt.Sprintf(`{"id":%d,"tenant_id":%q,"user_id":%q,"scope_type":"TENANT","scope_id":%q,"role_id":%d,"created_at":"2026-03-04T05:06:07Z"}`,
		b.ID, aef, holder.user, aef, template), string(r.body))
	require.True(t, s.decide(holder, inTenant("voting.votings.admin", holder)).Allowed)
	s.refused(s.call(root, http.MethodPost, "/role-bindings", fmt.Sprintf(body, gaming, holder.user, template)), 400, "TENANT_MISMATCH")
	s.refused(s.call(root, http.MethodPost, "/role-bindings", fmt.Sprintf(body, aef, holder.user, 1<<40)), 404, "ROLE_NOT_FOUND")
	elsewhere := root
	elsewhere.tenant = gaming
	s.refused(s.call(elsewhere, http.MethodDelete, fmt.Sprintf("/role-bindings/%d", b.ID), ""), 404, "NOT_FOUND")
	require.Equal(t, 204, s.call(root, http.MethodDelete, fmt.Sprintf("/role-bindings/%d", b.ID), "").status)
	s.refused(s.call(root, http.MethodDelete, fmt.Sprintf("/role-bindings/%d", b.ID), ""), 404, "NOT_FOUND")
	for _, action := range []string{"binding_created", "binding_deleted"} {
		require.Equal(t, 1, s.count(aef, "SELECT count(*) FROM audit_entries WHERE action = ? AND metadata ->> 'via' = 'system_admin'", action))
	}
}

// A binding refers only to members of the tenant, and to communities and teams that exist and are in use.
func TestBindingsReferToWhatExists(t *testing.T) {
	t.Parallel()
	s := start(t)
	p := s.administrator(aef)
	role := s.createRole(p, "voting", "crew")
	user := uuid.New()
	bootstrap := func(user uuid.UUID, active bool, at time.Time) {
		s.exec(aef, `INSERT INTO tenant_members (tenant_id, user_id, active, changed_at) VALUES (?, ?, ?, ?)
			ON CONFLICT (tenant_id, user_id) DO UPDATE SET active = excluded.active`, aef, user, active, at)
	}
	s.refused(s.tryBindRole(p, grantOf(role.ID, user)), 404, "MEMBER_NOT_FOUND")
	override := fmt.Sprintf(`{"tenant_id":%q,"user_id":%q,"action":"deny"}`, aef, user)
	s.refused(s.send(p, http.MethodPost, "/policy-overrides", override), 404, "MEMBER_NOT_FOUND")
	bootstrap(user, false, s.Clock.Now())
	s.refused(s.tryBindRole(p, grantOf(role.ID, user)), 404, "MEMBER_NOT_FOUND")
	bootstrap(user, true, s.Clock.Now())
	require.Equal(t, 201, s.tryBindRole(p, grantOf(role.ID, user)).status)
	require.Equal(t, 201, s.send(p, http.MethodPost, "/policy-overrides", override).status)

	in := func(typ commonapi.ScopeType, id string) accessapi.BindingCreate {
		b := grantOf(role.ID, user)
		b.ScopeType, b.ScopeID = typ, id
		return b
	}
	for _, b := range []accessapi.BindingCreate{
		in("COMMUNITY", portstest.C1.String()), in("TEAM", portstest.T1.String()), in("COMMUNITY", "c1"), in("SERVICE", "billing"),
	} {
		s.refused(s.tryBindRole(p, b), 404, "SCOPE_NOT_FOUND")
	}
	// Portal's call after a commit makes the community and its team known, and the user as a member.
	late := uuid.New()
	require.Equal(t, 204, s.sync(portal, change("TEAM", portstest.T1, portstest.C1, late, "member", 1)))
	for _, b := range []accessapi.BindingCreate{in("COMMUNITY", portstest.C1.String()), in("TEAM", portstest.T1.String()), in("SERVICE", "voting"), grantOf(role.ID, late)} {
		require.Equal(t, 201, s.tryBindRole(p, b).status)
	}
	s.exec(aef, "UPDATE scopes SET status = 'archived' WHERE scope_type = 'COMMUNITY'")
	b := in("TEAM", portstest.T1.String())
	b.UserID = late
	s.refused(s.tryBindRole(p, b), 409, "SCOPE_ARCHIVED")
}

// The caller's own membership is in the signed context and needs no event.
func TestTheCallerIsAMemberBeforeTheEventArrives(t *testing.T) {
	t.Parallel()
	s := start(t)
	p := s.administrator(aef)
	role := s.createRole(p, "voting", "crew")
	require.Equal(t, 201, s.tryBindRole(p, grantOf(role.ID, p.user)).status)
}
