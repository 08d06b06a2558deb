// Package access wires the service that decides who may do what.
package access

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"go.uber.org/fx"

	"go.updspace.com/access/adapters/events"
	"go.updspace.com/access/adapters/httpapi"
	accesspg "go.updspace.com/access/adapters/pg"
	"go.updspace.com/access/adapters/snapshot"
	"go.updspace.com/access/app"
	"go.updspace.com/access/domain"
	"go.updspace.com/access/ports"
	"go.updspace.com/libs/fx/servicefx"
	"go.updspace.com/libs/httpx"
	"go.updspace.com/libs/idempotency"
	"go.updspace.com/libs/outbox"
	"go.updspace.com/libs/pg"
)

// Name is the service's name: the audience of its signatures.
const Name = "access"

// Config is what the service reads from its environment.
type Config struct {
	servicefx.Config
	Database pg.Config
	NATSURL  string `env:"NATS_URL"` // without it, only calls tell of memberships
	// RetentionAuditDays is how long the journal keeps its entries; 0 is the default, a year.
	RetentionAuditDays int `env:"ACCESS_RETENTION_AUDIT_DAYS"`
	// SnapshotBytes bounds what is remembered about users; 0: nothing is.
	SnapshotBytes int `env:"ACCESS_SNAPSHOT_BYTES" envDefault:"67108864"`
}

const defaultRetentionDays = 365

// Validate reports every setting that is wrong.
func (c Config) Validate() error {
	problems := []error{c.Config.Validate()}
	if c.Database.URL == "" {
		problems = append(problems, errors.New("DATABASE_URL must not be empty"))
	}
	if c.RetentionAuditDays < 0 {
		problems = append(problems, errors.New("ACCESS_RETENTION_AUDIT_DAYS must not be negative"))
	}
	return errors.Join(problems...)
}

// Module is the whole service.
func Module(cfg Config) fx.Option {
	if err := cfg.Validate(); err != nil {
		return fx.Error(err)
	}
	return fx.Options(
		servicefx.Kit(Name, cfg.Config, func(o *httpx.Options) { o.Quiet = httpapi.Quiet() }),
		servicefx.Postgres(cfg.Database, accesspg.Migrations()),
		fx.Supply(domain.Platform, cfg.Database),
		fx.Provide(
			clock,
			newPool,
			newFacts,
			newTx,
			newSnapshot(cfg.SnapshotBytes),
			fx.Annotate(newRecorder, fx.As(new(ports.Journal))),
			newMemberships,
			newBootstrap,
			app.NewDecisions,
			app.NewCatalogue,
		),
		administration(cfg),
		listen(cfg),
		fx.Provide(fx.Annotate(newAPI, fx.ResultTags(`name:"api"`))),
	)
}

// Migrate brings the database up to date: schema, catalogue and templates.
func Migrate(ctx context.Context, cfg Config) error {
	if err := pg.Migrate(ctx, cfg.Database.MigrateURL, accesspg.Migrations()); err != nil {
		return err
	}
	return withDB(ctx, cfg, func(db *pg.DB) error { return accesspg.Seed(ctx, db, domain.Platform) })
}

// BootstrapAdmin binds the admin template of every service to a user in the
// whole tenant. It needs the database only, which must be migrated, and may be
// repeated.
func BootstrapAdmin(ctx context.Context, cfg Config, grants ...Grant) error {
	return withDB(ctx, cfg, func(db *pg.DB) error {
		if err := accesspg.Seed(ctx, db, domain.Platform); err != nil {
			return err
		}
		bootstrap := newBootstrap(db, newTx(db), clock())
		for _, g := range grants {
			if err := bootstrap.Admin(ctx, g.Tenant, g.User); err != nil {
				return fmt.Errorf("making %s an admin of tenant %s: %w", g.User, g.Tenant, err)
			}
		}
		return nil
	})
}

// withDB opens the database for a command.
func withDB(ctx context.Context, cfg Config, fn func(*pg.DB) error) error {
	db, err := pg.Open(ctx, cfg.Database)
	if err != nil {
		return err
	}
	return errors.Join(fn(db), db.Close())
}

func clock() ports.Clock { return servicefx.SystemClock{} }

// newFacts seeds the database before anything is decided: its hook stands
// between that of the database, which migrates, and that of the server.
func newFacts(lc fx.Lifecycle, db *pg.DB, pool *accesspg.Pool, c domain.Catalogue) *accesspg.Facts {
	lc.Append(fx.StartHook(func(ctx context.Context) error { return accesspg.Seed(ctx, db, c) }))
	return accesspg.NewFacts(pool)
}

func newBootstrap(db *pg.DB, tx ports.Tx, clock ports.Clock) *app.Bootstrap {
	return app.NewBootstrap(tx, accesspg.NewRoles(db), accesspg.NewBindings(db), accesspg.NewAdministrators(db), accesspg.NewJournal(db), clock)
}

// listen follows the events of Portal and identity. Without a broker only
// Portal's calls tell of memberships.
func listen(cfg Config) fx.Option {
	if cfg.NATSURL == "" {
		return fx.Options()
	}
	return fx.Invoke(func(lc fx.Lifecycle, db *pg.DB, m *app.Memberships, b *app.Bootstrap, log *slog.Logger, reg prometheus.Registerer) {
		consumer := outbox.NewConsumer(db, outbox.ConsumerConfig{
			NATSURL: cfg.NATSURL, Name: Name, Types: events.Types(), Logger: log, Metrics: reg,
		}, events.Handler(m, b))
		servicefx.Background(lc, log, "events", consumer.Run)
	})
}

