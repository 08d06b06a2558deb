package pg_test

import (
	"context"
	"database/sql"
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"go.updspace.com/libs/pg"
	"go.updspace.com/tools/devkit/testkit"
)

// BenchmarkSelectText is what building a query costs, filter included.
func BenchmarkSelectText(b *testing.B) {
	db := testkit.OpenDB(b, pg.Config{URL: "postgres://nobody@127.0.0.1:1/nothing"})
	ctx, id := as(aef), uuid.New()
	b.ReportAllocs()
	for b.Loop() {
		_ = db.Conn(ctx).NewSelect().Model(&pollRow{ID: id}).WherePK().String()
	}
}

func BenchmarkDatabase(b *testing.B) {
	cfg := testkit.Postgres(b, polls)
	cfg.StrictReads = false
	open := testkit.OpenDB(b, cfg)
	cfg.StrictReads = true
	strict := testkit.OpenDB(b, cfg)
	bare, err := sql.Open("pgx", cfg.URL)
	require.NoError(b, err)
	b.Cleanup(func() { _ = bare.Close() })
	id := addPoll(b, open, aef, "mine")
	ctx := as(aef)

	b.Run("bare ping", func(b *testing.B) { // a round trip
		for b.Loop() {
			require.NoError(b, bare.PingContext(ctx))
		}
	})
	find := func(db *pg.DB) func(b *testing.B) {
		return func(b *testing.B) {
			for b.Loop() {
				require.NoError(b, db.Read(ctx, func(ctx context.Context) error {
					return db.Conn(ctx).NewSelect().Model(&pollRow{ID: id}).WherePK().Scan(ctx)
				}))
			}
		}
	}
	b.Run("read by key", find(open))
	b.Run("read by key, strict", find(strict))
	rows := func(db *pg.DB) func(b *testing.B) {
		return func(b *testing.B) {
			for b.Loop() {
				var got []string
				require.NoError(b, db.QueryRows(ctx, selectTitle, []any{aef, "mine"}, func(rows pgx.Rows) error { got = append(got, ""); return nil }))
			}
		}
	}
	b.Run("QueryRows", rows(open))
	b.Run("QueryRows, strict", rows(strict))
	b.Run("write", func(b *testing.B) {
		for b.Loop() {
			require.NoError(b, open.Do(ctx, func(ctx context.Context) error {
				_, err := open.Conn(ctx).NewUpdate().Model((*pollRow)(nil)).Set("votes = votes + 1").Where("id = ?", id).Exec(ctx)
				return err
			}))
		}
	})
	b.Run("empty transaction", func(b *testing.B) {
		for b.Loop() {
			require.NoError(b, open.Do(ctx, func(context.Context) error { return nil }))
		}
	})
}
