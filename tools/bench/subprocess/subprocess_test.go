package subprocess_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"go.updspace.com/tools/bench/subprocess"
)

func TestAChildServesUntilItsInputEnds(t *testing.T) {
	p, err := subprocess.Start(t.Context(), nil, nil, "/bin/sh", "-c", "echo ready; cat")
	require.NoError(t, err)
	require.Equal(t, "ready", p.Hello)
	require.NoError(t, p.Alive())
	p.Stop()
	require.Error(t, p.Alive())
}

func TestAChildThatCannotStartSaysWhy(t *testing.T) {
	_, err := subprocess.Start(t.Context(), nil, nil, "/bin/sh", "-c", "echo no database >&2; exit 3")
	require.ErrorContains(t, err, "no database")
	require.ErrorContains(t, err, "exit status 3")
	_, err = subprocess.Start(t.Context(), nil, nil, "/nowhere/baseline")
	require.Error(t, err)
}

func TestAChildThatNeverGetsReadyIsStopped(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := subprocess.Start(ctx, nil, nil, "/bin/sh", "-c", "cat")
	require.ErrorIs(t, err, context.Canceled)
}
