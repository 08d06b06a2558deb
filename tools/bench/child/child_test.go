package child_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"go.updspace.com/tools/bench/child"
)

func TestAChildServesUntilItsInputEnds(t *testing.T) {
	p, err := child.Start(t.Context(), nil, nil, "/bin/sh", "-c", "echo ready; cat")
	require.NoError(t, err)
	require.Equal(t, "ready", p.Hello)
	require.NoError(t, p.Alive())
	p.Stop()
	require.Error(t, p.Alive())
}

func TestAChildThatCannotStartSaysWhy(t *testing.T) {
	_, err := child.Start(t.Context(), nil, nil, "/bin/sh", "-c", "echo no database >&2; exit 3")
	require.ErrorContains(t, err, "no database")
	require.ErrorContains(t, err, "exit status 3")
	_, err = child.Start(t.Context(), nil, nil, "/nowhere/floor")
	require.Error(t, err)
}

func TestAChildThatNeverGetsReadyIsStopped(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := child.Start(ctx, nil, nil, "/bin/sh", "-c", "cat")
	require.ErrorIs(t, err, context.Canceled)
}
