package access_test

import (
	"database/sql"
	"fmt"
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/access/ports/portstest"
	"go.updspace.com/api/accessapi"
	"go.updspace.com/api/commonapi"
	"go.updspace.com/libs/reqctx"
)

func (s *fixture) events(p person, query string) []accessapi.AuditEvent {
	s.T.Helper()
	return made[[]accessapi.AuditEvent](s, s.call(p, http.MethodGet, "/admin/events?"+query, ""), 200)
}

func actions(events []accessapi.AuditEvent) (names []string) {
	for _, e := range events {
		names = append(names, e.Action)
	}
	return names
}

func entryActions(entries []commonapi.AuditEntry) (names []string) {
	for _, e := range entries {
		names = append(names, e.Action)
	}
	return names
}

func (s *fixture) auditPage(p person, query string) commonapi.AuditPage {
	s.T.Helper()
	return made[commonapi.AuditPage](s, s.call(p, http.MethodGet, "/audit?"+query, ""), 200)
}

func TestTheAuditLogIsFilteredAndPaged(t *testing.T) {
	t.Parallel()
	s := start(t)
	p, q := s.steward(aef), s.steward(aef)
	begin := s.Clock.Now()
	role := s.createRole(p, "voting", "crew")
	s.Clock.Advance(time.Minute)
	b := made[accessapi.AdminBinding](s, s.bindRole(q, grantOf(role.ID, uuid.New())), 201)
	s.Clock.Advance(time.Minute)
	require.Equal(t, 204, s.call(p, http.MethodDelete, fmt.Sprintf("/admin/roles/%d", role.ID), "").status)
	s.Clock.Advance(time.Minute)
	s.refused(s.call(member(aef), http.MethodPost, "/admin/roles", `{"service":"voting","name":"x","permission_keys":[]}`), 403, "FORBIDDEN")

	all := s.auditPage(p, "").Items
	require.Equal(t, []string{"write_refused", "role_deleted", "binding_deleted", "binding_created", "role_created"}, entryActions(all))
	require.Equal(t, map[string]any{"role_id": fmt.Sprint(role.ID), "user_id": b.UserID.String(), "scope_type": "TENANT", "scope_id": aef.String(), "via": "role_deleted"},
		all[2].Metadata, "the bindings of a deleted role have entries, too")
	require.Empty(t, all[0].TargetID)
	require.Equal(t, "FORBIDDEN", all[0].Metadata["code"])
	require.Equal(t, "createAdminRole", all[0].Metadata["operation"])
	require.Equal(t, commonapi.AuditEntryActorTypeUser, all[4].ActorType)
	require.Equal(t, p.user, all[4].ActorID.MustGet())
	require.NotEmpty(t, all[4].RequestID)

	at := func(minutes int) string {
		return url.QueryEscape(begin.Add(time.Duration(minutes) * time.Minute).Format(time.RFC3339))
	}
	for query, want := range map[string][]string{
		"actor_id=" + q.user.String():                      {"binding_created"},
		"action=role_created":                              {"role_created"},
		"target_type=binding":                              {"binding_deleted", "binding_created"},
		fmt.Sprint("target_type=role&target_id=", role.ID): {"role_deleted", "role_created"},
		"from=" + at(2):                                    {"write_refused", "role_deleted", "binding_deleted"},
		"to=" + at(1):                                      {"role_created"},
		"from=" + at(1) + "&to=" + at(2):                   {"binding_created"},
		"action=nothing":                                   nil,
	} {
		require.Equal(t, want, entryActions(s.auditPage(p, query).Items), query)
	}
	events := s.events(p, "limit=200")
	for limit := 1; limit < 5; limit++ {
		var paged []commonapi.AuditEntry
		for cursor := ""; ; {
			page := s.auditPage(p, fmt.Sprintf("limit=%d%s", limit, cursor))
			paged = append(paged, page.Items...)
			next, err := page.NextCursor.Get()
			if err != nil {
				break
			}
			cursor = "&cursor=" + next
		}
		require.Equal(t, all, paged)

		var old []accessapi.AuditEvent
		for cursor := ""; ; {
			r := s.call(p, http.MethodGet, fmt.Sprintf("/admin/events?limit=%d%s", limit, cursor), "")
			old = append(old, made[[]accessapi.AuditEvent](s, r, 200)...)
			if r.header.Get("X-Next-Cursor") == "" {
				break
			}
			cursor = "&cursor=" + r.header.Get("X-Next-Cursor")
		}
		require.Equal(t, events, old)
	}
	require.Equal(t, entryActions(all), actions(events))
	require.True(t, events[0].TargetID.IsNull())
	require.Equal(t, q.user, events[3].PerformedBy)
	for _, path := range []string{"/audit?from=" + at(2) + "&to=" + at(1), "/audit?from=yesterday", "/audit?cursor=%21", "/admin/events?cursor=%21"} {
		s.refused(s.call(p, http.MethodGet, path, ""), 422, "VALIDATION_ERROR")
	}
	for _, path := range []string{"/audit", "/admin/events"} {
		s.refused(s.call(member(aef), http.MethodGet, path, ""), 403, "FORBIDDEN")
	}
}

