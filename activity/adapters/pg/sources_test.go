package pg_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"go.updspace.com/activity/adapters/pg"
	"go.updspace.com/activity/connectors/ports/portstest"
	"go.updspace.com/libs/seal"
	"go.updspace.com/tools/devkit/testkit"
)

func TestSourcesInPostgres(t *testing.T) {
	t.Parallel()
	sealer, err := seal.Parse(seal.NewKey("test"))
	require.NoError(t, err)
	portstest.Suite(t, func(t *testing.T) portstest.Store {
		db := testkit.DB(t, pg.Migrations())
		return portstest.Store{Sources: pg.NewSources(db, sealer), Messages: pg.NewSourceMessages(db), Tx: db}
	})
}
