package ratelimit_test

import (
	"context"
	"io"
	"log/slog"
	"net"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"go.updspace.com/libs/ratelimit"
	"go.updspace.com/tools/devkit/testkit"
)

const patience = 20 * time.Second

var (
	login     = ratelimit.Rule{Name: "login", Key: ratelimit.Account, Burst: 3, Per: time.Hour}
	reads     = ratelimit.Rule{Name: "reads", Key: ratelimit.User, Burst: 100, Per: time.Hour, Portion: 10}
	unlimited = ratelimit.Rule{Name: "unlimited", Key: ratelimit.User}
)

func alone(t testing.TB, clock ratelimit.Clock) *ratelimit.Limiter {
	t.Helper()
	l, err := ratelimit.New(nil, clock, login, reads, unlimited)
	require.NoError(t, err)
	return l
}

// instance is the limiter of one instance of a service that is connected to Redis.
func instance(t testing.TB, addr string, clock ratelimit.Clock) (*ratelimit.Limiter, *ratelimit.Connection) {
	t.Helper()
	conn, err := ratelimit.Connect("redis://"+addr, "toy", slog.New(slog.DiscardHandler))
	require.NoError(t, err)
	conn.WaitFor(patience)
	ctx, cancel := context.WithCancel(context.Background())
	var wg sync.WaitGroup
	wg.Go(func() { _ = conn.Run(ctx) })
	t.Cleanup(func() { cancel(); wg.Wait() })
	require.Eventually(t, conn.InUse, patience, time.Millisecond)
	l, err := ratelimit.New(conn, clock, login, reads, unlimited)
	require.NoError(t, err)
	return l, conn
}

func take(t testing.TB, l *ratelimit.Limiter, rule, key string) bool {
	t.Helper()
	return l.Take(t.Context(), rule, key, 1).Allowed
}

// contract holds with Redis and without.
func contract(t *testing.T, l *ratelimit.Limiter) {
	for range 3 {
		require.True(t, l.Peek(t.Context(), "login", "anna").Allowed)
		require.True(t, take(t, l, "login", "anna"))
	}
	require.False(t, l.Peek(t.Context(), "login", "anna").Allowed)
	refused := l.Take(t.Context(), "login", "anna", 1)
	require.Equal(t, 3, refused.Limit)
	require.Equal(t, time.Hour, refused.Window)
	require.Greater(t, refused.RetryAfter, 15*time.Minute)
	require.LessOrEqual(t, refused.RetryAfter, 20*time.Minute, "one third of the hour forgives one attempt")
	require.True(t, take(t, l, "login", "boris"), "keys count apart")
	require.False(t, l.Take(t.Context(), "login", "carl", 4).Allowed, "more than the limit at once")
	require.True(t, l.Take(t.Context(), "login", "carl", 3).Allowed, "a refusal uses nothing")
	l.Reset(t.Context(), "login", "anna")
	require.True(t, take(t, l, "login", "anna"))
	for range 1000 {
		require.True(t, take(t, l, "unlimited", "anna"))
	}
	require.True(t, l.Peek(t.Context(), "unlimited", "anna").Allowed)

	allowed := 0
	for range 150 {
		if take(t, l, "reads", "anna") {
			allowed++
		}
	}
	require.Equal(t, 100, allowed)
}

func TestLimitsOfOneInstance(t *testing.T) { contract(t, alone(t, testkit.NewClock())) }

func TestLimitsInRedis(t *testing.T) {
	l, _ := instance(t, testkit.Redis(t), testkit.NewClock())
	contract(t, l)
}

func TestWhatWasUsedIsForgivenEvenly(t *testing.T) {
	clock := testkit.NewClock()
	l := alone(t, clock)
	for range 3 {
		require.True(t, take(t, l, "login", "anna"))
	}
	clock.Advance(20*time.Minute - time.Second)
	require.False(t, take(t, l, "login", "anna"))
	clock.Advance(time.Second)
	require.True(t, take(t, l, "login", "anna"))
	require.False(t, take(t, l, "login", "anna"))
	clock.Set(clock.Now().Add(-24 * time.Hour)) // a clock that was set back
	require.False(t, take(t, l, "login", "anna"))
	clock.Advance(20 * time.Minute)
	require.True(t, take(t, l, "login", "anna"))
}

func TestNoSequenceExceedsTheLimit(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		clock := testkit.NewClock()
		rule := ratelimit.Rule{
			Name: "r", Burst: rapid.IntRange(1, 50).Draw(t, "burst"), Per: time.Duration(rapid.IntRange(1, 3600).Draw(t, "per")) * time.Second,
			Portion: rapid.IntRange(0, 9).Draw(t, "portion"),
		}
		l, err := ratelimit.New(nil, clock, rule)
		require.NoError(t, err)
		begin := clock.Now()
		used := 0
		for range rapid.IntRange(1, 60).Draw(t, "steps") {
			cost := rapid.IntRange(1, 5).Draw(t, "cost")
			if l.Take(context.Background(), "r", "k", cost).Allowed {
				used += cost
			}
			clock.Advance(time.Duration(rapid.IntRange(0, 2000).Draw(t, "pause")) * time.Millisecond)
			most := float64(rule.Burst) * (1 + clock.Now().Sub(begin).Seconds()/rule.Per.Seconds())
			require.LessOrEqual(t, float64(used), most+0.001)
		}
	})
}

