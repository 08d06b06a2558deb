// Package portal is the portal service: the one place that knows all its parts. It is exported so that one process can
// run several services.
package portal

import (
	"context"
	"errors"

	"go.uber.org/fx"

	"go.updspace.com/libs/accessclient"
	"go.updspace.com/libs/fx/servicefx"
	"go.updspace.com/libs/idempotency"
	"go.updspace.com/libs/pg"
	access "go.updspace.com/portal/adapters/accessclient"
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
	return errors.Join(problems...)
}

// Module is the service.
func Module(cfg Config) fx.Option {
	if err := cfg.Validate(); err != nil {
		return fx.Error(err)
	}
	return fx.Options(
		servicefx.Kit(name, cfg.Config),
		servicefx.Postgres(cfg.Database, store.Migrations()),
		servicefx.Outbox(name, cfg.NATSURL),
		servicefx.Access(name, cfg.Access),
		fx.Provide(
			func() ports.Clock { return servicefx.SystemClock{} },
			func(db *pg.DB) ports.Tx { return db },
			fx.Annotate(idempotency.NewStore, fx.As(new(ports.Once))),
			fx.Annotate(access.New, fx.As(new(ports.Access))),
			fx.Annotate(outbox.New, fx.As(new(ports.Events))),
			fx.Annotate(store.NewGroups, fx.As(new(ports.Groups))),
			app.NewGroups,
			func(g *app.Groups) httpapi.Apps { return httpapi.Apps{Groups: g} },
			fx.Annotate(httpapi.New, fx.ResultTags(`name:"api"`)),
		),
	)
}

// Migrate brings the database up to date, for deployments that do so apart from serving.
func Migrate(ctx context.Context, cfg Config) error {
	return pg.Migrate(ctx, cfg.Database.MigrateURL, store.Migrations())
}
