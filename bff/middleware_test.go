package bff_test

import (
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"go.updspace.com/bff/domain"
	"go.updspace.com/libs/fx/servicefx"
	"go.updspace.com/libs/reqctx"
)

func ok(w http.ResponseWriter, _ *http.Request, _ reqctx.Context) {
	answer(w, http.StatusOK, map[string]any{"ok": true})
}

func TestHostsWithoutTenantHaveNothing(t *testing.T) {
	t.Parallel()
	p := start(t)
	b := p.browser()
	for _, host := range []string{"nobody.localhost", "localhost", "id.localhost", "127.0.0.1:8080", "aef.evil.example", "x.aef.localhost"} {
		for _, path := range []string{"/api/v1/session/me", "/api/v1/auth/login", "/api/v1/csrf", "/api/v1/voting/polls", "/api/v1/nothing"} {
			r := b.do(http.MethodGet, aefHost+path, "", http.Header{"Host": {host}})
			r.refuses(http.StatusNotFound, "TENANT_NOT_FOUND")
			require.Empty(t, r.header["Set-Cookie"])
		}
	}
	r := b.do(http.MethodGet, aefHost+"/api/v1/csrf", "", http.Header{"Host": {"api.aef.localhost:1234"}})
	require.Equal(t, http.StatusOK, r.status, "the API's own host is the tenant's, too")
	r = b.do(http.MethodGet, aefHost+"/health", "", http.Header{"Host": {"10.0.0.1"}})
	require.Equal(t, http.StatusOK, r.status, "probes know no tenant")
	r = b.do(http.MethodGet, aefHost+"/health/ready", "", nil)
	require.Equal(t, http.StatusOK, r.status, r.body)
}

func TestCSRF(t *testing.T) {
	t.Parallel()
	p := start(t)
	p.voting.handle("POST /api/v1/voting/votes", ok)
	address := aefHost + "/api/v1/voting/votes"
	post := func(b *browser, header http.Header) reply {
		t.Helper()
		return b.do(http.MethodPost, address, `{}`, header)
	}
	anonymous := p.browser()
	r := post(anonymous, nil).refuses(http.StatusForbidden, "CSRF_FAILED")
	require.NotEmpty(t, anonymous.cookie(aefHost, "updspace_csrf"), "the refusal brings the cookie")
	require.Contains(t, strings.Join(r.header["Set-Cookie"], "\n"), "updspace_csrf=")
	post(anonymous, nil).refuses(http.StatusUnauthorized, "UNAUTHORIZED")

	b := p.browser()
	b.get(aefHost + "/api/v1/csrf")
	before := b.cookie(aefHost, "updspace_csrf")
	b.signIn(aefHost, member)
	other := p.browser().signIn(aefHost, second)
	require.NotEqual(t, before, b.cookie(aefHost, "updspace_csrf"))
	require.Equal(t, http.StatusOK, post(b, nil).status)
	token := b.get(aefHost + "/api/v1/csrf").json()["csrfToken"].(string)
	require.Equal(t, b.cookie(aefHost, "updspace_csrf"), token)

	for name, header := range map[string]http.Header{
		"no token":                     {"X-Csrf-Token": nil},
		"empty token":                  {"X-Csrf-Token": {""}},
		"from before sign-in":          {"X-Csrf-Token": {before}},
		"another session's":            {"X-Csrf-Token": {other.cookie(aefHost, "updspace_csrf")}},
		"made up":                      {"X-Csrf-Token": {domain.NewCSRFToken(domain.NewSecret())}},
		"planted in cookie and header": {"X-Csrf-Token": {"x"}, "Cookie": {"updspace_session=" + b.cookie(aefHost, "updspace_session") + "; updspace_csrf=x"}},
		"foreign origin":               {"Origin": {"https://evil.example"}},
		"origin of another tenant":     {"Origin": {gamingHost}},
		"origin null":                  {"Origin": {"null"}},
		"two origins":                  {"Origin": {aefHost, "https://evil.example"}},
		"cross-site":                   {"Sec-Fetch-Site": {"cross-site"}, "Origin": {aefHost}},
		"same site without origin":     {"Sec-Fetch-Site": {"same-site"}},
	} {
		seen := p.voting.count()
		post(b, header).refuses(http.StatusForbidden, "CSRF_FAILED")
		require.Equal(t, seen, p.voting.count(), name)
	}
	for name, header := range map[string]http.Header{
		"own origin":     {"Origin": {aefHost}, "Sec-Fetch-Site": {"same-origin"}},
		"dev server":     {"Origin": {"http://aef.localhost:5173"}, "Sec-Fetch-Site": {"same-site"}},
		"old dev server": {"Origin": {"http://localhost:5173"}, "Sec-Fetch-Site": {"same-origin"}},
		"not a browser":  {},
		"address bar":    {"Sec-Fetch-Site": {"none"}},
	} {
		require.Equal(t, http.StatusOK, post(b, header).status, name)
	}
	for _, method := range []string{http.MethodPut, http.MethodPatch, http.MethodDelete} {
		b.do(method, address, "", http.Header{"X-Csrf-Token": nil}).refuses(http.StatusForbidden, "CSRF_FAILED")
	}

	// An address that a file is sent to cannot be guessed; other origins are refused there, too.
	upload := aefHost + "/api/v1/activity/news-uploads/6f1e9b0e-6f5c-4f0e-9d43-0d0f3a3c1f55"
	noToken := http.Header{"X-Csrf-Token": nil, "Content-Type": {"application/octet-stream"}}
	b.do(http.MethodPut, upload, "bytes", noToken).refuses(http.StatusNotImplemented, "NOT_IMPLEMENTED")
	b.do(http.MethodPost, upload, "bytes", noToken).refuses(http.StatusForbidden, "CSRF_FAILED")
	noToken["Origin"] = []string{"https://evil.example"}
	b.do(http.MethodPut, upload, "bytes", noToken).refuses(http.StatusForbidden, "CSRF_FAILED")
}

