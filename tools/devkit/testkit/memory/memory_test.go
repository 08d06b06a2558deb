package memory_test

import (
	"context"
	"errors"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/idempotency"
	"go.updspace.com/libs/personaldata"
	"go.updspace.com/libs/pg"
	"go.updspace.com/libs/reqctx"
	"go.updspace.com/tools/devkit/testkit/memory"
	"go.updspace.com/tools/devkit/testkit/suites"
)

func as(tenant uuid.UUID) context.Context {
	return reqctx.With(context.Background(), reqctx.Context{TenantID: tenant, UserID: uuid.New(), RequestID: "r"})
}

func TestOnce(t *testing.T) {
	t.Parallel()
	suites.Once(t, func(*testing.T) idempotency.Requests { return memory.New() })
}

func TestEventsKeepTheContract(t *testing.T) {
	t.Parallel()
	suites.Events(t, func(*testing.T) suites.EventsPort[string] {
		db := memory.New()
		events := memory.NewEvents[string](db)
		return suites.EventsPort[string]{
			Do: db.Do, Publish: events.Publish, Published: func(testing.TB) []string { return events.Published() },
			New: func(testing.TB) (string, string) { subject := uuid.NewString(); return subject, subject },
		}
	})
}

func TestAudit(t *testing.T) {
	t.Parallel()
	suites.Audit(t, func(*testing.T) (personaldata.Log, personaldata.Tx) {
		db := memory.New()
		return memory.NewAudit(db), db
	})
}

func TestAFailedTransactionLeavesNothing(t *testing.T) {
	t.Parallel()
	db := memory.New()
	table, events := memory.NewTable[string, int](db), memory.NewEvents[string](db)
	ctx := as(uuid.New())
	table.Put(ctx, "a", 1)
	require.NoError(t, db.Do(ctx, func(ctx context.Context) error { return events.Publish(ctx, "first") }))
	broken := errors.New("broken")
	committed := false
	change := func(ctx context.Context) error {
		table.Put(ctx, "a", 2)
		table.Put(ctx, "b", 3)
		db.AfterCommit(ctx, func() { committed = true })
		return errors.Join(events.Publish(ctx, "second"), broken)
	}
	require.ErrorIs(t, db.Do(ctx, change), broken)
	require.Panics(t, func() { _ = db.Do(ctx, func(ctx context.Context) error { _ = change(ctx); panic("x") }) })
	require.ErrorIs(t, db.Do(ctx, func(ctx context.Context) error { return db.Do(ctx, change) }), broken)
	require.False(t, committed)
	require.Equal(t, []int{1}, table.All(ctx, nil))
	require.Equal(t, []string{"first"}, events.Published())

	broken = nil
	require.NoError(t, db.Do(ctx, change))
	require.True(t, committed)
	require.ElementsMatch(t, []int{2, 3}, table.All(ctx, nil))
	require.Equal(t, []string{"first", "second"}, events.Published())
}

func TestTablesKeepTenantsApart(t *testing.T) {
	t.Parallel()
	db := memory.New()
	table := memory.NewTable[string, int](db)
	one, two := as(uuid.New()), as(uuid.New())
	table.Put(one, "a", 1)
	table.Put(two, "a", 2)
	row, ok := table.Get(one, "a")
	require.True(t, ok)
	require.Equal(t, 1, row)
	_, ok = table.Get(as(uuid.New()), "a")
	require.False(t, ok)
	_, ok = table.First(one, func(v int) bool { return v == 2 })
	require.False(t, ok)
	across := pg.AcrossTenants(context.Background(), "test")
	require.Len(t, table.All(across, nil), 2)
	require.Len(t, table.AllTenants(one, nil), 2)
	require.Zero(t, table.Delete(one, func(v int) bool { return v == 2 }))
	require.Equal(t, 2, table.Delete(across, func(int) bool { return true }))
}

func TestEventsNeedATransaction(t *testing.T) {
	t.Parallel()
	db := memory.New()
	require.Equal(t, errs.Internal, errs.KindOf(memory.NewEvents[string](db).Publish(as(uuid.New()), "a")))
}
