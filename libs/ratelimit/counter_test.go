package ratelimit_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/redis/rueidis"
	"github.com/stretchr/testify/require"

	"go.updspace.com/libs/devstack"
	"go.updspace.com/libs/ratelimit"
	"go.updspace.com/libs/testkit"
)

func TestMain(m *testing.M) { testkit.Main(m) }

func connect(t testing.TB, addr string) rueidis.Client {
	t.Helper()
	client, err := rueidis.NewClient(rueidis.ClientOption{
		InitAddress: []string{addr}, DisableCache: true, AlwaysRESP2: true, DisableRetry: true,
	})
	require.NoError(t, err)
	t.Cleanup(client.Close)
	return client
}

func TestEventsAddUpInTheirWindow(t *testing.T) {
	redis := connect(t, testkit.Redis(t))
	counter := ratelimit.NewCounter()
	add := func(key string, n int) ratelimit.Count {
		count, err := counter.Add(t.Context(), redis, key, n, time.Hour)
		require.NoError(t, err)
		require.Positive(t, count.Left)
		require.LessOrEqual(t, count.Left, time.Hour)
		return count
	}
	require.EqualValues(t, 0, add("a", 0).Events, "asking counts nothing")
	require.EqualValues(t, 2, add("a", 2).Events)
	require.EqualValues(t, 5, add("a", 3).Events)
	require.EqualValues(t, 1, add("b", 1).Events, "keys count apart")

	_, err := counter.Add(t.Context(), redis, "short", 7, time.Millisecond)
	require.NoError(t, err)
	require.Eventually(t, func() bool {
		count, err := counter.Add(t.Context(), redis, "short", 0, time.Hour)
		return err == nil && count.Events == 0
	}, 10*time.Second, time.Millisecond, "a window that has ended is forgotten")
}

// The memory of a command must stay its own while the connection breaks under
// it: the race detector watches.
func TestConnectionsBreakUnderACrowd(t *testing.T) {
	server, err := devstack.StartRedis(t.Context(), devstack.Options{})
	require.NoError(t, err)
	t.Cleanup(server.Stop)
	redis := connect(t, server.Addr)
	counter := ratelimit.NewCounter()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	var crowd, broken sync.WaitGroup
	for range 16 {
		broken.Add(1)
		crowd.Go(func() {
			failed := sync.OnceFunc(broken.Done)
			for ctx.Err() == nil {
				if _, err := counter.Add(ctx, redis, "key", 1, time.Hour); err != nil {
					failed()
				}
			}
			failed()
		})
	}
	require.NoError(t, server.Kill())
	broken.Wait()
	require.NoError(t, ctx.Err(), "everybody is told that Redis is gone")
	require.NoError(t, server.Start(ctx))
	require.Eventually(t, func() bool {
		_, err := counter.Add(ctx, redis, "key", 1, time.Hour)
		return err == nil
	}, 20*time.Second, 10*time.Millisecond)
	cancel()
	crowd.Wait()
}