func TestSignOutWorksAtOnceOnEveryInstance(t *testing.T) {
	t.Parallel()
	p := start(t)
	p.voting.handle("GET /api/v1/voting/polls", ok)
	b := p.browser().signIn(aefHost, member)
	p.boot() // a second instance
	there := p.browser()
	there.jar = b.jar
	there.client.Jar = b.jar
	require.Equal(t, http.StatusOK, there.get(aefHost+"/api/v1/voting/polls").status)
	token := b.cookie(aefHost, "updspace_session")

	r := b.post(aefHost+"/api/v1/logout", "")
	require.Equal(t, http.StatusNoContent, r.status, r.body)
	require.Empty(t, b.cookie(aefHost, "updspace_session"))
	stolen := http.Header{"Cookie": {"updspace_session=" + token}}
	b.do(http.MethodGet, aefHost+"/api/v1/session/me", "", stolen).refuses(http.StatusUnauthorized, "UNAUTHORIZED")
	there.do(http.MethodGet, aefHost+"/api/v1/voting/polls", "", stolen).refuses(http.StatusUnauthorized, "UNAUTHORIZED")

	// the answer left a token that fits: the page can go on without a reload
	b.post(aefHost+"/api/v1/session/logout", "").refuses(http.StatusUnauthorized, "UNAUTHORIZED")
}

func TestSessionOfAnotherTenant(t *testing.T) {
	t.Parallel()
	p := start(t)
	p.id.change(member, func(a *account) { a.tenants[gaming] = "active" })
	b := p.browser().signIn(aefHost, member)
	require.Empty(t, b.cookie(gamingHost, "updspace_session"), "host-only cookies do not travel")
	stolen := http.Header{"Cookie": {"updspace_session=" + b.cookie(aefHost, "updspace_session")}}
	there := p.browser()
	there.do(http.MethodGet, gamingHost+"/api/v1/session/me", "", stolen).refuses(http.StatusForbidden, "TENANT_MISMATCH")
	there.do(http.MethodGet, gamingHost+"/api/v1/voting/polls", "", stolen).refuses(http.StatusForbidden, "TENANT_MISMATCH")
	require.Equal(t, http.StatusFound, there.do(http.MethodGet, gamingHost+"/api/v1/auth/login", "", stolen).status, "signing in still works")
	token := domain.NewCSRFToken(domain.Secret(b.cookie(aefHost, "updspace_session")))
	r := there.do(http.MethodPost, gamingHost+"/api/v1/session/logout", "", http.Header{"Cookie": stolen["Cookie"], "X-Csrf-Token": {token}})
	require.Equal(t, http.StatusNoContent, r.status, "signing out still works: %s", r.body)
	b.get(aefHost+"/api/v1/session/me").refuses(http.StatusUnauthorized, "UNAUTHORIZED")
}

