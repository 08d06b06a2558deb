package webhooktarget

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestHowLongAReceiverAsksToWait(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)
	for text, want := range map[string]time.Duration{
		"": 0, "soon": 0, "NaN": 0, "-5": 0, "0": 0, "7": 7 * time.Second, "90.5": 90*time.Second + 500*time.Millisecond,
		"Inf": 1 << 31 * time.Second, "1e300": 1 << 31 * time.Second, "Mon, 02 Mar 2026 12:01:00 GMT": time.Minute,
	} {
		require.Equal(t, want, retryAfter(text, now), text)
	}
}
