package bff_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/bff/domain"
)

func callback(host string, q url.Values) string { return host + "/api/v1/auth/callback?" + q.Encode() }

func TestSignInLeavesForTheIDService(t *testing.T) {
	t.Parallel()
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
	t.Parallel()
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
	t.Parallel()
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
	t.Parallel()
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
	t.Parallel()
	p := start(t)
	b := p.browser()
	first, later := b.begin(aefHost, "/one"), b.begin(aefHost, "/two")
	r := b.get(callback(aefHost, p.id.approve(member, first)))
	require.Equal(t, "/one", r.header.Get("Location"))
	r = b.get(callback(aefHost, p.id.approve(member, later)))
	require.Equal(t, "/two", r.header.Get("Location"))
}

func TestCallbackRefuses(t *testing.T) {
	t.Parallel()
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
	b.get(callback(aefHost, with(good(), "iss", "http://evil.example"))).refuses(http.StatusUnauthorized, "INVALID_ID_TOKEN")
	b.get(callback(aefHost, without(good(), "iss"))).refuses(http.StatusUnauthorized, "INVALID_ID_TOKEN")

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
	t.Parallel()
	p := start(t)
	stranger, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	for name, spoil := range map[string]func(map[string]any){
		"nonce of another attempt":  func(c map[string]any) { c["nonce"] = "another" },
		"no nonce":                  func(c map[string]any) { delete(c, "nonce") },
		"for another client":        func(c map[string]any) { c["aud"] = "another" },
		"by another issuer":         func(c map[string]any) { c["iss"] = "http://evil.example" },
		"expired":                   func(c map[string]any) { c["exp"] = time.Now().Add(-time.Hour).Unix() },
		"signed by a stranger":      nil,
		"about no user":             func(c map[string]any) { c["sub"] = "root" },
		"no session of the ID host": func(c map[string]any) { delete(c, "sid") },
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

// A token that cannot be checked now is not a wrong one.
func TestKeysThatCannotBeFetched(t *testing.T) {
	t.Parallel()
	p := start(t)
	b := p.browser()
	p.id.keysAway.Store(true)
	b.get(callback(aefHost, p.id.approve(member, b.begin(aefHost, "/")))).refuses(http.StatusServiceUnavailable, "SERVICE_UNAVAILABLE")
	require.Empty(t, b.cookie(aefHost, "updspace_session"))
	p.id.keysAway.Store(false)
	b.signIn(aefHost, member)
}

func TestOnlyMembersInGoodStandingGetIn(t *testing.T) {
	t.Parallel()
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
	t.Parallel()
	p := start(t)
	b := p.browser().signIn(aefHost, member)
	old := b.cookie(aefHost, "updspace_session")
	b.signIn(aefHost, second)
	require.NotEqual(t, old, b.cookie(aefHost, "updspace_session"))
	require.Equal(t, second.String(), b.get(aefHost + "/api/v1/session/me").json()["user"].(map[string]any)["id"])
	thief := p.browser()
	thief.do(http.MethodGet, aefHost+"/api/v1/session/me", "", http.Header{"Cookie": {"updspace_session=" + old}}).
		refuses(http.StatusUnauthorized, "UNAUTHORIZED")
}

// A token planted before sign-in is worth nothing afterwards.
func TestSessionIsNotFixed(t *testing.T) {
	t.Parallel()
	p := start(t)
	planted := string(domain.NewSecret())
	b := p.browser()
	u, err := url.Parse(aefHost)
	require.NoError(t, err)
	b.jar.SetCookies(u, []*http.Cookie{{Name: "updspace_session", Value: planted, Path: "/"}})
	b.signIn(aefHost, member)
	require.NotEqual(t, planted, b.cookie(aefHost, "updspace_session"))
	p.browser().do(http.MethodGet, aefHost+"/api/v1/session/me", "", http.Header{"Cookie": {"updspace_session=" + planted}}).
		refuses(http.StatusUnauthorized, "UNAUTHORIZED")
}

func TestNextStaysOnTheHost(t *testing.T) {
	t.Parallel()
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
	t.Parallel()
	p := start(t)
	b := p.browser()
	back := p.id.approve(member, b.begin(aefHost, "/"))
	p.id.away.Store(true)
	b.get(callback(aefHost, back)).refuses(http.StatusServiceUnavailable, "SERVICE_UNAVAILABLE")
}

// Programs that look at links before a person does, in mails and chats, change nothing.
func TestLookingAtACallbackChangesNothing(t *testing.T) {
	t.Parallel()
	p := start(t)
	b := p.browser()
	address := callback(aefHost, p.id.approve(member, b.begin(aefHost, "/app")))
	for _, method := range []string{http.MethodHead, http.MethodGet} { // without the browser's cookie
		r := p.browser().do(method, address, "", nil)
		require.GreaterOrEqual(t, r.status, http.StatusBadRequest)
	}
	r := b.do(http.MethodHead, address, "", nil) // nor does HEAD with it
	require.Equal(t, http.StatusMethodNotAllowed, r.status)
	require.Equal(t, http.MethodGet, r.header.Get("Allow"))
	require.Equal(t, http.StatusMethodNotAllowed, b.do(http.MethodHead, aefHost+"/api/v1/auth/login", "", nil).status)
	r = b.get(address)
	require.Equal(t, http.StatusFound, r.status, r.body)
	require.Equal(t, "/app", r.header.Get("Location"))
}

var page = http.Header{"Accept": {"text/html,application/xhtml+xml"}}

func TestReloadingAnOldCallbackGoesWhereItLed(t *testing.T) {
	t.Parallel()
	p := start(t)
	b := p.browser()
	address := callback(aefHost, p.id.approve(member, b.begin(aefHost, "/app?x=1")))
	require.Equal(t, http.StatusFound, b.get(address).status)
	session := b.cookie(aefHost, "updspace_session")
	for _, header := range []http.Header{nil, page} {
		r := b.do(http.MethodGet, address, "", header)
		require.Equal(t, http.StatusFound, r.status, r.body)
		require.Equal(t, "/app?x=1", r.header.Get("Location"))
	}
	require.Equal(t, session, b.cookie(aefHost, "updspace_session"), "it is the same session")
	unknown := callback(aefHost, url.Values{"code": {"c"}, "state": {string(domain.NewSecret())}})
	require.Equal(t, "/", b.get(unknown).header.Get("Location"), "one that is long forgotten leads home")

	require.Equal(t, http.StatusNoContent, b.post(aefHost+"/api/v1/logout", "").status)
	r := b.do(http.MethodGet, address, "", page)
	require.Equal(t, http.StatusBadRequest, r.status)
	require.Contains(t, r.body, `href="/api/v1/auth/login?next=%2fapp%3fx%3d1"`, "and without a session, the page knows where to try again for")
}

func TestTryingAgainKeepsWhereItShouldLead(t *testing.T) {
	t.Parallel()
	p := start(t)
	b := p.browser()
	for _, q := range []url.Values{
		{"code": {"stolen"}, "state": {b.begin(aefHost, "/app").Query().Get("state")}},
		{"error": {"access_denied"}, "state": {b.begin(aefHost, "/app").Query().Get("state")}},
	} {
		r := b.do(http.MethodGet, callback(aefHost, q), "", page)
		require.Contains(t, r.body, `href="/api/v1/auth/login?next=%2fapp"`)
		require.NotContains(t, r.body, "prompt=login")
	}
}

func TestAnotherAccountCanBeUsed(t *testing.T) {
	t.Parallel()
	p := start(t)
	b := p.browser()
	r := b.do(http.MethodGet, callback(aefHost, p.id.approve(guest, b.begin(aefHost, "/app"))), "", page)
	require.Equal(t, http.StatusForbidden, r.status)
	require.Contains(t, r.body, `href="/api/v1/auth/login?prompt=login&amp;next=%2fapp"`)
	to, err := url.Parse(b.get(aefHost + "/api/v1/auth/login?prompt=login&next=/app").header.Get("Location"))
	require.NoError(t, err)
	require.Equal(t, "login", to.Query().Get("prompt"))
	require.Empty(t, b.begin(aefHost, "/app").Query().Get("prompt"))
	b.get(aefHost+"/api/v1/auth/login?prompt=none").refuses(http.StatusUnprocessableEntity, "VALIDATION_ERROR")
}

func TestPagesSpeakTheReadersLanguage(t *testing.T) {
	t.Parallel()
	p := start(t)
	for accepted, want := range map[string]string{
		"": "en", "en": "en", "ru": "ru", "ru-RU,ru;q=0.9,en;q=0.8": "ru", "de, RU": "ru", "en-GB,ru": "en", "de": "en", "*": "en", "rus": "en",
	} {
		b := p.browser()
		r := b.do(http.MethodGet, aefHost+"/api/v1/auth/callback?code=c&state=x", "", http.Header{"Accept": {"text/html"}, "Accept-Language": {accepted}})
		require.Contains(t, r.body, `<html lang="`+want+`">`, accepted)
		require.Contains(t, r.header.Values("Vary"), "Accept-Language")
		require.Equal(t, want == "ru", strings.Contains(r.body, "Войти не удалось"), accepted)
		to, err := url.Parse(b.do(http.MethodGet, aefHost+"/api/v1/auth/login", "", http.Header{"Accept-Language": {accepted}}).header.Get("Location"))
		require.NoError(t, err)
		require.Equal(t, want, to.Query().Get("ui_locales"), "the ID service's page, too")
	}
}

func TestPeopleWhoNavigateGetAPage(t *testing.T) {
	t.Parallel()
	p := start(t)
	r := p.browser().do(http.MethodGet, aefHost+"/api/v1/auth/callback?code=<script>&state=x", "", http.Header{"Accept": {"text/html,application/xhtml+xml"}})
	require.Equal(t, http.StatusBadRequest, r.status)
	require.Equal(t, "text/html; charset=utf-8", r.header.Get("Content-Type"))
	require.Contains(t, r.body, "INVALID_STATE")
	require.Contains(t, r.body, r.header.Get("X-Request-Id"))
	require.NotContains(t, r.body, "<script")
	require.Contains(t, r.header.Get("Content-Security-Policy"), "default-src 'none'")
}

// sendLink asks for a link and returns it, for a user.
func (b *browser) sendLink(user uuid.UUID, next string) string {
	b.p.t.Helper()
	sent := b.do(http.MethodPost, aefHost+"/api/v1/session/login", `{"email":"member@aef.test","next":"`+next+`"}`, http.Header{"X-Csrf-Token": nil}).json()
	require.Equal(b.p.t, true, sent["ok"])
	require.Equal(b.p.t, true, sent["sent"])
	b.p.id.mu.Lock()
	defer b.p.id.mu.Unlock()
	b.p.id.magic["t"] = user
	return sent["dev_magic_link"].(string)
}

// link is what the page of a link has from its address.
type link struct{ code, next string }

// follow opens a link, as a person or a program does, and returns what the page gets.
func (b *browser) follow(address string, header http.Header) link {
	b.p.t.Helper()
	r := b.do(http.MethodGet, address, "", header)
	require.Equal(b.p.t, http.StatusFound, r.status, r.body)
	require.Equal(b.p.t, "no-store", r.header.Get("Cache-Control"))
	fragment, found := strings.CutPrefix(r.header.Get("Location"), "/link#")
	require.True(b.p.t, found, r.header.Get("Location"))
	q, err := url.ParseQuery(fragment)
	require.NoError(b.p.t, err)
	return link{q.Get("code"), q.Get("next")}
}

func (b *browser) preview(l link) reply {
	return b.post(aefHost+"/api/v1/session/callback/preview", `{"code":"`+l.code+`"}`)
}

// press is what the button of the page sends.
func (b *browser) press(l link) reply {
	return b.post(aefHost+"/api/v1/session/callback", `{"code":"`+l.code+`","next":"`+l.next+`"}`)
}

func TestMagicLink(t *testing.T) {
	t.Parallel()
	p := start(t)
	b := p.browser()
	address := b.sendLink(member, "/app?x=1")
	require.True(t, strings.HasPrefix(address, aefHost+"/api/v1/session/callback?"), address)

	// Programs that look at it, and the person who opens it, change nothing.
	require.Equal(t, http.StatusMethodNotAllowed, p.browser().do(http.MethodHead, address, "", nil).status)
	require.Equal(t, "t", p.browser().follow(address, nil).code)
	b.get(aefHost + "/api/v1/csrf")
	var opened link
	for range 2 {
		opened = b.follow(address, page)
		require.Equal(t, "/app?x=1", opened.next)
		shown := b.preview(opened)
		require.Equal(t, http.StatusOK, shown.status, shown.body)
		require.Equal(t, "no-store", shown.header.Get("Cache-Control"))
		require.Equal(t, map[string]any{"name": "Mika Member", "email": "member@aef.test", "other_account": false}, shown.json())
		require.Empty(t, b.cookie(aefHost, "updspace_session"))
	}
	r := b.press(opened)
	require.Equal(t, http.StatusOK, r.status, r.body)
	require.Equal(t, "/app?x=1", r.json()["next"])
	require.Equal(t, member.String(), b.me(aefHost).json()["user"].(map[string]any)["id"])
	b.preview(opened).refuses(http.StatusNotFound, "TOKEN_NOT_FOUND")

	require.Equal(t, http.StatusNoContent, b.post(aefHost+"/api/v1/logout", "").status)
	require.Equal(t, []uuid.UUID{linkSID}, p.id.ended)
}

// A link works in the browser that asked for it. Neither a person who got hold of the mail, nor one to whom a link was sent, is signed in.
func TestMagicLinkInAnotherBrowser(t *testing.T) {
	t.Parallel()
	p := start(t)
	asked := p.browser()
	opened := asked.follow(asked.sendLink(second, "/app"), page)
	other := p.browser()
	other.get(aefHost + "/api/v1/csrf")
	signedIn := p.browser().signIn(aefHost, member)
	for range 2 {
		for _, b := range []*browser{other, signedIn} {
			b.preview(opened).refuses(http.StatusForbidden, "OTHER_BROWSER")
			b.press(opened).refuses(http.StatusForbidden, "OTHER_BROWSER")
		}
	}
	require.Empty(t, other.cookie(aefHost, "updspace_session"))
	require.Equal(t, member.String(), signedIn.me(aefHost).json()["user"].(map[string]any)["id"])
	require.Equal(t, http.StatusOK, asked.press(opened).status, "the link is not used up")
}

// In the browser that asked, the account that is signed in there is named before another one signs in.
func TestMagicLinkOfAnotherAccountAsks(t *testing.T) {
	t.Parallel()
	p := start(t)
	sid := uuid.New()
	b := p.browser().signInWith(sid, aefHost, member)
	opened := b.follow(b.sendLink(second, "/app"), page)
	shown := b.preview(opened).json()
	require.Equal(t, "Mika Member", shown["name"])
	require.Equal(t, true, shown["other_account"])
	require.Equal(t, member.String(), b.me(aefHost).json()["user"].(map[string]any)["id"], "until the button is pressed")
	r := b.press(opened)
	require.Equal(t, http.StatusOK, r.status, r.body)
	require.Equal(t, second.String(), b.me(aefHost).json()["user"].(map[string]any)["id"])
	require.Equal(t, []uuid.UUID{sid}, p.id.ended, "the other account is signed out, at the ID host, too")
}

func TestMagicLinksAreProtected(t *testing.T) {
	t.Parallel()
	p := start(t)
	b := p.browser()
	opened := b.follow(b.sendLink(member, "/"), page)
	b.get(aefHost + "/api/v1/csrf")
	other := p.browser()
	other.get(aefHost + "/api/v1/csrf")
	for _, path := range []string{"/api/v1/session/callback", "/api/v1/session/callback/preview"} {
		send := func(header http.Header) {
			b.do(http.MethodPost, aefHost+path, `{"code":"t"}`, header).refuses(http.StatusForbidden, "CSRF_FAILED")
		}
		send(http.Header{"X-Csrf-Token": nil})
		send(http.Header{"X-Csrf-Token": {"x" + b.cookie(aefHost, "updspace_csrf")}})
		send(http.Header{"X-Csrf-Token": {other.cookie(aefHost, "updspace_csrf")}})
		send(http.Header{"Origin": {"https://evil.example"}})
	}
	require.Empty(t, b.cookie(aefHost, "updspace_session"))

	require.Empty(t, b.follow(aefHost+"/api/v1/session/callback?code=t&next=//evil.example", page).next)
	opened.next = "//evil.example"
	require.Equal(t, "/", b.press(opened).json()["next"])
	p.id.magic["t"] = guest
	b.press(b.follow(aefHost+"/api/v1/session/callback?code=t", page)).refuses(http.StatusForbidden, "TENANT_FORBIDDEN")
}

func TestMagicLinkRequestsAreChecked(t *testing.T) {
	t.Parallel()
	p := start(t)
	b := p.browser()
	address := aefHost + "/api/v1/session/login"
	b.post(address, `{`).refuses(http.StatusBadRequest, "BAD_REQUEST")
	b.post(address, `{}`).refuses(http.StatusUnprocessableEntity, "VALIDATION_ERROR")
	b.post(address, `{"email":"no address"}`).refuses(http.StatusUnprocessableEntity, "VALIDATION_ERROR")
	b.do(http.MethodPost, address, `{"email":"a@b.test"}`, http.Header{"Content-Type": {"text/plain"}}).refuses(http.StatusUnsupportedMediaType, "UNSUPPORTED_MEDIA_TYPE")
	b.do(http.MethodPost, address, `{"email":"a@b.test"}`, http.Header{"Origin": {"https://evil.example"}}).refuses(http.StatusForbidden, "CSRF_FAILED")
	b.get(aefHost+"/api/v1/session/callback").refuses(http.StatusUnprocessableEntity, "VALIDATION_ERROR")
}
