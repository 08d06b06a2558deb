package pg_test

import (
	"context"
	"database/sql"
	"fmt"
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/pg"
	"go.updspace.com/tools/devkit/testkit"
)

const (
	insertPoll  = "INSERT INTO polls (tenant_id, id, title) VALUES ($1, $2, $3)"
	selectPolls = "SELECT tenant_id, id, title FROM polls WHERE tenant_id = $1 ORDER BY title"
	selectTitle = "SELECT id, title FROM polls WHERE tenant_id = $1 AND title = $2"
	countTexts  = "SELECT count(*) AS texts FROM pg_prepared_statements WHERE statement = $1 AND statement <> $2"
)

func TestPreparedStatements(t *testing.T) {
	db := testkit.DB(t, polls)
	ids := map[string]uuid.UUID{"one": uuid.New(), "two": uuid.New()}
	require.NoError(t, db.Do(as(aef), func(ctx context.Context) error {
		for _, title := range []string{"two", "one"} {
			result, err := db.Exec(ctx, insertPoll, aef, ids[title], title)
			require.NoError(t, err)
			n, err := result.RowsAffected()
			require.NoError(t, err)
			require.EqualValues(t, 1, n)
		}
		var prepared struct{ Texts int }
		require.NoError(t, db.QueryRow(ctx, &prepared, countTexts, insertPoll, ""))
		require.Equal(t, 1, prepared.Texts, "once, on the connection of the transaction")
		return nil
	}))
	addPoll(t, db, gaming, "theirs")

	read := func(t *testing.T, ctx context.Context) {
		t.Helper()
		var rows []pollRow
		require.NoError(t, db.Query(ctx, &rows, selectPolls, aef))
		require.Len(t, rows, 2)
		require.Equal(t, []string{"one", "two"}, []string{rows[0].Title, rows[1].Title})
		require.Equal(t, ids["one"], rows[0].ID)

		var row pollRow
		require.NoError(t, db.QueryRow(ctx, &row, selectTitle, aef, "two"))
		require.Equal(t, ids["two"], row.ID)
		err := db.QueryRow(ctx, &row, selectTitle, aef, "three")
		require.ErrorIs(t, err, sql.ErrNoRows)
		require.Equal(t, errs.NotFound, errs.KindOf(pg.Error(err)))
	}
	require.NoError(t, db.Read(as(aef), func(ctx context.Context) error { read(t, ctx); return nil }))
	require.NoError(t, db.Do(as(aef), func(ctx context.Context) error { read(t, ctx); return nil }))
}

// TestPreparedStatementsAreLocked: they pass the hooks by, and the policies hold.
func TestPreparedStatementsAreLocked(t *testing.T) {
	db := testkit.DB(t, polls)
	addPoll(t, db, gaming, "theirs")
	for range 8 { // a plan that is kept is kept for every tenant
		require.NoError(t, db.Do(as(aef), func(ctx context.Context) error {
			var rows []pollRow
			require.NoError(t, db.Query(ctx, &rows, selectPolls, gaming))
			require.Empty(t, rows)
			return nil
		}))
		require.Error(t, db.Do(as(aef), func(ctx context.Context) error {
			_, err := db.Exec(ctx, insertPoll, gaming, uuid.New(), "forged")
			return err
		}))
	}
	require.NoError(t, db.Do(as(gaming), func(ctx context.Context) error {
		var rows []pollRow
		require.NoError(t, db.Query(ctx, &rows, selectPolls, gaming))
		require.Len(t, rows, 1)
		return nil
	}))
}

func TestPreparedStatementsNeedATenant(t *testing.T) {
	db := testkit.DB(t, polls)
	var rows []pollRow
	require.Equal(t, errs.Internal, errs.KindOf(db.Query(context.Background(), &rows, selectPolls, aef)))
	require.NoError(t, db.Do(context.Background(), func(ctx context.Context) error {
		_, err := db.Exec(ctx, insertPoll, aef, uuid.New(), "loose")
		require.Equal(t, errs.Internal, errs.KindOf(err))
		return nil
	}))
	ctx := pg.AcrossTenants(context.Background(), "test")
	require.NoError(t, db.Do(ctx, func(ctx context.Context) error {
		_, err := db.Exec(ctx, insertPoll, aef, uuid.New(), "by a job")
		return err
	}))
}

