package pg_test

import (
	"context"
	"database/sql"
	"testing"
	"testing/fstest"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"github.com/uptrace/bun"

	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/pg"
	"go.updspace.com/libs/reqctx"
	"go.updspace.com/tools/devkit/testkit"
)

// polls is a small schema with everything that matters: a tenant table, a child
// of it, and constraints.
var polls = pg.Migrations{Table: "goose_test", FS: fstest.MapFS{"00001_polls.sql": {Data: []byte(`
-- +goose Up
CREATE TABLE polls (
    tenant_id  uuid NOT NULL,
    id         uuid NOT NULL,
    title      text NOT NULL CONSTRAINT title_length CHECK (length(title) < 20),
    votes      integer NOT NULL DEFAULT 0,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant_id, id),
    CONSTRAINT polls_title UNIQUE (tenant_id, title)
);
SELECT updspace_protect('polls');
CREATE TABLE options (
    tenant_id uuid NOT NULL,
    id        uuid NOT NULL,
    poll_id   uuid NOT NULL,
    title     text NOT NULL,
    PRIMARY KEY (tenant_id, id),
    CONSTRAINT options_poll FOREIGN KEY (tenant_id, poll_id) REFERENCES polls
);
SELECT updspace_protect('options');
`)}}}

type pollRow struct {
	bun.BaseModel `bun:"table:polls,alias:poll"`
	pg.Tenanted
	ID      uuid.UUID    `bun:"id,pk,type:uuid"`
	Title   string       `bun:"title"`
	Votes   int          `bun:"votes"`
	Options []*optionRow `bun:"rel:has-many,join:id=poll_id"`
}

type optionRow struct {
	bun.BaseModel `bun:"table:options,alias:option"`
	pg.Tenanted
	ID     uuid.UUID `bun:"id,pk,type:uuid"`
	PollID uuid.UUID `bun:"poll_id,type:uuid"`
	Title  string    `bun:"title"`
	Poll   *pollRow  `bun:"rel:belongs-to,join:poll_id=id"`
}

var (
	aef    = uuid.MustParse("00000000-0000-0000-0000-000000000001")
	gaming = uuid.MustParse("00000000-0000-0000-0000-000000000002")
)

func as(tenant uuid.UUID) context.Context {
	return reqctx.With(context.Background(), reqctx.Context{TenantID: tenant})
}

func addPoll(t testing.TB, db *pg.DB, tenant uuid.UUID, title string) uuid.UUID {
	t.Helper()
	id := uuid.New()
	require.NoError(t, db.Do(as(tenant), func(ctx context.Context) error {
		if _, err := db.Conn(ctx).NewInsert().Model(&pollRow{ID: id, Title: title}).Exec(ctx); err != nil {
			return err
		}
		_, err := db.Conn(ctx).NewInsert().Model(&optionRow{ID: uuid.New(), PollID: id, Title: "yes"}).Exec(ctx)
		return err
	}))
	return id
}

