package idempotency_test

import (
	"context"
	"errors"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/libs/idempotency"
	"go.updspace.com/tools/devkit/testkit/suites"
)

func TestStorePassesTheSuite(t *testing.T) {
	suites.Once(t, func(t *testing.T) idempotency.Requests { return newFixture(t).store })
}

func TestOnceLoadsOnlyForARepeat(t *testing.T) {
	f := newFixture(t)
	type made struct {
		ID   uuid.UUID
		From string
	}
	loads := 0
	once := func(fail error) (made, error) {
		return idempotency.Once(as(first), f.store, "create", "input",
			func(ctx context.Context) (made, error) {
				id, err := f.create(ctx)
				return made{id, "create"}, errors.Join(err, fail)
			},
			func(m made) uuid.UUID { return m.ID },
			func(_ context.Context, id uuid.UUID) (made, error) { loads++; return made{id, "load"}, nil })
	}
	broken := errors.New("broken")
	got, err := once(broken)
	require.ErrorIs(t, err, broken)
	require.Zero(t, got)

	got, err = once(nil)
	require.NoError(t, err)
	require.Equal(t, "create", got.From)
	require.Zero(t, loads)

	again, err := once(nil)
	require.NoError(t, err)
	require.Equal(t, made{got.ID, "load"}, again)
	require.Equal(t, 1, f.count(first))
}