// The old frontend's list may be longer than a page of the audit log.
func TestAdminEventsMayBeLongerThanAPage(t *testing.T) {
	t.Parallel()
	s := start(t)
	p := s.administrator(aef)
	s.exec(aef, "INSERT INTO audit_entries (id, tenant_id, actor_type, action, target_type, created_at) SELECT gen_random_uuid(), ?, 'system', 'x', 'role', now() FROM generate_series(1, 250)", aef)
	r := s.call(p, http.MethodGet, "/admin/events?limit=200", "")
	require.Len(t, made[[]accessapi.AuditEvent](s, r, 200), 200)
	require.NotEmpty(t, r.header.Get("X-Next-Cursor"))
	require.Len(t, s.events(p, ""), 50)
}

// A change that cannot be recorded does not happen.
func TestWithoutAnEntryThereIsNoChange(t *testing.T) {
	t.Parallel()
	s := startNew(t)
	p := s.steward(aef)
	owner, err := sql.Open("pgx", s.cfg.Database.MigrateURL)
	require.NoError(t, err)
	defer owner.Close()
	_, err = owner.Exec("ALTER TABLE audit_entries ADD CONSTRAINT none_more CHECK (action <> 'role_created')")
	require.NoError(t, err)
	require.GreaterOrEqual(t, s.call(p, http.MethodPost, "/admin/roles", `{"service":"voting","name":"x","permission_keys":[]}`).status, 400)
	require.Zero(t, s.count(aef, "SELECT count(*) FROM roles WHERE name = 'x'"))
}

// What another tenant owns is not there, for its administrators and for system administrators who work elsewhere.
func TestNothingOfAnotherTenantIsSeenOrTouched(t *testing.T) {
	t.Parallel()
	s := start(t)
	theirs := s.steward(gaming)
	role := s.createRole(theirs, "voting", "secret")
	in := grantOf(role.ID, uuid.New())
	in.TenantID, in.ScopeID = gaming, gaming.String()
	binding := made[accessapi.AdminBinding](s, s.bindRole(theirs, in), 201)
	override := made[accessapi.Override](s, s.call(theirs, http.MethodPost, "/policy-overrides", fmt.Sprintf(`{"tenant_id":%q,"user_id":%q,"action":"deny"}`, gaming, uuid.New())), 201)

	for name, p := range map[string]person{
		"an administrator": s.administrator(aef), "a system administrator": {tenant: aef, user: uuid.New(), flags: reqctx.Flags{SystemAdmin: true}},
	} {
		t.Run(name, func(t *testing.T) {
			for _, c := range []struct{ method, path, body, code string }{
				{http.MethodPatch, fmt.Sprintf("/admin/roles/%d", role.ID), `{"service":"voting","name":"x","permission_keys":[]}`, "ROLE_NOT_FOUND"},
				{http.MethodDelete, fmt.Sprintf("/admin/roles/%d", role.ID), "", "ROLE_NOT_FOUND"},
				{http.MethodPatch, fmt.Sprintf("/admin/role-bindings/%d", binding.ID), `{"expires_at":null}`, "NOT_FOUND"},
				{http.MethodDelete, fmt.Sprintf("/admin/role-bindings/%d", binding.ID), "", "NOT_FOUND"},
				{http.MethodPatch, "/policy-overrides/" + override.ID.String(), `{"reason":"x"}`, "NOT_FOUND"},
				{http.MethodDelete, "/policy-overrides/" + override.ID.String(), "", "NOT_FOUND"},
			} {
				s.refused(s.call(p, c.method, c.path, c.body), 404, c.code)
			}
			for _, path := range []string{"/admin/roles?query=secret", "/admin/role-bindings/search?role_id=" + fmt.Sprint(role.ID), "/admin/role-bindings/search?q=secret"} {
				require.JSONEq(t, "[]", string(s.call(p, http.MethodGet, path, "").body), path)
			}
			for _, path := range []string{"/policy-overrides", "/audit?action=role_created", "/audit?actor_id=" + theirs.user.String()} {
				require.JSONEq(t, `{"items":[],"next_cursor":null}`, string(s.call(p, http.MethodGet, path, "").body), path)
			}
		})
	}
	require.Equal(t, 1, s.count(gaming, "SELECT count(*) FROM role_bindings WHERE id = ?", binding.ID))
	require.Equal(t, 1, s.count(gaming, "SELECT count(*) FROM policy_overrides WHERE id = ?", override.ID))
}

