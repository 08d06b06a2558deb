// Package portstest has the suites that every implementation of a port passes.
package portstest

import (
	"context"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/identity/ports"
)

// Limiter is the suite of ports.Limiter.
func Limiter(t *testing.T, l ports.Limiter) {
	ctx := context.Background()
	limit := ports.Limit{Name: "suite-" + uuid.NewString(), Events: 3, Window: time.Minute}
	other := ports.Limit{Name: limit.Name + "-other", Events: 1, Window: time.Minute}

	require.Zero(t, l.Blocked(ctx, limit, "a"))
	for range 3 {
		require.Zero(t, l.Blocked(ctx, limit, "a"), "asking does not count")
		require.Zero(t, l.Count(ctx, limit, "a"))
	}
	wait := l.Blocked(ctx, limit, "a")
	require.Greater(t, wait, 50*time.Second)
	require.LessOrEqual(t, wait, time.Minute)
	require.Positive(t, l.Count(ctx, limit, "a"))
	require.Zero(t, l.Blocked(ctx, limit, "b"), "another key")
	require.Zero(t, l.Count(ctx, other, "a"), "another limit")
	require.Positive(t, l.Blocked(ctx, other, "a"))

	l.Reset(ctx, limit, "a")
	require.Zero(t, l.Blocked(ctx, limit, "a"))
	require.Zero(t, l.Count(ctx, limit, "a"))
	require.Positive(t, l.Blocked(ctx, other, "a"), "only what was named is forgotten")
}
