package portalgroups_test

import (
	"testing"
	"testing/fstest"

	"go.updspace.com/libs/groups"
	"go.updspace.com/libs/groups/portalgroups"
	"go.updspace.com/libs/pg"
	"go.updspace.com/tools/devkit/testkit"
	"go.updspace.com/tools/devkit/testkit/suites"
)

func TestMain(m *testing.M) { testkit.Main(m) }

var migrations = pg.Migrations{Table: "goose_test", FS: fstest.MapFS{
	"00001_groups.sql": {Data: []byte("-- +goose Up\nSELECT updspace_create_groups();\n")},
}}

func TestPostgres(t *testing.T) {
	t.Parallel()
	suites.Groups(t, func(t *testing.T) (groups.Store, suites.Transactions) {
		db := testkit.DB(t, migrations)
		return portalgroups.NewStore(db), db
	})
}
