package identity_test

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"go.uber.org/fx"

	"go.updspace.com/api/identityapi"
	"go.updspace.com/identity"
	"go.updspace.com/identity/adapters/pg/migrations"
	"go.updspace.com/identity/app"
	"go.updspace.com/identity/domain"
	"go.updspace.com/identity/ports"
	"go.updspace.com/libs/accessclient"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/authz/authztest"
	"go.updspace.com/libs/fx/servicefx"
	"go.updspace.com/libs/mail"
	"go.updspace.com/libs/pg"
	"go.updspace.com/libs/ratelimit"
	"go.updspace.com/libs/reqctx"
	"go.updspace.com/libs/seal"
	"go.updspace.com/libs/signing"
	"go.updspace.com/tools/devkit/testkit"
	"go.updspace.com/web"
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
	// tls is what clients verify the service with; nil: it speaks plain HTTP.
	tls *tls.Config
	// access decides in the place of the service access.
	access *authztest.Access
	read   map[string]int // how many mails of an address were read
	inside
}

// inside is what a test reaches into the running service for: what operators and time do to it.
type inside struct {
	fx.In
	*app.App
	Keys    *app.Keys
	Redis   *ratelimit.Connection
	Mailbox *mail.Mailbox
}

// config is that of a service that will listen on a free port.
func config(t testing.TB, database pg.Config) identity.Config {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { _ = listener.Close() })
	cfg := settings(database)
	cfg.Listener, cfg.PublicURL = listener, "http://"+listener.Addr().String()
	cfg.Blobs.Dir = t.TempDir()
	return cfg
}

// productionMemory is the cost of passwords outside of tests that are not about it.
const productionMemory = 19456

func settings(database pg.Config) identity.Config {
	return identity.Config{
		Config: servicefx.Config{
			Mode: servicefx.Development, Addr: "127.0.0.1:0", Log: io.Discard, Signing: signing.Config{Secret: testkit.Secret},
		},
		Access:   accessclient.Config{URL: "http://127.0.0.1:1"}, // tests ask their own
		Database: database, SealKeys: sealed, PasswordQueue: 64, PasswordMemory: 64, RefreshGrace: 10 * time.Second,
		Portal: identity.PortalClient{
			ID: "portal", Secret: portalSecret, Name: "AEF Portal", Algorithm: "ES256", PublicOrigin: "http://{tenant}.localhost:8080",
		},
	}
}

// demo has the demo data and signing keys.
var demo = testkit.Prepared(func(ctx context.Context, database pg.Config) error {
	cfg := settings(database)
	cfg.PublicURL = "http://id.localhost"
	if err := identity.SeedDemo(ctx, cfg, identity.DefaultDemo()); err != nil {
		return err
	}
	return servicefx.Offline(ctx, func(context.Context, *app.Keys) error { return nil }, identity.Module(cfg))
}, migrations.Set())

func start(t testing.TB, change ...func(*identity.Config)) *service {
	t.Helper()
	s := &service{t: t, cfg: config(t, demo(t)), clock: testkit.NewClock()}
	for _, c := range change {
		c(&s.cfg)
	}
	s.url = s.cfg.PublicURL
	s.clock.Set(time.Now().Add(time.Second)) // after what was seeded; and clients of the provider compare with theirs
	s.inside = s.run()
	return s
}

// production is the service as it runs outside development, with one tenant and no users. Its mail server never answers.
func production(t testing.TB) *service {
	t.Helper()
	s := &service{t: t, cfg: config(t, testkit.Postgres(t, migrations.Set())), clock: testkit.NewClock()}
	s.url = s.cfg.PublicURL
	s.cfg.Mode, s.cfg.PublicURL = servicefx.Production, "https://id.updspace.com"
	s.cfg.PasswordMemory = productionMemory
	s.cfg.SMTP = mail.SMTPConfig{Host: "127.0.0.1", Port: 1, From: "id@updspace.com", TLS: "none"}
	s.cfg.Portal.LogoutURI, s.cfg.TrustedProxies = "http://127.0.0.1:1/", []string{"127.0.0.0/8"}
	s.inside = s.run()
	_, err := s.Tenants.Create(context.Background(), aef, "aef", "AEF")
	require.NoError(t, err)
	return s
}

