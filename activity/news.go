package activity

import (
	"context"
	"log/slog"
	"time"

	"go.uber.org/fx"

	"go.updspace.com/activity/adapters/markdown"
	"go.updspace.com/activity/adapters/outbox"
	store "go.updspace.com/activity/adapters/pg"
	"go.updspace.com/activity/adapters/quota"
	"go.updspace.com/activity/app"
	"go.updspace.com/activity/ports"
	"go.updspace.com/libs/audit"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/blob"
	"go.updspace.com/libs/filetype"
	"go.updspace.com/libs/fx/servicefx"
	"go.updspace.com/libs/groups/portalgroups"
	"go.updspace.com/libs/idempotency"
	"go.updspace.com/libs/imaging"
	"go.updspace.com/libs/pg"
)

const newsImageCleanup = "news image cleanup"

// newsOptions are the posts of members and what belongs to them.
func newsOptions() fx.Option {
	return fx.Options(
		fx.Provide(newNewsDeps, app.NewNews, fx.Annotate(outbox.New, fx.As(new(ports.Events)))),
		servicefx.Every("scheduled news", 5*time.Second, (*app.News).PublishDue),
		servicefx.Every(newsImageCleanup, time.Hour, func(n *app.News, ctx context.Context) error {
			return n.SweepImages(pg.AcrossTenants(ctx, newsImageCleanup))
		}),
	)
}

func newNewsDeps(
	access authz.Checker, db *pg.DB, items ports.Items, profiles ports.Profiles, events ports.Events, log *audit.Log, once idempotency.Requests, clock ports.Clock,
	blobs blob.Store, logger *slog.Logger,
) (app.NewsDeps, error) {
	limits, err := quota.New(clock)
	return app.NewsDeps{
		Access: access, News: store.NewNews(db), Reactions: store.NewReactions(db), Comments: store.NewComments(db), Images: store.NewNewsImages(db),
		Reports: store.NewReports(db), Items: items, Profiles: profiles, Groups: portalgroups.NewStore(db), Blobs: blobs, Pictures: imaging.New(),
		Types: filetype.New(), Markdown: markdown.New(), Quota: limits, Events: events, Audit: log, Tx: db, Once: once, Clock: clock, Log: logger,
	}, err
}
