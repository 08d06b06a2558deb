package bff_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"net/http"
	"net/url"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/bff/domain"
)

func callback(host string, q url.Values) string { return host + "/api/v1/auth/callback?" + q.Encode() }

func TestSignInLeavesForTheIDService(t *testing.T) {
	p := start(t)
	b := p.browser()
	to := b.begin(aefHost, "/app?x=1")
	require.Equal(t, issuer, to.Scheme+"://"+to.Host)
	require.Equal(t, "http://aef.localhost:8080/api/v1/auth/callback", to.Query().Get("redirect_uri"))

	// where the browser is sent back to does not depend on what it says its host is
	r := b.do(http.MethodGet, "http://aef.localhost:9999/api/v1/auth/login", "", http.Header{"Host": {"api.aef.localhost:4711"}, "X-Forwarded-Host": {"evil.example"}})
	require.Equal(t, http.StatusFound, r.status)
	to, err := url.Parse(r.header.Get("Location"))
	require.NoError(t, err)
	require.Equal(t, "http://aef.localhost:8080/api/v1/auth/callback", to.Query().Get("redirect_uri"))
}

func TestSignInCookies(t *testing.T) {
	p := start(t)
	b := p.browser()
	back := p.id.approve(member, b.begin(aefHost, "/"))
	r := b.get(callback(aefHost, back))
	require.Equal(t, http.StatusFound, r.status, r.body)
	cookies := map[string]*http.Cookie{}
	for _, c := range (&http.Response{Header: r.header}).Cookies() {
		require.NotContains(t, cookies, c.Name, "one value per cookie")
		cookies[c.Name] = c
	}
	session, csrf := cookies["updspace_session"], cookies["updspace_csrf"]
	require.True(t, session.HttpOnly)
	require.False(t, csrf.HttpOnly, "scripts read it")
	require.Equal(t, 14*24*60*60, session.MaxAge)
	for _, c := range cookies {
		require.Empty(t, c.Domain, "host-only")
		require.Equal(t, "/", c.Path)
		require.Equal(t, http.SameSiteLaxMode, c.SameSite)
		require.False(t, c.Secure, "plain http in development")
	}
	require.Equal(t, "no-store", r.header.Get("Cache-Control"))
}

func TestStateIsUsedOnce(t *testing.T) {
	p := start(t)
	b := p.browser()
	to := b.begin(aefHost, "/")
	back := p.id.approve(member, to)
	const tabs = 8
	statuses := make(chan int, tabs)
	var wg sync.WaitGroup
	for range tabs {
		wg.Go(func() {
			req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, callback(aefHost, back), nil)
			if err != nil {
				t.Error(err)
				return
			}
			resp, err := b.client.Do(req)
			if err != nil {
				t.Error(err)
				return
			}
			_ = resp.Body.Close()
			statuses <- resp.StatusCode
		})
	}
	wg.Wait()
	close(statuses)
	count := map[int]int{}
	for s := range statuses {
		count[s]++
	}
	require.Equal(t, map[int]int{http.StatusFound: 1, http.StatusBadRequest: tabs - 1}, count)
}

func TestStateBelongsToTheBrowserThatBegan(t *testing.T) {
	p := start(t)
	attacker, victim := p.browser(), p.browser()
	// login CSRF: the attacker signs in and has the victim's browser finish it
	back := p.id.approve(second, attacker.begin(aefHost, "/"))
	victim.get(callback(aefHost, back)).refuses(http.StatusBadRequest, "INVALID_STATE")
	require.Empty(t, victim.cookie(aefHost, "updspace_session"))
	// also when the victim has begun a sign-in of its own
	back = p.id.approve(second, attacker.begin(aefHost, "/"))
	victim.begin(aefHost, "/")
	victim.get(callback(aefHost, back)).refuses(http.StatusBadRequest, "INVALID_STATE")
	require.Empty(t, victim.cookie(aefHost, "updspace_session"))
}

func TestTwoTabsSignInIndependently(t *testing.T) {
	p := start(t)
	b := p.browser()
	first, later := b.begin(aefHost, "/one"), b.begin(aefHost, "/two")
	r := b.get(callback(aefHost, p.id.approve(member, first)))
	require.Equal(t, "/one", r.header.Get("Location"))
	r = b.get(callback(aefHost, p.id.approve(member, later)))
	require.Equal(t, "/two", r.header.Get("Location"))
}

