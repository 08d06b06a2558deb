package bff_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"go.updspace.com/libs/reqctx"
)

func TestSignInShowsInTheSession(t *testing.T) {
	p := start(t)
	b := p.browser()
	r := b.get(aefHost+"/api/v1/session/me").refuses(http.StatusUnauthorized, "UNAUTHORIZED")
	require.NotEmpty(t, b.cookie(aefHost, "updspace_csrf"), "the boot call must bring the CSRF cookie")
	require.Equal(t, "no-store", r.header.Get("Cache-Control"))

	b.signIn(aefHost, member)
	r = b.get(aefHost + "/api/v1/session/me")
	me := r.json()
	require.Equal(t, "no-store", r.header.Get("Cache-Control"))
	require.Equal(t, member.String(), me["user"].(map[string]any)["id"])
	require.Equal(t, map[string]any{"id": aef.String(), "slug": "aef"}, me["tenant"])
	require.Equal(t, "member", me["tenant_membership"].(map[string]any)["base_role"])
	require.Equal(t, "member", me["id_profile"].(map[string]any)["user"].(map[string]any)["username"])
	require.Contains(t, me["id_profile"].(map[string]any)["user"], "not_in_the_spec", "the profile passes as it came")
	require.Nil(t, me["portal_profile"])
	require.Equal(t, issuer, me["id_frontend_base_url"])
	require.Equal(t, []any{"activity.feed.read", "events.event.read", "events:read", "feed:read", "voting.poll.read", "voting:read"}, me["capabilities"])
	require.Equal(t, []any{"portal:member", "voting:member"}, me["roles"])
	require.Equal(t, map[string]any{}, me["feature_flags"])
	require.Equal(t, r.header.Get("X-Request-Id"), me["request_id"])
}

func TestProxyPassesTheRequestOnSigned(t *testing.T) {
	t.Parallel()
	p := start(t)
	p.voting.handle("POST /api/v1/voting/votes", func(w http.ResponseWriter, _ *http.Request, _ reqctx.Context) {
		answer(w, http.StatusCreated, map[string]any{"ok": true})
	})
	b := p.browser().signIn(aefHost, member)
	r := b.do(http.MethodPost, aefHost+"/api/v1/voting/votes?b=2&a=%31", `{"poll_id":1}`, http.Header{"X-Request-Id": {"req_1_ab"}})
	require.Equal(t, http.StatusCreated, r.status, r.body)
	require.JSONEq(t, `{"ok":true}`, r.body)
	got := p.voting.last(t)
	require.Equal(t, "/api/v1/voting/votes?b=2&a=%31", got.uri)
	require.JSONEq(t, `{"poll_id":1}`, got.body)
	require.Equal(t, "req_1_ab", got.rc.RequestID)
	require.Equal(t, aef, got.rc.TenantID)
	require.Equal(t, "aef", got.rc.TenantSlug)
	require.Equal(t, member, got.rc.UserID)
	require.Equal(t, reqctx.Flags{EmailVerified: true, Status: "active", MembershipStatus: "active"}, got.rc.Flags)
}
