package servicefx

import (
	"os"
	"runtime/debug"
)

// gcPercent is how much may be allocated before a collection, in percent of the live heap.
const gcPercent = 300

// SetGC sets how often the process collects garbage, unless GOGC does. The live heap of a service is some tens of megabytes:
// with Go's default of 100 percent, collecting takes 8 percent of the CPU of a vote, and the memory saved is small.
func SetGC() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(gcPercent)
	}
}
