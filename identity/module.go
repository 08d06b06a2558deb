// Package identity is the ID service: the one place that knows all its parts.
// It is exported so that one process can run several services.
package identity

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"strings"

	"github.com/prometheus/client_golang/prometheus"
	"go.uber.org/fx"

	"go.updspace.com/identity/adapters/argon2"
	"go.updspace.com/identity/adapters/devmail"
	"go.updspace.com/identity/adapters/httpapi"
	"go.updspace.com/identity/adapters/httpapi/browser"
	"go.updspace.com/identity/adapters/httpapi/pages"
	"go.updspace.com/identity/adapters/jwt"
	"go.updspace.com/identity/adapters/memory"
	"go.updspace.com/identity/adapters/oidc"
	"go.updspace.com/identity/adapters/outbox"
	store "go.updspace.com/identity/adapters/pg"
	"go.updspace.com/identity/adapters/pg/migrations"
	"go.updspace.com/identity/adapters/redis"
	"go.updspace.com/identity/adapters/seal"
	"go.updspace.com/identity/adapters/smtp"
	"go.updspace.com/identity/app"
	"go.updspace.com/identity/domain"
	"go.updspace.com/identity/ports"
	"go.updspace.com/libs/fx/servicefx"
	"go.updspace.com/libs/httpx"
	kitoutbox "go.updspace.com/libs/outbox"
	"go.updspace.com/libs/pg"
)

const name = "identity"

// Config is everything the service is told from outside.
type Config struct {
	servicefx.Config
	Database pg.Config
	SMTP     smtp.Config
	NATSURL  string `env:"NATS_URL"`  // without it, events wait in the outbox
	RedisURL string `env:"REDIS_URL"` // without it, each instance counts attempts alone

	// PublicURL is scheme and host of the service as browsers see it. It is the
	// issuer of every token, so changing it ends every sign-in.
	PublicURL string `env:"IDENTITY_PUBLIC_URL"`
	// SealKeys encrypt what must not be readable in the database: id:base64 of
	// 32 bytes, separated by commas, newest first.
	SealKeys string `env:"IDENTITY_SEAL_KEYS"`
	// TrustedProxies are the networks of our own proxies in front.
	TrustedProxies []string `env:"TRUSTED_PROXIES"`
	// PasswordSlots is how many passwords are hashed at once, PasswordQueue how
	// many more may wait. No slots means all cores but one.
	PasswordSlots int `env:"PASSWORD_HASH_SLOTS"`
	PasswordQueue int `env:"PASSWORD_HASH_QUEUE" envDefault:"64"`

	Portal PortalClient
}

// PortalClient is the gateway as a client of the provider.
type PortalClient struct {
	ID     string `env:"OIDC_CLIENT_ID" envDefault:"portal"`
	Secret string `env:"OIDC_CLIENT_SECRET"`
	Name   string `env:"OIDC_CLIENT_NAME" envDefault:"UpdSpace"`
	// RedirectURIs may have {tenant} as the first label of the host. Without
	// any, the callback of PublicOrigin is registered.
	RedirectURIs []string `env:"OIDC_REDIRECT_URIS"`
	PublicOrigin string   `env:"PUBLIC_ORIGIN"` // of the portal, such as https://{tenant}.updspace.com
	Algorithm    string   `env:"OIDC_CLIENT_ALGORITHM" envDefault:"ES256"`
}

// minSecret is the least length of a client secret outside development: it is
// stored under a fast hash, so it must not be guessable.
const minSecret = 32

func (p PortalClient) client() domain.Client {
	secret := domain.Secret(p.Secret).Hash()
	c := domain.Client{
		ID: p.ID, SecretHash: &secret, Name: p.Name, FirstParty: true, Algorithm: domain.Algorithm(p.Algorithm),
		Scopes:     []string{domain.ScopeOpenID, "profile", "email", domain.ScopeOffline},
		GrantTypes: []string{domain.GrantCode, domain.GrantRefresh},
	}
	for _, uri := range p.RedirectURIs {
		c.Redirects = append(c.Redirects, domain.RedirectRule(uri))
	}
	if len(c.Redirects) == 0 && p.PublicOrigin != "" {
		c.Redirects = []domain.RedirectRule{domain.RedirectRule(strings.TrimSuffix(p.PublicOrigin, "/") + "/api/v1/auth/callback")}
	}
	return c
}

