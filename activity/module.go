// Package activity is the activity service: this file wires its parts. It is exported so that one process can run several
// services.
package activity

import (
	"context"

	"go.uber.org/fx"

	"go.updspace.com/activity/adapters/httpapi"
	store "go.updspace.com/activity/adapters/pg"
	"go.updspace.com/activity/app"
	"go.updspace.com/activity/ports"
	"go.updspace.com/libs/accessclient"
	"go.updspace.com/libs/audit"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/fx/servicefx"
	"go.updspace.com/libs/groups/portalgroups"
	"go.updspace.com/libs/idempotency"
	kit "go.updspace.com/libs/outbox"
	"go.updspace.com/libs/personaldata"
	"go.updspace.com/libs/pg"
)

const name = "activity"

// Config is the configuration of the service.
type Config = servicefx.ServiceConfig

// Module is the service.
func Module(cfg Config) fx.Option {
	return fx.Options(
		servicefx.Service(name, cfg, store.Migrations()),
		fx.Provide(
			func(c servicefx.SystemClock) ports.Clock { return c },
			func(db *pg.DB) ports.Tx { return db },
			func(c *accessclient.Client) authz.Checker { return c },
			func(s *idempotency.Store) idempotency.Requests { return s },
			func(db *pg.DB, log *audit.Log, clock ports.Clock) *personaldata.Store {
				return personaldata.New(name, db, log, clock.Now, store.PersonalData(db)...)
			},
			fx.Annotate(httpapi.New, fx.ResultTags(`name:"api"`)),
		),
		feedOptions(),
	)
}

// feedOptions are the items and those who read them.
func feedOptions() fx.Option {
	return fx.Options(
		fx.Provide(app.NewSight, app.NewFeed, fx.Annotate(store.NewItems, fx.As(new(ports.Items))), portalgroups.NewStore),
		servicefx.Consumer("activity-groups", portalgroups.Types, func(s *portalgroups.Store) kit.Handler { return portalgroups.Handler(s.Put) }),
	)
}

// Migrate brings the database up to date, for deployments that do so before serving.
func Migrate(ctx context.Context, cfg Config) error {
	return pg.Migrate(ctx, cfg.Database.MigrateURL, store.Migrations())
}

// SeedDemo puts items into the feed of the demo tenant. The database must be migrated.
func SeedDemo(ctx context.Context, cfg Config) error {
	db, err := servicefx.OpenDemo(ctx, cfg)
	if err != nil {
		return err
	}
	return db.Close()
}
