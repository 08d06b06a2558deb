package identity_test

import (
	"crypto/tls"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/stretchr/testify/require"

	"go.updspace.com/identity"
	"go.updspace.com/identity/domain"
	"go.updspace.com/libs/pg"
)

// The tests in conformance_*_test.go mirror the plans of the OpenID Foundation's conformance suite for providers: one test per module,
// under the module's name. docs/openid-conformance.md lists them with their results. What the suite calls a warning fails here, too,
// unless that list says otherwise.

// suite is the service behind TLS and a client's own server.
type suite struct {
	*service
	rp *rpServer
}

// rpServer is the server of the clients: redirect URI, the address after sign-out, and the one for logout tokens.
type rpServer struct {
	*httptest.Server
	mu       sync.Mutex
	requests []rpRequest
}

type rpRequest struct {
	method, path string
	query, form  url.Values
	header       http.Header
}

const (
	rpBase       = "/test/a/updspace"
	rpCallback   = rpBase + "/callback"
	rpPostLogout = rpBase + "/post_logout_redirect"
	rpLogout     = rpBase + "/backchannel_logout"
)

func (rp *rpServer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	form, _ := url.ParseQuery(string(body))
	rp.mu.Lock()
	defer rp.mu.Unlock()
	rp.requests = append(rp.requests, rpRequest{r.Method, r.URL.Path, r.URL.Query(), form, r.Header})
	w.Header().Set("Cache-Control", "no-store")
}

// take returns the requests so far and forgets them.
func (rp *rpServer) take() []rpRequest {
	rp.mu.Lock()
	defer rp.mu.Unlock()
	requests := rp.requests
	rp.requests = nil
	return requests
}

func newSuite(t *testing.T) *suite {
	t.Helper()
	certificate := httptest.NewTLSServer(nil)
	t.Cleanup(certificate.Close)
	rp := &rpServer{}
	rp.Server = httptest.NewTLSServer(rp)
	t.Cleanup(rp.Close)
	logout := httptest.NewServer(rp) // the service trusts only public authorities
	t.Cleanup(logout.Close)
	s := &suite{rp: rp, service: start(t, func(c *identity.Config) {
		c.Listener = tls.NewListener(c.Listener, certificate.TLS)
		c.PublicURL = "https://" + c.Listener.Addr().String()
	})}
	s.tls = certificate.Client().Transport.(*http.Transport).TLSClientConfig //nolint:forcetypeassert // httptest's; both servers have one certificate
	for _, id := range []string{"client", "client2"} {
		require.NoError(t, s.Clients.Register(ctx, domain.Client{
			ID: id, Name: id, Secrets: []domain.Hash{domain.Secret(secretOf(id)).Hash()}, Algorithm: domain.RS256, PKCEOptional: true,
			Redirects:  []domain.RedirectRule{domain.RedirectRule(rp.URL + rpCallback)},
			PostLogout: []domain.RedirectRule{domain.RedirectRule(rp.URL + rpPostLogout)},
			LogoutURI:  logout.URL + rpLogout, GrantTypes: []string{domain.GrantCode, domain.GrantRefresh},
		}))
	}
	s.complete(t)
	return s
}

// complete gives the test user every claim that an account can have.
func (s *suite) complete(t *testing.T) {
	t.Helper()
	db, err := pg.Open(ctx, pg.Config{URL: s.cfg.Database.MigrateURL})
	require.NoError(t, err)
	defer func() { require.NoError(t, db.Close()) }()
	_, err = db.Conn(pg.AcrossTenants(ctx, "test")).NewRaw(`UPDATE users SET phone = '+3725550101', phone_verified = true, birth_date = '1990-02-03', timezone = 'Europe/Tallinn',
		language = 'en', display_name = 'Mika' WHERE id = ?`, member).Exec(ctx)
	require.NoError(t, err)
}

// secretOf has characters that must be encoded, and 32 bytes or more.
func secretOf(client string) string { return client + ":+/&=% #-secret-secret-secret-secret" }

// module is one run of a module of a plan: it has a browser without cookies.
type module struct {
	*suite
	t testing.TB
	b *browser
}

