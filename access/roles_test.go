package access_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/api/accessapi"
	"go.updspace.com/libs/reqctx"
)

func writeRole(service, name string, keys ...string) accessapi.AdminRoleWrite {
	if keys == nil {
		keys = []string{}
	}
	return accessapi.AdminRoleWrite{Service: service, Name: name, PermissionKeys: keys}
}

func (s *fixture) createRole(p person, service, name string, keys ...string) accessapi.AdminRole {
	s.T.Helper()
	resp, err := s.as(p).CreateAdminRoleWithResponse(s.T.Context(), writeRole(service, name, keys...))
	require.NoError(s.T, err)
	return made[accessapi.AdminRole](s, of(resp), http.StatusCreated)
}

func (s *fixture) roles(p person, params accessapi.ListAdminRolesParams) []accessapi.AdminRole {
	s.T.Helper()
	resp, err := s.as(p).ListAdminRolesWithResponse(s.T.Context(), &params)
	require.NoError(s.T, err)
	return made[[]accessapi.AdminRole](s, of(resp), http.StatusOK)
}

func ptr[T any](v T) *T { return &v }

func TestATenantAdministratorSeesTheOwnRoles(t *testing.T) {
	t.Parallel()
	s := start(t)
	p := s.steward(aef)
	s.createRole(p, "voting", "Счётная комиссия")
	s.createRole(s.steward(gaming), "voting", "foreign")
	all := s.roles(p, accessapi.ListAdminRolesParams{Limit: ptr(500)})
	var names []string
	for _, r := range all {
		names = append(names, r.Service+":"+r.Name)
		require.True(t, slices.IsSorted(r.PermissionKeys))
	}
	require.True(t, slices.IsSorted(names), "by service, then name: %v", names)
	require.Contains(t, names, "voting:Счётная комиссия")
	require.Contains(t, names, "voting:member")
	require.NotContains(t, names, "voting:foreign")
	require.Len(t, s.roles(p, accessapi.ListAdminRolesParams{Query: ptr("СЧЁТНАЯ")}), 1, "whatever the case")
	templates := s.roles(p, accessapi.ListAdminRolesParams{Service: ptr("voting"), Q: ptr("mod")})
	require.Len(t, templates, 1)
	require.Equal(t, &accessapi.LocalizedText{En: "Moderators", Ru: "Модераторы"}, templates[0].NameI18N)
	require.Equal(t, &accessapi.LocalizedText{En: "Create polls and run their own ones.", Ru: "Создавать опросы и вести свои."}, templates[0].DescriptionI18N)
	require.Equal(t, []accessapi.AdminRole{}, s.roles(p, accessapi.ListAdminRolesParams{Service: ptr("zebra")}), "an empty list, not null")

	var paged []accessapi.AdminRole
	params := accessapi.ListAdminRolesParams{Limit: ptr(4)}
	for {
		resp, err := s.as(p).ListAdminRolesWithResponse(t.Context(), &params)
		require.NoError(t, err)
		paged = append(paged, *resp.JSON200...)
		next := resp.HTTPResponse.Header.Get("X-Next-Cursor")
		if next == "" {
			break
		}
		params.Cursor = &next
	}
	require.Equal(t, all, paged)
}

func TestTheListWithoutPermissions(t *testing.T) {
	t.Parallel()
	s := start(t)
	p := s.steward(aef)
	mine := s.createRole(p, "voting", "zz")
	s.createRole(s.steward(gaming), "voting", "foreign")
	var got []string
	path := "/roles?service=voting&limit=2"
	for cursor := ""; ; {
		r := s.call(p, http.MethodGet, path+cursor, "")
		page := made[accessapi.ListRoles200JSONResponse](s, r, http.StatusOK)
		for _, role := range page.Items {
			got = append(got, role.Name)
			require.Equal(t, role.TenantID.IsNull(), role.IsSystemTemplate)
		}
		next, err := page.NextCursor.Get()
		if err != nil {
			break
		}
		cursor = "&cursor=" + next
	}
	require.Equal(t, []string{"admin", "member", "moderator", "zz"}, got)
	require.NotZero(t, mine.ID)
	s.refused(s.call(member(aef), http.MethodGet, "/roles", ""), http.StatusForbidden, "FORBIDDEN")
	s.refused(s.call(p, http.MethodGet, "/roles?cursor=nonsense", ""), http.StatusUnprocessableEntity, "VALIDATION_ERROR")
}

