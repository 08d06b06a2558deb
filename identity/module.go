// Package identity is the ID service: this file wires its parts. It is exported so that one process can run several services.
package identity

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"time"
	_ "time/tzdata" // images have no time zones

	"github.com/prometheus/client_golang/prometheus"
	"go.uber.org/fx"

	"go.updspace.com/identity/adapters/argon2"
	"go.updspace.com/identity/adapters/backchannel"
	"go.updspace.com/identity/adapters/breached"
	"go.updspace.com/identity/adapters/httpapi"
	"go.updspace.com/identity/adapters/httpapi/browserauth"
	"go.updspace.com/identity/adapters/httpapi/mailbox"
	"go.updspace.com/identity/adapters/jwt"
	"go.updspace.com/identity/adapters/keysets"
	"go.updspace.com/identity/adapters/mailrequests"
	"go.updspace.com/identity/adapters/outbox"
	store "go.updspace.com/identity/adapters/pg"
	"go.updspace.com/identity/adapters/pg/migrations"
	"go.updspace.com/identity/adapters/providers"
	"go.updspace.com/identity/adapters/qr"
	"go.updspace.com/identity/adapters/webauthn"
	"go.updspace.com/identity/app"
	"go.updspace.com/identity/ports"
	"go.updspace.com/libs/accessclient"
	"go.updspace.com/libs/audit"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/blob"
	"go.updspace.com/libs/filetype"
	"go.updspace.com/libs/fx/blobfx"
	"go.updspace.com/libs/fx/servicefx"
	"go.updspace.com/libs/httpx"
	"go.updspace.com/libs/imaging"
	"go.updspace.com/libs/mail"
	kit "go.updspace.com/libs/outbox"
	"go.updspace.com/libs/personaldata"
	"go.updspace.com/libs/pg"
	"go.updspace.com/libs/ratelimit"
	"go.updspace.com/libs/seal"
	"go.updspace.com/libs/upload"
	"go.updspace.com/web"
)

const name = "identity"

// Module is the service.
func Module(cfg Config) fx.Option {
	if err := errors.Join(cfg.Validate(), providers.Config(cfg.External).Validate()); err != nil {
		return fx.Error(err)
	}
	wake := servicefx.NewWake()
	return fx.Options(
		servicefx.Kit(name, cfg.Config),
		servicefx.Postgres(cfg.Database, migrations.Set()),
		servicefx.Outbox(name, cfg.NATSURL),
		servicefx.Audit(cfg.AuditRetention),
		servicefx.Redis(name, cfg.RedisURL),
		servicefx.Access(name, cfg.Access),
		blobfx.Store(name, cfg.Blobs),
		core(cfg, wake),
		fx.Provide(
			web.ID,
			func(c *accessclient.Client) authz.Checker { return c },
			func(lc fx.Lifecycle, d app.Deps) *app.App { return newApp(lc, cfg, d) },
			func(l *ratelimit.Limiter, log *slog.Logger) (*browserauth.Gate, error) {
				addresses, err := httpx.NewClientAddresses(cfg.TrustedProxies, log)
				return &browserauth.Gate{Site: cfg.PublicURL, Secure: !cfg.Dev(), Addresses: addresses, Limiter: l}, err
			},
			fx.Annotate(func(in handlerIn) (http.Handler, error) { return newHandler(cfg, in) }, fx.ResultTags(`name:"api"`)),
			func(db *pg.DB, clock ports.Clock) store.Cleanup { return store.Cleanup{DB: db, Clock: clock} },
			func(reg prometheus.Registerer, db *pg.DB, clock ports.Clock) *mailMetrics {
				return newMailMetrics(reg, store.MailQueue{DB: db, Clock: clock})
			},
		),
		fx.Invoke(watchPasswords),
		servicefx.Every("mail queue metrics", 15*time.Second, (*mailMetrics).measure),
		servicefx.Consumer("identity-mails", mailrequests.Types, mailrequests.Handler),
		servicefx.EveryExclusive("suspensions that are over", time.Minute, func(a *app.App, ctx context.Context) error { return a.Restrictions.Lift(ctx) }),
		servicefx.EveryExclusive("mails of closed communities", 15*time.Second, func(a *app.App, ctx context.Context) error { return a.Tenants.TellClosings(ctx) }),
		servicefx.Every("signing keys", time.Minute, (*app.Keys).Ensure),
		servicefx.Every("expired rows", 10*time.Minute, store.Cleanup.Prune),
		servicefx.Every("pictures of tenants", 10*time.Minute, sweepImages),
		servicefx.Every("back-channel logout", 5*time.Second, func(a *app.App, ctx context.Context) error { return a.SignOut.Retry(ctx) }),
		servicefx.EveryOrWoken("mails", 5*time.Second, wake, func(a *app.App, ctx context.Context) error { return a.Mails.Send(ctx) }),
	)
}