func (s *suite) module(t testing.TB) *module {
	t.Helper()
	s.service.t = t // its helpers fail the module
	m := &module{suite: s, t: t, b: s.browser()}
	m.b.client.CheckRedirect = nil // it follows to the client's server
	m.rp.take()
	return m
}

// flow is an authorization and what came of it. A zero field is set to what most modules need.
type flow struct {
	client        string
	scope         string
	state, nonce  string
	more          url.Values // added to the request, or put into the place of its parameters; an empty list leaves one out
	post          bool       // the request is a form
	reversed      bool       // the parameters are in reverse order
	secretInBody  bool
	verifier      string
	sawLogin      bool
	sawConsent    bool
	callback      url.Values
	token         map[string]any
	id            map[string]any // the claims of the ID token
	idHeader      jose.Header
	access, rawID string
	metadata      map[string]any
	keys          jose.JSONWebKeySet
}

// random is text of n random letters and digits.
func random(n int) string {
	text := string(domain.NewSecret()) + string(domain.NewSecret()) + string(domain.NewSecret())
	return strings.NewReplacer("-", "a", "_", "b").Replace(text)[:n]
}

func (m *module) flow(change ...func(*flow)) *flow {
	f := &flow{client: "client", scope: "openid", state: random(10), nonce: random(10), more: url.Values{}}
	for _, c := range change {
		c(f)
	}
	return f
}

func with(name, value string) func(*flow) { return func(f *flow) { f.more.Set(name, value) } }
func scope(s string) func(*flow)          { return func(f *flow) { f.scope = s } }
func without(name string) func(*flow)     { return func(f *flow) { f.more[name] = nil } }

// setup is the block SETUP.
func (m *module) setup(f *flow) {
	m.t.Helper()
	require.NoError(m.t, json.Unmarshal([]byte(m.fetch("/.well-known/openid-configuration")), &f.metadata))
	for _, name := range []string{"issuer", "authorization_endpoint", "token_endpoint", "jwks_uri"} {
		u, err := url.Parse(f.metadata[name].(string))
		require.NoError(m.t, err)
		require.True(m.t, u.IsAbs() && u.Host != "", name)
	}
	methods := f.list(m.t, "token_endpoint_auth_methods_supported")
	require.Contains(m.t, methods, "client_secret_basic")
	require.Contains(m.t, methods, "client_secret_post")
	raw := m.fetch(m.path(f.metadata["jwks_uri"].(string)))
	require.NoError(m.t, json.Unmarshal([]byte(raw), &f.keys))
	kids := map[string]bool{}
	for _, k := range f.keys.Keys {
		require.True(m.t, k.Valid() && k.IsPublic(), k.KeyID)
		require.NotEmpty(m.t, k.KeyID)
		require.False(m.t, kids[k.KeyID], "kids are distinct")
		kids[k.KeyID] = true
	}
	for _, private := range []string{`"d"`, `"p"`, `"q"`, `"k"`, `"dp"`, `"dq"`, `"qi"`} {
		require.NotContains(m.t, raw, private)
	}
}

func (m *module) fetch(path string) string {
	m.t.Helper()
	p := m.b.get(path)
	require.Equal(m.t, http.StatusOK, p.StatusCode, p.body)
	require.Contains(m.t, p.Header.Get("Content-Type"), "application/json")
	return p.body
}

// path is an address of the service without its host.
func (m *module) path(address string) string {
	m.t.Helper()
	path, ours := strings.CutPrefix(address, m.url)
	require.True(m.t, ours, address)
	return path
}

func (f *flow) list(t testing.TB, member string) (out []string) {
	t.Helper()
	values, ok := f.metadata[member].([]any)
	require.True(t, ok, member)
	for _, v := range values {
		out = append(out, v.(string))
	}
	return out
}

// auth is the block AUTH, with what the user does: it returns where the browser ends up.
func (m *module) auth(f *flow) page {
	m.t.Helper()
	params := url.Values{
		"client_id": {f.client}, "redirect_uri": {m.rp.URL + rpCallback}, "scope": {f.scope}, "state": {f.state}, "nonce": {f.nonce}, "response_type": {"code"},
	}
	for name, values := range f.more {
		if params[name] = values; len(values) == 0 {
			delete(params, name)
		}
	}
	if f.post {
		return m.walk(f, m.crossSite("/oauth/authorize", params))
	}
	query := params.Encode()
	if f.reversed {
		parts := strings.Split(query, "&")
		slices.Reverse(parts)
		query = strings.Join(parts, "&")
	}
	return m.walk(f, m.b.get("/oauth/authorize?"+query))
}

