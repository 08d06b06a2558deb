package pg_test

import (
	"context"
	"fmt"
	"net/url"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"go.updspace.com/libs/pg"
	"go.updspace.com/tools/devkit/devstack"
	"go.updspace.com/tools/devkit/testkit"
)

// A database with two hosts in its URL: the primary dies, the standby is promoted, and the same pool goes on with what was committed.
func TestFailover(t *testing.T) {
	t.Setenv(devstack.EnvPostgresURL, "")
	primary, err := devstack.StartPostgres(t.Context(), devstack.Options{Replicated: true})
	require.NoError(t, err)
	t.Cleanup(primary.Stop)
	made, err := pg.Provision(t.Context(), primary.AdminURL, "db_failover")
	require.NoError(t, err)
	require.NoError(t, pg.Migrate(t.Context(), made.OwnerURL, polls))
	standby, err := primary.Standby(t.Context())
	require.NoError(t, err)
	t.Cleanup(standby.Stop)

	u, err := url.Parse(made.AppURL)
	require.NoError(t, err)
	// The standby first: only a server that takes writes will do.
	u.Host = fmt.Sprintf("127.0.0.1:%d,127.0.0.1:%d", standby.Port, primary.Port)
	query := u.Query()
	query.Set("target_session_attrs", "read-write")
	u.RawQuery = query.Encode()
	db := testkit.OpenDB(t, pg.Config{URL: u.String()})
	ctx := as(aef)
	write := func(title string) error {
		return db.Do(ctx, func(ctx context.Context) error { return insert(ctx, db, title) })
	}
	require.NoError(t, write("before"))
	followed(t, standby, "before")

	require.NoError(t, primary.Kill())
	require.Error(t, write("meanwhile"), "the standby takes no writes, so the pool does not use it")
	require.NoError(t, standby.Promote(t.Context()))
	require.Eventually(t, func() bool { return write("after") == nil }, 30*time.Second, 50*time.Millisecond)
	requirePolls(t, db, "before", "after")
	ran, err := db.Exclusive(ctx, "job", func(context.Context) error { return nil })
	require.NoError(t, err)
	require.True(t, ran, "the leadership of a job moves with the database")
}

// followed waits until the standby has a row.
func followed(t *testing.T, standby *devstack.Postgres, title string) {
	t.Helper()
	u, err := url.Parse(standby.AdminURL)
	require.NoError(t, err)
	u.Path = "/db_failover"
	conn, err := pgx.Connect(t.Context(), u.String())
	require.NoError(t, err)
	defer conn.Close(context.WithoutCancel(t.Context()))
	require.Eventually(t, func() bool {
		var n int
		return conn.QueryRow(t.Context(), "SELECT count(*) FROM polls WHERE title = $1", title).Scan(&n) == nil && n == 1
	}, 30*time.Second, 20*time.Millisecond)
}
