// Package suites holds the contracts of the kit's ports: tests that every implementation must pass, the one in PostgreSQL and
// the one in memory alike.
package suites

import (
	"context"
	"errors"
	"sync"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/idempotency"
	"go.updspace.com/libs/reqctx"
)

// Once tests an implementation of the port that makes creates idempotent. open returns an empty one.
func Once(t *testing.T, open func(t *testing.T) idempotency.Requests) {
	first := reqctx.Context{RequestID: "req-1", TenantID: uuid.New(), UserID: uuid.New()}
	as := func(change ...func(*reqctx.Context)) context.Context {
		rc := first
		for _, c := range change {
			c(&rc)
		}
		return reqctx.With(context.Background(), rc)
	}
	create := func(context.Context) (uuid.UUID, error) { return uuid.New(), nil }
	once := func(t *testing.T, r idempotency.Requests, ctx context.Context, operation string, input any) uuid.UUID { //nolint:revive // t first
		t.Helper()
		id, err := r.Once(ctx, operation, input, create)
		require.NoError(t, err)
		require.NotEqual(t, uuid.Nil, id)
		return id
	}

	t.Run("a repeat gets the first result", func(t *testing.T) {
		r := open(t)
		input := map[string]any{"a": 1, "b": []string{"x"}}
		id := once(t, r, as(), "createThing", input)
		again, err := r.Once(as(), "createThing", map[string]any{"b": []string{"x"}, "a": 1}, func(context.Context) (uuid.UUID, error) {
			return uuid.Nil, errors.New("create ran twice")
		})
		require.NoError(t, err)
		require.Equal(t, id, again)
	})

	t.Run("tenant, user, request id and operation make the key", func(t *testing.T) {
		r := open(t)
		seen := map[uuid.UUID]bool{once(t, r, as(), "createThing", 1): true}
		for _, id := range []uuid.UUID{
			once(t, r, as(), "createOther", 1),
			once(t, r, as(func(rc *reqctx.Context) { rc.RequestID = "req-2" }), "createThing", 1),
			once(t, r, as(func(rc *reqctx.Context) { rc.UserID = uuid.New() }), "createThing", 1),
			once(t, r, as(func(rc *reqctx.Context) { rc.TenantID = uuid.New() }), "createThing", 1),
		} {
			require.False(t, seen[id])
			seen[id] = true
		}
	})

	t.Run("another input under the same request id is refused", func(t *testing.T) {
		r := open(t)
		once(t, r, as(), "createThing", 1)
		_, err := r.Once(as(), "createThing", 2, create)
		require.ErrorIs(t, err, idempotency.ErrReused)
		require.Equal(t, errs.Conflict, errs.KindOf(err))
	})

	t.Run("a request without an id is never a repeat", func(t *testing.T) {
		r := open(t)
		nameless := as(func(rc *reqctx.Context) { rc.RequestID = "" })
		first := once(t, r, nameless, "createThing", 1)
		require.NotEqual(t, first, once(t, r, nameless, "createThing", 1))
		once(t, r, nameless, "createThing", 2)
	})

	t.Run("a failure is not kept", func(t *testing.T) {
		r := open(t)
		broken := errors.New("broken")
		id, err := r.Once(as(), "createThing", 1, func(context.Context) (uuid.UUID, error) { return uuid.New(), broken })
		require.ErrorIs(t, err, broken)
		require.Equal(t, uuid.Nil, id)
		once(t, r, as(), "createThing", 1)
	})

	t.Run("an input that cannot be compared is a defect", func(t *testing.T) {
		_, err := open(t).Once(as(), "createThing", func() {}, create)
		require.Equal(t, errs.Internal, errs.KindOf(err))
	})

	t.Run("concurrent repeats get one result", func(t *testing.T) {
		r := open(t)
		ids := make([]uuid.UUID, 8)
		problems := make([]error, len(ids))
		var wg sync.WaitGroup
		for i := range ids {
			wg.Go(func() { ids[i], problems[i] = r.Once(as(), "createThing", 1, create) })
		}
		wg.Wait()
		for i := range ids {
			require.NoError(t, problems[i])
			require.Equal(t, ids[0], ids[i])
		}
	})
}