// crossSite sends a form of the client's page: the browser leaves its Lax cookies out, and brings them where it is sent on to.
func (m *module) crossSite(path string, form url.Values) page {
	m.t.Helper()
	foreign := &http.Client{Transport: m.b.client.Transport, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	p := m.b.write(foreign, http.MethodPost, path, "application/x-www-form-urlencoded", form.Encode(), []string{"Origin", m.rp.URL, "Sec-Fetch-Site", "cross-site"})
	require.Equal(m.t, http.StatusSeeOther, p.StatusCode, p.body)
	target, err := p.Location()
	require.NoError(m.t, err)
	return m.b.get(m.path(target.String()))
}

// walk signs in and consents, as long as it is asked to.
func (m *module) walk(f *flow, p page) page {
	m.t.Helper()
	for range 4 {
		switch {
		case p.StatusCode != http.StatusOK || !strings.HasPrefix(p.Request.URL.String(), m.url):
			return p
		case p.at() == "/login":
			require.False(m.t, f.sawLogin, "one sign-in is enough")
			f.sawLogin = true
			p = m.b.signIn(p, "member@aef.test", identity.DemoPassword)
		case p.at() == "/authorize" && p.boot(m.t).Forms.Authorize != nil:
			f.sawConsent = true
			target := m.b.send(http.MethodPost, "/oauth/authorize/approve", map[string]any{"request_id": p.boot(m.t).Forms.Authorize.RequestID}).leadsTo(m.t)
			path, ours := strings.CutPrefix(target, m.url)
			if ours {
				p = m.b.get(path)
				continue
			}
			r, err := http.NewRequest(http.MethodGet, target, nil)
			require.NoError(m.t, err)
			return m.b.do(m.b.client, r)
		default:
			return p
		}
	}
	require.Fail(m.t, "the browser goes in circles")
	return p
}

// cb is the block CB.
func (m *module) cb(f *flow, p page) {
	m.t.Helper()
	m.arrived(f, p)
	require.Empty(m.t, f.callback.Get("error"), "%v", f.callback)
	require.NotEmpty(m.t, f.callback.Get("code"), "%v", f.callback)
}

// arrived requires that the browser has got to the redirect URI, once.
func (m *module) arrived(f *flow, p page) {
	m.t.Helper()
	requests := m.rp.take()
	require.Len(m.t, requests, 1, "%d %s: %s", p.StatusCode, p.Request.URL, p.body)
	require.Equal(m.t, rpCallback, requests[0].path)
	require.Equal(m.t, http.MethodGet, requests[0].method)
	f.callback = requests[0].query
	require.Equal(m.t, f.state, f.callback.Get("state"))
	require.Equal(m.t, m.url, f.callback.Get("iss"))
}

// tok is the block TOK.
func (m *module) tok(f *flow) {
	m.t.Helper()
	status, header, body := m.redeem(f)
	require.Equal(m.t, http.StatusOK, status, "%v", body)
	m.tokens(f, header, body)
}

// redeem sends the token request of a flow.
func (m *module) redeem(f *flow) (int, http.Header, map[string]any) {
	m.t.Helper()
	form := url.Values{"grant_type": {"authorization_code"}, "code": {f.callback.Get("code")}, "redirect_uri": {m.rp.URL + rpCallback}}
	if f.verifier != "" {
		form.Set("code_verifier", f.verifier)
	}
	return m.asClient(f.client, form, f.secretInBody)
}

// asClient posts to the token endpoint with the client's secret.
func (m *module) asClient(client string, form url.Values, inBody bool) (int, http.Header, map[string]any) {
	m.t.Helper()
	if inBody {
		form.Set("client_id", client)
		form.Set("client_secret", secretOf(client))
		return m.form("/oauth/token", form)
	}
	r := &http.Request{Header: http.Header{}}
	r.SetBasicAuth(url.QueryEscape(client), url.QueryEscape(secretOf(client)))
	return m.form("/oauth/token", form, "Authorization", r.Header.Get("Authorization"))
}

// tokens checks a token answer.
func (m *module) tokens(f *flow, header http.Header, body map[string]any) {
	m.t.Helper()
	require.Contains(m.t, header.Get("Content-Type"), "application/json")
	require.Contains(m.t, header.Get("Cache-Control"), "no-store")
	require.NotContains(m.t, body, "error")
	f.token = body
	f.access, f.rawID = body["access_token"].(string), body["id_token"].(string)
	require.True(m.t, strings.EqualFold("Bearer", body["token_type"].(string)))
	expires, ok := body["expires_in"].(float64)
	require.True(m.t, ok, "expires_in is a number")
	require.True(m.t, expires >= 1 && expires <= 31536000)
	require.Greater(m.t, shannon(f.access), 96.0)
}

// ui is the block UI.
func (m *module) ui(f *flow) {
	m.t.Helper()
	m.userinfo(f, http.MethodGet, "", "Authorization", f.token["token_type"].(string)+" "+f.access)
}

// userinfo asks for claims and makes the checks of UIC.
func (m *module) userinfo(f *flow, method, body string, headers ...string) map[string]any {
	m.t.Helper()
	kind := ""
	if body != "" {
		kind = "application/x-www-form-urlencoded"
	}
	p := m.b.write(m.b.client, method, "/oauth/userinfo", kind, body, headers)
	require.Equal(m.t, http.StatusOK, p.StatusCode, p.body)
	require.Contains(m.t, p.Header.Get("Content-Type"), "application/json")
	var claims map[string]any
	require.NoError(m.t, json.Unmarshal([]byte(p.body), &claims))
	m.standardClaims(claims)
	require.Equal(m.t, f.id["sub"], claims["sub"])
	require.NotContains(m.t, claims, "_claim_names")
	return claims
}

// happy is the block HAPPY.
func (m *module) happy(change ...func(*flow)) *flow {
	m.t.Helper()
	f := m.flow(change...)
	m.setup(f)
	m.cb(f, m.auth(f))
	m.tok(f)
	m.idt(f)
	m.ui(f)
	return f
}

// claims is the block CLAIMS: the claims at userinfo, of which none may be missing.
func (m *module) claims(want []string, change ...func(*flow)) map[string]any {
	m.t.Helper()
	f := m.happy(change...)
	claims := m.userinfo(f, http.MethodGet, "", "Authorization", "Bearer "+f.access)
	names := slices.Sorted(maps.Keys(claims))
	for _, name := range append([]string{"sub"}, want...) {
		require.Contains(m.t, names, name)
	}
	return claims
}

// twice is the block TWICE: the second authorization needs no user.
func (m *module) twice(first, second func(before, f *flow)) (one, two *flow) {
	m.t.Helper()
	one = m.happy(func(f *flow) { first(nil, f) })
	m.clock.Advance(time.Minute)
	two = m.happy(func(f *flow) { second(one, f) })
	require.False(m.t, two.sawLogin || two.sawConsent, "no page is shown")
	require.Equal(m.t, one.id["sub"], two.id["sub"])
	require.Equal(m.t, one.id["auth_time"], two.id["auth_time"])
	return one, two
}

// err is the block ERR: an error at the redirect URI, one of those that are wanted.
func (m *module) err(f *flow, p page, want ...string) {
	m.t.Helper()
	m.arrived(f, p)
	require.Empty(m.t, f.callback.Get("code"))
	require.Contains(m.t, want, f.callback.Get("error"))
	m.oauthError(f.callback.Get("error"), f.callback.Get("error_description"), f.callback.Get("error_uri"))
	require.Subset(m.t, []string{"error", "error_description", "error_uri", "state", "session_state", "iss"}, slices.Collect(maps.Keys(f.callback)))
}

// errorPage requires a page that names the error, and that the client was not called.
func (m *module) errorPage(p page, status int, code string) {
	m.t.Helper()
	p.shows(m.t, status, code)
	require.Contains(m.t, p.Header.Get("Content-Type"), "text/html")
	require.Empty(m.t, p.Header.Get("Location"))
	require.Empty(m.t, m.rp.take())
}