// TestQueriesCarryTheTenant runs on a connection that may read anything, so
// that only the hooks keep the tenants apart.
func TestQueriesCarryTheTenant(t *testing.T) {
	cfg := testkit.Postgres(t, polls)
	cfg.StrictReads = false
	db := testkit.OpenDB(t, cfg)
	mine, theirs := addPoll(t, db, aef, "mine"), addPoll(t, db, gaming, "theirs")
	ctx := as(aef)
	find := func() *bun.SelectQuery { return db.Conn(ctx).NewSelect().Model((*pollRow)(nil)) }

	t.Run("the connection alone would show both", func(t *testing.T) {
		var n int
		require.NoError(t, db.Conn(ctx).NewRaw("SELECT count(*) FROM polls").Scan(ctx, &n))
		require.Equal(t, 2, n)
	})
	t.Run("scan", func(t *testing.T) {
		var rows []pollRow
		require.NoError(t, db.Conn(ctx).NewSelect().Model(&rows).Scan(ctx))
		require.Len(t, rows, 1)
		require.Equal(t, mine, rows[0].ID)
		require.Equal(t, aef, rows[0].TenantID)
	})
	t.Run("by primary key", func(t *testing.T) {
		err := db.Conn(ctx).NewSelect().Model(&pollRow{ID: theirs}).WherePK().Scan(ctx)
		require.Equal(t, errs.NotFound, errs.KindOf(pg.Error(err)))
	})
	t.Run("count, exists, scan and count", func(t *testing.T) {
		n, err := find().Count(ctx)
		require.NoError(t, err)
		require.EqualValues(t, 1, n)
		ok, err := find().Where("poll.id = ?", theirs).Exists(ctx)
		require.NoError(t, err)
		require.False(t, ok)
		var rows []pollRow
		n, err = db.Conn(ctx).NewSelect().Model(&rows).Limit(10).ScanAndCount(ctx)
		require.NoError(t, err)
		require.EqualValues(t, 1, n)
		require.Len(t, rows, 1)
	})
	t.Run("has-many and belongs-to", func(t *testing.T) {
		var rows []pollRow
		require.NoError(t, db.Conn(ctx).NewSelect().Model(&rows).Relation("Options").Scan(ctx))
		require.Len(t, rows, 1)
		require.Len(t, rows[0].Options, 1)
		var options []optionRow
		require.NoError(t, db.Conn(ctx).NewSelect().Model(&options).Relation("Poll").Scan(ctx))
		require.Len(t, options, 1)
		require.Equal(t, "mine", options[0].Poll.Title)
	})
	t.Run("joins and subqueries", func(t *testing.T) {
		var titles []string
		require.NoError(t, find().Column("poll.title").
			Join("JOIN options AS o ON o.tenant_id = poll.tenant_id AND o.poll_id = poll.id").Scan(ctx, &titles))
		require.Equal(t, []string{"mine"}, titles)
		ids := find().Column("poll.id")
		var n int
		require.NoError(t, db.Conn(ctx).NewSelect().TableExpr("options AS o").ColumnExpr("count(*)").Where("o.poll_id IN (?)", ids).Scan(ctx, &n))
		require.Equal(t, 1, n)
	})
	t.Run("an OR cannot slip past", func(t *testing.T) {
		either := func() *bun.SelectQuery { return find().Where("poll.title = 'mine'").WhereOr("poll.title = 'theirs'") }
		require.ErrorContains(t, either().Scan(ctx, new([]pollRow)), "WhereGroup")
		_, err := either().Count(ctx)
		require.ErrorContains(t, err, "OR at the top of WHERE")
		_, err = either().Exists(ctx)
		require.ErrorContains(t, err, "OR at the top of WHERE")
		var rows []pollRow
		require.NoError(t, db.Conn(ctx).NewSelect().Model(&rows).WhereGroup(" AND ", func(q *bun.SelectQuery) *bun.SelectQuery {
			return q.Where("poll.title = 'mine'").WhereOr("poll.title = 'theirs'")
		}).Scan(ctx))
		require.Len(t, rows, 1)
	})
	t.Run("update and delete", func(t *testing.T) {
		require.NoError(t, db.Do(ctx, func(ctx context.Context) error {
			conn := db.Conn(ctx)
			for what, q := range map[string]interface {
				Exec(context.Context, ...any) (sql.Result, error)
			}{
				"update": conn.NewUpdate().Model((*pollRow)(nil)).Set("votes = 1").Where("poll.id = ?", theirs),
				"delete": conn.NewDelete().Model((*pollRow)(nil)).Where("poll.id = ?", theirs),
				"by key": conn.NewUpdate().Model(&pollRow{ID: theirs, Title: "stolen"}).WherePK(),
			} {
				res, err := q.Exec(ctx)
				require.NoError(t, err, what)
				n, err := res.RowsAffected()
				require.NoError(t, err, what)
				require.Zero(t, n, what)
			}
			_, err := conn.NewUpdate().Model((*pollRow)(nil)).Set("votes = 1").Where("id = ?", mine).WhereOr("id = ?", theirs).Exec(ctx)
			require.ErrorContains(t, err, "WhereGroup")
			_, err = conn.NewDelete().Model((*pollRow)(nil)).Exec(ctx)
			require.ErrorContains(t, err, "no condition")
			return nil
		}))
	})
	t.Run("many rows at once", func(t *testing.T) {
		require.NoError(t, db.Do(ctx, func(ctx context.Context) error {
			rows := []pollRow{{ID: uuid.New(), Title: "bulk 1"}, {ID: uuid.New(), Title: "bulk 2"}}
			_, err := db.Conn(ctx).NewInsert().Model(&rows).Exec(ctx)
			require.NoError(t, err)
			require.Equal(t, aef, rows[1].TenantID)
			rows[0].Votes, rows[1].Votes = 5, 6
			changed := append(rows, pollRow{ID: theirs, Votes: 7, Tenanted: pg.Tenanted{TenantID: aef}})
			res, err := db.Conn(ctx).NewUpdate().Model(&changed).Column("votes").Bulk().Exec(ctx)
			require.NoError(t, err)
			n, err := res.RowsAffected()
			require.NoError(t, err)
			require.EqualValues(t, 2, n)
			_, err = db.Conn(ctx).NewDelete().Model(&rows).WherePK().Exec(ctx)
			return err
		}))
	})
	t.Run("nothing without a tenant", func(t *testing.T) {
		nowhere := context.Background()
		conn := db.Conn(nowhere)
		_, err := conn.NewSelect().Model((*pollRow)(nil)).Count(nowhere)
		require.ErrorContains(t, err, "no tenant")
		require.ErrorContains(t, conn.NewSelect().Model(new([]pollRow)).Scan(nowhere), "no tenant")
		_, err = conn.NewUpdate().Model((*pollRow)(nil)).Set("votes = 1").Where("id = ?", mine).Exec(nowhere)
		require.ErrorContains(t, err, "no tenant")
		_, err = conn.NewInsert().Model(&pollRow{ID: uuid.New(), Title: "orphan"}).Exec(nowhere)
		require.ErrorContains(t, err, "no tenant")
	})
	t.Run("a row of another tenant is not written", func(t *testing.T) {
		row := &pollRow{ID: uuid.New(), Title: "foreign", Tenanted: pg.Tenanted{TenantID: gaming}}
		_, err := db.Conn(ctx).NewInsert().Model(row).Exec(ctx)
		require.ErrorContains(t, err, "for tenant "+gaming.String())
	})
}
