package pg_test

import (
	"context"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"go.updspace.com/libs/pg"
	"go.updspace.com/libs/testkit"
)

// TestOperatorsScript runs deploy/postgres/database.sql, twice, and then a
// service's migrations and queries on what it made.
func TestOperatorsScript(t *testing.T) {
	psql := findPSQL(t)
	const database = "updspace_by_hand"
	admin := testkit.AdminURL(t)
	t.Cleanup(func() { dropDatabase(t, admin, database) })
	for range 2 {
		out, err := exec.Command(psql, "-X", "-q", "-v", "database="+database, "-v", "owner_password=it's o", "-v", "app_password=a",
			"-f", filepath.Join("..", "..", "deploy", "postgres", "database.sql"), admin).CombinedOutput()
		require.NoError(t, err, "%s", out)
	}
	urls, err := pg.URLs(admin, database, pg.Passwords{Owner: "it's o", App: "a"})
	require.NoError(t, err)
	require.NoError(t, pg.Migrate(context.Background(), urls.OwnerURL, polls))
	db := testkit.OpenDB(t, pg.Config{URL: urls.AppURL, StrictReads: true})
	addPoll(t, db, aef, "mine")
	addPoll(t, db, gaming, "theirs")
	requirePolls(t, db, "mine")
	_, err = db.Conn(context.Background()).NewRaw("DROP TABLE polls").Exec(context.Background())
	require.ErrorContains(t, err, "must be owner")
	require.NoError(t, db.Close())
}

// findPSQL finds the client, which comes with the server but not on the path.
func findPSQL(t testing.TB) string {
	t.Helper()
	if path, err := exec.LookPath("psql"); err == nil {
		return path
	}
	found, err := filepath.Glob("/usr/lib/postgresql/*/bin/psql")
	require.NoError(t, err)
	if len(found) == 0 {
		t.Skip("PostgreSQL without its client") // the embedded one
	}
	return found[len(found)-1]
}
