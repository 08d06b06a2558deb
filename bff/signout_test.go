package bff_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/bff/app"
)

// signInWith signs in with a session of the ID host.
func (b *browser) signInWith(sid uuid.UUID, host string, user uuid.UUID) *browser {
	b.p.t.Helper()
	r := b.get(callback(host, b.p.id.approveIn(sid, user, b.begin(host, "/app"))))
	require.Equal(b.p.t, http.StatusFound, r.status, r.body)
	return b
}

// me asks who is signed in.
func (b *browser) me(host string) reply {
	b.p.t.Helper()
	return b.get(host + "/api/v1/session/me")
}

func (p *platform) sendLogoutToken(token string) reply {
	p.t.Helper()
	return p.browser().do(http.MethodPost, "http://"+p.address+app.BackChannelPath, url.Values{"logout_token": {token}}.Encode(),
		http.Header{"Content-Type": {"application/x-www-form-urlencoded"}})
}

func TestSignOutEndsTheSignInEverywhere(t *testing.T) {
	t.Parallel()
	p := start(t)
	p.id.change(member, func(a *account) { a.tenants[gaming] = "active" })
	sid := uuid.New()
	here := p.browser().signInWith(sid, aefHost, member).signInWith(sid, gamingHost, member)
	elsewhere := p.browser().signIn(aefHost, member)
	require.Equal(t, http.StatusOK, here.me(gamingHost).status)

	require.Equal(t, http.StatusNoContent, here.post(aefHost+"/api/v1/session/logout", "").status)
	require.Equal(t, []uuid.UUID{sid}, p.id.ended, "the ID service ends its session, so that signing in again asks for credentials")
	here.me(aefHost).refuses(http.StatusUnauthorized, "UNAUTHORIZED")
	here.me(gamingHost).refuses(http.StatusUnauthorized, "UNAUTHORIZED")
	require.Equal(t, http.StatusOK, elsewhere.me(aefHost).status, "the same user in another browser")

	// a sign-in that was under way in another tab
	here.get(callback(aefHost, p.id.approveIn(sid, member, here.begin(aefHost, "/")))).refuses(http.StatusUnauthorized, "SIGNED_OUT")
	here.signIn(aefHost, member)
}

func TestSignOutThatIdentityDoesNotHearIsRepeated(t *testing.T) {
	t.Parallel()
	p := start(t)
	sid := uuid.New()
	b := p.browser().signInWith(sid, aefHost, member)
	token := b.cookie(aefHost, "updspace_session")
	p.id.away.Store(true)
	b.post(aefHost+"/api/v1/session/logout", "").refuses(http.StatusServiceUnavailable, "SIGN_OUT_UNCONFIRMED")
	b.me(aefHost).refuses(http.StatusUnauthorized, "UNAUTHORIZED") // it is over here
	require.Equal(t, token, b.cookie(aefHost, "updspace_session"), "the cookie stays, to repeat it with")
	require.Empty(t, p.id.ended)

	p.id.away.Store(false)
	require.Equal(t, http.StatusNoContent, b.post(aefHost+"/api/v1/session/logout", "").status)
	require.Empty(t, b.cookie(aefHost, "updspace_session"))
	require.Equal(t, []uuid.UUID{sid}, p.id.ended)
	b.post(aefHost+"/api/v1/session/logout", "").refuses(http.StatusUnauthorized, "UNAUTHORIZED")
}

// The gateway repeats what the browser does not: a sign-out that was not confirmed, once it is no longer under way.
func TestUnconfirmedSignOutsAreRepeated(t *testing.T) {
	t.Parallel()
	p := start(t)
	sid := uuid.New()
	b := p.browser().signInWith(sid, aefHost, member)
	p.id.away.Store(true)
	b.post(aefHost+"/api/v1/session/logout", "").refuses(http.StatusServiceUnavailable, "SIGN_OUT_UNCONFIRMED")
	p.clock.Advance(11 * time.Second)
	require.Error(t, p.signOuts.RepeatSignOuts(t.Context()), "the ID service is still away")
	p.id.away.Store(false)
	require.NoError(t, p.signOuts.RepeatSignOuts(t.Context()))
	p.id.mu.Lock() // the gateway's own job may be at work, too
	defer p.id.mu.Unlock()
	require.Contains(t, p.id.ended, sid)
}