func (s *service) run() (in inside) {
	s.access = &authztest.Access{}
	return run(s.t, s.cfg, s.clock, fx.Replace(fx.Annotate(s.access, fx.As(new(authz.Checker)))))
}

func run(t testing.TB, cfg identity.Config, clock *testkit.Clock, options ...fx.Option) (in inside) {
	t.Helper()
	a := fx.New(identity.Module(cfg), fx.Replace(frontend(t)), fx.Replace(fx.Annotate(clock, fx.As(new(ports.Clock)))), fx.Options(options...), fx.Invoke(func(i inside) { in = i }))
	require.NoError(t, a.Err())
	require.NoError(t, a.Start(context.Background()))
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

// script is the generated client of a script on the ID host: requests are not
// signed, and the headers in with are sent along.
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

// transport has connections of its own to the service.
func (s *service) transport() *http.Transport {
	s.t.Helper()
	base := http.DefaultTransport.(*http.Transport).Clone()
	base.TLSClientConfig = s.tls
	s.t.Cleanup(base.CloseIdleConnections)
	return base
}

// plain is an HTTP client whose exchanges are held against the document.
func (s *service) plain() *http.Client {
	s.t.Helper()
	spec, err := document()
	require.NoError(s.t, err)
	return &http.Client{
		Transport:     testkit.Validating(s.t, s.url, spec, s.transport()),
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

// browser is a browser and the frontend in it: it keeps cookies, follows links and stops where it would leave the service.
type browser struct {
	t      testing.TB
	client *http.Client
	script *http.Client // for what the frontend sends; its exchanges are held against the document
	base   string
}

func (s *service) browser() *browser {
	s.t.Helper()
	jar, err := cookiejar.New(nil)
	require.NoError(s.t, err)
	base := s.transport()
	home := s.url
	script := s.plain()
	script.Jar = jar
	return &browser{t: s.t, base: home, script: script, client: &http.Client{Jar: jar, Transport: base, CheckRedirect: func(r *http.Request, _ []*http.Request) error {
		if !strings.HasPrefix(r.URL.String(), home+"/") {
			return http.ErrUseLastResponse
		}
		return nil
	}}}
}

// frontend stands for the build of the ID host's pages.
func frontend(t testing.TB) *web.App {
	t.Helper()
	app, err := web.New(fstest.MapFS{
		"index.html": {Data: []byte(`<!doctype html><html lang="{{.Lang}}" data-theme="{{.Theme}}"><title>{{.Title}}</title><style nonce="{{.Nonce}}">:root{--hue:{{.Hue}}}</style>` +
			`<script type="application/json" id="boot">{{.Boot}}</script></html>`)},
		"assets/index-1.js": {Data: []byte("export {}")},
		"favicon.svg":       {Data: []byte("<svg/>")},
	})
	require.NoError(t, err)
	return app
}

// page is where a browser has got to.
type page struct {
	*http.Response
	body string
}

func (b *browser) get(path string, headers ...string) page {
	b.t.Helper()
	r, err := http.NewRequest(http.MethodGet, b.base+path, nil)
	require.NoError(b.t, err)
	r.Header.Set("Accept", "text/html")
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	return b.do(b.client, r)
}

// post sends a form, as the pages of clients do.
func (b *browser) post(path string, form url.Values, headers ...string) page {
	b.t.Helper()
	return b.write(b.client, http.MethodPost, path, "application/x-www-form-urlencoded", form.Encode(), headers)
}

// send calls the API, as the frontend does. Without a body it is nil.
func (b *browser) send(method, path string, body any, headers ...string) page {
	b.t.Helper()
	kind, text := "", []byte(nil)
	if body != nil {
		var err error
		kind = "application/json"
		text, err = json.Marshal(body)
		require.NoError(b.t, err)
	}
	return b.write(b.script, method, path, kind, string(text), headers)
}

func (b *browser) write(client *http.Client, method, path, kind, body string, headers []string) page {
	b.t.Helper()
	r, err := http.NewRequest(method, b.base+path, strings.NewReader(body))
	require.NoError(b.t, err)
	if kind != "" {
		r.Header.Set("Content-Type", kind)
	}
	r.Header.Set("Origin", b.base)
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	return b.do(client, r)
}

func (b *browser) do(client *http.Client, r *http.Request) page {
	b.t.Helper()
	resp, err := client.Do(r)
	require.NoError(b.t, err)
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	require.NoError(b.t, err)
	return page{Response: resp, body: string(body)}
}

// at is the path of the page.
func (p page) at() string { return p.Request.URL.Path }

// sent is an answer to a script that refused takes.
type sent struct{ page }

func (s sent) StatusCode() int { return s.Response.StatusCode }
func (s sent) GetBody() []byte { return []byte(s.body) }

// refuses requires that the answer to a script is a failure with its code.
func (p page) refuses(t testing.TB, status int, code string) {
	t.Helper()
	refused(t, status, code, sent{p}, nil)
}

// started is what a page tells the frontend.
type started struct {
	Tenant *struct {
		Slug, Name string
		LogoURL    *string `json:"logo_url"`
	}
	Account     *identityapi.AuthUser
	Preferences *identityapi.Preferences
	Lang, Theme string
	Version     string
	Forms       struct {
		Next      string
		Again     bool
		Email     string
		FormToken string `json:"form_token"`
		Client    *struct {
			ClientID string `json:"client_id"`
			Name     string
			Host     string
		}
		Authorize *identityapi.AuthorizationPrompt
		Logout    *struct{ Client, Host *string }
		Back      *struct {
			Tenant struct{ Slug, Name string }
			URL    string
		}
		Mails *struct {
			From  string
			Ended bool
		}
		Error *struct {
			Status    int
			Code      string
			Message   string
			RequestID string `json:"request_id"`
		}
	}
}

// boot is what the page starts with.
func (p page) boot(t testing.TB) (s started) {
	t.Helper()
	_, rest, found := strings.Cut(p.body, `id="boot">`)
	require.True(t, found, "%d %s", p.StatusCode, p.body)
	raw, _, _ := strings.Cut(rest, "</script>")
	require.NoError(t, json.Unmarshal([]byte(raw), &s), raw)
	return s
}

// shows requires the page about an error.
func (p page) shows(t testing.TB, status int, code string) {
	t.Helper()
	require.Equal(t, status, p.StatusCode, p.body)
	shown := p.boot(t).Forms.Error
	require.NotNil(t, shown, p.body)
	require.Equal(t, code, shown.Code)
	require.Equal(t, status, shown.Status)
	require.NotEmpty(t, shown.Message)
	require.NotEmpty(t, shown.RequestID)
}

// tryLogin sends what the sign-in page sends.
func (b *browser) tryLogin(p page, email, password string, headers ...string) page {
	b.t.Helper()
	token := p.boot(b.t).Forms.FormToken
	require.NotEmpty(b.t, token)
	return b.send(http.MethodPost, "/api/v1/auth/login", map[string]string{"email": email, "password": password, "form_token": token}, headers...)
}

// signIn signs in on the sign-in page and goes where that leads.
func (b *browser) signIn(p page, email, password string) page {
	b.t.Helper()
	require.Equal(b.t, "/login", p.at())
	r := b.tryLogin(p, email, password)
	require.Equal(b.t, http.StatusOK, r.StatusCode, r.body)
	return b.get(p.boot(b.t).Forms.Next)
}

// account is the id of an account.
func (s *service) account(email string) uuid.UUID {
	s.t.Helper()
	id, err := s.AccountAdmin.Find(ctx, email)
	require.NoError(s.t, err)
	return id
}

// setStatus is what an operator does.
func (s *service) setStatus(email string, status domain.Status) {
	s.t.Helper()
	require.NoError(s.t, s.Restrictions.Set(ctx, s.account(email), status, "", nil))
}

// user is a browser in which a user has just signed in.
func (s *service) user(email string) *browser {
	s.t.Helper()
	b := s.browser()
	b.signIn(b.get("/login"), email, identity.DemoPassword)
	return b
}

// signOut is what the account's menu sends.
func (b *browser) signOut() {
	b.t.Helper()
	require.Equal(b.t, http.StatusOK, b.send(http.MethodPost, "/api/v1/auth/logout", nil).StatusCode)
}

// leadsTo is where the answer to a script leads; empty: nowhere.
func (p page) leadsTo(t testing.TB) string {
	t.Helper()
	require.Equal(t, http.StatusOK, p.StatusCode, p.body)
	var to struct {
		RedirectURI *string `json:"redirect_uri"`
	}
	require.NoError(t, json.Unmarshal([]byte(p.body), &to))
	if to.RedirectURI == nil {
		return ""
	}
	return *to.RedirectURI
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