// Validate reports every setting that is wrong.
func (c Config) Validate() error {
	problems := []error{c.Config.Validate()}
	if c.Database.URL == "" {
		problems = append(problems, errors.New("DATABASE_URL must be set"))
	}
	if _, err := seal.Parse(c.SealKeys); err != nil {
		problems = append(problems, fmt.Errorf("IDENTITY_SEAL_KEYS: %w", err))
	}
	if _, err := browser.ParseProxies(c.TrustedProxies); err != nil {
		problems = append(problems, err)
	}
	if err := c.Portal.client().Validate(); err != nil {
		problems = append(problems, fmt.Errorf("the portal's client: %w", err))
	}
	u, err := url.Parse(c.PublicURL)
	if err != nil || u.Host == "" || (u.Scheme != "https" && u.Scheme != "http") || u.Path != "" || u.RawQuery != "" {
		problems = append(problems, errors.New("IDENTITY_PUBLIC_URL must be scheme and host alone, such as https://id.updspace.com"))
	}
	if c.SMTP.Host != "" {
		problems = append(problems, c.SMTP.Validate())
	}
	if c.Dev() {
		return errors.Join(problems...)
	}
	if err == nil && u.Scheme != "https" {
		problems = append(problems, errors.New("IDENTITY_PUBLIC_URL must be https outside development"))
	}
	if len(c.Portal.Secret) < minSecret {
		problems = append(problems, fmt.Errorf("OIDC_CLIENT_SECRET must have at least %d characters outside development", minSecret))
	}
	if c.SMTP.Host == "" {
		problems = append(problems, errors.New("SMTP_HOST must be set outside development: without it nobody gets mail"))
	}
	return errors.Join(problems...)
}

// Module is the service.
func Module(cfg Config) fx.Option {
	if err := cfg.Validate(); err != nil {
		return fx.Error(err)
	}
	return fx.Options(
		servicefx.Kit(name, cfg.Config),
		servicefx.Postgres(cfg.Database, migrations.Set()),
		servicefx.Outbox(name, cfg.NATSURL),
		fx.Provide(func() ports.Clock { return servicefx.SystemClock{} }),
		storage(cfg),
		useCases(cfg),
		edge(cfg),
		fx.Invoke(background),
	)
}

// Migrate brings the database up to date, for deployments that do so apart
// from serving.
func Migrate(ctx context.Context, cfg Config) error {
	return pg.Migrate(ctx, cfg.Database.MigrateURL, migrations.Set())
}

// storage is what the use cases reach outside through.
func storage(cfg Config) fx.Option {
	return fx.Provide(
		func() (*seal.Sealer, error) { return seal.Parse(cfg.SealKeys) },
		func(s *seal.Sealer) ports.FormTokens { return seal.FormTokens{Sealer: s} },
		func() (ports.Passwords, error) { return argon2.New(cfg.PasswordSlots, cfg.PasswordQueue) },
		func(p *kitoutbox.Publisher) ports.Events { return outbox.Events{Publisher: p} },
		func(db *pg.DB) ports.Tx { return store.Tx{DB: db} },
		func(db *pg.DB) ports.Users { return store.Users{DB: db} },
		func(db *pg.DB) ports.Tenants { return store.Tenants{DB: db} },
		func(db *pg.DB) ports.Memberships { return store.Memberships{DB: db} },
		func(db *pg.DB) ports.Sessions { return store.Sessions{DB: db} },
		func(db *pg.DB) ports.MagicLinks { return store.MagicLinks{DB: db} },
		func(db *pg.DB) ports.Clients { return store.Clients{DB: db} },
		func(db *pg.DB) ports.Consents { return store.Consents{DB: db} },
		func(db *pg.DB) ports.Authorizations { return store.Authorizations{DB: db} },
		func(db *pg.DB) ports.Grants { return store.Grants{DB: db} },
		func(db *pg.DB) ports.DemoData { return store.DemoData{DB: db} },
		func(db *pg.DB) ports.Housekeeper { return store.Housekeeper{DB: db} },
		func(db *pg.DB, s *seal.Sealer) ports.Keys { return store.Keys{DB: db, Seal: s} },
		func(db *pg.DB, c ports.Clock) app.Recorder {
			return app.Recorder{Journal: store.Journal{DB: db}, Clock: c}
		},
		app.NewWake,
		func(db *pg.DB, s *seal.Sealer, c ports.Clock, w *app.Wake) ports.MailQueue {
			return store.MailQueue{DB: db, Seal: s, Now: c.Now, Queued: w.Signal}
		},
		func(lc fx.Lifecycle, log *slog.Logger, clock ports.Clock) (ports.Limiter, error) {
			return limiter(lc, log, clock, cfg)
		},
		func(clock ports.Clock) *devmail.Mailbox { return devmail.New(clock) },
		func(box *devmail.Mailbox) (ports.Mailer, error) {
			if cfg.SMTP.Host == "" { // Validate allows it in development only
				return box, nil
			}
			return smtp.New(cfg.SMTP)
		},
	)
}