func TestCallbackRefuses(t *testing.T) {
	p := start(t)
	b := p.browser()
	good := func() url.Values { return p.id.approve(member, b.begin(aefHost, "/")) }
	with := func(q url.Values, name, value string) url.Values { q.Set(name, value); return q }
	without := func(q url.Values, name string) url.Values { q.Del(name); return q }

	b.get(callback(aefHost, url.Values{"error": {"access_denied"}})).refuses(http.StatusBadRequest, "OAUTH_ERROR")
	b.get(callback(aefHost, without(good(), "code"))).refuses(http.StatusBadRequest, "BAD_REQUEST")
	b.get(callback(aefHost, without(good(), "state"))).refuses(http.StatusBadRequest, "BAD_REQUEST")
	b.get(callback(aefHost, with(good(), "state", "x"))).refuses(http.StatusBadRequest, "INVALID_STATE")
	b.get(callback(aefHost, with(good(), "state", string(domain.NewSecret())))).refuses(http.StatusBadRequest, "INVALID_STATE")
	r := b.get(callback(aefHost, with(good(), "code", "stolen"))).refuses(http.StatusUnauthorized, "TOKEN_EXCHANGE_FAILED")
	require.Contains(t, r.body, `"upstream_status":400`)

	// the state of one tenant at another's callback, with the browser's secret carried over
	q := good()
	r = b.do(http.MethodGet, callback(gamingHost, q), "", http.Header{"Cookie": {"updspace_browser=" + b.cookie(aefHost, "updspace_browser")}})
	r.refuses(http.StatusBadRequest, "INVALID_STATE")

	q = good()
	p.clock.Advance(domain.AttemptTTL)
	b.get(callback(aefHost, q)).refuses(http.StatusBadRequest, "INVALID_STATE")
	require.Empty(t, b.cookie(aefHost, "updspace_session"))
}

func TestIDTokenIsVerified(t *testing.T) {
	p := start(t)
	stranger, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	for name, spoil := range map[string]func(map[string]any){
		"nonce of another attempt": func(c map[string]any) { c["nonce"] = "another" },
		"no nonce":                 func(c map[string]any) { delete(c, "nonce") },
		"for another client":       func(c map[string]any) { c["aud"] = "another" },
		"by another issuer":        func(c map[string]any) { c["iss"] = "http://evil.example" },
		"expired":                  func(c map[string]any) { c["exp"] = time.Now().Add(-time.Hour).Unix() },
		"signed by a stranger":     nil,
		"about nobody":             func(c map[string]any) { c["sub"] = "root" },
	} {
		t.Run(name, func(t *testing.T) {
			b := p.browser()
			back := p.id.approve(member, b.begin(aefHost, "/"))
			p.id.mu.Lock()
			if p.id.idToken, p.id.forger = spoil, nil; spoil == nil {
				p.id.forger = stranger
			}
			p.id.mu.Unlock()
			b.get(callback(aefHost, back)).refuses(http.StatusUnauthorized, "INVALID_ID_TOKEN")
			require.Empty(t, b.cookie(aefHost, "updspace_session"))
		})
	}
}

// A token that cannot be checked is nobody's fault who signs in.
func TestKeysThatCannotBeFetched(t *testing.T) {
	p := start(t)
	b := p.browser()
	p.id.keysAway.Store(true)
	b.get(callback(aefHost, p.id.approve(member, b.begin(aefHost, "/")))).refuses(http.StatusServiceUnavailable, "SERVICE_UNAVAILABLE")
	require.Empty(t, b.cookie(aefHost, "updspace_session"))
	p.id.keysAway.Store(false)
	b.signIn(aefHost, member)
}

func TestOnlyMembersInGoodStandingGetIn(t *testing.T) {
	p := start(t)
	try := func(user uuid.UUID, code string) {
		t.Helper()
		b := p.browser()
		b.get(callback(aefHost, p.id.approve(user, b.begin(aefHost, "/")))).refuses(http.StatusForbidden, code)
		require.Empty(t, b.cookie(aefHost, "updspace_session"))
	}
	try(guest, "TENANT_FORBIDDEN")
	try(uuid.New(), "TENANT_FORBIDDEN") // whom identity vouched for a moment ago
	p.id.change(second, func(a *account) { a.flags["suspended"] = true })
	try(second, "ACCOUNT_SUSPENDED")
	p.id.change(second, func(a *account) { a.flags["suspended"], a.flags["banned"] = false, true })
	try(second, "ACCOUNT_BANNED")
	p.id.change(second, func(a *account) { a.flags["banned"] = false; a.tenants[aef] = "disabled" })
	try(second, "TENANT_FORBIDDEN")
}

func TestSigningInAgainEndsTheOldSession(t *testing.T) {
	p := start(t)
	b := p.browser().signIn(aefHost, member)
	old := b.cookie(aefHost, "updspace_session")
	b.signIn(aefHost, second)
	require.NotEqual(t, old, b.cookie(aefHost, "updspace_session"))
	require.Equal(t, second.String(), b.get(aefHost + "/api/v1/session/me").json()["user"].(map[string]any)["id"])
	thief := p.browser()
	thief.do(http.MethodGet, aefHost+"/api/v1/session/me", "", http.Header{"Cookie": {"updspace_session=" + old}}).
		refuses(http.StatusUnauthorized, "UNAUTHENTICATED")
}