func TestARoleFromBeginningToEnd(t *testing.T) {
	t.Parallel()
	s := start(t)
	p := s.steward(aef, "voting.poll.read", "voting.results.read", "events.event.read")
	role := s.createRole(p, "voting", "scrutineer", "voting.results.read", "voting.poll.read", "voting.results.read")
	require.Equal(t, []string{"voting.poll.read", "voting.results.read"}, role.PermissionKeys, "sorted, each once")
	require.Equal(t, aef, role.TenantID.MustGet())
	require.Equal(t, 1, s.count(aef, "SELECT count(*) FROM audit_entries WHERE action = 'role_created'"))

	holder := stranger(aef)
	s.exec(aef, "INSERT INTO role_bindings (tenant_id, user_id, scope_type, scope_id, role_id) VALUES (?, ?, 'TENANT', ?, ?)", aef, holder.user, aef.String(), role.ID)
	require.True(t, s.decide(holder, inTenant("voting.results.read", holder)).Allowed)

	resp, err := s.as(p).UpdateAdminRoleWithResponse(t.Context(), role.ID, writeRole("events", "host", "events.event.read"))
	require.NoError(t, err)
	changed := made[accessapi.AdminRole](s, of(resp), http.StatusOK)
	require.Equal(t, accessapi.AdminRole{ID: role.ID, TenantID: role.TenantID, Service: "events", Name: "host", PermissionKeys: []string{"events.event.read"}}, changed)
	require.False(t, s.decide(holder, inTenant("voting.results.read", holder)).Allowed, "at once")
	require.True(t, s.decide(holder, inTenant("events.event.read", holder)).Allowed)

	gone, err := s.as(p).DeleteAdminRoleWithResponse(t.Context(), role.ID)
	require.NoError(t, err)
	require.Equal(t, http.StatusNoContent, gone.StatusCode())
	require.Equal(t, accessapi.ReasonCodeNOROLE, s.reason(holder, inTenant("events.event.read", holder)))
	again, err := s.as(p).DeleteAdminRoleWithResponse(t.Context(), role.ID)
	require.NoError(t, err)
	s.refused(of(again), http.StatusNotFound, "ROLE_NOT_FOUND")
}

func TestWhatARoleMustNotBe(t *testing.T) {
	t.Parallel()
	s := start(t)
	p := s.administrator(aef)
	s.createRole(p, "voting", "crew")
	spare := s.createRole(p, "voting", "spare")
	for name, c := range map[string]struct {
		body    string
		status  int
		code    string
		details string
	}{
		"a taken name":             {`{"service":"voting","name":"crew","permission_keys":[]}`, 409, "ROLE_EXISTS", `{}`},
		"unknown permissions":      {`{"service":"voting","name":"x","permission_keys":["voting.b","voting.poll.read","voting.a"]}`, 404, "PERMISSION_NOT_FOUND", `{"missing":["voting.a","voting.b"]}`},
		"keys of another service":  {`{"service":"voting","name":"x","permission_keys":["portal.posts.read"]}`, 422, "VALIDATION_ERROR", `{"fields":{"permission_keys":"portal.posts.read is not a permission of voting"}}`},
		"an unknown service":       {`{"service":"zebra","name":"x","permission_keys":[]}`, 422, "VALIDATION_ERROR", `{"fields":{"service":"is not a service with permissions"}}`},
		"a blank name":             {`{"service":"voting","name":"  ","permission_keys":[]}`, 422, "VALIDATION_ERROR", `{"fields":{"name":"must not be empty"}}`},
		"an empty name":            {`{"service":"voting","name":"","permission_keys":[]}`, 422, "VALIDATION_ERROR", ""},
		"an endless name":          {`{"service":"voting","name":"` + strings.Repeat("x", 129) + `","permission_keys":[]}`, 422, "VALIDATION_ERROR", ""},
		"no keys":                  {`{"service":"voting","name":"x"}`, 422, "VALIDATION_ERROR", ""},
		"no body":                  {``, 422, "VALIDATION_ERROR", ""},
		"no JSON":                  {`{`, 400, "BAD_REQUEST", ""},
		"keys that are not a list": {`{"service":"voting","name":"x","permission_keys":"voting.poll.read"}`, 422, "VALIDATION_ERROR", ""},
	} {
		t.Run(name, func(t *testing.T) {
			for method, path := range map[string]string{http.MethodPost: "/admin/roles", http.MethodPatch: fmt.Sprintf("/admin/roles/%d", spare.ID)} {
				r := s.refused(s.call(p, method, path, c.body), c.status, c.code)
				if c.details != "" {
					require.JSONEq(t, c.details, r.details())
				}
			}
		})
	}
	require.Zero(t, s.count(aef, "SELECT count(*) FROM roles WHERE tenant_id IS NOT NULL AND name NOT IN ('crew', 'spare')"), "nothing was stored")
	s.createRole(p, "voting", "member") // a clone of the template's name
	s.refused(s.call(p, http.MethodPatch, "/admin/roles/0", `{"service":"voting","name":"x","permission_keys":[]}`), 422, "VALIDATION_ERROR")
	s.refused(s.call(p, http.MethodPatch, "/admin/roles/crew", `{"service":"voting","name":"x","permission_keys":[]}`), 422, "VALIDATION_ERROR")
	s.refused(s.call(p, http.MethodPut, "/admin/roles", `{}`), 405, "METHOD_NOT_ALLOWED")
	s.refused(s.call(p, http.MethodGet, "/admin/nothing", ""), 404, "NOT_FOUND")
}

