package identity_test

import (
	"crypto/tls"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"

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
	}, reaching(logout))}
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
