package pg_test

import (
	"context"
	"testing"

	"go.updspace.com/activity/adapters/pg"
	"go.updspace.com/activity/ports/portstest"
	"go.updspace.com/libs/groups/portalgroups"
	libpg "go.updspace.com/libs/pg"
	"go.updspace.com/tools/devkit/testkit"
)

func TestNewsInPostgres(t *testing.T) {
	t.Parallel()
	portstest.NewsSuite(t, func(t *testing.T) portstest.NewsStore {
		db := testkit.DB(t, pg.Migrations())
		return portstest.NewsStore{
			Store: portstest.Store{Items: pg.NewItems(db), Readers: pg.NewReaders(db), Groups: portalgroups.NewStore(db), Tx: db},
			News:  pg.NewNews(db), Reactions: pg.NewReactions(db), Comments: pg.NewComments(db), Images: pg.NewNewsImages(db), Reports: pg.NewReports(db),
			Across: func(ctx context.Context) context.Context { return libpg.AcrossTenants(ctx, "a test") },
		}
	})
}