func TestTemplatesAndForeignRolesAreNotFound(t *testing.T) {
	t.Parallel()
	s := start(t)
	p := s.administrator(aef)
	foreign := s.createRole(s.administrator(gaming), "voting", "crew")
	template := s.count(aef, "SELECT id FROM roles WHERE tenant_id IS NULL AND service = 'voting' AND name = 'member'")
	for _, id := range []int64{foreign.ID, int64(template), 1 << 40} {
		path := fmt.Sprintf("/admin/roles/%d", id)
		s.refused(s.call(p, http.MethodPatch, path, `{"service":"voting","name":"x","permission_keys":[]}`), 404, "ROLE_NOT_FOUND")
		s.refused(s.call(p, http.MethodDelete, path, ""), 404, "ROLE_NOT_FOUND")
	}
	require.Equal(t, 1, s.count(gaming, "SELECT count(*) FROM roles WHERE id = ? AND name = 'crew'", foreign.ID))
}

func TestASystemAdministratorMakesRolesOfTheTenant(t *testing.T) {
	t.Parallel()
	s := start(t)
	root := person{tenant: aef, user: uuid.New(), flags: reqctx.Flags{SystemAdmin: true}}
	role := made[accessapi.Role](s, s.call(root, http.MethodPost, "/roles", `{"tenant_id":null,"service":"voting","name":"crew","permission_keys":["voting.poll.read"]}`), 201)
	require.Equal(t, aef, role.TenantID.MustGet())
	require.False(t, role.IsSystemTemplate)
	require.Equal(t, 1, s.count(aef, "SELECT count(*) FROM audit_entries WHERE action = 'role_created' AND metadata ->> 'via' = 'system_admin' AND actor_id = ?", root.user))
	s.refused(s.call(root, http.MethodPost, "/roles", `{"service":"voting","name":"crew"}`), 409, "ROLE_EXISTS")
	s.refused(s.call(root, http.MethodPost, "/roles", `{"service":"voting","name":"x","is_system_template":true}`), 422, "VALIDATION_ERROR")
	s.refused(s.call(root, http.MethodPost, "/roles", `{"service":"voting","name":"x","tenant_id":"`+gaming.String()+`"}`), 400, "TENANT_MISMATCH")
	s.refused(s.call(s.administrator(aef), http.MethodPost, "/roles", `{"service":"voting","name":"x"}`), 403, "FORBIDDEN")
}

