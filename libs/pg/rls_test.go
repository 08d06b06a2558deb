package pg_test

import (
	"context"
	"database/sql"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/libs/pg"
	"go.updspace.com/tools/devkit/testkit"
)

// The queries of this file are raw: the hooks do not see them, so that the
// database's own lock is all there is.

func titles(t testing.TB, ctx context.Context, db *pg.DB) []string {
	t.Helper()
	found := []string{}
	require.NoError(t, db.Conn(ctx).NewRaw("SELECT title FROM polls ORDER BY title").Scan(ctx, &found))
	return found
}

func TestForgottenTenantFindsNothing(t *testing.T) {
	db := testkit.DB(t, polls)
	addPoll(t, db, aef, "mine")
	addPoll(t, db, gaming, "theirs")

	t.Run("outside of a transaction", func(t *testing.T) {
		require.Empty(t, titles(t, as(aef), db))
	})
	t.Run("in a read", func(t *testing.T) {
		require.NoError(t, db.Read(as(aef), func(ctx context.Context) error {
			require.Equal(t, []string{"mine"}, titles(t, ctx, db))
			return nil
		}))
	})
	t.Run("in a transaction", func(t *testing.T) {
		require.NoError(t, db.Do(as(gaming), func(ctx context.Context) error {
			require.Equal(t, []string{"theirs"}, titles(t, ctx, db))
			return nil
		}))
	})
	t.Run("in a transaction without a tenant", func(t *testing.T) {
		require.NoError(t, db.Do(context.Background(), func(ctx context.Context) error {
			require.Empty(t, titles(t, ctx, db))
			return nil
		}))
	})
	t.Run("on the connection afterwards", func(t *testing.T) {
		for range 20 { // whichever connection of the pool it is
			require.Empty(t, titles(t, as(aef), db))
		}
	})
}

// TestWritesAreLockedWithoutStrictReads: the setting opens reads outside of
// transactions and nothing else.
func TestWritesAreLockedWithoutStrictReads(t *testing.T) {
	cfg := testkit.Postgres(t, polls)
	cfg.StrictReads = false
	db := testkit.OpenDB(t, cfg)
	addPoll(t, db, aef, "mine")
	addPoll(t, db, gaming, "theirs")
	outside := as(aef)

	require.Equal(t, []string{"mine", "theirs"}, titles(t, outside, db))
	require.Zero(t, affected(t, outside, db, "UPDATE polls SET votes = 1"))
	require.Zero(t, affected(t, outside, db, "DELETE FROM options"))
	_, err := db.Conn(outside).NewRaw("INSERT INTO polls (tenant_id, id, title) VALUES (?, ?, 'new')", aef, uuid.New()).Exec(outside)
	require.ErrorContains(t, err, "row-level security")

	require.NoError(t, db.Do(as(aef), func(ctx context.Context) error {
		require.Equal(t, []string{"mine"}, titles(t, ctx, db), "a transaction sees its tenant only")
		require.EqualValues(t, 1, affected(t, ctx, db, "UPDATE polls SET votes = 1"))
		return nil
	}))
	require.Equal(t, []string{"mine", "theirs"}, titles(t, outside, db), "as before, after the transaction")
}

func TestWritesToAnotherTenant(t *testing.T) {
	db := testkit.DB(t, polls)
	theirs := addPoll(t, db, gaming, "theirs")
	for what, query := range map[string]string{
		"insert": "INSERT INTO polls (tenant_id, id, title) VALUES ('" + gaming.String() + "', gen_random_uuid(), 'new')",
		"upsert": "INSERT INTO polls (tenant_id, id, title) VALUES ('" + gaming.String() + "', '" + theirs.String() + "', 'x') ON CONFLICT (tenant_id, id) DO UPDATE SET title = 'stolen'",
	} {
		err := db.Do(as(aef), func(ctx context.Context) error {
			_, err := db.Conn(ctx).NewRaw(query).Exec(ctx)
			return err
		})
		require.ErrorContains(t, err, "row-level security", what)
	}
	mine := addPoll(t, db, aef, "mine")
	err := db.Do(as(aef), func(ctx context.Context) error {
		_, err := db.Conn(ctx).NewRaw("UPDATE polls SET tenant_id = ? WHERE id = ?", gaming, mine).Exec(ctx)
		return err
	})
	require.Error(t, err, "a row cannot be given away")
}