func TestSignOutAtTheIDHostEndsSessionsHere(t *testing.T) {
	t.Parallel()
	p := start(t)
	p.id.change(member, func(a *account) { a.tenants[gaming] = "active" })
	sid := uuid.New()
	b := p.browser().signInWith(sid, aefHost, member).signInWith(sid, gamingHost, member)
	other := p.browser().signIn(aefHost, member)
	first := p.address
	p.boot() // the token reaches one instance, and the browser talks to the other
	require.NotEqual(t, first, p.address)

	token := p.id.logoutToken(sid, nil)
	r := p.sendLogoutToken(token)
	require.Equal(t, http.StatusOK, r.status, r.body)
	require.Equal(t, "no-store", r.header.Get("Cache-Control"))
	b.me(aefHost).refuses(http.StatusUnauthorized, "UNAUTHORIZED")
	b.me(gamingHost).refuses(http.StatusUnauthorized, "UNAUTHORIZED")
	require.Equal(t, http.StatusOK, other.me(aefHost).status)
	require.Empty(t, p.id.ended, "the ID service knows already")

	p.sendLogoutToken(token).refuses(http.StatusBadRequest, "INVALID_LOGOUT_TOKEN") // a replay
	require.Equal(t, http.StatusOK, p.sendLogoutToken(p.id.logoutToken(uuid.New(), nil)).status, "no session here belongs to it")
}

func TestLogoutTokensAreVerified(t *testing.T) {
	t.Parallel()
	p := start(t)
	sid := uuid.New()
	b := p.browser().signInWith(sid, aefHost, member)
	const event = "http://schemas.openid.net/event/backchannel-logout"
	for name, spoil := range map[string]func(map[string]any){
		"another issuer":   func(c map[string]any) { c["iss"] = "http://evil.example" },
		"another audience": func(c map[string]any) { c["aud"] = "another" },
		"issued long ago":  func(c map[string]any) { c["iat"] = time.Now().Add(-3 * time.Minute).Unix() },
		"issued later":     func(c map[string]any) { c["iat"] = time.Now().Add(3 * time.Minute).Unix() },
		"not issued":       func(c map[string]any) { delete(c, "iat") },
		"expired":          func(c map[string]any) { c["exp"] = time.Now().Add(-time.Minute).Unix() },
		"no id":            func(c map[string]any) { delete(c, "jti") },
		"no sid":           func(c map[string]any) { delete(c, "sid") },
		"a sid of nothing": func(c map[string]any) { c["sid"] = "x" },
		"no events":        func(c map[string]any) { delete(c, "events") },
		"another event":    func(c map[string]any) { c["events"] = map[string]any{event + "/x": map[string]any{}} },
		"a nonce":          func(c map[string]any) { c["nonce"] = "" },
	} {
		r := p.sendLogoutToken(p.id.logoutToken(sid, spoil))
		require.Equal(t, http.StatusBadRequest, r.status, name)
		r.refuses(http.StatusBadRequest, "INVALID_LOGOUT_TOKEN")
	}
	stranger, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	p.id.mu.Lock()
	p.id.forger = stranger
	p.id.mu.Unlock()
	p.sendLogoutToken(p.id.logoutToken(sid, nil)).refuses(http.StatusBadRequest, "INVALID_LOGOUT_TOKEN")
	p.id.mu.Lock()
	p.id.forger = nil
	p.id.mu.Unlock()
	wrongType := p.id.signAs("at+jwt", map[string]any{"iss": issuer})
	for _, token := range []string{"x", "a.b.c", wrongType} {
		p.sendLogoutToken(token).refuses(http.StatusBadRequest, "INVALID_LOGOUT_TOKEN")
	}
	p.sendLogoutToken("").refuses(http.StatusUnprocessableEntity, "VALIDATION_ERROR")
	require.Equal(t, http.StatusOK, b.me(aefHost).status, "none of them has ended anything")
}

// A token that cannot be verified now is not a wrong one: the ID service sends another.
func TestLogoutTokenWhileTheKeysAreAway(t *testing.T) {
	t.Parallel()
	p := start(t)
	p.id.keysAway.Store(true)
	p.sendLogoutToken(p.id.logoutToken(uuid.New(), nil)).refuses(http.StatusServiceUnavailable, "SERVICE_UNAVAILABLE")
}
