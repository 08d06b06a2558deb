package identity_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"go.updspace.com/api/identityapi"
	"go.updspace.com/identity"
	"go.updspace.com/identity/domain"
	"go.updspace.com/libs/audit"
)

// consented signs a user in at a client that asks for consent, and returns the browser and a code.
func (s *service) consented(c *client, email string, remember bool) (*browser, string) {
	s.t.Helper()
	b := s.browser()
	p := b.signIn(b.get(c.authorizePath()), email, identity.DemoPassword)
	target := b.send(http.MethodPost, "/oauth/authorize/approve", map[string]any{"request_id": p.boot(s.t).Forms.Authorize.RequestID, "remember": remember}).leadsTo(s.t)
	return b, c.answer(must(http.NewRequest(http.MethodGet, target, nil)).URL).Get("code")
}

func TestConnectedApps(t *testing.T) {
	t.Parallel()
	s := start(t)
	third := func(c *domain.Client) { c.FirstParty, c.LogoURL = false, new("https://wiki.test/logo.png") }
	wiki, shop := s.application("wiki", third, "profile", "offline_access"), s.application("shop", third)
	ours := s.application("ours", func(*domain.Client) {})
	_, err := ours.redeem(s.code(ours, "member@aef.test"))
	require.NoError(t, err)

	b, code := s.consented(wiki, "member@aef.test", true)
	held, err := wiki.redeem(code)
	require.NoError(t, err)
	allowed := s.clock.Now()
	_, once := s.consented(shop, "member@aef.test", false)
	_, err = shop.redeem(once)
	require.NoError(t, err)
	_, others := s.consented(wiki, "second@aef.test", true)
	kept, err := wiki.redeem(others)
	require.NoError(t, err)
	s.clock.Advance(time.Minute)
	held, err = wiki.oauth.TokenSource(wiki.ctx, wiki.expired(held)).Token()
	require.NoError(t, err)

	script := s.script("X-Session-Token", s.login("member@aef.test"))
	list := func() []identityapi.ConnectedApp {
		r, err := script.ListAppsWithResponse(ctx)
		return fine(t, r, err).JSON200.Items
	}
	apps := list()
	require.Len(t, apps, 2, "not those of the platform")
	require.Equal(t, []string{"shop", "wiki"}, []string{apps[0].Name, apps[1].Name})
	require.Equal(t, identityapi.Names{"openid"}, apps[0].Scopes, "it holds tokens, though no consent is remembered")
	got := apps[1]
	require.Equal(t, "wiki", got.ClientID)
	require.Equal(t, "https://wiki.test/logo.png", got.LogoURL.MustGet())
	require.ElementsMatch(t, []string{"openid", "profile", "offline_access"}, got.Scopes)
	require.WithinDuration(t, allowed, got.CreatedAt, time.Millisecond)
	require.WithinDuration(t, s.clock.Now(), got.LastUsedAt.MustGet(), time.Millisecond, "the newest tokens")

	waiting := wiki.arrived(b.get(wiki.authorizePath())).Get("code")
	revoke := func(id string) (*identityapi.RevokeAppResponse, error) {
		return script.RevokeAppWithResponse(ctx, identityapi.AppRevocation{ClientID: id})
	}
	r, err := revoke("wiki")
	fine(t, r, err)
	require.Len(t, list(), 1)
	info, err := s.script("Authorization", "Bearer "+held.AccessToken).GetUserinfoWithResponse(ctx)
	refused(t, 401, "TOKEN_REVOKED", info, err)
	_, err = wiki.oauth.TokenSource(wiki.ctx, wiki.expired(held)).Token()
	require.ErrorContains(t, err, "invalid_grant")
	_, err = wiki.redeem(waiting)
	require.ErrorContains(t, err, "invalid_grant", "a code that was under way")
	require.NotNil(t, b.get(wiki.authorizePath()).boot(t).Forms.Authorize, "consent is asked again")
	info, err = s.script("Authorization", "Bearer "+kept.AccessToken).GetUserinfoWithResponse(ctx)
	fine(t, info, err)
	require.Nil(t, info.JSON200.MasterFlags, "they are for applications of the platform itself")
	require.Nil(t, info.JSON200.UserID)
	require.Len(t, s.auditLog(audit.Filter{Action: domain.ActionGrantRevoked}), 1)

	for _, id := range []string{"wiki", "ours", "portal", "nobody", "not a client!"} {
		r, err := revoke(id)
		refused(t, 404, "CLIENT_NOT_FOUND", r, err)
	}
	guest, err := s.script().ListAppsWithResponse(ctx)
	refused(t, 401, "UNAUTHORIZED", guest, err)
	foreign := b.send(http.MethodPost, "/api/v1/auth/oauth/apps/revoke", map[string]string{"client_id": "shop"}, "Sec-Fetch-Site", "cross-site", "Origin", "http://evil.test")
	foreign.refuses(t, 403, "CSRF_FAILED")
	require.Len(t, list(), 1)
}
