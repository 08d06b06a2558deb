// Package activity is the activity service: this file wires its parts. It is exported so that one process can run several
// services.
package activity

import (
	"context"

	"github.com/google/uuid"
	"go.uber.org/fx"

	"go.updspace.com/activity/adapters/httpapi"
	"go.updspace.com/activity/adapters/outbox"
	store "go.updspace.com/activity/adapters/pg"
	"go.updspace.com/activity/app"
	"go.updspace.com/activity/domain"
	"go.updspace.com/activity/ports"
	"go.updspace.com/libs/accessclient"
	"go.updspace.com/libs/audit"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/fx/servicefx"
	"go.updspace.com/libs/idempotency"
	"go.updspace.com/libs/page"
	"go.updspace.com/libs/personaldata"
	"go.updspace.com/libs/pg"
	"go.updspace.com/libs/reqctx"
)

const name = "activity"

// Config is the configuration of the service.
type Config = servicefx.ServiceConfig

// Module is the service.
func Module(cfg Config) fx.Option {
	return fx.Options(
		servicefx.Service(name, cfg, store.Migrations()),
		fx.Provide(
			app.NewItems,
			func(c servicefx.SystemClock) ports.Clock { return c },
			func(db *pg.DB) ports.Tx { return db },
			func(c *accessclient.Client) authz.Checker { return c },
			func(s *idempotency.Store) idempotency.Requests { return s },
			fx.Annotate(outbox.New, fx.As(new(ports.Events))),
			fx.Annotate(store.NewItems, fx.As(new(ports.Items))),
			func(db *pg.DB, log *audit.Log, clock ports.Clock) *personaldata.Store {
				return personaldata.New(name, db, log, clock.Now, store.PersonalData(db)...)
			},
			fx.Annotate(httpapi.New, fx.ResultTags(`name:"api"`)),
		),
	)
}

// SeedDemo creates one item in the demo tenant, if it has none. The database must be migrated.
func SeedDemo(ctx context.Context, cfg Config) error {
	db, err := servicefx.OpenDemo(ctx, cfg)
	if err != nil {
		return err
	}
	defer db.Close()
	admin := authz.Actor{Tenant: uuid.MustParse("00000000-0000-0000-0000-000000000001"), User: uuid.MustParse("00000000-0000-4000-8000-000000000001")}
	ctx = reqctx.With(ctx, reqctx.Context{TenantID: admin.Tenant, UserID: admin.User})
	items := store.NewItems(db)
	return db.Do(ctx, func(ctx context.Context) error {
		if found, err := items.Page(ctx, page.Request{Limit: 1}); err != nil || len(found.Items) > 0 {
			return err
		}
		item, err := domain.NewItem(admin, domain.ItemDraft{Title: "First item"}, servicefx.SystemClock{}.Now())
		if err != nil {
			return err
		}
		return items.Add(ctx, item)
	})
}

// Migrate brings the database up to date, for deployments that do so before serving.
func Migrate(ctx context.Context, cfg Config) error {
	return pg.Migrate(ctx, cfg.Database.MigrateURL, store.Migrations())
}
