package servicefx

import (
	"os"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
)

// Between two collections, gcPercent of what is in use may be allocated, but no more than gcMost bytes.
const (
	gcPercent = 300
	gcMost    = 128 << 20
)

// SetGC sets how often the process collects garbage, unless GOGC does. What a service has in use is some tens of megabytes:
// with Go's default of 100 percent, collecting takes 8 percent of the CPU of a vote, and the memory saved is small. Where much is in use, as by
// thousands of open streams, 300 percent of it would be too much: Go counts stacks as in use, too.
func SetGC() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(gcPercent)
		runtime.SetFinalizer(&collected{gcPercent, []metrics.Sample{
			{Name: "/gc/heap/live:bytes"}, {Name: "/gc/scan/stack:bytes"}, {Name: "/gc/scan/globals:bytes"},
		}}, (*collected).adjust)
	}
}

// collected is garbage at each collection.
type collected struct {
	percent int
	inUse   []metrics.Sample
}

func (c *collected) adjust() {
	metrics.Read(c.inUse)
	var total uint64
	for _, s := range c.inUse {
		total += s.Value.Uint64()
	}
	// Setting it stops the world, so small differences do not count.
	if percent := allowed(total); percent < c.percent*9/10 || percent > c.percent*11/10 {
		c.percent = percent
		debug.SetGCPercent(percent)
	}
	runtime.SetFinalizer(c, (*collected).adjust)
}

// allowed is how many percent of the bytes in use may be allocated before the next collection.
func allowed(inUse uint64) int {
	return int(min(gcPercent, gcMost*100/max(inUse, 1))) //nolint:gosec // at most gcPercent
}
