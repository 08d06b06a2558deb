package pg_test

import (
	"context"
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"go.updspace.com/tools/devkit/testkit"
)

func TestExclusiveRunsAJobOnce(t *testing.T) {
	t.Parallel()
	db := testkit.DB(t)
	ran, err := db.Exclusive(t.Context(), "job", func(ctx context.Context) error {
		again, err := db.Exclusive(ctx, "job", func(context.Context) error { return errors.New("twice at once") })
		require.NoError(t, err)
		require.False(t, again)
		other, err := db.Exclusive(ctx, "other", func(context.Context) error { return nil })
		require.NoError(t, err)
		require.True(t, other)
		return nil
	})
	require.NoError(t, err)
	require.True(t, ran)
	failed := errors.New("failed")
	ran, err = db.Exclusive(t.Context(), "job", func(context.Context) error { return failed })
	require.ErrorIs(t, err, failed)
	require.True(t, ran)
}