func TestAcrossTenants(t *testing.T) {
	db := testkit.DB(t, polls)
	addPoll(t, db, aef, "mine")
	addPoll(t, db, gaming, "theirs")
	job := pg.AcrossTenants(context.Background(), "test")

	require.NoError(t, db.Read(job, func(ctx context.Context) error {
		require.Equal(t, []string{"mine", "theirs"}, titles(t, ctx, db))
		n, err := db.Conn(ctx).NewSelect().Model((*pollRow)(nil)).Count(ctx)
		require.EqualValues(t, 2, n)
		return err
	}))
	require.NoError(t, db.Do(job, func(ctx context.Context) error {
		require.EqualValues(t, 2, affected(t, ctx, db, "UPDATE polls SET votes = 1"))
		_, err := db.Conn(ctx).NewInsert().Model(&pollRow{ID: uuid.New(), Title: "x"}).Exec(ctx)
		require.ErrorContains(t, err, "bring its tenant")
		_, err = db.Conn(ctx).NewInsert().Model(&pollRow{ID: uuid.New(), Title: "x", Tenanted: pg.Tenanted{TenantID: gaming}}).Exec(ctx)
		return err
	}))
	require.Empty(t, titles(t, job, db), "outside of a transaction the name alone opens nothing")
	require.Panics(t, func() { pg.AcrossTenants(context.Background(), "") })
}

func TestServiceRoleCannotUnlock(t *testing.T) {
	cfg := testkit.Postgres(t, polls)
	db := testkit.OpenDB(t, cfg)
	ctx := context.Background()
	for _, statement := range []string{
		"ALTER TABLE polls DISABLE ROW LEVEL SECURITY",
		"ALTER TABLE polls NO FORCE ROW LEVEL SECURITY",
		"DROP POLICY tenant_select ON polls",
		"CREATE POLICY all_of_it ON polls USING (true)",
		"TRUNCATE polls",
		"DROP TABLE polls",
		"CREATE TABLE mine (id int)",
		"ALTER ROLE CURRENT_USER BYPASSRLS",
		"ALTER ROLE CURRENT_USER SUPERUSER",
		"CREATE ROLE friend",
		"CREATE DATABASE mine",
		"CREATE FUNCTION f() RETURNS int LANGUAGE sql SECURITY DEFINER AS 'SELECT 1'",
	} {
		_, err := db.Conn(ctx).NewRaw(statement).Exec(ctx)
		require.Error(t, err, statement)
	}
	var owner string
	require.NoError(t, db.Conn(ctx).NewRaw("SELECT tableowner FROM pg_tables WHERE tablename = 'polls'").Scan(ctx, &owner))
	_, err := db.Conn(ctx).NewRaw("SET ROLE " + owner).Exec(ctx)
	require.ErrorContains(t, err, "permission denied")

	t.Run("nor is the owner exempt", func(t *testing.T) {
		addPoll(t, db, aef, "mine")
		owned, err := sql.Open("pgx", cfg.MigrateURL)
		require.NoError(t, err)
		defer owned.Close()
		var n int
		require.NoError(t, owned.QueryRow("SELECT count(*) FROM polls").Scan(&n))
		require.Zero(t, n)
	})
}

// TestPolicyCost: the policy leaves the query its index, also where the only
// condition is the tenant's.
func TestPolicyCost(t *testing.T) {
	db := testkit.DB(t, polls)
	require.NoError(t, db.Do(pg.AcrossTenants(context.Background(), "test"), func(ctx context.Context) error {
		_, err := db.Conn(ctx).NewRaw(`INSERT INTO polls (tenant_id, id, title)
			SELECT ('00000000-0000-0000-0000-' || lpad((n % 100)::text, 12, '0'))::uuid, gen_random_uuid(), n::text FROM generate_series(1, 5000) AS n`).Exec(ctx)
		return err
	}))
	tenant := "tenant_id = '" + aef.String() + "'"
	for _, condition := range []string{
		tenant,
		tenant + " AND id = '" + aef.String() + "'",
		tenant + " AND title = '1'",
		tenant + " AND title LIKE '1%'", // LIKE may leak and waits for the policy; the tenant does not
	} {
		var lines []string
		require.NoError(t, db.Do(as(aef), func(ctx context.Context) error {
			return db.Conn(ctx).NewRaw("EXPLAIN (COSTS OFF) SELECT * FROM polls WHERE "+condition).Scan(ctx, &lines)
		}))
		plan := strings.Join(lines, "\n")
		require.Regexp(t, "Index (Only )?Scan|Bitmap Index Scan", plan)
		require.Regexp(t, `Index Cond: .*tenant_id = '`, plan)
		require.NotContains(t, plan, "SubPlan")
		require.NotContains(t, plan, "InitPlan")
	}
}

func affected(t testing.TB, ctx context.Context, db *pg.DB, query string) int64 {
	t.Helper()
	result, err := db.Conn(ctx).NewRaw(query).Exec(ctx)
	require.NoError(t, err)
	n, err := result.RowsAffected()
	require.NoError(t, err)
	return n
}
