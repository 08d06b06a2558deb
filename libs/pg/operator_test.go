package pg_test

import (
	"context"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"go.updspace.com/libs/pg"
	"go.updspace.com/tools/devkit/testkit"
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
	requireQuietLog(t, db)
	require.NoError(t, db.Close())
}

// The server's own log must not hold the e-mail address of an insert that a constraint refuses.
func TestProvisionedRolesLogNoValues(t *testing.T) {
	const database = "updspace_quiet"
	admin := testkit.AdminURL(t)
	t.Cleanup(func() { dropDatabase(t, admin, database) })
	urls, err := pg.Provision(t.Context(), admin, database)
	require.NoError(t, err)
	for _, url := range []string{urls.AppURL, urls.OwnerURL} {
		db, err := pg.Open(t.Context(), pg.Config{URL: url})
		require.NoError(t, err)
		requireQuietLog(t, db)
		require.NoError(t, db.Close())
	}
}

func requireQuietLog(t *testing.T, db *pg.DB) {
	t.Helper()
	for setting, want := range map[string]string{
		"log_error_verbosity": "terse", "log_min_error_statement": "panic", "log_parameter_max_length": "0", "log_parameter_max_length_on_error": "0",
	} {
		var got string
		require.NoError(t, db.Conn(t.Context()).NewRaw("SELECT current_setting(?)", setting).Scan(t.Context(), &got))
		require.Equal(t, want, got, setting)
	}
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