// offline is the part of the service that commands use. It serves nothing.
func offline(cfg Config) fx.Option {
	return fx.Options(servicefx.Postgres(cfg.Database, migrations.Set()), core(cfg, servicefx.NewWake()), fx.Provide(
		app.New, audit.New,
		func() (prometheus.Registerer, *slog.Logger) {
			return prometheus.NewRegistry(), slog.New(slog.DiscardHandler)
		},
		func() *ratelimit.Connection { return nil },
		func(db *pg.DB) *kit.Publisher { return kit.NewPublisher(db, name) },
	))
}

// Migrate brings the database up to date, for deployments that do so before serving.
func Migrate(ctx context.Context, cfg Config) error {
	return pg.Migrate(ctx, cfg.Database.MigrateURL, migrations.Set())
}

// ImportableHash reports whether a password hash of the old system can be stored in users.password_hash as it is. What is not
// importable, such as "!..." for no password, is stored as the empty text.
func ImportableHash(hash string) bool { return argon2.Imported(hash) }

func sweepImages(a *app.App, ctx context.Context) error {
	_, err := a.TenantCards.Sweep(pg.AcrossTenants(ctx, "unused pictures of tenants"))
	_, failed := a.Avatars.Sweep(ctx)
	return errors.Join(err, failed)
}

// core provides what the use cases need, to the server and to commands.
func core(cfg Config, wake servicefx.Wake) fx.Option {
	return fx.Provide(
		func() ports.Clock { return servicefx.SystemClock{} },
		func() (*seal.Sealer, error) { return seal.Parse(cfg.SealKeys) },
		func(clock ports.Clock) *mail.Mailbox { return mail.NewMailbox(clock.Now) },
		func(conn *ratelimit.Connection, clock ports.Clock) (*ratelimit.Limiter, error) {
			return ratelimit.New(conn, clock, app.Limits(cfg.RequestsPerAddress)...)
		},
		func(db *pg.DB, log *audit.Log, clock ports.Clock) app.Recorder {
			return app.Recorder{Log: store.AuditLog{DB: db, Log: log}, Clock: clock}
		},
		func(lc fx.Lifecycle, db *pg.DB, sealer *seal.Sealer, recorder app.Recorder, clock ports.Clock) *app.Keys {
			keys := &app.Keys{Tx: store.Tx{DB: db}, Keys: store.Keys{DB: db, Seal: sealer}, Recorder: recorder, Clock: clock}
			lc.Append(fx.StartHook(keys.Ensure))
			return keys
		},
		func(db *pg.DB, log *audit.Log, clock ports.Clock) *personaldata.Store {
			return personaldata.New(name, store.Tx{DB: db}, log, clock.Now, store.PersonalData(db)...)
		},
		func(keys *app.Keys) *jwt.Signer { return jwt.New(cfg.PublicURL, keys) },
		func(in depsIn) (app.Deps, error) { return newDeps(cfg, wake, in) },
	)
}

// depsIn is what newDeps takes from the graph.
type depsIn struct {
	fx.In
	fx.Lifecycle
	DB       *pg.DB
	Outbox   *kit.Publisher
	Limiter  *ratelimit.Limiter
	Sealer   *seal.Sealer
	Recorder app.Recorder
	Signer   *jwt.Signer
	Mailbox  *mail.Mailbox
	Clock    ports.Clock
	Log      *slog.Logger
	Data     *personaldata.Store
	Access   authz.Checker `optional:"true"` // commands check no permission
	Blobs    blob.Store    `optional:"true"` // and touch no pictures
}

