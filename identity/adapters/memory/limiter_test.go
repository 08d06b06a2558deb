package memory_test

import (
	"context"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"go.updspace.com/identity/adapters/memory"
	"go.updspace.com/identity/ports"
	"go.updspace.com/identity/ports/portstest"
	"go.updspace.com/libs/testkit"
)

func TestLimiter(t *testing.T) { portstest.Limiter(t, memory.NewLimiter(testkit.NewClock())) }

func TestAWindowEnds(t *testing.T) {
	clock := testkit.NewClock()
	l := memory.NewLimiter(clock)
	limit := ports.Limit{Name: "l", Events: 1, Window: time.Minute}
	require.Zero(t, l.Count(context.Background(), limit, "a"))
	require.Equal(t, time.Minute, l.Blocked(context.Background(), limit, "a"))
	clock.Advance(time.Minute - 1)
	require.Positive(t, l.Blocked(context.Background(), limit, "a"))
	clock.Advance(1)
	require.Zero(t, l.Blocked(context.Background(), limit, "a"))
	require.Zero(t, l.Count(context.Background(), limit, "a"))
}

func TestMadeUpKeysTakeBoundedMemory(t *testing.T) {
	l := memory.NewLimiter(testkit.NewClock())
	limit := ports.Limit{Name: "l", Events: 1, Window: time.Minute}
	for i := range 200_000 {
		l.Count(context.Background(), limit, strconv.Itoa(i))
	}
	require.LessOrEqual(t, l.Len(), 1<<16)
}
