package pg_test

import (
	"testing"

	"go.updspace.com/gamification/adapters/pg"
	"go.updspace.com/gamification/ports/portstest"
	"go.updspace.com/tools/devkit/testkit"
)

func TestPostgres(t *testing.T) {
	t.Parallel()
	portstest.Suite(t, func(t *testing.T) portstest.Store {
		db := testkit.DB(t, pg.Migrations())
		return portstest.Store{
			Categories: pg.NewCategories(db), Achievements: pg.NewAchievements(db), Grants: pg.NewGrants(db), Nominations: pg.NewNominations(db),
			Rewards: pg.NewRewards(db), Tx: db,
		}
	})
}
