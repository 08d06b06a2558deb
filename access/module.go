// Package access wires the service that decides who may do what.
package access

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"

	"github.com/prometheus/client_golang/prometheus"
	"go.uber.org/fx"

	"go.updspace.com/access/adapters/httpapi"
	accesspg "go.updspace.com/access/adapters/pg"
	"go.updspace.com/access/app"
	"go.updspace.com/access/domain"
	"go.updspace.com/access/ports"
	"go.updspace.com/libs/fx/servicefx"
	"go.updspace.com/libs/httpx"
	"go.updspace.com/libs/pg"
)

// Name is the service's name: the audience of its signatures.
const Name = "access"

// Config is what the service reads from its environment.
type Config struct {
	servicefx.Config
	Database pg.Config
}

// Validate reports every setting that is wrong.
func (c Config) Validate() error {
	problems := []error{c.Config.Validate()}
	if c.Database.URL == "" {
		problems = append(problems, errors.New("DATABASE_URL must not be empty"))
	}
	return errors.Join(problems...)
}

// Module is the whole service.
func Module(cfg Config) fx.Option {
	if err := cfg.Validate(); err != nil {
		return fx.Error(err)
	}
	return fx.Options(
		servicefx.Kit(Name, cfg.Config),
		servicefx.Postgres(cfg.Database, accesspg.Migrations()),
		fx.Supply(domain.Platform, cfg.Database),
		fx.Provide(
			clock,
			newPool,
			fx.Annotate(newFacts, fx.As(new(ports.Facts))),
			fx.Annotate(newRecorder, fx.As(new(ports.Journal))),
			newMemberships,
			app.NewDecisions,
			app.NewCatalogue,
			fx.Annotate(newAPI, fx.ResultTags(`name:"api"`)),
		),
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
		bootstrap := app.NewBootstrap(db, accesspg.NewRoles(db), accesspg.NewBindings(db), accesspg.NewJournal(db), clock())
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
func newMemberships(db *pg.DB, clock ports.Clock) *app.Memberships {
	return app.NewMemberships(db, accesspg.NewMemberships(db), accesspg.NewJournal(db), clock)
}

func newAPI(kit *httpx.Kit, d *app.Decisions, m *app.Memberships, c *app.Catalogue) (http.Handler, error) {
	return httpapi.New(kit, d, m, c)
}
