// Package bff assembles the gateway: the only door for browsers. It resolves
// the tenant of the host, keeps sessions, signs users in, and passes requests
// on to the services.
package bff

import (
	"context"
	"log/slog"
	"net/http"
	"strings"

	"go.uber.org/fx"

	"go.updspace.com/bff/adapters/access"
	"go.updspace.com/bff/adapters/httpapi"
	"go.updspace.com/bff/adapters/identity"
	"go.updspace.com/bff/adapters/nats"
	"go.updspace.com/bff/adapters/oidc"
	bffpg "go.updspace.com/bff/adapters/pg"
	"go.updspace.com/bff/adapters/pg/migrations"
	"go.updspace.com/bff/adapters/portal"
	"go.updspace.com/bff/adapters/proxy"
	"go.updspace.com/bff/adapters/redis"
	"go.updspace.com/bff/app"
	"go.updspace.com/bff/domain"
	"go.updspace.com/bff/ports"
	"go.updspace.com/libs/fx/servicefx"
	"go.updspace.com/libs/httpx"
	"go.updspace.com/libs/pg"
	"go.updspace.com/libs/signing"
	"go.updspace.com/libs/telemetry"
)

// name is how the gateway signs and is called in logs and metrics.
const name = "bff"

var tables = pg.Migrations{Table: "goose_bff", FS: migrations.FS}

// Migrate brings the database up to date.
func Migrate(ctx context.Context, cfg Config) error {
	return pg.Migrate(ctx, cfg.Database.MigrateURL, tables)
}

// Module is the gateway as an fx application.
func Module(cfg Config) fx.Option {
	return fx.Options(
		servicefx.Kit(name, cfg.Config, func(o *httpx.Options) { o.Authenticate = httpapi.Authenticate }),
		servicefx.Postgres(cfg.Database, tables),
		servicefx.Access(name, cfg.Access),
		fx.Provide(
			func() ports.Clock { return servicefx.SystemClock{} },
			// what is outside
			fx.Annotate(access.New, fx.As(new(ports.Access))),
			func(t *transports) (ports.Identity, error) {
				transport, err := t.signed("identity")
				if err != nil {
					return nil, err
				}
				return identity.New(cfg.IdentityURL, transport)
			},
			func(t *transports) (ports.Provider, error) {
				return oidc.New(oidc.Config{
					Issuer: strings.TrimSuffix(cfg.IdentityPublicURL, "/"), BackChannel: cfg.IdentityURL,
					ClientID: cfg.OIDCClientID, ClientSecret: cfg.OIDCClientSecret,
				}, t.plain)
			},
			func(t *transports) (ports.Portal, error) { return newPortal(cfg, t) },
			newTransports,
			// what is stored
			bffpg.NewSessions,
			bffpg.NewRetention,
			fx.Annotate(bffpg.NewAttempts, fx.As(new(ports.Attempts))),
			func(log *slog.Logger) (*redis.Client, error) { return redis.NewClient(cfg.RedisURL, log) },
			func(store *bffpg.Sessions, client *redis.Client, clock ports.Clock, log *slog.Logger) (*redis.Sessions, error) {
				return redis.NewSessions(store, store, client, clock, log)
			},
			func(client *redis.Client, clock ports.Clock) (ports.Limiter, error) {
				return redis.NewLimiter(redis.Limits{
					ports.BucketAuth: cfg.RateAuth, ports.BucketAnonymous: cfg.RateAnonymous,
					ports.BucketRead: cfg.RateReads, ports.BucketWrite: cfg.RateWrites,
				}, client, clock)
			},
			// use cases
			func(i ports.Identity, c ports.Clock) (*app.Tenants, error) {
				return app.NewTenants(domain.HostRule{Suffix: cfg.TenantHostSuffix, APIPrefix: cfg.TenantAPIPrefix}, i, c)
			},
			app.NewPrincipals,
			func(p *app.Principals, log *slog.Logger) *nats.Listener {
				return nats.New(cfg.NATSURL, p.Forget, p.ForgetAll, log)
			},
			func(store *redis.Sessions, p *app.Principals, c ports.Clock) *app.Sessions {
				return app.NewSessions(store, p, c)
			},
			func(p ports.Provider, i ports.Identity, a ports.Attempts, s *app.Sessions, c ports.Clock) *app.Logins {
				return app.NewLogins(app.Origin(cfg.PublicOrigin), p, i, a, s, c)
			},
			app.NewOverview,
			// the door
			func(lc fx.Lifecycle, k *signing.Keyring, t *telemetry.Tracing, log *slog.Logger) (*proxy.Proxy, error) {
				return newProxy(lc, cfg, k, t, log)
			},
			fx.Annotate(newAPI(cfg), fx.ResultTags(`name:"api"`)),
		),
		fx.Invoke(runJobs, endStreams),
	)
}

