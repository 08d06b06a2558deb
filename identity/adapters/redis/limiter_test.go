package redis_test

import (
	"context"
	"io"
	"log/slog"
	"net"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"go.updspace.com/identity/adapters/redis"
	"go.updspace.com/identity/ports"
	"go.updspace.com/identity/ports/portstest"
	"go.updspace.com/libs/testkit"
)

func TestMain(m *testing.M) { testkit.Main(m) }

const patience = 20 * time.Second

var limit = ports.Limit{Name: "l", Events: 2, Window: time.Minute}

// instance is the limiter of one instance of the service, once it is connected.
type instance struct {
	*redis.Limiter
	local *portstest.LocalLimiter
}

func start(t testing.TB, addr string) instance {
	t.Helper()
	local := portstest.NewLocalLimiter()
	l, err := redis.NewLimiter("redis://"+addr, local, slog.New(slog.DiscardHandler))
	require.NoError(t, err)
	l.WaitFor(patience)
	ctx, cancel := context.WithCancel(context.Background())
	var wg sync.WaitGroup
	wg.Go(func() { _ = l.Run(ctx) })
	t.Cleanup(func() { cancel(); wg.Wait() })
	in := instance{l, local}
	in.awaitShared(t)
	return in
}

// awaitShared waits until what is counted is no longer counted here.
func (i instance) awaitShared(t testing.TB) {
	t.Helper()
	probe := ports.Limit{Name: "probe", Events: 1 << 20, Window: time.Minute}
	require.Eventually(t, func() bool {
		i.local.Reset(context.Background(), probe, "x")
		i.Count(context.Background(), probe, "x")
		return i.local.Empty()
	}, patience, 10*time.Millisecond)
}

func TestLimiter(t *testing.T) { portstest.Limiter(t, start(t, testkit.Redis(t))) }

func TestInstancesCountTogether(t *testing.T) {
	addr := testkit.Redis(t)
	a, b := start(t, addr), start(t, addr)
	ctx := context.Background()
	require.Zero(t, a.Count(ctx, limit, "k"))
	require.Zero(t, b.Count(ctx, limit, "k"))
	require.Positive(t, a.Blocked(ctx, limit, "k"))
	require.Positive(t, b.Blocked(ctx, limit, "k"))
	b.Reset(ctx, limit, "k")
	require.Zero(t, a.Blocked(ctx, limit, "k"))
}

func TestWithoutRedisEachCountsAlone(t *testing.T) {
	wire := newWire(t, testkit.Redis(t))
	l := start(t, wire.addr)
	ctx := context.Background()
	require.Zero(t, l.Count(ctx, limit, "k"))
	require.Zero(t, l.Count(ctx, limit, "k"))
	require.Positive(t, l.Blocked(ctx, limit, "k"))

	wire.cut()
	for range 2 {
		require.Zero(t, l.Count(ctx, limit, "k"))
	}
	require.Positive(t, l.Blocked(ctx, limit, "k"), "guessing stays limited")
	l.Reset(ctx, limit, "k")
	require.Zero(t, l.Blocked(ctx, limit, "k"))

	wire.mend()
	l.awaitShared(t)
	require.Positive(t, l.Blocked(ctx, limit, "k"), "what was counted before is remembered")
}

func TestABadURLIsNotRepeated(t *testing.T) {
	_, err := redis.NewLimiter("redis://:secret@host:port:port", nil, nil)
	require.Error(t, err)
	require.NotContains(t, err.Error(), "secret")
}

// wire is a connection to a server that can be cut and mended.
type wire struct {
	addr, to string
	mu       sync.Mutex
	broken   bool
	open     []net.Conn
}

func newWire(t testing.TB, to string) *wire {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	w := &wire{addr: listener.Addr().String(), to: to}
	var wg sync.WaitGroup
	wg.Go(func() {
		for {
			c, err := listener.Accept()
			if err != nil {
				return
			}
			wg.Go(func() { w.carry(c) })
		}
	})
	t.Cleanup(func() { _ = listener.Close(); w.cut(); wg.Wait() })
	return w
}

func (w *wire) carry(c net.Conn) {
	defer c.Close()
	server, err := net.Dial("tcp", w.to)
	if err != nil {
		return
	}
	defer server.Close()
	w.mu.Lock()
	broken := w.broken
	w.open = append(w.open, c, server)
	w.mu.Unlock()
	if broken {
		return
	}
	var wg sync.WaitGroup
	wg.Go(func() { _, _ = io.Copy(server, c); _ = server.Close() })
	_, _ = io.Copy(c, server)
	_ = c.Close()
	wg.Wait()
}

func (w *wire) cut() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.broken = true
	for _, c := range w.open {
		_ = c.Close()
	}
	w.open = nil
}

func (w *wire) mend() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.broken = false
}
