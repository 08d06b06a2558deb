// Package gamification is the gamification service: this file wires its parts. It is exported so that one process can run
// several services.
package gamification

import (
	"context"
	"time"

	"go.uber.org/fx"

	"go.updspace.com/gamification/adapters/badgepicture"
	"go.updspace.com/gamification/adapters/cache"
	"go.updspace.com/gamification/adapters/httpapi"
	"go.updspace.com/gamification/adapters/inbox"
	"go.updspace.com/gamification/adapters/outbox"
	store "go.updspace.com/gamification/adapters/pg"
	"go.updspace.com/gamification/app"
	"go.updspace.com/gamification/ports"
	"go.updspace.com/gamification/rule"
	"go.updspace.com/libs/accessclient"
	"go.updspace.com/libs/audit"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/blob"
	"go.updspace.com/libs/fx/blobfx"
	"go.updspace.com/libs/fx/servicefx"
	"go.updspace.com/libs/groups/portalgroups"
	"go.updspace.com/libs/idempotency"
	"go.updspace.com/libs/imaging"
	kit "go.updspace.com/libs/outbox"
	"go.updspace.com/libs/personaldata"
	"go.updspace.com/libs/pg"
	"go.updspace.com/libs/seal"
	"go.updspace.com/libs/tenantmembers"
)

const (
	name         = "gamification"
	imageCleanup = "image cleanup"
)

// Module is the service.
func Module(cfg Config) fx.Option {
	if err := cfg.Validate(); err != nil {
		return fx.Error(err)
	}
	return fx.Options(
		fx.Provide(
			func(c servicefx.SystemClock) ports.Clock { return c },
			func(c *accessclient.Client) (authz.Checker, ports.Roles) { return c, c },
			func() (*seal.Sealer, error) { return seal.Parse(cfg.SealKeys) },
			func(db *pg.DB) ports.Issuers { return newIssuers(db, cfg) },
			fx.Annotate(outbox.New, fx.As(new(ports.Events))), newDeps, newPersonalData, app.NewLifecycle, app.NewCounting, app.NewRewards, app.NewImages,
			fx.Annotate(httpapi.New, fx.ResultTags(`name:"api"`)),
		),
		blobfx.Service(name, cfg.ServiceConfig, store.Migrations()),
		servicefx.Consumer("gamification-groups", portalgroups.Types, func(l *app.Lifecycle) kit.Handler { return portalgroups.Handler(l.GroupChanged) }),
		servicefx.Consumer("gamification-members", tenantmembers.Types, func(l *app.Lifecycle) kit.Handler { return tenantmembers.Handler(l.MemberChanged) }),
		servicefx.Consumer("gamification-memberships", inbox.MembershipTypes, func(l *app.Lifecycle) kit.Handler { return inbox.Memberships(l.GroupMemberChanged) }),
		servicefx.Consumer("gamification-tenants", inbox.TenantTypes, func(l *app.Lifecycle) kit.Handler { return inbox.Tenants(l.TenantChanged) }),
		servicefx.BatchConsumer("gamification-facts", rule.Types(), func(c *app.Counting) kit.BatchHandler { return inbox.Facts(c.Record) }),
		servicefx.EveryExclusive("back-fill of rules", 2*time.Second, (*app.Counting).BackFill),
		servicefx.EveryExclusive("rules by time", 10*time.Second, (*app.Counting).FollowTime),
		servicefx.EveryExclusive("rewards of holders", 2*time.Second, (*app.Rewards).Settle),
		servicefx.Every("retention of facts", time.Hour, (*app.Counting).ForgetFacts),
		servicefx.EveryExclusive("closing of seasons", 10*time.Second, (*app.Lifecycle).CloseSeasons),
		servicefx.EveryExclusive("counting of holders", time.Minute, (*app.Lifecycle).CountHolders),
		servicefx.Every("expiry of grants", time.Minute, (*app.Lifecycle).ExpireGrants),
		servicefx.Every(imageCleanup, time.Hour, func(i *app.Images, ctx context.Context) error {
			return i.Sweep(pg.AcrossTenants(ctx, imageCleanup))
		}),
		servicefx.Every("retention of grants and nominations", time.Hour, (*app.Lifecycle).Forget),
	)
}

// newEvents publishes without the rest of the module, for the demo data.
func newEvents(db *pg.DB, clock ports.Clock) ports.Events {
	return outbox.New(kit.NewPublisher(db, name).By(clock.Now))
}

// newIssuers knows the tenants as issuers of badges.
func newIssuers(db *pg.DB, cfg Config) ports.Issuers { return store.NewIssuers(db, cfg.PublicOrigin) }

func newDeps(
	access authz.Checker, roles ports.Roles, db *pg.DB, events ports.Events, sealer *seal.Sealer, issuers ports.Issuers,
	log *audit.Log, once *idempotency.Store, clock ports.Clock, blobs blob.Store,
) (app.Deps, error) {
	keys := store.NewBadgeKeys(db, sealer)
	lists, err := cache.NewStatusLists(keys)
	if err != nil {
		return app.Deps{}, err
	}
	pictures, err := badgepicture.New()
	return app.Deps{
		Access: access, Categories: store.NewCategories(db), Achievements: store.NewAchievements(db), Grants: store.NewGrants(db),
		Nominations: store.NewNominations(db), Members: store.NewMembers(db), Rules: store.NewRules(db), Facts: store.NewFacts(db),
		Points: store.NewPoints(db), Levels: store.NewLevels(db), Seasons: store.NewSeasons(db),
		Rewards: store.NewRewards(db), Roles: roles, Groups: portalgroups.NewStore(db),
		Badges: store.NewBadges(db, sealer), BadgeKeys: keys, BadgePictures: pictures, StatusLists: lists, Issuers: issuers,
		Images: store.NewImages(db), Pictures: imaging.New(), Blobs: blobs, Events: events, Audit: log, Tx: db, Once: once, Clock: clock,
	}, err
}

func newPersonalData(db *pg.DB, log *audit.Log, clock ports.Clock) *personaldata.Store {
	return personaldata.New(name, db, log, clock.Now, store.PersonalData(db)...)
}

// Migrate brings the database up to date, for deployments that do so before serving.
func Migrate(ctx context.Context, cfg Config) error {
	return pg.Migrate(ctx, cfg.Database.MigrateURL, store.Migrations())
}
