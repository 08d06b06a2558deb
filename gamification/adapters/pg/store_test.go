package pg_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"go.updspace.com/gamification/adapters/pg"
	"go.updspace.com/gamification/ports/portstest"
	kit "go.updspace.com/libs/pg"
	"go.updspace.com/libs/seal"
	"go.updspace.com/tools/devkit/testkit"
)

func TestPostgres(t *testing.T) {
	t.Parallel()
	portstest.Suite(t, open)
	portstest.WholeSuite(t, open)
}

func open(t *testing.T) portstest.Store {
	db := testkit.DB(t, pg.Migrations())
	sealer, err := seal.Parse(seal.NewKey("test"))
	require.NoError(t, err)
	return portstest.Store{
		Categories: pg.NewCategories(db), Achievements: pg.NewAchievements(db), Grants: pg.NewGrants(db), Nominations: pg.NewNominations(db),
		Rewards: pg.NewRewards(db), Tx: db, Members: pg.NewMembers(db), Images: pg.NewImages(db), Facts: pg.NewFacts(db), Rules: pg.NewRules(db),
		Points: pg.NewPoints(db), Levels: pg.NewLevels(db), Seasons: pg.NewSeasons(db), Badges: pg.NewBadges(db, sealer),
		BadgeKeys: pg.NewBadgeKeys(db, sealer), Issuers: pg.NewIssuers(db, "https://{tenant}.updspace.test"),
		Across: func(ctx context.Context) context.Context { return kit.AcrossTenants(ctx, "test") },
	}
}
