package pg_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"go.updspace.com/activity/adapters/pg"
	"go.updspace.com/activity/games/ports/portstest"
	"go.updspace.com/libs/seal"
	"go.updspace.com/tools/devkit/testkit"
)

func TestAccountLinksInPostgres(t *testing.T) {
	t.Parallel()
	sealer, err := seal.Parse(seal.NewKey("test"))
	require.NoError(t, err)
	portstest.Suite(t, func(t *testing.T) portstest.Store {
		db := testkit.DB(t, pg.Migrations())
		return portstest.Store{Links: pg.NewAccountLinks(db, sealer), Budget: pg.NewProviderBudget(db, 10), Feed: pg.NewItems(db), Tx: db}
	})
}