func TestPreparedChangesNeedATransaction(t *testing.T) {
	db := testkit.DB(t, polls)
	_, err := db.Exec(as(aef), insertPoll, aef, uuid.New(), "loose")
	require.Equal(t, errs.Internal, errs.KindOf(err))
	require.NoError(t, db.Read(as(aef), func(ctx context.Context) error {
		_, err := db.Exec(ctx, insertPoll, aef, uuid.New(), "loose")
		require.Equal(t, errs.Internal, errs.KindOf(err))
		return nil
	}))
}

// TestPreparedStatementSurvivesAFailure: what failed is prepared anew, and the connection goes on.
func TestPreparedStatementSurvivesAFailure(t *testing.T) {
	db := testkit.DB(t, polls)
	id := uuid.New()
	insertOnce := func() error {
		return db.Do(as(aef), func(ctx context.Context) error {
			_, err := db.Exec(ctx, insertPoll, aef, id, "mine")
			return pg.Error(err)
		})
	}
	require.NoError(t, insertOnce())
	for range 3 {
		require.Equal(t, errs.Conflict, errs.KindOf(insertOnce()))
	}
	require.NoError(t, db.Do(as(gaming), func(ctx context.Context) error {
		_, err := db.Exec(ctx, insertPoll, gaming, uuid.New(), "mine")
		return err
	}))
}

func readTitles(into *[]string) func(pgx.Rows) error {
	return func(rows pgx.Rows) error {
		*into = nil
		for rows.Next() {
			var title string
			if err := rows.Scan(nil, nil, &title); err != nil {
				return err
			}
			*into = append(*into, title)
		}
		return rows.Err()
	}
}

func TestQueryRowsReadsInOneRoundTrip(t *testing.T) {
	t.Parallel()
	cfg := testkit.Postgres(t, polls)
	for _, cfg.StrictReads = range []bool{true, false} {
		db := testkit.OpenDB(t, cfg)
		addPoll(t, db, aef, fmt.Sprint("mine, strict ", cfg.StrictReads))
	}
	for _, cfg.StrictReads = range []bool{true, false} {
		db := testkit.OpenDB(t, cfg)
		var got []string
		read := func(ctx context.Context, tenant uuid.UUID) {
			t.Helper()
			require.NoError(t, db.QueryRows(ctx, selectPolls, []any{tenant}, readTitles(&got)))
		}
		for range 8 { // also when the plan is kept
			read(as(aef), aef)
			require.Equal(t, []string{"mine, strict false", "mine, strict true"}, got)
			require.NoError(t, db.Do(as(aef), func(ctx context.Context) error { read(ctx, aef); return nil }))
			require.Len(t, got, 2)
			read(pg.AcrossTenants(t.Context(), "test"), aef)
			require.Len(t, got, 2)
			if cfg.StrictReads {
				read(as(gaming), aef)
				require.Empty(t, got, "the policies hold, whatever the statement says")
			}
		}
		require.Error(t, db.QueryRows(t.Context(), selectPolls, []any{aef}, readTitles(&got)), "no tenant")
		require.ErrorIs(t, db.QueryRows(as(aef), selectPolls, []any{aef}, func(pgx.Rows) error { return sql.ErrTxDone }), sql.ErrTxDone)
		require.Error(t, db.QueryRows(as(aef), "SELECT 1/0 FROM polls", nil, readTitles(&got)))
		read(as(aef), aef) // the connection is fine
		require.Len(t, got, 2)

		testkit.Disconnect(t, cfg)
		read(as(aef), aef)
		require.Len(t, got, 2, "a dead connection is replaced")
	}
}