func newAPI(cfg Config) any {
	return func(k *httpx.Kit, t *app.Tenants, s *app.Sessions, l *app.Logins, o *app.Overview, lim ports.Limiter, p *proxy.Proxy) (http.Handler, error) {
		return httpapi.New(httpapi.Config{
			Dev: cfg.Dev(), Origin: app.Origin(cfg.PublicOrigin), AllowedOrigins: cfg.allowedOrigins(),
			TrustedProxies: cfg.TrustedProxies, IDOrigin: strings.TrimSuffix(cfg.IdentityPublicURL, "/"),
		}, httpapi.Deps{Kit: k, Tenants: t, Sessions: s, Logins: l, Overview: o, Limiter: lim, Proxy: p})
	}
}

func newPortal(cfg Config, t *transports) (ports.Portal, error) {
	if cfg.PortalURL == "" {
		return nil, nil //nolint:nilnil // no portal is a portal that nobody asks
	}
	transport, err := t.signed("portal")
	if err != nil {
		return nil, err
	}
	return portal.New(cfg.PortalURL, transport), nil
}

func newProxy(lc fx.Lifecycle, cfg Config, k *signing.Keyring, t *telemetry.Tracing, log *slog.Logger) (*proxy.Proxy, error) {
	p, err := proxy.New(
		proxy.Config{Upstreams: cfg.upstreams(), Timeout: cfg.ProxyTimeout},
		func(upstream string) (*signing.Signer, error) { return k.Signer(name, upstream) },
		t.Transport, log,
	)
	if err == nil {
		lc.Append(fx.StopHook(p.Close))
	}
	return p, err
}

// endStreams is registered last, so that it runs first when the service stops:
// the server then waits only for requests that end by themselves.
func endStreams(lc fx.Lifecycle, p *proxy.Proxy) {
	lc.Append(fx.StopHook(p.EndStreams))
}

// runJobs runs what goes on in the background.
func runJobs(lc fx.Lifecycle, log *slog.Logger, client *redis.Client, sessions *redis.Sessions, retention *bffpg.Retention, events *nats.Listener) {
	lc.Append(fx.StartHook(client.Start))
	for what, job := range map[string]func(context.Context) error{
		"redis connection": client.Run, "feed of ended sessions": sessions.Run,
		"retention": retention.Run, "events of identity": events.Run,
	} {
		servicefx.Background(lc, log, what, job)
	}
}

// transports reach the other services, over one pool of connections.
type transports struct {
	plain   http.RoundTripper
	keyring *signing.Keyring
}

func newTransports(lc fx.Lifecycle, k *signing.Keyring, t *telemetry.Tracing) *transports {
	pool := http.DefaultTransport.(*http.Transport).Clone()
	pool.MaxIdleConnsPerHost = 64
	lc.Append(fx.StopHook(pool.CloseIdleConnections))
	return &transports{plain: t.Transport(pool), keyring: k}
}

func (t *transports) signed(audience string) (http.RoundTripper, error) {
	signer, err := t.keyring.Signer(name, audience)
	if err != nil {
		return nil, err
	}
	return signer.Transport(t.plain), nil
}
