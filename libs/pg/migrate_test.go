package pg_test

import (
	"context"
	"database/sql"
	"net/url"
	"sync"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"go.updspace.com/libs/pg"
	"go.updspace.com/tools/devkit/testkit"
)

var deferred = pg.Migrations{Table: "goose_deferred", FS: fstest.MapFS{"00001_places.sql": {Data: []byte(`
-- +goose Up
CREATE TABLE places (n int NOT NULL, CONSTRAINT places_once UNIQUE (n) DEFERRABLE INITIALLY DEFERRED);
`)}}}

// TestMigrateAtOnce: many instances start together on an empty database.
func TestMigrateAtOnce(t *testing.T) {
	ctx := context.Background()
	const database = "updspace_migrate_at_once"
	admin := testkit.AdminURL(t)
	t.Cleanup(func() { dropDatabase(t, admin, database) })

	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			urls, err := pg.Provision(ctx, admin, database)
			if err != nil {
				t.Error(err)
				return
			}
			if err := pg.Migrate(ctx, urls.OwnerURL, polls, deferred); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	urls, err := pg.Provision(ctx, admin, database)
	require.NoError(t, err)
	db := testkit.OpenDB(t, pg.Config{URL: urls.AppURL, StrictReads: true})
	addPoll(t, db, aef, "it works")
	requirePolls(t, db, "it works")
	require.NoError(t, db.Close()) // so that the database can be dropped
}

func TestMigrateSaysWhatIsWrong(t *testing.T) {
	cfg := testkit.Postgres(t)
	broken := pg.Migrations{Table: "goose_broken", FS: fstest.MapFS{"00001_broken.sql": {Data: []byte("-- +goose Up\nCREATE TABEL x;")}}}
	require.ErrorContains(t, pg.Migrate(context.Background(), cfg.MigrateURL, broken), "goose_broken")
	require.Error(t, pg.Migrate(context.Background(), cfg.URL, polls), "the service's role may not migrate")
	require.ErrorContains(t, pg.Migrate(context.Background(), ""), "no database URL")
}

// TestMigrationsMayTouchEveryTenant: a later migration can repair rows.
func TestMigrationsMayTouchEveryTenant(t *testing.T) {
	cfg := testkit.Postgres(t, polls)
	db := testkit.OpenDB(t, cfg)
	addPoll(t, db, aef, "mine")
	addPoll(t, db, gaming, "theirs")
	repair := pg.Migrations{Table: "goose_repair", FS: fstest.MapFS{"00001_repair.sql": {Data: []byte("-- +goose Up\nUPDATE polls SET votes = 7;")}}}
	require.NoError(t, pg.Migrate(context.Background(), cfg.MigrateURL, repair))
	require.NoError(t, db.Do(pg.AcrossTenants(context.Background(), "test"), func(ctx context.Context) error {
		require.EqualValues(t, 2, affected(t, ctx, db, "DELETE FROM options"))
		require.EqualValues(t, 2, affected(t, ctx, db, "DELETE FROM polls WHERE votes = 7"))
		return nil
	}))
}

func TestProvisionKeepsOthersOut(t *testing.T) {
	ctx := context.Background()
	admin := testkit.AdminURL(t)
	const mine, other = "updspace_prov_mine", "updspace_prov_other"
	t.Cleanup(func() { dropDatabase(t, admin, mine); dropDatabase(t, admin, other) })
	_, err := pg.Provision(ctx, admin, mine)
	require.NoError(t, err)
	urls, err := pg.Provision(ctx, admin, other, pg.Passwords{App: "it's a secret"})
	require.NoError(t, err)

	foreign := testkit.OpenDB(t, pg.Config{URL: replaceDatabase(t, urls.AppURL, mine)})
	require.ErrorContains(t, foreign.Ping(ctx), "permission denied")
	own := testkit.OpenDB(t, pg.Config{URL: urls.AppURL})
	require.NoError(t, own.Ping(ctx))
	require.NoError(t, own.Close())
	_, err = pg.Provision(ctx, admin, "bad-name; DROP")
	require.ErrorContains(t, err, "not a name")
}

func dropDatabase(t testing.TB, adminURL, database string) {
	t.Helper()
	admin, err := sql.Open("pgx", adminURL)
	require.NoError(t, err)
	defer admin.Close()
	_, err = admin.Exec("DROP DATABASE IF EXISTS " + database + " WITH (FORCE)")
	require.NoError(t, err)
	for _, role := range []string{"_owner", "_app"} {
		_, err = admin.Exec("DROP ROLE IF EXISTS " + database + role)
		require.NoError(t, err)
	}
}

func replaceDatabase(t testing.TB, rawURL, database string) string {
	t.Helper()
	u, err := url.Parse(rawURL)
	require.NoError(t, err)
	u.Path = "/" + database
	return u.String()
}
