// Package access is the service that decides permissions: this file wires its parts. It is exported so that one process can
// run several services.
package access

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/google/uuid"
	"github.com/prometheus/client_golang/prometheus"
	"go.uber.org/fx"

	"go.updspace.com/access/adapters/events"
	"go.updspace.com/access/adapters/httpapi"
	"go.updspace.com/access/adapters/outbox"
	store "go.updspace.com/access/adapters/pg"
	"go.updspace.com/access/adapters/pg/factcache"
	"go.updspace.com/access/app"
	"go.updspace.com/access/domain"
	"go.updspace.com/access/ports"
	"go.updspace.com/libs/audit"
	"go.updspace.com/libs/fx/servicefx"
	"go.updspace.com/libs/idempotency"
	kit "go.updspace.com/libs/outbox"
	"go.updspace.com/libs/pg"
)

// Name is the service's name: the audience of its signatures.
const Name = "access"

// Config is what the service reads from its environment.
type Config struct {
	servicefx.Config
	Database pg.Config
	NATSURL  string `env:"NATS_URL"` // without it, only Portal's calls tell of memberships
	// AuditRetention is how long entries of the audit log are kept.
	AuditRetention time.Duration `env:"AUDIT_RETENTION" envDefault:"8760h"`
	// CacheBytes is the size of the fact cache; 0 disables it.
	CacheBytes int `env:"ACCESS_CACHE_BYTES" envDefault:"67108864"`
}

// Validate reports every setting that is wrong.
func (c Config) Validate() error {
	problems := []error{c.Config.Validate()}
	if c.Database.URL == "" {
		problems = append(problems, errors.New("DATABASE_URL must be set"))
	}
	if c.AuditRetention < 0 {
		problems = append(problems, errors.New("AUDIT_RETENTION must not be negative"))
	}
	return errors.Join(problems...)
}

// Module is the service.
func Module(cfg Config) fx.Option {
	if err := cfg.Validate(); err != nil {
		return fx.Error(err)
	}
	return fx.Options(
		servicefx.Kit(Name, cfg.Config, httpapi.Options),
		servicefx.Postgres(cfg.Database, store.Migrations()),
		servicefx.Audit(cfg.AuditRetention),
		servicefx.Outbox(Name, cfg.NATSURL),
		fx.Supply(cfg),
		fx.Provide(
			func() ports.Clock { return servicefx.SystemClock{} },
			idempotency.NewStore, newFacts, newAuditBuffer, newServingDeps, newPersonalData,
			fx.Annotate(httpapi.New, fx.ResultTags(`name:"api"`)),
		),
		servicefx.Consumer(Name, events.Types, events.Handler),
		servicefx.Every("expired bindings and overrides", time.Hour, func(d app.Deps, ctx context.Context) error {
			return app.Retention{Deps: d}.DeleteExpired(pg.AcrossTenants(ctx, "expired bindings and overrides"))
		}),
		servicefx.Every("retention of rewards", time.Hour, func(d app.Deps, ctx context.Context) error { return app.Retention{Deps: d}.ForgetRewards(ctx) }),
	)
}

// newDeps returns what is needed to change rights; decisions read the database. Changes wait until no instance decides by the
// facts before them.
func newDeps(db *pg.DB, log *audit.Log, once *idempotency.Store, clock ports.Clock) app.Deps {
	facts := store.NewFacts(db)
	return app.Deps{
		Catalogue: domain.Platform, Facts: facts, Stored: facts, OfUsers: facts, Roles: store.NewRoles(db), Bindings: store.NewBindings(db),
		Overrides: store.NewOverrides(db), Admins: store.NewAdministrators(db),
		Memberships: store.NewMemberships(db), Rewards: store.NewRewards(db), Expired: store.NewExpired(db), Events: outbox.New(kit.NewPublisher(db, Name)), Audit: log, Tx: factcache.NewTx(db), Requests: once, Clock: clock,
	}
}

// newServingDeps returns what the service needs: decisions read the cache and write their audit entries to the buffer.
func newServingDeps(db *pg.DB, log *audit.Log, once *idempotency.Store, clock ports.Clock, facts ports.Facts, buffer *audit.Buffer, publisher *kit.Publisher) app.Deps {
	d := newDeps(db, log, once, clock)
	d.Facts, d.Powers, d.Events = facts, buffer, outbox.New(publisher)
	return d
}

func newPersonalData(d app.Deps, db *pg.DB, log *audit.Log) app.PersonalData {
	return app.NewPersonalData(d, log, store.PersonalData(db)...)
}

// newFacts returns the facts that decisions read. It seeds the database before the first decision: its hook runs between the
// one that migrates and the server's.
func newFacts(lc fx.Lifecycle, cfg Config, db *pg.DB, log *slog.Logger, reg prometheus.Registerer) ports.Facts {
	lc.Append(fx.StartHook(func(ctx context.Context) error { return store.Seed(ctx, db, domain.Platform) }))
	stored := store.NewFacts(db)
	if cfg.CacheBytes <= 0 {
		return stored
	}
	cache := factcache.New(stored, cfg.CacheBytes, time.Now, factcache.NewMetrics(reg))
	servicefx.Background(lc, log, "lease", factcache.NewLease(db, cache, time.Now, log, reg).Run)
	return cache
}

// newAuditBuffer stops after the server and before the database, so that the entries of the last requests are written.
func newAuditBuffer(lc fx.Lifecycle, log *audit.Log, logger *slog.Logger) *audit.Buffer {
	b := audit.NewBuffer(log, logger)
	lc.Append(fx.StartStopHook(b.Start, b.Stop))
	return b
}

// Migrate brings the database up to date: schema, catalogue and templates.
func Migrate(ctx context.Context, cfg Config) error {
	if err := pg.Migrate(ctx, cfg.Database.MigrateURL, store.Migrations()); err != nil {
		return err
	}
	return BootstrapAdmin(ctx, cfg)
}

// Grant names a user who shall administer a tenant.
type Grant struct{ Tenant, User uuid.UUID }

// BootstrapAdmin seeds the catalogue and binds the admin template of every service to users in whole tenants. It needs only
// the database, which must be migrated, and may be repeated.
func BootstrapAdmin(ctx context.Context, cfg Config, grants ...Grant) (err error) {
	db, err := pg.Open(ctx, cfg.Database)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	if err := store.Seed(ctx, db, domain.Platform); err != nil {
		return err
	}
	bootstrap := app.Bootstrap{Deps: newDeps(db, audit.New(db), nil, servicefx.SystemClock{})}
	for _, g := range grants {
		if err := bootstrap.Admin(audit.AsOperator(ctx, ""), g.Tenant, g.User); err != nil {
			return fmt.Errorf("making %s an admin of tenant %s: %w", g.User, g.Tenant, err)
		}
	}
	return nil
}
