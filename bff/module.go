// Package bff assembles the gateway: the only door for browsers. It finds the tenant of the host, keeps sessions, signs users
// in, and passes requests on to the services.
package bff

import (
	"context"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"go.uber.org/fx"

	"go.updspace.com/bff/adapters/gamification"
	"go.updspace.com/bff/adapters/httpapi"
	"go.updspace.com/bff/adapters/identity"
	"go.updspace.com/bff/adapters/nats"
	"go.updspace.com/bff/adapters/oidc"
	"go.updspace.com/bff/adapters/personaldata"
	store "go.updspace.com/bff/adapters/pg"
	"go.updspace.com/bff/adapters/pg/migrations"
	"go.updspace.com/bff/adapters/portal"
	"go.updspace.com/bff/adapters/proxy"
	"go.updspace.com/bff/app"
	"go.updspace.com/bff/ports"
	"go.updspace.com/libs/accessclient"
	"go.updspace.com/libs/audit"
	"go.updspace.com/libs/fx/servicefx"
	"go.updspace.com/libs/httpx"
	kit "go.updspace.com/libs/personaldata"
	"go.updspace.com/libs/pg"
	"go.updspace.com/libs/ratelimit"
	"go.updspace.com/libs/signing"
	"go.updspace.com/libs/telemetry"
	"go.updspace.com/web"
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
		servicefx.Redis(name, cfg.RedisURL),
		servicefx.NewTransports(name),
		fx.Supply(cfg),
		fx.Provide(
			func() ports.Clock { return servicefx.SystemClock{} },
			func(c *accessclient.Client) ports.Access { return c },
			newIdentity, newProvider, newPortal, newPublicCards, newSharedBadges, newLimiter, newDataWork, audit.New,
			store.NewSessions, store.NewCache, store.NewRetention,
			func(s *store.Sessions) ports.SignOuts { return s },
			func(c *store.Cache) ports.Sessions { return c },
			func(db *pg.DB) ports.Attempts { return store.NewAttempts(db) },
			cfg.hosts, func() app.Origin { return app.Origin(cfg.PublicOrigin) },
			app.NewTenants, app.NewPrincipals, app.NewSessions, app.NewStreams, app.NewLogins, app.NewOverview, app.NewPublicCards,
			func(p *app.Principals, t *app.Tenants, s *app.Streams, log *slog.Logger) *nats.Listener {
				return nats.New(cfg.NATSURL, p, t, s, log)
			},
			web.Portal,
			newProxy,
			fx.Annotate(newAPI, fx.ResultTags(`name:"api"`)),
		),
		fx.Invoke(func(lc fx.Lifecycle, log *slog.Logger, c *store.Cache, s *app.Streams) {
			c.Tell(s)
			servicefx.Background(lc, log, "checks of open streams", s.Run)
		}),
		servicefx.Every("retention", time.Hour, (*store.Retention).Sweep),
		servicefx.Every("exports and deletions", 2*time.Second, (*app.DataWork).Work),
		servicefx.Every("repeated sign-outs", 10*time.Second, (*app.Sessions).RepeatSignOuts),
		servicefx.Every("cache of sessions", time.Second, (*store.Cache).Listen),
		fx.Invoke(listen, endStreams),
	)
}

func newIdentity(cfg Config, t *servicefx.Transports) (ports.Identity, error) {
	transport, err := t.To("identity")
	if err != nil {
		return nil, err
	}
	return identity.New(cfg.IdentityURL, transport)
}

func newProvider(cfg Config, t *servicefx.Transports) (ports.Provider, error) {
	return oidc.New(oidc.Config{
		Issuer: strings.TrimSuffix(cfg.IdentityPublicURL, "/"), BackChannel: cfg.IdentityURL,
		ClientID: cfg.OIDCClientID, ClientSecret: cfg.OIDCClientSecret,
	}, t.Unsigned)
}

