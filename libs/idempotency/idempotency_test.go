package idempotency_test

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"testing/fstest"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"github.com/uptrace/bun"

	"go.updspace.com/libs/idempotency"
	"go.updspace.com/libs/pg"
	"go.updspace.com/libs/reqctx"
	"go.updspace.com/tools/devkit/testkit"
)

func TestMain(m *testing.M) { testkit.Main(m) }

var things = pg.Migrations{Table: "goose_test", FS: fstest.MapFS{"00001_things.sql": {Data: []byte(`
-- +goose Up
CREATE TABLE things (tenant_id uuid NOT NULL, id uuid NOT NULL, PRIMARY KEY (tenant_id, id));
SELECT updspace_protect('things');
`)}}}

type thing struct {
	bun.BaseModel `bun:"table:things"`
	pg.Tenanted
	ID uuid.UUID `bun:"id,pk,type:uuid"`
}

var first = reqctx.Context{
	RequestID: "req-1",
	TenantID:  uuid.MustParse("00000000-0000-0000-0000-000000000001"),
	UserID:    uuid.MustParse("00000000-0000-4000-8000-000000000002"),
}

func as(rc reqctx.Context) context.Context { return reqctx.With(context.Background(), rc) }

type fixture struct {
	t     *testing.T
	db    *pg.DB
	store *idempotency.Store
	runs  atomic.Int64
}

func newFixture(t *testing.T) *fixture {
	db := testkit.DB(t, things)
	return &fixture{t: t, db: db, store: idempotency.NewStore(db)}
}

func (f *fixture) create(ctx context.Context) (uuid.UUID, error) {
	f.runs.Add(1)
	row := &thing{ID: uuid.New()}
	_, err := f.db.Conn(ctx).NewInsert().Model(row).Exec(ctx)
	return row.ID, pg.Error(err)
}

// count says how many things the tenant of rc has.
func (f *fixture) count(rc reqctx.Context) int {
	f.t.Helper()
	var n int64
	require.NoError(f.t, f.db.Read(as(rc), func(ctx context.Context) (err error) {
		n, err = f.db.Conn(ctx).NewSelect().Model((*thing)(nil)).Count(ctx)
		return err
	}))
	return int(n)
}

func TestRepeatReturnsTheFirstResult(t *testing.T) {
	f := newFixture(t)
	one, err := f.store.Once(as(first), "createThing", "input", f.create)
	require.NoError(t, err)
	two, err := f.store.Once(as(first), "createThing", "input", f.create)
	require.NoError(t, err)
	require.Equal(t, one, two)
	require.EqualValues(t, 1, f.runs.Load())
	require.Equal(t, 1, f.count(first))
}

func TestFailureIsNotKept(t *testing.T) {
	f := newFixture(t)
	broken := errors.New("broken")
	_, err := f.store.Once(as(first), "createThing", "input", func(ctx context.Context) (uuid.UUID, error) {
		if _, err := f.create(ctx); err != nil {
			return uuid.Nil, err
		}
		return uuid.Nil, broken
	})
	require.ErrorIs(t, err, broken)
	require.Zero(t, f.count(first))

	id, err := f.store.Once(as(first), "createThing", "input", f.create)
	require.NoError(t, err)
	require.NotEqual(t, uuid.Nil, id)
	require.Equal(t, 1, f.count(first))
}

// TestFailureInsideALargerTransaction leaves a claim without a result behind.
func TestFailureInsideALargerTransaction(t *testing.T) {
	f := newFixture(t)
	require.NoError(t, f.db.Do(as(first), func(ctx context.Context) error {
		_, err := f.store.Once(ctx, "createThing", "input", func(context.Context) (uuid.UUID, error) { return uuid.Nil, errors.New("broken") })
		require.Error(t, err)
		return nil
	}))
	one, err := f.store.Once(as(first), "createThing", "input", f.create)
	require.NoError(t, err)
	two, err := f.store.Once(as(first), "createThing", "input", f.create)
	require.NoError(t, err)
	require.Equal(t, one, two)
	require.Equal(t, 1, f.count(first))
}

func TestRollbackOfALargerTransactionForgets(t *testing.T) {
	f := newFixture(t)
	undo := errors.New("undo")
	require.ErrorIs(t, f.db.Do(as(first), func(ctx context.Context) error {
		_, err := f.store.Once(ctx, "createThing", "input", f.create)
		require.NoError(t, err)
		return undo
	}), undo)
	_, err := f.store.Once(as(first), "createThing", "input", f.create)
	require.NoError(t, err)
	require.EqualValues(t, 2, f.runs.Load())
	require.Equal(t, 1, f.count(first))
}

func TestWithoutRequestID(t *testing.T) {
	f := newFixture(t)
	rc := first
	rc.RequestID = ""
	for range 2 {
		_, err := f.store.Once(as(rc), "createThing", "input", f.create)
		require.NoError(t, err)
	}
	require.Equal(t, 2, f.count(rc))
}

func TestConcurrentRepeats(t *testing.T) {
	f := newFixture(t)
	const repeats = 50
	ids := make([]uuid.UUID, repeats)
	problems := make([]error, repeats)
	begin := make(chan struct{})
	var wg sync.WaitGroup
	for i := range repeats {
		wg.Go(func() {
			<-begin
			ids[i], problems[i] = f.store.Once(as(first), "createThing", "input", f.create)
		})
	}
	close(begin)
	wg.Wait()
	for i := range repeats {
		require.NoError(t, problems[i])
		require.Equal(t, ids[0], ids[i])
	}
	require.EqualValues(t, 1, f.runs.Load())
	require.Equal(t, 1, f.count(first))
}

// TestConcurrentRepeatsOfAFailure: while the first try fails, one of the
// repeats that waited for it takes over.
func TestConcurrentRepeatsOfAFailure(t *testing.T) {
	f := newFixture(t)
	const repeats = 20
	var failed atomic.Bool
	var succeeded atomic.Int64
	begin := make(chan struct{})
	var wg sync.WaitGroup
	for range repeats {
		wg.Go(func() {
			<-begin
			_, err := f.store.Once(as(first), "createThing", "input", func(ctx context.Context) (uuid.UUID, error) {
				if failed.CompareAndSwap(false, true) {
					return uuid.Nil, errors.New("broken")
				}
				return f.create(ctx)
			})
			if err == nil {
				succeeded.Add(1)
			}
		})
	}
	close(begin)
	wg.Wait()
	require.EqualValues(t, repeats-1, succeeded.Load())
	require.EqualValues(t, 1, f.runs.Load())
	require.Equal(t, 1, f.count(first))
}
