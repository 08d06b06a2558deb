package pg_test

import (
	"testing"

	"go.updspace.com/activity/adapters/pg"
	"go.updspace.com/activity/ports/portstest"
	"go.updspace.com/tools/devkit/testkit"
)

func TestGamesInPostgres(t *testing.T) {
	t.Parallel()
	portstest.CatalogueSuite(t, func(t *testing.T) portstest.Catalogue {
		db := testkit.DB(t, pg.Migrations())
		return portstest.Catalogue{Games: pg.NewGames(db), Tx: db}
	})
}
