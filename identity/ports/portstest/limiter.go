// Package portstest has the suites that every implementation of a port passes.
package portstest

import (
	"context"
	"sync"
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

// LocalLimiter is a ports.Limiter whose windows never end.
type LocalLimiter struct {
	mu     sync.Mutex
	events map[string]int
}

// NewLocalLimiter returns an empty LocalLimiter.
func NewLocalLimiter() *LocalLimiter { return &LocalLimiter{events: map[string]int{}} }

// Blocked implements ports.Limiter.
func (l *LocalLimiter) Blocked(_ context.Context, limit ports.Limit, key string) time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	return wait(limit, l.events[limit.Name+":"+key])
}

// Count implements ports.Limiter.
func (l *LocalLimiter) Count(_ context.Context, limit ports.Limit, key string) time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	before := l.events[limit.Name+":"+key]
	l.events[limit.Name+":"+key]++
	return wait(limit, before)
}

// Reset implements ports.Limiter.
func (l *LocalLimiter) Reset(_ context.Context, limit ports.Limit, key string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.events, limit.Name+":"+key)
}

// Empty tells whether nothing has been counted.
func (l *LocalLimiter) Empty() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.events) == 0
}

func wait(limit ports.Limit, events int) time.Duration {
	if events >= limit.Events {
		return limit.Window
	}
	return 0
}