func newDeps(cfg Config, wake servicefx.Wake, in depsIn) (d app.Deps, err error) {
	db, sender, keySets := in.DB, backchannel.New(cfg.Portal.LogoutURI, cfg.External.Exceptions), keysets.New(cfg.External.Exceptions)
	others, err := providers.New(providers.Config(cfg.External), cfg.PublicURL, in.Clock.Now)
	if err != nil {
		return d, err
	}
	passkeys, err := webauthn.New(cfg.PublicURL)
	if err != nil {
		return d, err
	}
	in.Append(fx.StopHook(func() { sender.Close(); others.Close(); keySets.Close() }))
	pictures := imaging.New()
	d = app.Deps{
		Tx: store.Tx{DB: db}, Users: store.Users{DB: db}, Accounts: store.Accounts{DB: db}, Tenants: store.Tenants{DB: db}, Memberships: store.Memberships{DB: db},
		Sessions: store.Sessions{DB: db}, Notices: store.LogoutNotices{DB: db}, Sender: sender, Links: store.MagicLinks{DB: db},
		Providers: others, AvatarRows: store.Avatars{DB: db}, Flows: store.ProviderFlows{DB: db, Seal: in.Sealer}, Identities: store.ExternalIdentities{DB: db},
		Factors: store.Factors{DB: db, Seal: in.Sealer}, Passkeys: store.Passkeys{DB: db, Seal: in.Sealer},
		Ceremonies: store.Ceremonies{DB: db, Seal: in.Sealer}, Verifier: passkeys, Codes: qr.Codes{},
		Images: store.TenantImages{DB: db}, Closings: store.TenantClosings{DB: db}, Access: in.Access, Blobs: in.Blobs, Pictures: pictures,
		Receiver: upload.Receiver{Types: filetype.New(), Pictures: pictures},
		History:  store.LoginHistory{DB: db}, UserConsents: store.UserConsents{DB: db}, AccountTokens: store.AccountTokens{DB: db},
		DataRequests: store.DataRequests{DB: db, Seal: in.Sealer}, PersonalData: in.Data,
		Clients: store.Clients{DB: db}, Assertions: jwt.Assertions{}, KeySets: keySets, Consents: store.Consents{DB: db}, Requests: store.Authorizations{DB: db},
		Grants: store.Grants{DB: db, Seal: in.Sealer}, RefreshGrace: cfg.RefreshGrace, Signer: in.Signer, DemoData: store.DemoData{DB: db}, Limiter: in.Limiter,
		Mails: store.MailQueue{DB: db, Seal: in.Sealer, Clock: in.Clock, Queued: wake.Signal}, Mailer: in.Mailbox,
		Unsubscribed: store.MailSubscriptions{DB: db}, Suppressed: store.MailSuppressions{DB: db, Seal: in.Sealer}, LinkTokens: seal.Tokens{Sealer: in.Sealer},
		Stamps: seal.Stamps{Sealer: in.Sealer}, Events: outbox.Events{Publisher: in.Outbox}, Recorder: in.Recorder,
		Onboarding: app.Onboarding{
			Forms: store.ApplicationForms{DB: db}, Applications: store.Applications{DB: db}, Invitations: store.Invitations{DB: db},
			Registrations: store.Registrations{DB: db}, Claims: store.Users{DB: db}, ApplicationEvents: outbox.Events{Publisher: in.Outbox}, Origin: cfg.Portal.origin,
		},
		Clock: in.Clock, Log: in.Log, Issuer: cfg.PublicURL, AdminSecondFactor: cfg.AdminSecondFactor, GatewayID: cfg.Portal.ID, ReplyDomain: cfg.ReplyDomain,
	}
	if cfg.SMTP.Host != "" { // Validate allows it to be empty in development only
		if d.Mailer, err = mail.NewSMTP(cfg.SMTP); err != nil {
			return d, err
		}
	}
	if d.MailSecrets, err = cfg.mailSecrets(); err != nil {
		return d, err
	}
	if d.Breached, err = breached.New(); err != nil {
		return d, err
	}
	d.Passwords, err = argon2.New(cfg.PasswordSlots, cfg.PasswordQueue, cfg.PasswordMemory)
	return d, err
}

// newApp returns the use cases of the server. What must be done before the first request is a start hook of this constructor,
// which runs before the server's.
func newApp(lc fx.Lifecycle, cfg Config, d app.Deps) *app.App {
	a := app.New(d)
	if !cfg.Dev() {
		lc.Append(fx.StartHook(a.Demo.Refuse))
	}
	lc.Append(fx.StartHook(func(ctx context.Context) error { return a.Clients.Register(ctx, cfg.Portal.client()) }))
	return a
}

// handlerIn is what newHandler takes from the graph.
type handlerIn struct {
	fx.In
	*app.App
	Server   *httpx.Server
	Keys     *app.Keys
	Gate     *browserauth.Gate
	Signer   *jwt.Signer
	Mailbox  *mail.Mailbox
	Frontend *web.App
}

// newHandler answers requests: the pages and the document's operations.
func newHandler(cfg Config, in handlerIn) (http.Handler, error) {
	api, err := httpapi.New(
		httpapi.Config{Issuer: cfg.PublicURL, Origin: cfg.Portal.origin, Dev: cfg.Dev()},
		httpapi.Deps{Kit: in.Server, App: in.App, Gate: in.Gate, Keys: in.Signer, Signing: in.Keys, Frontend: in.Frontend},
	)
	if err != nil {
		return nil, err
	}
	if cfg.Dev() && cfg.SMTP.Host == "" {
		api = mailbox.Handler(in.Mailbox, api)
	}
	return in.Server.Observe(in.Server.WithHealth(api)), nil
}