func limiter(lc fx.Lifecycle, log *slog.Logger, clock ports.Clock, cfg Config) (ports.Limiter, error) {
	local := memory.NewLimiter(clock)
	if cfg.RedisURL == "" {
		return local, nil
	}
	shared, err := redis.NewLimiter(cfg.RedisURL, local, log)
	if err != nil {
		return nil, err
	}
	servicefx.Background(lc, log, "redis", shared.Run)
	return shared, nil
}

// useCases is the application. What must be so before the first request is
// registered in the constructors: they run before the server's.
func useCases(cfg Config) fx.Option {
	return fx.Provide(
		func(tx ports.Tx, u ports.Users, s ports.Sessions, p ports.Passwords, l ports.Limiter, f ports.FormTokens, e ports.Events, r app.Recorder, c ports.Clock) *app.SignIn {
			return &app.SignIn{Tx: tx, Users: u, Sessions: s, Passwords: p, Limiter: l, Forms: f, Events: e, Recorder: r, Clock: c}
		},
		func(s ports.Sessions, r app.Recorder, c ports.Clock) *app.Sessions {
			return &app.Sessions{Sessions: s, Recorder: r, Clock: c}
		},
		func(tx ports.Tx, u ports.Users, m ports.Memberships, l ports.MagicLinks, cl *app.Clients, q ports.MailQueue, li ports.Limiter, r app.Recorder, c ports.Clock) *app.MagicLinks {
			return &app.MagicLinks{
				Tx: tx, Users: u, Memberships: m, Links: l, Clients: cl, Mails: q, Limiter: li, Recorder: r, Clock: c,
				PublicURL: cfg.PublicURL, ClientID: cfg.Portal.ID,
			}
		},
		func(lc fx.Lifecycle, s ports.Clients, t ports.Tenants, d *app.Demo, r app.Recorder, c ports.Clock) *app.Clients {
			clients := &app.Clients{Clients: s, Tenants: t, Recorder: r, Clock: c}
			if !cfg.Dev() {
				lc.Append(fx.StartHook(d.Refuse))
			}
			lc.Append(fx.StartHook(func(ctx context.Context) error { return clients.Register(ctx, cfg.Portal.client()) }))
			return clients
		},
		func(tx ports.Tx, cl *app.Clients, a ports.Authorizations, co ports.Consents, r app.Recorder, c ports.Clock) *app.Authorizations {
			return &app.Authorizations{Tx: tx, Clients: cl, Requests: a, Consents: co, Recorder: r, Clock: c, Issuer: cfg.PublicURL}
		},
		func(lc fx.Lifecycle, tx ports.Tx, k ports.Keys, r app.Recorder, c ports.Clock, log *slog.Logger) *app.Keys {
			keys := &app.Keys{Tx: tx, Keys: k, Recorder: r, Clock: c, Log: log}
			lc.Append(fx.StartHook(keys.Ensure))
			return keys
		},
		func(k *app.Keys) *jwt.Signer { return jwt.New(cfg.PublicURL, k) },
		func(g ports.Grants, u ports.Users, m ports.Memberships, s *jwt.Signer, r app.Recorder, c ports.Clock) *app.Tokens {
			return &app.Tokens{Grants: g, Users: u, Memberships: m, Signer: s, Recorder: r, Clock: c}
		},
		newAccounts, newTenants, newDemo,
		func(q ports.MailQueue, m ports.Mailer, h ports.Housekeeper, c ports.Clock, log *slog.Logger, w *app.Wake) *app.Mails {
			return &app.Mails{Queue: q, Mailer: m, House: h, Clock: c, Log: log, Wake: w}
		},
	)
}

