package servicefx

import (
	"runtime"
	"runtime/debug"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestWhatMayBeAllocatedIsBounded(t *testing.T) {
	const mb = 1 << 20
	for inUse, percent := range map[uint64]int{0: 300, 20 * mb: 300, gcMost / 3: 300, gcMost / 2: 200, gcMost: 100, 4 * gcMost: 25} {
		require.Equal(t, percent, allowed(inUse), "%d bytes are in use", inUse)
	}
}

// It runs alone: how often garbage is collected is a matter of the process.
func TestCollectionsFollowWhatIsInUse(t *testing.T) {
	t.Setenv("GOGC", "")
	before := debug.SetGCPercent(100)
	t.Cleanup(func() { debug.SetGCPercent(before) })
	SetGC()
	percent := func() int {
		now := debug.SetGCPercent(gcPercent)
		debug.SetGCPercent(now)
		return now
	}
	require.Equal(t, gcPercent, percent())
	held := make([]byte, 2*gcMost)
	collectedTo := func(ok func(percent int) bool) {
		require.Eventually(t, func() bool { runtime.GC(); return ok(percent()) }, 30*time.Second, time.Millisecond)
	}
	collectedTo(func(percent int) bool { return percent <= 50 })
	runtime.KeepAlive(held) // and no longer
	collectedTo(func(percent int) bool { return percent > 100 })
}
