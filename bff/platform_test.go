package bff_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"go.uber.org/fx"
	"go.uber.org/fx/fxtest"

	"go.updspace.com/api/bffapi"
	"go.updspace.com/bff"
	"go.updspace.com/bff/adapters/pg/migrations"
	"go.updspace.com/bff/app"
	"go.updspace.com/bff/domain"
	"go.updspace.com/bff/ports"
	"go.updspace.com/libs/accessclient"
	"go.updspace.com/libs/fx/servicefx"
	"go.updspace.com/libs/httpx"
	"go.updspace.com/libs/pg"
	"go.updspace.com/libs/ratelimit"
	"go.updspace.com/libs/reqctx"
	"go.updspace.com/libs/signing"
	"go.updspace.com/tools/devkit/testkit"
)

// document is the service's spec, read once: that takes longer than most tests.
var document = sync.OnceValues(bffapi.GetSpec)

func TestMain(m *testing.M) {
	openapi3filter.RegisterBodyDecoder("text/html", openapi3filter.PlainBodyDecoder)
	testkit.Main(m)
}

// database gives a test one that an earlier test has left.
var database = testkit.Recycled(func(context.Context, pg.Config) error { return nil }, nil, tables)

var tables = pg.Migrations{Table: "goose_bff", FS: migrations.FS}

const (
	aefHost    = "http://aef.localhost:8080"
	gamingHost = "http://gaming.localhost:8080"
)

// platform is a gateway with its surroundings.
type platform struct {
	t       testing.TB
	id      *idService
	access  *service
	voting  *service
	clock   *testkit.Clock
	cfg     bff.Config
	address string
	// of the instance started last
	app      *fxtest.App
	sessions ports.Sessions
	signOuts *app.Sessions
	redis    *ratelimit.Connection
}

type option func(*platform)

// start boots the real gateway between fakes of the services.
func start(t testing.TB, options ...option) *platform {
	t.Helper()
	p := &platform{t: t, id: newIDService(t), access: newService(t, "access"), voting: newService(t, "voting"), clock: testkit.NewClock()}
	p.clock.Set(time.Now())
	p.access.handle("GET /internal/v1/effective-permissions", func(w http.ResponseWriter, _ *http.Request, _ reqctx.Context) {
		answer(w, http.StatusOK, map[string]any{
			"permissions": []string{"voting.poll.read", "activity.feed.read", "events.event.read"},
			"roles":       []map[string]any{{"id": 2, "service": "voting", "name": "member"}, {"id": 1, "service": "portal", "name": "member"}},
		})
	})
	p.cfg = bff.Config{
		Config: servicefx.Config{
			Mode: servicefx.Development, Log: io.Discard, Signing: signing.Config{Secret: testkit.Secret},
		},
		Database:         database(t),
		TenantHostSuffix: "localhost", TenantAPIPrefix: "api", PublicOrigin: "http://{tenant}.localhost:8080",
		IdentityURL: p.id.server.URL, IdentityPublicURL: issuer, OIDCClientID: "portal", OIDCClientSecret: clientSecret,
		Access:    accessclient.Config{URL: p.access.server.URL},
		VotingURL: p.voting.server.URL, ProxyTimeout: 2 * time.Second,
	}
	for _, o := range options {
		o(p)
	}
	p.boot()
	return p
}

// boot starts one more instance of the gateway over the same stores.
func (p *platform) boot() {
	p.t.Helper()
	cfg := p.cfg
	listener, err := (&net.ListenConfig{}).Listen(p.t.Context(), "tcp", "127.0.0.1:0")
	require.NoError(p.t, err)
	cfg.Listener = listener
	require.NoError(p.t, cfg.Validate())
	instance := fxtest.New(p.t, bff.Module(cfg), fx.Populate(&p.sessions, &p.signOuts, &p.redis), fx.Decorate(func(ports.Clock) ports.Clock { return p.clock }), fx.Replace(frontend(p.t)))
	instance.RequireStart()
	p.t.Cleanup(func() { instance.RequireStop() })
	p.app = instance
	p.address = listener.Addr().String()
}

// cached reports whether the instance has the browser's session in its cache.
func (p *platform) cached(b *browser) bool {
	return p.sessions.Cached(domain.Secret(b.cookie(aefHost, "updspace_session")).Hash())
}

// withRedis has requests counted in Redis, which all tests share: its test must not run beside others.
func withRedis(p *platform) { p.cfg.RedisURL = "redis://" + testkit.Redis(p.t) }

// countsTogether waits until the instance counts requests in Redis.
func (p *platform) countsTogether() *platform {
	eventually(p.t, p.redis.InUse, "redis is in use")
	return p
}

// service is a fake of a service behind the gateway. It refuses what is not
// signed for it and remembers what it saw.
type service struct {
	server *httptest.Server
	mux    *http.ServeMux
	name   string

	mu   sync.Mutex
	seen []seen
}

type seen struct {
	method, uri string
	header      http.Header
	body        string
	rc          reqctx.Context
}

func newService(t testing.TB, name string) *service {
	s := &service{mux: http.NewServeMux(), name: name}
	s.server = httptest.NewUnstartedServer(nil)
	s.server.Config = httpx.NewHTTPServer(verified(name, func(w http.ResponseWriter, r *http.Request, rc reqctx.Context) {
		body, _ := io.ReadAll(r.Body)
		s.mu.Lock()
		s.seen = append(s.seen, seen{r.Method, r.RequestURI, r.Header.Clone(), string(body), rc})
		s.mu.Unlock()
		r = r.WithContext(reqctx.With(r.Context(), rc))
		r.Body = io.NopCloser(bytes.NewReader(body))
		s.mux.ServeHTTP(w, r)
	}), slog.New(slog.DiscardHandler))
	s.server.Start()
	t.Cleanup(s.server.Close)
	return s
}

