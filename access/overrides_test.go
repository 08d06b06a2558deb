package access_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/api/accessapi"
	"go.updspace.com/libs/reqctx"
)

func overrideBody(user uuid.UUID, rest string) string { return overrideIn(aef, user, rest) }

func overrideIn(tenant, user uuid.UUID, rest string) string {
	return fmt.Sprintf(`{"tenant_id":%q,"user_id":%q,%s}`, tenant, user, rest)
}

func TestAnOverrideFromBeginningToEnd(t *testing.T) {
	t.Parallel()
	s := start(t)
	m := member(aef)
	for name, p := range map[string]person{
		"a system administrator": {tenant: aef, user: uuid.New(), flags: reqctx.Flags{SystemAdmin: true}}, "an administrator of the tenant": s.administrator(aef),
	} {
		t.Run(name, func(t *testing.T) {
			q := inTenant("voting.vote.cast", m)
			r := s.call(p, http.MethodPost, "/policy-overrides", overrideBody(m.user, `"action":"deny","permission_key":"voting.vote.cast","reason":"Двойная учётная запись"`))
			o := made[accessapi.Override](s, r, 201)
			require.JSONEq(t, fmt.Sprintf(`{"id":%q,"tenant_id":%q,"user_id":%q,"action":"deny","permission_key":"voting.vote.cast","reason":"Двойная учётная запись",
				"expires_at":null,"created_at":"2026-03-04T05:06:07Z","created_by":%q}`, o.ID, aef, m.user, p.user), string(r.body))
			require.Equal(t, accessapi.ReasonCodePOLICYDENY, s.reason(m, q))
			path := "/policy-overrides/" + o.ID.String()
			o = made[accessapi.Override](s, s.call(p, http.MethodPatch, path, `{"action":"allow"}`), 200)
			require.Equal(t, "Двойная учётная запись", o.Reason, "what is left out stays")
			require.Equal(t, accessapi.ReasonCodePOLICYALLOW, s.reason(m, q))
			o = made[accessapi.Override](s, s.call(p, http.MethodPatch, path, `{"permission_key":null,"expires_at":"2026-03-05T00:00:00Z","reason":""}`), 200)
			require.True(t, o.PermissionKey.IsNull())
			require.Empty(t, o.Reason)
			require.Equal(t, accessapi.ReasonCodePOLICYALLOW, s.reason(m, inTenant("voting.votings.admin", m)), "every permission")
			require.Equal(t, 204, s.call(p, http.MethodDelete, path, "").status)
			require.Equal(t, accessapi.ReasonCodeRBACALLOW, s.reason(m, q))
			s.refused(s.call(p, http.MethodDelete, path, ""), 404, "NOT_FOUND")
			s.refused(s.call(p, http.MethodPatch, path, `{"reason":"x"}`), 404, "NOT_FOUND")
			for action, n := range map[string]int{"override_created": 1, "override_updated": 2, "override_deleted": 1} {
				require.Equal(t, n, s.count(aef, "SELECT count(*) FROM audit_entries WHERE action = ? AND target_id = ? AND actor_id = ?", action, o.ID.String(), p.user), action)
			}
		})
	}
}

func TestWithoutTheRightNoOverrideIsStored(t *testing.T) {
	t.Parallel()
	s := start(t)
	p := member(aef)
	s.allow(p, "portal.roles.read")
	s.refused(s.call(p, http.MethodPost, "/policy-overrides", overrideBody(uuid.New(), `"action":"deny"`)), 403, "FORBIDDEN")
	require.Equal(t, 1, s.count(aef, "SELECT count(*) FROM policy_overrides"), "only the one that allows reading")
}

