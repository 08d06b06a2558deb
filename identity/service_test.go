package identity_test

import (
	"context"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"go.uber.org/fx"

	"go.updspace.com/api/contract"
	"go.updspace.com/api/identityapi"
	"go.updspace.com/identity"
	"go.updspace.com/identity/adapters/pg/migrations"
	"go.updspace.com/identity/adapters/seal"
	"go.updspace.com/identity/adapters/smtp"
	"go.updspace.com/identity/app"
	"go.updspace.com/identity/ports"
	"go.updspace.com/libs/fx/servicefx"
	"go.updspace.com/libs/pg"
	"go.updspace.com/libs/reqctx"
	"go.updspace.com/libs/signing"
	"go.updspace.com/libs/testkit"
)

// document is the service's spec, read once: that takes longer than most tests.
var document = sync.OnceValues(identityapi.GetSpec)

func TestMain(m *testing.M) { testkit.Main(m) }

const (
	portalSecret = "portal-secret-portal-secret-portal"
	callback     = "http://aef.localhost:8080/api/v1/auth/callback"
	linkTarget   = "http://aef.localhost:8080/api/v1/session/callback?next=%2Fapp"
)

var (
	aef    = uuid.MustParse("00000000-0000-0000-0000-000000000001")
	gaming = uuid.MustParse("00000000-0000-0000-0000-000000000002")
	member = uuid.MustParse("00000000-0000-4000-8000-000000000002")
	sealed = seal.NewKey("test")
)

// service is the whole service as it runs, with the demo data, on a database of its own.
type service struct {
	t     testing.TB
	cfg   identity.Config
	url   string
	clock *testkit.Clock
	inside
}

// inside is what a test reaches into the running service for: what operators
// and time do to it.
type inside struct {
	fx.In
	Clients  *app.Clients
	Accounts *app.Accounts
	Tenants  *app.Tenants
	Keys     *app.Keys
	Mails    *app.Mails
}

// config is that of a service that will listen on a free port.
func config(t testing.TB, database pg.Config) identity.Config {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { _ = listener.Close() })
	return identity.Config{
		Config: servicefx.Config{
			Mode: servicefx.Development, Addr: "127.0.0.1:0", Listener: listener, Log: io.Discard, Signing: signing.Config{Secret: testkit.Secret},
		},
		Database: database, PublicURL: "http://" + listener.Addr().String(), SealKeys: sealed, PasswordQueue: 64,
		Portal: identity.PortalClient{
			ID: "portal", Secret: portalSecret, Name: "AEF Portal", Algorithm: "ES256", PublicOrigin: "http://{tenant}.localhost:8080",
		},
	}
}

func start(t testing.TB, change ...func(*identity.Config)) *service {
	t.Helper()
	s := &service{t: t, cfg: config(t, testkit.Postgres(t, migrations.Set())), clock: testkit.NewClock()}
	for _, c := range change {
		c(&s.cfg)
	}
	s.url = s.cfg.PublicURL
	require.NoError(t, identity.SeedDemo(context.Background(), s.cfg, identity.DefaultDemo()))
	s.clock.Set(time.Now().Add(time.Second)) // after what was seeded; and clients of the provider compare with theirs
	s.inside = run(t, s.cfg, s.clock)
	return s
}

// production is the service as it runs outside development, with one tenant
// and nobody in it. Its mail server never answers.
func production(t testing.TB) *service {
	t.Helper()
	s := &service{t: t, cfg: config(t, testkit.Postgres(t, migrations.Set())), clock: testkit.NewClock()}
	s.url = s.cfg.PublicURL
	s.cfg.Mode, s.cfg.PublicURL = servicefx.Production, "https://id.updspace.com"
	s.cfg.SMTP = smtp.Config{Host: "127.0.0.1", Port: 1, From: "id@updspace.com", TLS: "none"}
	s.inside = run(t, s.cfg, s.clock)
	_, err := s.Tenants.Create(context.Background(), aef, "aef", "AEF")
	require.NoError(t, err)
	return s
}

func run(t testing.TB, cfg identity.Config, clock *testkit.Clock) (in inside) {
	t.Helper()
	a := fx.New(identity.Module(cfg), fx.Replace(fx.Annotate(clock, fx.As(new(ports.Clock)))), fx.Invoke(func(i inside) { in = i }))
	require.NoError(t, a.Err())
	require.NoError(t, a.Start(context.Background()))
	openapi3.DefineStringFormatValidator("uuid", openapi3.NewRegexpFormatValidator(contract.UUIDPattern)) // the demo tenants' ids have no version
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
		defer cancel()
		require.NoError(t, a.Stop(ctx))
	})
	return in
}

// gateway is the generated client, signing as the gateway does for a user of a
// tenant. Every answer is held against the document.
func (s *service) gateway(rc reqctx.Context) *identityapi.ClientWithResponses {
	s.t.Helper()
	spec, err := document()
	require.NoError(s.t, err)
	client, err := identityapi.NewClientWithResponses(s.url, identityapi.WithHTTPClient(testkit.Client(s.t, s.url, "identity", rc, spec)))
	require.NoError(s.t, err)
	return client
}