func TestSuspensionBites(t *testing.T) {
	t.Parallel()
	p := start(t)
	p.voting.handle("GET /api/v1/voting/polls", ok)
	b := p.browser().signIn(aefHost, member)
	polls := func() reply { return b.get(aefHost + "/api/v1/voting/polls") }
	require.Equal(t, http.StatusOK, polls().status)

	for _, c := range []struct {
		change, undo func(*account)
		code         string
	}{
		{func(a *account) { a.flags["suspended"] = true }, func(a *account) { a.flags["suspended"] = false }, "ACCOUNT_SUSPENDED"},
		{func(a *account) { a.flags["banned"] = true }, func(a *account) { a.flags["banned"] = false }, "ACCOUNT_BANNED"},
		{func(a *account) { a.tenants[aef] = "disabled" }, func(a *account) { a.tenants[aef] = "active" }, "TENANT_FORBIDDEN"},
		{func(a *account) { delete(a.tenants, aef) }, func(a *account) { a.tenants[aef] = "active" }, "TENANT_FORBIDDEN"},
	} {
		p.id.change(member, c.change)
		p.clock.Advance(domain.PrincipalFresh)
		seen := p.voting.count()
		polls().refuses(http.StatusForbidden, c.code)
		b.get(aefHost+"/api/v1/session/me").refuses(http.StatusForbidden, c.code)
		require.Equal(t, seen, p.voting.count())
		p.id.change(member, c.undo)
		p.clock.Advance(domain.PrincipalFresh)
		require.Equal(t, http.StatusOK, polls().status)
	}

	// what changed without a refusal reaches the services
	p.id.change(member, func(a *account) { a.flags["system_admin"] = true })
	p.clock.Advance(domain.PrincipalFresh)
	polls()
	require.True(t, p.voting.last(t).rc.Flags.SystemAdmin)

	// a suspended user can still sign out
	p.id.change(member, func(a *account) { a.flags["suspended"] = true })
	p.clock.Advance(domain.PrincipalFresh)
	require.Equal(t, http.StatusNoContent, b.post(aefHost+"/api/v1/session/logout", "").status)
}

func TestEndingAllSessionsEndsThem(t *testing.T) {
	t.Parallel()
	p := start(t)
	b := p.browser().signIn(aefHost, member)
	p.id.change(member, func(a *account) { a.validFrom = p.clock.Now().Add(time.Second) })
	p.clock.Advance(domain.PrincipalFresh)
	b.get(aefHost+"/api/v1/session/me").refuses(http.StatusUnauthorized, "UNAUTHORIZED")
	p.id.change(member, func(a *account) { a.validFrom = time.Time{} })
	p.clock.Advance(domain.PrincipalFresh)
	b.get(aefHost+"/api/v1/session/me").refuses(http.StatusUnauthorized, "UNAUTHORIZED") // it does not come back to life
	b.signIn(aefHost, member)
	b.get(aefHost + "/api/v1/session/me").json()
}

func TestIdentityAwayMeansTrustForAMinute(t *testing.T) {
	t.Parallel()
	p := start(t)
	p.voting.handle("GET /api/v1/voting/polls", ok)
	b := p.browser().signIn(aefHost, member)
	p.id.away.Store(true)
	p.clock.Advance(59 * time.Second)
	require.Equal(t, http.StatusOK, b.get(aefHost+"/api/v1/voting/polls").status)
	p.clock.Advance(time.Second)
	b.get(aefHost+"/api/v1/voting/polls").refuses(http.StatusServiceUnavailable, "SERVICE_UNAVAILABLE")
	b.post(aefHost+"/api/v1/session/logout", "").refuses(http.StatusServiceUnavailable, "SIGN_OUT_UNCONFIRMED") // over here, not there
	b.get(aefHost+"/api/v1/voting/polls").refuses(http.StatusUnauthorized, "UNAUTHORIZED")
}

