// Package portal is the portal service: the one place that knows all its parts. It is exported so that one process can
// run several services.
package portal

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"go.uber.org/fx"

	"go.updspace.com/libs/accessclient"
	"go.updspace.com/libs/fx/servicefx"
	"go.updspace.com/libs/idempotency"
	"go.updspace.com/libs/pg"
	access "go.updspace.com/portal/adapters/accessclient"
	"go.updspace.com/portal/adapters/driftwatch"
	"go.updspace.com/portal/adapters/httpapi"
	"go.updspace.com/portal/adapters/outbox"
	store "go.updspace.com/portal/adapters/pg"
	"go.updspace.com/portal/app"
	"go.updspace.com/portal/ports"
)

const name = "portal"

// Config is everything the service is told from outside.
type Config struct {
	servicefx.Config
	Database pg.Config
	Access   accessclient.Config
	NATSURL  string `env:"NATS_URL"` // without it, events wait in the outbox
	// Upkeep is how often memberships are compared with those that access knows, and old entries of the journal removed.
	Upkeep time.Duration `env:"PORTAL_UPKEEP" envDefault:"10m"`
}

// Validate reports every setting that is wrong.
func (c Config) Validate() error {
	problems := []error{c.Config.Validate()}
	if c.Database.URL == "" {
		problems = append(problems, errors.New("DATABASE_URL must be set"))
	}
	if c.Access.URL == "" {
		problems = append(problems, errors.New("ACCESS_URL must be set"))
	}
	if c.Upkeep <= 0 {
		problems = append(problems, errors.New("PORTAL_UPKEEP must be positive"))
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
		parts(cfg),
		fx.Provide(fx.Annotate(httpapi.New, fx.ResultTags(`name:"api"`))),
		fx.Invoke(func(lc fx.Lifecycle, u *app.Upkeep, log *slog.Logger) {
			servicefx.Background(lc, log, "upkeep", func(ctx context.Context) error { return keepUp(ctx, u, log, cfg.Upkeep) })
		}),
	)
}

// parts are the service without its door.
func parts(cfg Config) fx.Option {
	return fx.Options(
		servicefx.Postgres(cfg.Database, store.Migrations()),
		servicefx.Outbox(name, cfg.NATSURL),
		servicefx.Access(name, cfg.Access),
		fx.Provide(
			func() ports.Clock { return servicefx.SystemClock{} },
			func(db *pg.DB) ports.Tx { return db },
			fx.Annotate(idempotency.NewStore, fx.As(new(ports.Once))),
			fx.Annotate(access.New, fx.As(new(ports.Access))),
			fx.Annotate(access.NewRoster, fx.As(new(ports.Roster))),
			fx.Annotate(driftwatch.New, fx.As(new(ports.DriftWatch))),
			fx.Annotate(outbox.New, fx.As(new(ports.Events))),
			fx.Annotate(store.NewGroups, fx.As(new(ports.Groups))),
			fx.Annotate(store.NewMemberships, fx.As(new(ports.Memberships))),
			fx.Annotate(store.NewRequests, fx.As(new(ports.Requests))),
			fx.Annotate(store.NewInvites, fx.As(new(ports.Invites))),
			fx.Annotate(store.NewLinks, fx.As(new(ports.Links))),
			fx.Annotate(store.NewJournal, fx.As(new(ports.Journal))),
			fx.Annotate(store.NewTenants, fx.As(new(ports.Tenants))),
			fx.Annotate(store.NewExclusive, fx.As(new(ports.Exclusive))),
			app.NewDesk, app.NewGroups, app.NewMembers, app.NewRequests, app.NewInvites, app.NewLinks, app.NewJournal, app.NewRegistry, app.NewUpkeep,
			newApps,
		),
	)
}

func newApps(
	g *app.Groups, m *app.Members, r *app.Requests, i *app.Invites, l *app.Links, j *app.Journal, registry *app.Registry,
) httpapi.Apps {
	return httpapi.Apps{Groups: g, Members: m, Requests: r, Invites: i, Links: l, Journal: j, Registry: registry}
}

// keepUp does the upkeep until it is told to stop. The first time is after a while, when access is up as well.
func keepUp(ctx context.Context, u *app.Upkeep, log *slog.Logger, every time.Duration) error {
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
		if _, _, err := u.Reconcile(ctx); err != nil && ctx.Err() == nil {
			log.WarnContext(ctx, "memberships could not be compared with those that access knows", "error", err)
		}
		if _, err := u.Tidy(ctx); err != nil && ctx.Err() == nil {
			log.WarnContext(ctx, "old entries of the journal could not be removed", "error", err)
		}
	}
}

// Migrate brings the database up to date, for deployments that do so apart from serving.
func Migrate(ctx context.Context, cfg Config) error {
	return pg.Migrate(ctx, cfg.Database.MigrateURL, store.Migrations())
}