func TestAdministratorsSeeWhatOthersMayAndWhy(t *testing.T) {
	t.Parallel()
	s := start(t)
	p := s.administrator(aef)
	user := uuid.New()
	role := s.createRole(p, "voting", "crew", "voting.poll.create", "voting.vote.cast")
	in := grantOf(role.ID, user)
	in.ScopeType, in.ScopeID = commonapi.ScopeTypeCOMMUNITY, portstest.C1.String()
	require.Equal(t, 201, s.bindRole(p, in).status)
	for _, rest := range []string{`"action":"allow","permission_key":"voting.votings.admin"`, `"action":"deny","permission_key":"voting.vote.cast"`} {
		require.Equal(t, 201, s.call(p, http.MethodPost, "/policy-overrides", overrideBody(user, rest)).status)
	}
	path := "/admin/users/" + user.String()
	r := made[accessapi.UserPermissions](s, s.call(p, http.MethodGet, path+"/permissions?member=false&scope_type=COMMUNITY&scope_id="+portstest.C1.String(), ""), 200)
	require.JSONEq(t, fmt.Sprintf(`{"denied":["voting.vote.cast"],"permissions":[
		{"key":"voting.poll.create","origins":[{"kind":"binding","role":{"id":%d,"service":"voting","name":"crew"},"scope":{"type":"COMMUNITY","id":%q}}]},
		{"key":"voting.votings.admin","origins":[{"kind":"override"}]}]}`, role.ID, portstest.C1),
		string(s.call(p, http.MethodGet, path+"/permissions?member=false&scope_type=COMMUNITY&scope_id="+portstest.C1.String(), "").body))
	require.Len(t, r.Permissions, 2)
	asMember := made[accessapi.UserPermissions](s, s.call(p, http.MethodGet, path+"/permissions", ""), 200)
	require.Contains(t, string(s.call(p, http.MethodGet, path+"/permissions", "").body), `"kind":"membership"`)
	require.Greater(t, len(asMember.Permissions), 10)

	d := made[accessapi.Decision](s, s.call(p, http.MethodGet, path+"/decision?permission=voting.poll.create&scope_type=COMMUNITY&scope_id="+portstest.C1.String(), ""), 200)
	require.Equal(t, accessapi.ReasonCodeRBACALLOW, d.ReasonCode)
	require.NotEmpty(t, d.Explanation)
	d = made[accessapi.Decision](s, s.call(p, http.MethodGet, path+"/decision?permission=voting.vote.cast", ""), 200)
	require.Equal(t, accessapi.ReasonCodePOLICYDENY, d.ReasonCode)
	d = made[accessapi.Decision](s, s.call(p, http.MethodGet, path+"/decision?permission=voting.poll.read&member=false", ""), 200)
	require.Equal(t, accessapi.ReasonCodeNOROLE, d.ReasonCode)
	d = made[accessapi.Decision](s, s.call(p, http.MethodGet, path+"/decision?permission=voting.poll.read&resource_visibility=private&resource_owner_id="+user.String(), ""), 200)
	require.Equal(t, accessapi.ReasonCodeRBACALLOW, d.ReasonCode)

	s.refused(s.call(p, http.MethodGet, path+"/permissions?scope_type=TEAM", ""), 422, "VALIDATION_ERROR")
	require.JSONEq(t, `{"fields":{"scope_id":"is required"}}`, s.call(p, http.MethodGet, path+"/decision?permission=x&scope_type=TEAM", "").details())
	s.refused(s.call(p, http.MethodGet, path+"/decision", ""), 422, "VALIDATION_ERROR")
	s.refused(s.call(p, http.MethodGet, "/admin/users/me/permissions", ""), 422, "VALIDATION_ERROR")
	s.refused(s.call(member(aef), http.MethodGet, path+"/permissions", ""), 403, "FORBIDDEN")
	s.refused(s.call(member(aef), http.MethodGet, path+"/decision?permission=x", ""), 403, "FORBIDDEN")
	require.JSONEq(t, `{"permissions":[],"denied":[]}`, string(s.call(s.administrator(gaming), http.MethodGet, path+"/permissions?member=false", "").body))
}