func TestACreateIsMadeOnce(t *testing.T) {
	t.Parallel()
	s := start(t)
	p := s.administrator(aef)
	user := uuid.NewString()
	role := s.createRole(p, "voting", "other")
	for path, body := range map[string]string{
		"/admin/roles":         `{"service":"voting","name":"crew","permission_keys":[]}`,
		"/admin/role-bindings": fmt.Sprintf(`{"tenant_id":%q,"user_id":%q,"scope_type":"GLOBAL","scope_id":"","role_id":%d}`, aef, user, role.ID),
		"/policy-overrides":    fmt.Sprintf(`{"tenant_id":%q,"user_id":%q,"action":"deny"}`, aef, user),
	} {
		t.Run(path, func(t *testing.T) {
			first := s.call(p, http.MethodPost, path, body, "request-1")
			require.Equal(t, 201, first.status, "%s", first.body)
			again := s.call(p, http.MethodPost, path, body, "request-1")
			require.Equal(t, 201, again.status, "%s", again.body)
			require.JSONEq(t, string(first.body), string(again.body))
			changed := strings.Replace(strings.Replace(body, "crew", "squad", 1), user, uuid.NewString(), 1)
			s.refused(s.call(p, http.MethodPost, path, changed, "request-1"), 409, "IDEMPOTENCY_KEY_REUSED")
		})
	}
	require.Equal(t, 1, s.count(aef, "SELECT count(*) FROM audit_entries WHERE action = 'override_created'"))
}

func TestTheShapesOfTheOldScreens(t *testing.T) {
	t.Parallel()
	s := start(t)
	p := s.steward(aef, "voting.poll.read")
	role := s.createRole(p, "voting", "crew", "voting.poll.read")
	require.JSONEq(t, fmt.Sprintf(`[{"id":%d,"tenant_id":%q,"service":"voting","name":"crew","permission_keys":["voting.poll.read"]}]`, role.ID, aef),
		string(s.call(p, http.MethodGet, "/admin/roles?query=crew&service=voting&limit=200", "").body))
	user := uuid.New()
	r := s.call(p, http.MethodPost, "/admin/role-bindings", fmt.Sprintf(`{"tenant_id":%q,"user_id":%q,"scope_type":"TENANT","scope_id":%q,"role_id":%d}`, aef, user, strings.ToUpper(aef.String()), role.ID))
	binding := made[accessapi.AdminBinding](s, r, 201)
	require.JSONEq(t, fmt.Sprintf(`[{"id":%d,"tenant_id":%q,"user_id":%q,"scope_type":"TENANT","scope_id":%q,"role_id":%d,"role_name":"crew","role_service":"voting",
		"created_at":"2026-03-04T05:06:07Z","created_by":%q,"expires_at":null,"source":"manual","achievement_id":null}]`, binding.ID, aef, user, aef, role.ID, p.user),
		string(s.call(p, http.MethodGet, "/admin/role-bindings/search?limit=200&user_id="+user.String(), "").body))
	events := made[[]map[string]any](s, s.call(p, http.MethodGet, "/admin/events?limit=50", ""), 200)
	require.Equal(t, "binding_created", events[0]["action"], "the newest first")
	for _, name := range []string{"id", "action", "target_type", "target_id", "metadata", "performed_by", "created_at"} {
		require.Contains(t, events[0], name)
	}
	require.Len(t, events[0], 7)
	require.Equal(t, map[string]any{"user_id": user.String(), "role_id": fmt.Sprint(role.ID), "scope_type": "TENANT", "scope_id": aef.String()}, events[0]["metadata"])
	require.Equal(t, "role_created", events[1]["action"])
	require.Equal(t, map[string]any{"service": "voting", "name": "crew", "permission_keys": []any{"voting.poll.read"}}, events[1]["metadata"])
	for path, limits := range map[string][2]int{"/admin/roles": {500, 200}, "/admin/role-bindings/search": {200, 50}, "/admin/events": {200, 50}, "/audit": {100, 50}, "/roles": {100, 50}, "/policy-overrides": {100, 50}} {
		require.Equal(t, 200, s.call(p, http.MethodGet, fmt.Sprintf("%s?limit=%d", path, limits[0]), "").status)
		s.refused(s.call(p, http.MethodGet, fmt.Sprintf("%s?limit=%d", path, limits[0]+1), ""), 422, "VALIDATION_ERROR")
		s.refused(s.call(p, http.MethodGet, path+"?limit=0", ""), 422, "VALIDATION_ERROR")
	}
	s.exec(aef, "INSERT INTO role_bindings (tenant_id, user_id, scope_type, scope_id, role_id) SELECT ?, gen_random_uuid(), 'TENANT', ?, ? FROM generate_series(1, 60)", aef, aef.String(), role.ID)
	require.Len(t, made[[]any](s, s.call(p, http.MethodGet, "/admin/role-bindings/search", ""), 200), 50, "fifty if nothing is said")
}