func newPortal(cfg Config, t *servicefx.Transports) (ports.Portal, error) {
	if cfg.PortalURL == "" {
		return nil, nil //nolint:nilnil // without a portal its profiles are not asked for
	}
	transport, err := t.To("portal")
	if err != nil {
		return nil, err
	}
	return portal.New(cfg.PortalURL, transport), nil
}

func newPublicCards(cfg Config, t *servicefx.Transports) (ports.PublicCards, error) {
	if cfg.PortalURL == "" {
		return nil, nil //nolint:nilnil // without a portal there are none
	}
	transport, err := t.To("portal")
	if err != nil {
		return nil, err
	}
	return portal.NewPublicCards(cfg.PortalURL, transport)
}

func newSharedBadges(cfg Config, t *servicefx.Transports) (ports.SharedBadges, error) {
	if cfg.GamificationURL == "" {
		return nil, nil //nolint:nilnil // without gamification there are none
	}
	transport, err := t.To("gamification")
	if err != nil {
		return nil, err
	}
	return gamification.New(cfg.GamificationURL, transport)
}

// newErasure is for commands. to makes the transport that signs for a service.
func newErasure(cfg Config, to func(service string) (http.RoundTripper, error)) (*app.Erasure, error) {
	transport, err := to("identity")
	if err != nil {
		return nil, err
	}
	accounts, err := identity.New(cfg.IdentityURL, transport)
	if err != nil {
		return nil, err
	}
	services, err := personaldata.New(cfg.upstreams(), nil, to)
	if err != nil {
		return nil, err
	}
	return app.NewErasure(accounts, services), nil
}

// newDataWork is nil unless every service that stores personal data is known.
func newDataWork(cfg Config, t *servicefx.Transports, db *pg.DB, log *audit.Log, clock ports.Clock, logger *slog.Logger) (*app.DataWork, error) {
	transport, err := t.To("identity")
	if err != nil {
		return nil, err
	}
	tasks, err := identity.NewDataTasks(cfg.IdentityURL, transport)
	if err != nil {
		return nil, err
	}
	own := kit.New(name, db, log, clock.Now, store.PersonalData(db)...)
	services, err := personaldata.New(cfg.upstreams(), own, t.To)
	if err != nil {
		logger.Warn("personal data is neither exported nor erased", "error", err)
		return app.NewDataWork(nil, nil, nil, logger), nil
	}
	return app.NewDataWork(tasks, services, nats.Messages{URL: cfg.NATSURL, Log: logger}, logger), nil
}

func newLimiter(cfg Config, conn *ratelimit.Connection, clock ports.Clock) (*ratelimit.Limiter, error) {
	return ratelimit.New(conn, clock, cfg.limits()...)
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

func newAPI(
	cfg Config, k *httpx.Server, t *app.Tenants, s *app.Sessions, open *app.Streams, l *app.Logins, o *app.Overview,
	id ports.Identity, lim *ratelimit.Limiter, p *proxy.Proxy, pages *web.App, cards *app.PublicCards, badges ports.SharedBadges, log *slog.Logger,
) (http.Handler, error) {
	return httpapi.New(httpapi.Config{
		Dev: cfg.Dev(), Origin: app.Origin(cfg.PublicOrigin), AllowedOrigins: cfg.allowedOrigins(),
		TrustedProxies: cfg.TrustedProxies, IDOrigin: strings.TrimSuffix(cfg.IdentityPublicURL, "/"),
	}, httpapi.Deps{Kit: k, Tenants: t, Sessions: s, Streams: open, Logins: l, Overview: o, PublicCards: cards, Badges: badges, Identity: id, Limiter: lim, Proxy: p, Pages: pages, Log: log})
}

func listen(lc fx.Lifecycle, log *slog.Logger, events *nats.Listener) {
	servicefx.Background(lc, log, "events of identity", events.Run)
}

// endStreams is registered last, so that it runs first when the service stops: the server then waits only for requests that
// end by themselves.
func endStreams(lc fx.Lifecycle, p *proxy.Proxy) {
	lc.Append(fx.StopHook(p.EndStreams))
}