// A token planted before sign-in is worth nothing afterwards.
func TestSessionIsNotFixed(t *testing.T) {
	p := start(t)
	planted := string(domain.NewSecret())
	b := p.browser()
	u, err := url.Parse(aefHost)
	require.NoError(t, err)
	b.jar.SetCookies(u, []*http.Cookie{{Name: "updspace_session", Value: planted, Path: "/"}})
	b.signIn(aefHost, member)
	require.NotEqual(t, planted, b.cookie(aefHost, "updspace_session"))
	p.browser().do(http.MethodGet, aefHost+"/api/v1/session/me", "", http.Header{"Cookie": {"updspace_session=" + planted}}).
		refuses(http.StatusUnauthorized, "UNAUTHENTICATED")
}

func TestNextStaysOnTheHost(t *testing.T) {
	p := start(t)
	for next, want := range map[string]string{
		"/app/voting/1?tab=x": "/app/voting/1?tab=x",
		"//evil.example":      "/", `/\evil.example`: "/", "https://evil.example": "/", "/%2f%2fevil.example": "/", "javascript:alert(1)": "/",
	} {
		b := p.browser()
		r := b.get(callback(aefHost, p.id.approve(member, b.begin(aefHost, next))))
		require.Equal(t, http.StatusFound, r.status, r.body)
		require.Equal(t, want, r.header.Get("Location"))
	}
}

func TestIdentityAwayIsSaid(t *testing.T) {
	p := start(t)
	b := p.browser()
	back := p.id.approve(member, b.begin(aefHost, "/"))
	p.id.away.Store(true)
	b.get(callback(aefHost, back)).refuses(http.StatusServiceUnavailable, "SERVICE_UNAVAILABLE")
}

func TestPeopleWhoNavigateGetAPage(t *testing.T) {
	p := start(t)
	r := p.browser().do(http.MethodGet, aefHost+"/api/v1/auth/callback?code=<script>&state=x", "", http.Header{"Accept": {"text/html,application/xhtml+xml"}})
	require.Equal(t, http.StatusBadRequest, r.status)
	require.Equal(t, "text/html; charset=utf-8", r.header.Get("Content-Type"))
	require.Contains(t, r.body, "INVALID_STATE")
	require.Contains(t, r.body, r.header.Get("X-Request-Id"))
	require.NotContains(t, r.body, "<script")
	require.Contains(t, r.header.Get("Content-Security-Policy"), "default-src 'none'")
}

func TestMagicLink(t *testing.T) {
	p := start(t)
	b := p.browser()
	r := b.do(http.MethodPost, aefHost+"/api/v1/session/login", `{"email":"member@aef.test","next":"/app"}`, http.Header{"X-Csrf-Token": nil})
	sent := r.json()
	require.Equal(t, true, sent["ok"])
	require.Equal(t, true, sent["sent"])
	require.Equal(t, issuer+"/consume?token=t", sent["dev_magic_link"])
	require.Equal(t, []string{"http://aef.localhost:8080/api/v1/session/callback?next=%2Fapp"}, p.id.links)

	p.id.magic["one-time"] = member
	elsewhere := p.browser() // people read mail where they read mail
	r = elsewhere.get(aefHost + "/api/v1/session/callback?code=one-time&next=/app")
	require.Equal(t, http.StatusFound, r.status, r.body)
	require.Equal(t, "/app", r.header.Get("Location"))
	require.Equal(t, member.String(), elsewhere.get(aefHost + "/api/v1/session/me").json()["user"].(map[string]any)["id"])
	elsewhere.get(aefHost+"/api/v1/session/callback?code=one-time").refuses(http.StatusUnauthorized, "UNAUTHORIZED")

	p.id.magic["for a guest"] = guest
	p.browser().get(aefHost+"/api/v1/session/callback?code=for+a+guest").refuses(http.StatusForbidden, "TENANT_FORBIDDEN")
	p.id.magic["way out"] = member
	r = p.browser().get(aefHost + "/api/v1/session/callback?code=way+out&next=//evil.example")
	require.Equal(t, "/", r.header.Get("Location"))
}

func TestMagicLinkRequestsAreChecked(t *testing.T) {
	p := start(t)
	b := p.browser()
	address := aefHost + "/api/v1/session/login"
	b.post(address, `{`).refuses(http.StatusBadRequest, "BAD_REQUEST")
	b.post(address, `{}`).refuses(http.StatusUnprocessableEntity, "VALIDATION_ERROR")
	b.post(address, `{"email":"nobody"}`).refuses(http.StatusUnprocessableEntity, "VALIDATION_ERROR")
	b.do(http.MethodPost, address, `{"email":"a@b.test"}`, http.Header{"Content-Type": {"text/plain"}}).refuses(http.StatusUnsupportedMediaType, "UNSUPPORTED_MEDIA_TYPE")
	b.do(http.MethodPost, address, `{"email":"a@b.test"}`, http.Header{"Origin": {"https://evil.example"}}).refuses(http.StatusForbidden, "CSRF_FAILED")
	b.get(aefHost+"/api/v1/session/callback").refuses(http.StatusUnprocessableEntity, "VALIDATION_ERROR")
}
