package pg_test

import (
	"context"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"github.com/uptrace/bun"

	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/pg"
	"go.updspace.com/tools/devkit/testkit"
)

func TestContainsMatchesLiterally(t *testing.T) {
	t.Parallel()
	require.Equal(t, `%50\% of a\_b\\%`, pg.Contains(` 50% of A_b\ `))
	require.Equal(t, "%елка%", pg.Contains("Ёлка"))
	require.Empty(t, pg.Contains("  "))
}

func TestOneAndManyConvertRows(t *testing.T) {
	t.Parallel()
	db := testkit.DB(t, polls)
	ctx := as(aef)
	errMissing := errs.New(errs.NotFound, "POLL_NOT_FOUND", "There is no such poll.")
	var ids []uuid.UUID
	require.NoError(t, db.Do(ctx, func(ctx context.Context) error {
		for _, text := range []string{"a", "b", "c"} {
			n := &pollRow{ID: uuid.Must(uuid.NewV7()), Title: text}
			ids = append(ids, n.ID)
			if _, err := db.Conn(ctx).NewInsert().Model(n).Exec(ctx); err != nil {
				return err
			}
		}
		return nil
	}))
	title := func(p *pollRow) string { return p.Title }
	byID := func(id uuid.UUID) func(*bun.SelectQuery) *bun.SelectQuery {
		return func(q *bun.SelectQuery) *bun.SelectQuery { return q.Where("?TableAlias.id = ?", id) }
	}
	got, err := pg.One(ctx, db, errMissing, title, byID(ids[1]))
	require.NoError(t, err)
	require.Equal(t, "b", got)
	_, err = pg.One(ctx, db, errMissing, title, byID(uuid.New()))
	require.ErrorIs(t, err, errMissing)
	_, err = pg.One(as(gaming), db, errMissing, title, byID(ids[1]))
	require.ErrorIs(t, err, errMissing)

	page := func(after uuid.UUID, limit int) []string {
		t.Helper()
		found, err := pg.Many(ctx, db, title, func(q *bun.SelectQuery) *bun.SelectQuery { return pg.PageByID(q, after, limit) })
		require.NoError(t, err)
		return found
	}
	require.Equal(t, []string{"a", "b"}, page(uuid.Nil, 2))
	require.Equal(t, []string{"c"}, page(ids[1], 2))
	require.Equal(t, []string{}, page(ids[2], 2))
	found, err := pg.Many(ctx, db, title, func(q *bun.SelectQuery) *bun.SelectQuery { return pg.PageByIDDesc(q, ids[2], 5) })
	require.NoError(t, err)
	require.Equal(t, []string{"b", "a"}, found)

	require.NoError(t, db.Do(ctx, func(ctx context.Context) error {
		change := func(id uuid.UUID) error {
			result, err := db.Conn(ctx).NewUpdate().Model((*pollRow)(nil)).Set("title = 'x'").Where("?TableAlias.id = ?", id).Exec(ctx)
			return pg.ChangedOne(result, err, errMissing)
		}
		require.NoError(t, change(ids[0]))
		require.ErrorIs(t, change(uuid.New()), errMissing)
		return nil
	}))
}

func TestViolatedConstraintsBecomeDomainErrors(t *testing.T) {
	t.Parallel()
	db := testkit.DB(t, polls)
	ctx := as(aef)
	errTaken := errs.New(errs.Conflict, "POLL_EXISTS", "This poll exists.")
	insert := func(id uuid.UUID, known map[string]*errs.Error) error {
		return db.Do(ctx, func(ctx context.Context) error {
			_, err := db.Conn(ctx).NewInsert().Model(&pollRow{ID: id, Title: id.String()[:8]}).Exec(ctx)
			return pg.Taken(err, known)
		})
	}
	id := uuid.New()
	require.NoError(t, insert(id, nil))
	err := insert(id, nil)
	require.Equal(t, errs.Conflict, errs.KindOf(err))
	require.NotErrorIs(t, err, errTaken)
	require.ErrorIs(t, insert(id, map[string]*errs.Error{"polls_pkey": errTaken}), errTaken)
}

func TestExclusiveJobsRunOnceAtATime(t *testing.T) {
	t.Parallel()
	db := testkit.DB(t, polls)
	ran, err := db.Exclusive(t.Context(), "job", func(ctx context.Context) error {
		inner, err := db.Exclusive(ctx, "job", func(context.Context) error { return nil })
		require.NoError(t, err)
		require.False(t, inner)
		other, err := db.Exclusive(ctx, "other", func(context.Context) error { return nil })
		require.NoError(t, err)
		require.True(t, other)
		return nil
	})
	require.NoError(t, err)
	require.True(t, ran)
	ran, err = db.Exclusive(t.Context(), "job", func(context.Context) error { return nil })
	require.NoError(t, err)
	require.True(t, ran)
}
