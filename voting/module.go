// Package voting is the voting service: this file wires its parts. It is exported so that one process can run several
// services.
package voting

import (
	"context"
	"time"

	"go.uber.org/fx"

	"go.updspace.com/libs/accessclient"
	"go.updspace.com/libs/audit"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/blob"
	"go.updspace.com/libs/filetype"
	"go.updspace.com/libs/fx/blobfx"
	"go.updspace.com/libs/fx/servicefx"
	"go.updspace.com/libs/groups/portalgroups"
	"go.updspace.com/libs/idempotency"
	"go.updspace.com/libs/imaging"
	kit "go.updspace.com/libs/outbox"
	"go.updspace.com/libs/personaldata"
	"go.updspace.com/libs/pg"
	"go.updspace.com/libs/upload"
	"go.updspace.com/voting/adapters/cache"
	"go.updspace.com/voting/adapters/httpapi"
	"go.updspace.com/voting/adapters/outbox"
	store "go.updspace.com/voting/adapters/pg"
	"go.updspace.com/voting/app"
	"go.updspace.com/voting/ports"
)

const (
	name         = "voting"
	imageCleanup = "image cleanup"
)

// Config is the configuration of the service.
type Config = blobfx.ServiceConfig

// Module is the service.
func Module(cfg Config) fx.Option {
	return fx.Options(
		blobfx.Service(name, cfg, store.Migrations(), httpapi.Options),
		fx.Provide(
			func(c servicefx.SystemClock) ports.Clock { return c },
			func(c *accessclient.Client) authz.Checker { return c },
			outbox.New, newDeps, newPersonalData, app.NewLifecycle,
			fx.Annotate(httpapi.New, fx.ResultTags(`name:"api"`)),
		),
		servicefx.Consumer("voting-groups", portalgroups.Types, func(l *app.Lifecycle) kit.Handler { return portalgroups.Handler(l.GroupChanged) }),
		servicefx.Every(imageCleanup, 5*time.Minute, func(d app.Deps, ctx context.Context) error {
			return (&app.Images{Deps: d}).Sweep(pg.AcrossTenants(ctx, imageCleanup))
		}),
		servicefx.Every("opening and closing of polls", 2*time.Second, (*app.Lifecycle).FollowSchedules),
	)
}

// newEvents publishes without the rest of the module, for the demo data.
func newEvents(db *pg.DB, clock ports.Clock) *outbox.Events {
	return outbox.New(kit.NewPublisher(db, name).By(clock.Now))
}

func newDeps(access authz.Checker, db *pg.DB, events *outbox.Events, log *audit.Log, once *idempotency.Store, clock ports.Clock, blobs blob.Store) (app.Deps, error) {
	ballots, err := cache.NewBallots(store.NewBallots(db, events), clock)
	return app.Deps{
		Access: access, Polls: store.NewPolls(db), Questionnaires: store.NewQuestionnaires(db), Participants: store.NewParticipants(db),
		Invites: store.NewInvites(db), Images: store.NewImages(db), Blobs: blobs,
		Receiver: upload.Receiver{Types: filetype.New(), Pictures: imaging.New()},
		Ballots:  ballots, Groups: portalgroups.NewStore(db), Events: events, Audit: log, Tx: db, Once: once, Clock: clock,
	}, err
}

func newPersonalData(db *pg.DB, log *audit.Log, clock ports.Clock) *personaldata.Store {
	return personaldata.New(name, db, log, clock.Now, store.PersonalData(db)...)
}

// Migrate brings the database up to date, for deployments that do so before serving.
func Migrate(ctx context.Context, cfg Config) error {
	return pg.Migrate(ctx, cfg.Database.MigrateURL, store.Migrations())
}