func newTx(db *pg.DB) ports.Tx { return accesspg.NewTx(db) }

// newSnapshot remembers facts, which decisions read. What must be certain of
// the last commit inside of a transaction reads *accesspg.Facts.
func newSnapshot(most int) func(lc fx.Lifecycle, db *pg.DB, stored *accesspg.Facts, log *slog.Logger, reg prometheus.Registerer) ports.Facts {
	return func(lc fx.Lifecycle, db *pg.DB, stored *accesspg.Facts, log *slog.Logger, reg prometheus.Registerer) ports.Facts {
		if most <= 0 {
			return stored
		}
		store := snapshot.New(stored, most, time.Now, snapshot.NewMetrics(reg))
		runs(lc, log, "lease", accesspg.NewLease(db, store, time.Now, log, reg).Run)
		return store
	}
}

func newPool(lc fx.Lifecycle, cfg pg.Config, reg prometheus.Registerer) (*accesspg.Pool, error) {
	pool, err := accesspg.OpenPool(context.Background(), cfg)
	if err != nil {
		return nil, err
	}
	lc.Append(fx.StopHook(pool.Close))
	reg.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{
		Name: "access_facts_connections_in_use", Help: "Connections that read the facts of a decision right now.",
	}, func() float64 { return float64(pool.InUse()) }))
	return pool, nil
}

// newRecorder stops after the server and before the database, so that the last
// request's entries are stored.
func newRecorder(lc fx.Lifecycle, db *pg.DB, log *slog.Logger) *accesspg.Recorder {
	r := accesspg.NewRecorder(accesspg.NewJournal(db), log)
	lc.Append(fx.StartStopHook(r.Start, r.Stop))
	return r
}

// newMemberships journals in its own transactions; the recorder is for decisions.
func newMemberships(db *pg.DB, tx ports.Tx, clock ports.Clock) *app.Memberships {
	return app.NewMemberships(tx, accesspg.NewMemberships(db), accesspg.NewJournal(db), clock)
}

type useCases struct {
	fx.In
	Decisions   *app.Decisions
	Memberships *app.Memberships
	Catalogue   *app.Catalogue
	Roles       *app.Roles
	Bindings    *app.Bindings
	Overrides   *app.Overrides
	History     *app.History
	Inspection  *app.Inspection
	People      *app.People
}

func newAPI(kit *httpx.Kit, u useCases) (http.Handler, error) {
	return httpapi.New(kit, httpapi.UseCases{
		Decisions: u.Decisions, Memberships: u.Memberships, Catalogue: u.Catalogue, Roles: u.Roles, Bindings: u.Bindings,
		Overrides: u.Overrides, History: u.History, Inspection: u.Inspection, People: u.People,
	})
}

// administration is the part of the service that changes rights.
func administration(cfg Config) fx.Option {
	return fx.Options(
		fx.Provide(
			fx.Annotate(idempotency.NewStore, fx.As(new(ports.Once))),
			fx.Annotate(accesspg.NewRoles, fx.As(new(ports.Roles))),
			fx.Annotate(accesspg.NewTenantRoles, fx.As(new(ports.TenantRoles))),
			fx.Annotate(accesspg.NewTenantBindings, fx.As(new(ports.TenantBindings))),
			fx.Annotate(accesspg.NewTenantOverrides, fx.As(new(ports.TenantOverrides))),
			fx.Annotate(accesspg.NewAdministrators, fx.As(new(ports.Administrators))),
			fx.Annotate(accesspg.NewJournal, fx.As(fx.Self()), fx.As(new(ports.History))),
			fx.Annotate(accesspg.NewPeople, fx.As(new(ports.People))),
			newAdministration, app.NewRoles, app.NewBindings, app.NewOverrides, app.NewHistory, app.NewInspection, app.NewPeople,
			func(db *pg.DB, j *accesspg.Journal, clock ports.Clock, log *slog.Logger) *accesspg.Retention {
				days := cmp.Or(cfg.RetentionAuditDays, defaultRetentionDays)
				return accesspg.NewRetention(db, j, clock, log, time.Duration(days)*24*time.Hour)
			},
		),
		fx.Invoke(runRetention),
	)
}

// newAdministration decides from the database itself and journals in the
// transaction of the change; what decisions use may remember and may be late.
func newAdministration(
	c domain.Catalogue, d *app.Decisions, stored *accesspg.Facts, admins ports.Administrators,
	tx ports.Tx, once ports.Once, journal *accesspg.Journal, clock ports.Clock,
) *app.Administration {
	return app.NewAdministration(c, d, stored, admins, tx, once, journal, clock)
}

// runRetention lets the job run as long as the service does.
func runRetention(lc fx.Lifecycle, log *slog.Logger, r *accesspg.Retention) {
	runs(lc, log, "retention", r.Run)
}

// runs lets a job run as long as the service does.
func runs(lc fx.Lifecycle, log *slog.Logger, name string, job func(context.Context)) {
	servicefx.Background(lc, log, name, func(ctx context.Context) error {
		job(ctx)
		return nil
	})
}
