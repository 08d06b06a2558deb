package pg_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/pg"
	"go.updspace.com/tools/devkit/testkit"
)

func TestCallAllRunsAFunctionInATransactionOfItsOwn(t *testing.T) {
	db := testkit.DB(t, polls)
	const setTenant = "SELECT set_config('updspace.tenant', $1::text, true) = $1::text"
	call := func(ctx context.Context) error {
		set, err := pg.CallAll[bool](ctx, db, setTenant, []any{aef.String()}, []any{aef.String()})
		if err == nil {
			require.Equal(t, []bool{true, true}, set)
		}
		return err
	}
	require.NoError(t, call(as(aef)))
	left, err := pg.CallAll[bool](as(aef), db, "SELECT coalesce(current_setting('updspace.tenant', true), '') <> ''", nil)
	require.NoError(t, err)
	require.Equal(t, []bool{false}, left, "the setting ends with the statement")
	require.Error(t, call(context.Background()), "no tenant in the context")
	require.NoError(t, db.Read(as(aef), func(ctx context.Context) error {
		require.Equal(t, errs.Internal, errs.KindOf(call(ctx)))
		return nil
	}))
	require.NoError(t, db.Do(as(aef), call))
}

// All calls are one transaction: they have one time, and the error of one undoes the others.
func TestCallAllIsOneTransaction(t *testing.T) {
	db := testkit.DB(t, polls)
	times, err := pg.CallAll[time.Time](as(aef), db, "SELECT now()", nil, nil)
	require.NoError(t, err)
	require.Equal(t, times[0], times[1])

	const setLock = "SELECT pg_try_advisory_xact_lock($1) AND 1 / $2::int = 1"
	_, err = pg.CallAll[bool](as(aef), db, setLock, []any{int64(1), 1}, []any{int64(2), 0})
	require.ErrorContains(t, err, "division by zero")
	free, err := pg.CallAll[bool](as(aef), db, setLock, []any{int64(1), 1})
	require.NoError(t, err)
	require.Equal(t, []bool{true}, free, "the connection can be used again")
}