func TestSessionMeGoesWithoutWhatIsAway(t *testing.T) {
	hold := make(chan struct{})
	slow := newService(t, "portal")
	slow.handle("GET /api/v1/portal/me", func(_ http.ResponseWriter, r *http.Request, _ reqctx.Context) {
		select {
		case <-hold:
		case <-r.Context().Done():
		}
	})
	defer close(hold)
	p := start(t, func(p *platform) { p.cfg.PortalURL = slow.server.URL })
	b := p.browser().signIn(aefHost, member)
	p.access.server.CloseClientConnections()
	p.access.server.Close()
	me := b.get(aefHost + "/api/v1/session/me").json()
	require.Equal(t, []any{}, me["capabilities"])
	require.Equal(t, []any{}, me["roles"])
	require.Nil(t, me["portal_profile"])
	require.NotNil(t, me["id_profile"])
	require.NotNil(t, me["tenant_membership"])

	p.id.away.Store(true)
	me = b.get(aefHost + "/api/v1/session/me").json()
	require.Nil(t, me["id_profile"])
	require.Equal(t, member.String(), me["user"].(map[string]any)["id"])
}

func TestRateLimits(t *testing.T) {
	p := start(t, withRedis, func(p *platform) {
		p.cfg.RateAuth, p.cfg.RateAnonymous, p.cfg.RateReads, p.cfg.RateWrites = 5, 5, 4, 2
	}).countsTogether()
	p.voting.handle("/api/v1/voting/", ok)
	b := p.browser().signIn(aefHost, member) // two of five
	again := p.browser().signIn(aefHost, member)
	require.Equal(t, http.StatusFound, b.get(aefHost+"/api/v1/auth/login").status)
	r := b.get(aefHost+"/api/v1/auth/login").refuses(http.StatusTooManyRequests, "RATE_LIMITED")
	require.NotEmpty(t, r.header.Get("Retry-After"))
	require.Regexp(t, `"retry_after":\d+`, r.body)
	require.Contains(t, r.body, `"limit":5`)
	require.Contains(t, r.body, `"window":60`)
	b.get(aefHost+"/api/v1/auth/callback").refuses(http.StatusTooManyRequests, "RATE_LIMITED")

	for range 2 { // a second session of the same user does not double the limit
		require.Equal(t, http.StatusOK, b.get(aefHost+"/api/v1/voting/polls").status)
		require.Equal(t, http.StatusOK, again.get(aefHost+"/api/v1/voting/polls").status)
	}
	b.get(aefHost+"/api/v1/voting/polls").refuses(http.StatusTooManyRequests, "RATE_LIMITED")
	again.get(aefHost+"/api/v1/voting/polls").refuses(http.StatusTooManyRequests, "RATE_LIMITED")
	require.Equal(t, http.StatusOK, b.post(aefHost+"/api/v1/voting/votes", "{}").status, "writes are counted apart")

	anonymous := p.browser()
	for range 5 {
		anonymous.get(aefHost+"/api/v1/session/me").refuses(http.StatusUnauthorized, "UNAUTHORIZED")
	}
	anonymous.get(aefHost+"/api/v1/session/me").refuses(http.StatusTooManyRequests, "RATE_LIMITED")
	// X-Forwarded-For of a client is not believed
	anonymous.do(http.MethodGet, aefHost+"/api/v1/session/me", "", http.Header{"X-Forwarded-For": {"203.0.113.9"}}).refuses(http.StatusTooManyRequests, "RATE_LIMITED")
	// the count is shared
	p.boot()
	p.countsTogether().browser().get(aefHost+"/api/v1/session/me").refuses(http.StatusTooManyRequests, "RATE_LIMITED")
}