func TestWhatAnOverrideMustNotBe(t *testing.T) {
	t.Parallel()
	s := start(t)
	p := s.administrator(aef)
	existing := made[accessapi.Override](s, s.call(p, http.MethodPost, "/policy-overrides", overrideBody(uuid.New(), `"action":"deny"`)), 201)
	for name, c := range map[string]struct {
		rest   string
		status int
		code   string
	}{
		"an unknown permission": {`"action":"deny","permission_key":"voting.poll.explode"`, 404, "PERMISSION_NOT_FOUND"},
		"no kind of action":     {`"action":"maybe"`, 422, "VALIDATION_ERROR"},
		"an endless reason":     {`"action":"deny","reason":"` + strings.Repeat("x", 256) + `"`, 422, "VALIDATION_ERROR"},
		"an odd reason":         {`"action":"deny","reason":"a\u0000"`, 422, "VALIDATION_ERROR"},
		"over before it begins": {`"action":"deny","expires_at":"2026-03-04T05:06:07Z"`, 422, "VALIDATION_ERROR"},
		"an empty permission":   {`"action":"deny","permission_key":""`, 422, "VALIDATION_ERROR"},
		"a time of no form":     {`"action":"deny","expires_at":"tomorrow"`, 422, "VALIDATION_ERROR"},
	} {
		t.Run(name, func(t *testing.T) {
			s.refused(s.call(p, http.MethodPost, "/policy-overrides", overrideBody(uuid.New(), c.rest)), c.status, c.code)
			s.refused(s.call(p, http.MethodPatch, "/policy-overrides/"+existing.ID.String(), "{"+c.rest+"}"), c.status, c.code)
		})
	}
	s.refused(s.call(p, http.MethodPost, "/policy-overrides", overrideBody(uuid.New(), `"reason":"x"`)), 422, "VALIDATION_ERROR")
	s.refused(s.call(p, http.MethodPatch, "/policy-overrides/"+existing.ID.String(), `{}`), 422, "VALIDATION_ERROR")
	s.refused(s.call(p, http.MethodPost, "/policy-overrides", `{`), 400, "BAD_REQUEST")
	s.refused(s.call(p, http.MethodPost, "/policy-overrides", fmt.Sprintf(`{"tenant_id":%q,"user_id":%q,"action":"deny"}`, gaming, uuid.New())), 400, "TENANT_MISMATCH")
	s.refused(s.call(p, http.MethodDelete, "/policy-overrides/no-uuid", ""), 404, "NOT_FOUND")
	s.refused(s.call(p, http.MethodPatch, "/policy-overrides/no-uuid", `{"reason":"x"}`), 404, "NOT_FOUND")
	s.refused(s.call(member(aef), http.MethodDelete, "/policy-overrides/no-uuid", ""), 403, "FORBIDDEN")
}

type overridePage = accessapi.ListPolicyOverrides200JSONResponse

func TestOverridesAreListed(t *testing.T) {
	t.Parallel()
	s := start(t)
	p := s.administrator(aef)
	alice, bob := uuid.New(), uuid.New()
	create := func(user uuid.UUID, rest string) uuid.UUID {
		t.Helper()
		s.Clock.Advance(time.Minute)
		return made[accessapi.Override](s, s.call(p, http.MethodPost, "/policy-overrides", overrideBody(user, rest)), 201).ID
	}
	ids := []uuid.UUID{
		create(alice, `"action":"deny","expires_at":"2026-03-04T06:00:00Z"`),
		create(alice, `"action":"allow","permission_key":"voting.poll.read"`),
		create(bob, `"action":"deny","permission_key":"voting.poll.read"`),
	}
	s.Clock.Advance(time.Hour)
	for query, want := range map[string][]int{
		"": {2, 1, 0}, "user_id=" + alice.String(): {1, 0}, "action=allow": {1}, "permission_key=voting.poll.read": {2, 1},
		"active=true": {2, 1}, "active=false": {0}, "user_id=" + uuid.NewString(): nil, "user_id=" + bob.String() + "&action=allow": nil,
	} {
		for _, limit := range []int{1, 100} {
			var got []uuid.UUID
			for cursor := ""; ; {
				r := s.call(p, http.MethodGet, fmt.Sprintf("/policy-overrides?%s&limit=%d%s", query, limit, cursor), "")
				page := made[overridePage](s, r, 200)
				for _, o := range page.Items {
					got = append(got, o.ID)
				}
				next, err := page.NextCursor.Get()
				if err != nil {
					break
				}
				cursor = "&cursor=" + next
			}
			var expected []uuid.UUID
			for _, i := range want {
				expected = append(expected, ids[i])
			}
			require.Equal(t, expected, got, query)
		}
	}
	require.JSONEq(t, `{"items":[],"next_cursor":null}`, string(s.call(s.administrator(gaming), http.MethodGet, "/policy-overrides", "").body))
	s.refused(s.call(member(aef), http.MethodGet, "/policy-overrides", ""), 403, "FORBIDDEN")
	s.refused(s.call(p, http.MethodGet, "/policy-overrides?user_id=me", ""), 422, "VALIDATION_ERROR")
	s.refused(s.call(p, http.MethodGet, "/policy-overrides?cursor=WyJhIiwiYiJd", ""), 422, "VALIDATION_ERROR")
}
