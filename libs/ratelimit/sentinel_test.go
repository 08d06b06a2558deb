package ratelimit

import (
	"context"
	"log/slog"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"go.updspace.com/tools/devkit/devstack"
)

// A Sentinel makes the replica the primary when the primary dies; the limits go on there.
func TestSentinel(t *testing.T) {
	t.Setenv(devstack.EnvRedisAddr, "")
	primary, err := devstack.StartRedis(t.Context(), devstack.Options{})
	require.NoError(t, err)
	t.Cleanup(primary.Stop)
	replica, err := primary.Replica(t.Context())
	require.NoError(t, err)
	t.Cleanup(replica.Stop)
	sentinel, err := primary.Sentinel(t.Context(), "updspace")
	require.NoError(t, err)
	t.Cleanup(sentinel.Stop)

	conn, err := Connect("redis://"+sentinel.Addr+"?master_set=updspace", "test", slog.New(slog.DiscardHandler))
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(t.Context())
	var running sync.WaitGroup
	running.Go(func() { _ = conn.Run(ctx) })
	t.Cleanup(func() { cancel(); running.Wait() })
	answers := func() bool {
		_, _, answered := conn.take(t.Context(), Rule{Name: "rule", Key: Address, Burst: 10, Per: time.Hour}, "key", 0)
		return answered
	}
	require.Eventually(t, answers, 30*time.Second, 20*time.Millisecond)
	require.NoError(t, primary.Kill())
	require.Eventually(t, func() bool { return !answers() }, 30*time.Second, 20*time.Millisecond)
	require.Eventually(t, answers, 30*time.Second, 20*time.Millisecond, "at the replica")
}