// Made-up cookies and hosts cost no lookup once their address has tried enough of them. What is known costs none and works.
func TestLookupsOfWhatDoesNotExistAreLimited(t *testing.T) {
	t.Parallel()
	p := start(t, func(p *platform) { p.cfg.RateUnknown = 5 })
	p.voting.handle("/api/v1/voting/", ok)
	b := p.browser().signIn(aefHost, member)
	eventually(t, func() bool { return b.get(aefHost+"/api/v1/voting/polls").status == http.StatusOK && p.cached(b) }, "the session is cached")
	made := func() http.Header {
		return http.Header{"Cookie": {"updspace_session=" + string(domain.NewSecret())}}
	}
	guesser := p.browser()
	for range 5 {
		guesser.do(http.MethodGet, aefHost+"/api/v1/session/me", "", made()).refuses(http.StatusUnauthorized, "UNAUTHORIZED")
	}
	guesser.do(http.MethodGet, aefHost+"/api/v1/session/me", "", made()).refuses(http.StatusTooManyRequests, "RATE_LIMITED")
	asked := p.id.tenants.Load()
	for i := range 3 {
		guesser.do(http.MethodGet, aefHost+"/api/v1/csrf", "", http.Header{"Host": {fmt.Sprintf("unknown%d.localhost", i)}}).
			refuses(http.StatusTooManyRequests, "RATE_LIMITED")
	}
	require.Equal(t, asked, p.id.tenants.Load(), "identity is not asked")
	require.Equal(t, http.StatusOK, b.get(aefHost+"/api/v1/voting/polls").status, "a signed-in user at the same address")
	require.Equal(t, http.StatusOK, guesser.get(aefHost+"/api/v1/csrf").status)
}

// Behind a proxy that the settings do not list all clients would be one: production says so.
func TestUnknownProxiesAreReported(t *testing.T) {
	t.Parallel()
	var log lockedBuffer
	p := start(t, func(p *platform) {
		p.cfg.Mode, p.cfg.TrustedProxies, p.cfg.Log = servicefx.Production, []string{"10.0.0.0/8"}, &log
		p.cfg.TenantHostSuffix, p.cfg.PublicOrigin = "updspace.com", "https://{tenant}.updspace.com"
	})
	b := p.browser()
	for range 3 {
		b.do(http.MethodGet, "http://aef.updspace.com/api/v1/csrf", "", http.Header{"X-Forwarded-For": {"203.0.113.9"}})
	}
	require.Equal(t, 1, strings.Count(log.String(), "TRUSTED_PROXIES"), "once a minute")
}

func TestRateLimitsBehindOurProxy(t *testing.T) {
	p := start(t, withRedis, func(p *platform) { p.cfg.RateAnonymous = 2; p.cfg.TrustedProxies = []string{"127.0.0.0/8"} }).countsTogether()
	b := p.browser()
	from := func(forwarded ...string) reply {
		return b.do(http.MethodGet, aefHost+"/api/v1/session/me", "", http.Header{"X-Forwarded-For": forwarded})
	}
	for range 2 {
		from("203.0.113.9").refuses(http.StatusUnauthorized, "UNAUTHORIZED")
	}
	from("203.0.113.9").refuses(http.StatusTooManyRequests, "RATE_LIMITED")
	from("198.51.100.7, 203.0.113.9").refuses(http.StatusTooManyRequests, "RATE_LIMITED") // what the client wrote does not count
	from("203.0.113.10").refuses(http.StatusUnauthorized, "UNAUTHORIZED")
	for i := range 2 {
		from(fmt.Sprintf("2001:db8::%d", i)).refuses(http.StatusUnauthorized, "UNAUTHORIZED")
	}
	from("2001:db8::ffff").refuses(http.StatusTooManyRequests, "RATE_LIMITED") // one network, one client
}

// lockedBuffer is a log that is read while it is written.
type lockedBuffer struct {
	mu sync.Mutex
	strings.Builder
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.Builder.Write(p)
}

func (b *lockedBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.Builder.String()
}

func TestRateLimitsWithoutRedis(t *testing.T) {
	t.Parallel()
	p := start(t, func(p *platform) { p.cfg.RedisURL, p.cfg.RateAnonymous = "redis://127.0.0.1:1", 3 })
	b := p.browser()
	for range 3 {
		b.get(aefHost+"/api/v1/session/me").refuses(http.StatusUnauthorized, "UNAUTHORIZED")
	}
	b.get(aefHost+"/api/v1/session/me").refuses(http.StatusTooManyRequests, "RATE_LIMITED")
	p.clock.Advance(time.Minute)
	b.get(aefHost+"/api/v1/session/me").refuses(http.StatusUnauthorized, "UNAUTHORIZED")
}