func (s *service) handle(pattern string, h func(http.ResponseWriter, *http.Request, reqctx.Context)) {
	s.mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) { h(w, r, reqctx.From(r.Context())) })
}

func (s *service) last(t testing.TB) seen {
	t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	require.NotEmpty(t, s.seen, "%s saw nothing", s.name)
	return s.seen[len(s.seen)-1]
}

func (s *service) count() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.seen)
}

// browser keeps cookies and sends the CSRF token, like the frontends.
type browser struct {
	p       *platform
	client  *http.Client
	jar     *cookiejar.Jar
	address string // of the instance it talks to
}

func (p *platform) browser() *browser {
	jar, err := cookiejar.New(nil)
	require.NoError(p.t, err)
	b := &browser{p: p, jar: jar, address: p.address}
	transport := &http.Transport{
		DialContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
			return (&net.Dialer{}).DialContext(ctx, network, b.address)
		},
		DisableCompression: true,
	}
	p.t.Cleanup(transport.CloseIdleConnections)
	b.client = &http.Client{
		Jar: jar, Timeout: 20 * time.Second, Transport: &held{t: p.t, next: transport},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	return b
}

// held holds the gateway's own operations against bff.yaml.
type held struct {
	t     testing.TB
	next  http.RoundTripper
	hosts sync.Map // to the transport that validates
}

func (h *held) RoundTrip(r *http.Request) (*http.Response, error) {
	for _, op := range bffapi.Operations {
		forwarded := strings.HasPrefix(op.Path, "/api/v1/tenant") && r.Method != op.Method // changes are identity's
		if r.URL.Path == strings.Replace(op.Path, "{image}", "logo", 1) && !forwarded && !strings.Contains(r.Header.Get("Accept"), "text/html") {
			host := r.URL.Scheme + "://" + r.URL.Host
			validating, known := h.hosts.Load(host)
			if !known {
				spec, err := document()
				require.NoError(h.t, err)
				validating, _ = h.hosts.LoadOrStore(host, testkit.Validating(h.t, host, spec, h.next))
			}
			return validating.(http.RoundTripper).RoundTrip(r)
		}
	}
	return h.next.RoundTrip(r)
}

// reply is an answer, read whole.
type reply struct {
	t      testing.TB
	status int
	header http.Header
	body   string
}

func (b *browser) do(method, address, body string, header http.Header) reply {
	b.p.t.Helper()
	req, err := http.NewRequestWithContext(b.p.t.Context(), method, address, strings.NewReader(body))
	require.NoError(b.p.t, err)
	if body == "" {
		req.Body, req.ContentLength = http.NoBody, 0
	} else {
		req.Header.Set("Content-Type", "application/json")
	}
	if method != http.MethodGet && method != http.MethodHead {
		if token := b.cookie(address, "updspace_csrf"); token != "" {
			req.Header.Set("X-CSRF-Token", token)
		}
	}
	for name, values := range header {
		req.Header[name] = values
		if name == "Host" {
			req.Host = values[0]
		}
	}
	resp, err := b.client.Do(req)
	require.NoError(b.p.t, err)
	defer resp.Body.Close()
	content, err := io.ReadAll(resp.Body)
	require.NoError(b.p.t, err)
	return reply{b.p.t, resp.StatusCode, resp.Header, string(content)}
}

func (b *browser) get(address string) reply {
	b.p.t.Helper()
	return b.do(http.MethodGet, address, "", nil)
}

func (b *browser) post(address, body string) reply {
	b.p.t.Helper()
	return b.do(http.MethodPost, address, body, nil)
}

func (b *browser) cookie(address, name string) string {
	u, err := url.Parse(address)
	require.NoError(b.p.t, err)
	for _, c := range b.jar.Cookies(u) {
		if c.Name == name {
			return c.Value
		}
	}
	return ""
}

// begin starts a sign-in and returns the ID service's address.
func (b *browser) begin(host, next string) *url.URL {
	b.p.t.Helper()
	r := b.get(host + "/api/v1/auth/login?next=" + url.QueryEscape(next))
	require.Equal(b.p.t, http.StatusFound, r.status, r.body)
	to, err := url.Parse(r.header.Get("Location"))
	require.NoError(b.p.t, err)
	return to
}

// signIn walks the whole way.
func (b *browser) signIn(host string, user uuid.UUID) *browser {
	b.p.t.Helper()
	back := b.p.id.approve(user, b.begin(host, "/app"))
	r := b.get(host + "/api/v1/auth/callback?" + back.Encode())
	require.Equal(b.p.t, http.StatusFound, r.status, r.body)
	require.Equal(b.p.t, "/app", r.header.Get("Location"))
	return b
}

// refuses expects the envelope.
func (r reply) refuses(status int, code string) reply {
	r.t.Helper()
	require.Equal(r.t, status, r.status, r.body)
	var e struct {
		Error struct {
			Code, Message string
			Details       map[string]any
			RequestID     string `json:"request_id"`
		}
	}
	require.NoError(r.t, json.Unmarshal([]byte(r.body), &e), r.body)
	require.Equal(r.t, code, e.Error.Code, r.body)
	require.NotEmpty(r.t, e.Error.Message)
	require.NotNil(r.t, e.Error.Details)
	require.Equal(r.t, r.header.Get("X-Request-Id"), e.Error.RequestID)
	return r
}

func (r reply) json() map[string]any {
	r.t.Helper()
	require.Equal(r.t, http.StatusOK, r.status, r.body)
	var v map[string]any
	require.NoError(r.t, json.Unmarshal([]byte(r.body), &v), r.body)
	return v
}