func newAccounts(tx ports.Tx, u ports.Users, m ports.Memberships, s ports.Sessions, g ports.Grants, p ports.Passwords, e ports.Events, r app.Recorder, c ports.Clock) *app.Accounts {
	return &app.Accounts{Tx: tx, Users: u, Memberships: m, Sessions: s, Grants: g, Passwords: p, Events: e, Recorder: r, Clock: c}
}

func newTenants(tx ports.Tx, t ports.Tenants, u ports.Users, m ports.Memberships, e ports.Events, r app.Recorder, c ports.Clock) *app.Tenants {
	return &app.Tenants{Tx: tx, Tenants: t, Users: u, Memberships: m, Events: e, Recorder: r, Clock: c}
}

func newDemo(tx ports.Tx, d ports.DemoData, u ports.Users, m ports.Memberships, a *app.Accounts, t *app.Tenants) *app.Demo {
	return &app.Demo{Tx: tx, Data: d, Users: u, Memberships: m, Accounts: a, Tenants: t}
}

// backstage is the part of the service that operators use while nothing is served.
func backstage(cfg Config) fx.Option {
	return fx.Options(
		servicefx.Postgres(cfg.Database, migrations.Set()),
		fx.Provide(
			func() ports.Clock { return servicefx.SystemClock{} },
			func() prometheus.Registerer { return prometheus.NewRegistry() },
			func() *slog.Logger { return slog.New(slog.DiscardHandler) },
			func(db *pg.DB) *kitoutbox.Publisher { return kitoutbox.NewPublisher(db, name) },
			newAccounts, newTenants, newDemo,
		),
		storage(cfg),
	)
}

// edge is what answers requests: the document's operations and the pages.
func edge(cfg Config) fx.Option {
	return fx.Provide(
		func() (*browser.Gate, error) {
			proxies, err := browser.ParseProxies(cfg.TrustedProxies)
			return &browser.Gate{Site: cfg.PublicURL, Secure: !cfg.Dev(), Proxies: proxies}, err
		},
		func(gate *browser.Gate, si *app.SignIn, se *app.Sessions, a *app.Authorizations, box *devmail.Mailbox, log *slog.Logger) (*pages.Pages, error) {
			p := &pages.Pages{Gate: gate, SignIn: si, Sessions: se, Authorizations: a, Log: log}
			if cfg.Dev() && cfg.SMTP.Host == "" {
				p.Mailbox = box
			}
			return p, p.Parse()
		},
		fx.Annotate(
			func(kit *httpx.Kit, log *slog.Logger, gate *browser.Gate, p *pages.Pages, u useCaseParams) (http.Handler, error) {
				slog.SetDefault(log) // zitadel/oidc logs there and nowhere else; nothing of ours does
				api, err := httpapi.New(kit, httpapi.Config{
					PublicURL: cfg.PublicURL, Dev: cfg.Dev(), Gate: gate,
					Forms: oidc.New(cfg.PublicURL, u.Clients, u.Tokens), ErrorPage: p.Error,
				}, httpapi.UseCases{
					SignIn: u.SignIn, Sessions: u.Sessions, MagicLinks: u.MagicLinks, Authorizations: u.Authorizations, Clients: u.Clients,
					Tokens: u.Tokens, Accounts: u.Accounts, Tenants: u.Tenants, KeySet: u.Signer,
				})
				if err != nil {
					return nil, err
				}
				return kit.Edge(kit.WithHealth(p.Handler(api))), nil
			},
			fx.ResultTags(`name:"api"`),
		),
	)
}

type useCaseParams struct {
	fx.In
	SignIn         *app.SignIn
	Sessions       *app.Sessions
	MagicLinks     *app.MagicLinks
	Authorizations *app.Authorizations
	Clients        *app.Clients
	Tokens         *app.Tokens
	Accounts       *app.Accounts
	Tenants        *app.Tenants
	Signer         *jwt.Signer
}

// background is what runs beside the requests.
func background(lc fx.Lifecycle, log *slog.Logger, k *app.Keys, m *app.Mails) {
	servicefx.Background(lc, log, "signing keys", k.Run)
	servicefx.Background(lc, log, "mails", m.Run)
}