func TestRequestIDs(t *testing.T) {
	t.Parallel()
	p := start(t)
	b := p.browser()
	id := func(sent string) string {
		return b.do(http.MethodGet, aefHost+"/api/v1/csrf", "", http.Header{"X-Request-Id": {sent}}).header.Get("X-Request-Id")
	}
	for _, good := range []string{"req_1700000000000_ab12", "5f0c4f9e-0000-4000-8000-000000000000"} {
		require.Equal(t, good, id(good))
	}
	for _, bad := range []string{strings.Repeat("a", 129), "a b", "<script>", `"`, "ü"} {
		require.NotEqual(t, bad, id(bad))
		require.NotEmpty(t, id(bad))
	}
}

func TestUnknownAddressesAndMethods(t *testing.T) {
	t.Parallel()
	p := start(t)
	b := p.browser().signIn(aefHost, member)
	b.get(aefHost+"/api/v1/nothing").refuses(http.StatusNotFound, "NOT_FOUND")
	b.get(aefHost+"/nothing").refuses(http.StatusNotFound, "NOT_FOUND")
	b.get(aefHost+"/api/v1/auth/exchange").refuses(http.StatusNotFound, "NOT_FOUND")
	b.get(aefHost+"/internal/v1/principal").refuses(http.StatusNotFound, "NOT_FOUND")
	b.get(aefHost+"/api/v1/votingbooth").refuses(http.StatusNotFound, "NOT_FOUND")
	r := b.post(aefHost+"/api/v1/auth/login", "{}").refuses(http.StatusMethodNotAllowed, "METHOD_NOT_ALLOWED")
	require.Contains(t, r.header.Get("Allow"), "GET")
	r = b.do(http.MethodOptions, aefHost+"/api/v1/voting/polls", "", nil).refuses(http.StatusMethodNotAllowed, "METHOD_NOT_ALLOWED")
	require.Equal(t, "GET, HEAD, POST, PUT, PATCH, DELETE", r.header.Get("Allow"))
}

func TestSecurityHeaders(t *testing.T) {
	t.Parallel()
	p := start(t)
	p.voting.handle("GET /api/v1/voting/polls", func(w http.ResponseWriter, r *http.Request, rc reqctx.Context) {
		for _, name := range []string{"X-Content-Type-Options", "X-Frame-Options", "Referrer-Policy", "Cross-Origin-Opener-Policy", "Content-Security-Policy"} {
			w.Header().Set(name, "of the service")
		}
		ok(w, r, rc)
	})
	b := p.browser()
	link := strings.TrimPrefix(b.sendLink(member, "/"), aefHost)
	b.signIn(aefHost, member)
	for path, accept := range map[string]string{
		"/api/v1/csrf": "", "/api/v1/session/me": "", "/nothing": "", "/": "", "/favicon.svg": "", "/favicon.ico": "", "/health": "",
		"/api/v1/voting/polls": "", "/api/v1/events": "", "/api/v1/voting//polls": "", "/api/v1/auth/login": "",
		"/api/v1/auth/callback?code=c": "text/html", "/api/v1/auth/callback?error=x": "text/html", link: "text/html",
	} {
		h := b.do(http.MethodGet, aefHost+path, "", http.Header{"Accept": {accept}}).header
		require.Equal(t, "nosniff", h.Get("X-Content-Type-Options"), path)
		require.Equal(t, "DENY", h.Get("X-Frame-Options"), path)
		require.Equal(t, "same-origin", h.Get("Referrer-Policy"), path)
		require.Equal(t, "same-origin", h.Get("Cross-Origin-Opener-Policy"), path)
		require.Contains(t, h.Get("Content-Security-Policy"), "frame-ancestors 'none'", path)
		require.Empty(t, h.Get("Strict-Transport-Security"), "not over plain http")
	}
}