func TestInstancesCountTogether(t *testing.T) {
	addr := testkit.Redis(t)
	a, _ := instance(t, addr, testkit.NewClock())
	b, _ := instance(t, addr, testkit.NewClock())
	require.True(t, take(t, a, "login", "anna"))
	require.True(t, take(t, b, "login", "anna"))
	require.True(t, take(t, a, "login", "anna"))
	require.False(t, take(t, b, "login", "anna"))
	require.False(t, b.Peek(t.Context(), "login", "anna").Allowed)
	b.Reset(t.Context(), "login", "anna")
	require.True(t, take(t, a, "login", "anna"))

	var allowed atomic.Int64
	var wg sync.WaitGroup
	for i := range 120 {
		wg.Go(func() {
			if take(t, []*ratelimit.Limiter{a, b}[i%2], "reads", "anna") {
				allowed.Add(1)
			}
		})
	}
	wg.Wait()
	require.EqualValues(t, 100, allowed.Load(), "portions are used up")
}

func TestWithoutRedisAnInstanceRemembers(t *testing.T) {
	for name, away := range map[string]func(*wire){"gone": (*wire).cut, "hanging": (*wire).hang} {
		t.Run(name, func(t *testing.T) {
			w := newWire(t, testkit.Redis(t))
			l, conn := instance(t, w.addr, testkit.NewClock())
			for range 3 {
				require.True(t, take(t, l, "login", "used up"))
			}
			require.True(t, take(t, l, "login", "once"))

			conn.WaitFor(10 * time.Millisecond)
			away(w)
			require.False(t, take(t, l, "login", "used up"), "a limit that is used up stays so")
			require.False(t, l.Peek(t.Context(), "login", "used up").Allowed)
			require.True(t, take(t, l, "login", "once"))
			require.True(t, take(t, l, "login", "once"))
			require.False(t, take(t, l, "login", "once"), "and the instance goes on counting")
			require.False(t, conn.InUse())

			conn.WaitFor(patience)
			w.mend()
			require.Eventually(t, conn.InUse, patience, time.Millisecond)
			require.False(t, take(t, l, "login", "once"), "Redis knows of one attempt, this instance of three")
			l.Reset(t.Context(), "login", "once")
			require.True(t, take(t, l, "login", "once"))
		})
	}
}

// What an instance took without Redis adds to what the others took meanwhile.
func TestRedisIsToldWhatWasTakenWithoutIt(t *testing.T) {
	addr := testkit.Redis(t)
	w := newWire(t, addr)
	l, conn := instance(t, w.addr, testkit.NewClock())
	other, _ := instance(t, addr, testkit.NewClock())
	conn.WaitFor(10 * time.Millisecond)
	w.cut()
	require.True(t, take(t, l, "login", "anna"))
	require.True(t, take(t, other, "login", "anna"))
	conn.WaitFor(patience)
	w.mend()
	require.Eventually(t, conn.InUse, patience, time.Millisecond)
	require.True(t, take(t, l, "login", "anna"), "the third of three")
	require.False(t, take(t, l, "login", "anna"))
	require.False(t, take(t, other, "login", "anna"))
}

func TestTheTableIsChecked(t *testing.T) {
	for want, rules := range map[string][]ratelimit.Rule{
		"has no name":            {{Burst: 1, Per: time.Second}},
		"has no time":            {{Name: "a", Burst: 1}},
		"negative":               {{Name: "a", Burst: -1}},
		"needs a larger Portion": {{Name: "a", Burst: 100_000, Per: time.Second}},
		"two rules are named a":  {{Name: "a"}, {Name: "a"}},
	} {
		_, err := ratelimit.New(nil, testkit.NewClock(), rules...)
		require.ErrorContains(t, err, want)
	}
	require.Panics(t, func() { take(t, alone(t, testkit.NewClock()), "gone", "k") })
	_, err := ratelimit.Connect("redis://:secret@host:port:port", "toy", nil)
	require.Error(t, err)
	require.NotContains(t, err.Error(), "secret")
}

// wire is a connection to a server that can be cut, made to hang, and mended.
type wire struct {
	addr, to string
	mu       sync.Mutex
	broken   bool
	hanging  atomic.Bool
	open     []net.Conn
}

func newWire(t testing.TB, to string) *wire {
	t.Helper()
	var listen net.ListenConfig
	listener, err := listen.Listen(t.Context(), "tcp", "127.0.0.1:0")
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
	wg.Go(func() { _, _ = io.Copy(unlessHanging{w, server}, c); _ = server.Close() })
	_, _ = io.Copy(c, server)
	_ = c.Close()
	wg.Wait()
}

// unlessHanging loses what is written while the wire hangs.
type unlessHanging struct {
	w    *wire
	conn net.Conn
}

func (u unlessHanging) Write(b []byte) (int, error) {
	if u.w.hanging.Load() {
		return len(b), nil
	}
	return u.conn.Write(b)
}

func (w *wire) hang() { w.hanging.Store(true) }

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
	if w.hanging.Load() { // what was lost would confuse the protocol: the connection breaks
		w.cut()
		w.hanging.Store(false)
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.broken = false
}

func TestMain(m *testing.M) { testkit.Main(m) }