func ofTenant(tenant uuid.UUID, slug string) reqctx.Context {
	return reqctx.Context{TenantID: tenant, TenantSlug: slug}
}

func ofUser(user uuid.UUID) reqctx.Context {
	return reqctx.Context{TenantID: aef, TenantSlug: "aef", UserID: user}
}

// script is the generated client of a script on the ID host: nobody signs, and
// what with says is sent along.
func (s *service) script(with ...string) *identityapi.ClientWithResponses {
	s.t.Helper()
	client, err := identityapi.NewClientWithResponses(s.url, identityapi.WithHTTPClient(s.plain()), identityapi.WithRequestEditorFn(
		func(_ context.Context, r *http.Request) error {
			for i := 0; i+1 < len(with); i += 2 {
				r.Header.Set(with[i], with[i+1])
			}
			return nil
		}))
	require.NoError(s.t, err)
	return client
}

// plain is an HTTP client whose exchanges are held against the document.
func (s *service) plain() *http.Client {
	s.t.Helper()
	spec, err := document()
	require.NoError(s.t, err)
	base := http.DefaultTransport.(*http.Transport).Clone()
	s.t.Cleanup(base.CloseIdleConnections)
	return &http.Client{
		Transport:     testkit.Validating(s.t, s.url, spec, base),
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// formToken is a fresh token for a sign-in form.
func (s *service) formToken() string {
	s.t.Helper()
	r, err := s.script().GetFormTokenWithResponse(context.Background(), &identityapi.GetFormTokenParams{Purpose: identityapi.GetFormTokenParamsPurposeLogin})
	return fine(s.t, r, err).JSON200.FormToken
}

func (s *service) tryLogin(email, password string) (*identityapi.LoginResponse, error) {
	token := s.formToken()
	return s.script("X-Form-Token", token).LoginWithResponse(context.Background(), nil, identityapi.LoginRequest{Email: email, Password: password})
}

// login signs a demo user in and returns the session token.
func (s *service) login(email string) string {
	s.t.Helper()
	r, err := s.tryLogin(email, identity.DemoPassword)
	return fine(s.t, r, err).JSON200.Meta.SessionToken
}

// browser is a browser without scripts: it keeps cookies, follows links and
// stops where it would leave the service.
type browser struct {
	t      testing.TB
	client *http.Client
	base   string
}

func (s *service) browser() *browser {
	s.t.Helper()
	jar, err := cookiejar.New(nil)
	require.NoError(s.t, err)
	base := http.DefaultTransport.(*http.Transport).Clone()
	s.t.Cleanup(base.CloseIdleConnections)
	home := s.url
	return &browser{t: s.t, base: home, client: &http.Client{Jar: jar, Transport: base, CheckRedirect: func(r *http.Request, _ []*http.Request) error {
		if !strings.HasPrefix(r.URL.String(), home+"/") {
			return http.ErrUseLastResponse
		}
		return nil
	}}}
}

// page is where a browser has got to.
type page struct {
	*http.Response
	body string
}

func (b *browser) get(path string) page {
	b.t.Helper()
	r, err := http.NewRequest(http.MethodGet, b.base+path, nil)
	require.NoError(b.t, err)
	r.Header.Set("Accept", "text/html")
	return b.do(r)
}

func (b *browser) post(path string, form url.Values, headers ...string) page {
	b.t.Helper()
	r, err := http.NewRequest(http.MethodPost, b.base+path, strings.NewReader(form.Encode()))
	require.NoError(b.t, err)
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Origin", b.base)
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	return b.do(r)
}

func (b *browser) do(r *http.Request) page {
	b.t.Helper()
	resp, err := b.client.Do(r)
	require.NoError(b.t, err)
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	require.NoError(b.t, err)
	return page{Response: resp, body: string(body)}
}

var hiddenField = regexp.MustCompile(`<input type="hidden" name="([^"]+)" value="([^"]*)">`)

// fields are the hidden fields of the page's form.
func (p page) fields() url.Values {
	out := url.Values{}
	for _, m := range hiddenField.FindAllStringSubmatch(p.body, -1) {
		out.Set(m[1], strings.NewReplacer("&amp;", "&", "&#43;", "+", "&#34;", `"`, "&#39;", "'").Replace(m[2]))
	}
	return out
}

// signIn fills in the form of a sign-in page.
func (b *browser) signIn(p page, email, password string) page {
	b.t.Helper()
	form := p.fields()
	form.Set("email", email)
	form.Set("password", password)
	return b.post("/login", form)
}

// answer is what every generated response has in common.
type answer interface {
	StatusCode() int
	GetBody() []byte
}

// refused requires a failure with its code.
func refused(t testing.TB, status int, code string, r answer, err error) {
	t.Helper()
	require.NoError(t, err)
	require.Equal(t, status, r.StatusCode(), "%s", r.GetBody())
	var body struct{ Error struct{ Code string } }
	require.NoError(t, json.Unmarshal(r.GetBody(), &body), "%s", r.GetBody())
	require.Equal(t, code, body.Error.Code, "%s", r.GetBody())
}

// fine requires success.
func fine[R answer](t testing.TB, r R, err error) R {
	t.Helper()
	require.NoError(t, err)
	require.Less(t, r.StatusCode(), 400, "%s", r.GetBody())
	return r
}
