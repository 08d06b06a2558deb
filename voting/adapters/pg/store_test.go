package pg_test

import (
	"testing"

	"go.updspace.com/libs/testkit"
	"go.updspace.com/voting/adapters/pg"
	"go.updspace.com/voting/ports/portstest"
)

func TestMain(m *testing.M) { testkit.Main(m) }

func TestPostgres(t *testing.T) {
	portstest.Suite(t, func(t *testing.T) portstest.Store {
		db := testkit.DB(t, pg.Migrations())
		return portstest.Store{Polls: pg.NewPolls(db), Papers: pg.NewPapers(db), Ballots: pg.NewBallots(db), Tx: db}
	})
}
