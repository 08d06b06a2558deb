// Package portal is the portal service: this file wires its parts. It is exported so that one process can run several
// services.
package portal

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"time"

	"go.uber.org/fx"

	"go.updspace.com/libs/accessclient"
	"go.updspace.com/libs/audit"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/blob"
	"go.updspace.com/libs/filetype"
	"go.updspace.com/libs/fx/blobfx"
	"go.updspace.com/libs/fx/servicefx"
	"go.updspace.com/libs/httpx"
	"go.updspace.com/libs/idempotency"
	"go.updspace.com/libs/imaging"
	kit "go.updspace.com/libs/outbox"
	"go.updspace.com/libs/personaldata"
	"go.updspace.com/libs/pg"
	"go.updspace.com/libs/upload"
	access "go.updspace.com/portal/adapters/accessclient"
	"go.updspace.com/portal/adapters/httpapi"
	"go.updspace.com/portal/adapters/identityevents"
	"go.updspace.com/portal/adapters/markdown"
	"go.updspace.com/portal/adapters/outbox"
	store "go.updspace.com/portal/adapters/pg"
	"go.updspace.com/portal/adapters/quota"
	contentapp "go.updspace.com/portal/content/app"
	groupsapp "go.updspace.com/portal/groups/app"
	groupsports "go.updspace.com/portal/groups/ports"
	"go.updspace.com/portal/ports"
)

const name = "portal"

// Config is the configuration of the service.
type Config struct {
	servicefx.ServiceConfig
	// ReconcileInterval is how often memberships are compared with those that access knows.
	ReconcileInterval time.Duration `env:"PORTAL_RECONCILE_INTERVAL" envDefault:"10m"`
	Blobs             blobfx.Config
}

// Validate reports every setting that is wrong.
func (c Config) Validate() error {
	problems := []error{c.ServiceConfig.Validate(), c.Blobs.Validate(c.Dev())}
	if c.ReconcileInterval <= 0 {
		problems = append(problems, errors.New("PORTAL_RECONCILE_INTERVAL must be positive"))
	}
	return errors.Join(problems...)
}

// Module is the service.
func Module(cfg Config) fx.Option {
	if err := cfg.Validate(); err != nil {
		return fx.Error(err)
	}
	return fx.Options(
		servicefx.Service(name, cfg.ServiceConfig, store.Migrations()),
		blobfx.Store(name, cfg.Blobs),
		provideSync(),
		fx.Provide(
			func(c servicefx.SystemClock) ports.Clock { return c },
			func(c *accessclient.Client) authz.Checker { return c },
			newGroups, newContent, newReconciler, newPersonalData,
			func(d groupsapp.Deps) groupsapp.Departures { return groupsapp.Departures{Deps: d} },
			func(d contentapp.Deps) contentapp.Accounts { return contentapp.Accounts{Deps: d} },
			func(a contentapp.Accounts, d groupsapp.Departures) identityevents.Members {
				return identityevents.Members{Accounts: a, Departures: d}
			},
			fx.Annotate(newAPI, fx.ResultTags(`name:"api"`)),
		),
		servicefx.ConsumerAcrossTenants("portal-accounts", identityevents.AccountTypes, identityevents.Accounts),
		servicefx.Consumer("portal-members", identityevents.MembershipTypes, identityevents.Memberships),
		servicefx.EveryExclusive(reconciliation, cfg.ReconcileInterval, func(r groupsapp.Reconciler, ctx context.Context) error {
			_, err := r.Reconcile(ctx)
			return err
		}),
		servicefx.Every(fileCleanup, 5*time.Minute, func(content contentapp.Deps, ctx context.Context) error {
			_, err := contentapp.FileCleanup{Deps: content}.Sweep(pg.AcrossTenants(ctx, fileCleanup))
			return err
		}),
	)
}

func provideSync() fx.Option {
	return fx.Provide(fx.Annotate(access.NewSync, fx.As(new(groupsports.AccessSync))))
}

