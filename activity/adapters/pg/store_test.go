package pg_test

import (
	"testing"

	"go.updspace.com/activity/adapters/pg"
	"go.updspace.com/activity/ports/portstest"
	"go.updspace.com/libs/groups/portalgroups"
	"go.updspace.com/tools/devkit/testkit"
)

func TestMain(m *testing.M) { testkit.Main(m) }

func TestPostgres(t *testing.T) {
	t.Parallel()
	portstest.Suite(t, func(t *testing.T) portstest.Store {
		db := testkit.DB(t, pg.Migrations())
		return portstest.Store{Items: pg.NewItems(db), Readers: pg.NewReaders(db), Groups: portalgroups.NewStore(db), Tx: db}
	})
}