func newGroups(
	access authz.Checker, sync groupsports.AccessSync, db *pg.DB, p *kit.Publisher, log *audit.Log, once *idempotency.Store,
	clock ports.Clock,
) groupsapp.Deps {
	return groupsapp.Deps{
		Access: access, Groups: store.NewGroups(db), Cards: store.NewCards(db), Queues: store.NewCards(db), Members: store.NewMemberships(db), JoinRequests: store.NewJoinRequests(db),
		Invites: store.NewInvites(db), Links: store.NewInviteLinks(db), Pending: store.NewPending(db), Bans: store.NewBans(db),
		TenantMembers: store.NewProfiles(db), Traces: store.NewGroupTraces(db), Events: outbox.NewGroupEvents(p), Audit: log,
		Sync: sync, Tx: db, Once: once, Clock: clock,
	}
}

func newContent(
	access authz.Checker, db *pg.DB, blobs blob.Store, p *kit.Publisher, log *audit.Log, once *idempotency.Store, clock ports.Clock,
) (contentapp.Deps, error) {
	pictures := imaging.New()
	quotas, err := quota.New(clock)
	return contentapp.Deps{
		Access: access, Posts: store.NewPosts(db), Targets: store.NewPostTargets(db), Roles: store.NewMemberships(db), Files: store.NewFiles(db),
		Profiles: store.NewProfiles(db), People: store.NewPeople(db), Public: store.NewPublicCards(db), Quota: quotas, Accounts: store.NewAccounts(db), Blobs: blobs,
		Receiver: upload.Receiver{Types: filetype.New(), Pictures: pictures}, Avatars: pictures, Markdown: markdown.New(),
		Events: outbox.New(p), Audit: log, Tx: db, Once: once, Clock: clock,
	}, err
}

func newPersonalData(
	db *pg.DB, departures groupsapp.Departures, p *kit.Publisher, log *audit.Log, clock ports.Clock,
) *personaldata.Store {
	return personaldata.New(name, db, log, clock.Now, store.PersonalData(db, store.Erasers{
		Departures: departures, Markdown: markdown.New(), Events: outbox.New(p), Clock: clock,
	})...)
}

func newAPI(kit *httpx.Server, groups groupsapp.Deps, content contentapp.Deps, data *personaldata.Store) (http.Handler, error) {
	return httpapi.New(kit, httpapi.Apps{Groups: groups, Content: content, Data: data})
}

// Migrate brings the database up to date, for deployments that do so before serving.
func Migrate(ctx context.Context, cfg Config) error {
	return pg.Migrate(ctx, cfg.Database.MigrateURL, store.Migrations())
}

// The background jobs.
const (
	reconciliation = "membership reconciliation"
	fileCleanup    = "file cleanup"
)

func newReconciler(db *pg.DB, sync groupsports.AccessSync) groupsapp.Reconciler {
	return groupsapp.Reconciler{Tenants: store.NewTenants(db), Members: store.NewMemberships(db), Sync: sync}
}

// Commands are the verbs of operators.
func Commands() []servicefx.Command[Config] {
	return []servicefx.Command[Config]{{
		Name: "reconcile", Help: "compare memberships with those that access knows, and put access right",
		Run: func(ctx context.Context, cfg Config, _ []string) error { return Reconcile(ctx, cfg) },
	}}
}

// Reconcile compares all memberships with those that access knows, once.
func Reconcile(ctx context.Context, cfg Config) error {
	type parts struct {
		fx.In
		DB   *pg.DB
		Sync groupsports.AccessSync
		Log  *slog.Logger
	}
	return servicefx.Offline(ctx, func(ctx context.Context, p parts) error {
		ran, err := p.DB.Exclusive(ctx, reconciliation, func(ctx context.Context) error {
			drift, err := newReconciler(p.DB, p.Sync).Reconcile(ctx)
			p.Log.InfoContext(ctx, "reconciled memberships",
				"added", drift.Added, "changed", drift.Changed, "removed", drift.Removed)
			return err
		})
		if err == nil && !ran {
			err = errors.New("another instance is at it")
		}
		return err
	}, servicefx.OfflineService(name, cfg.ServiceConfig, store.Migrations()), provideSync())
}
