package inbox

import (
	"testing"

	"github.com/stretchr/testify/require"

	"go.updspace.com/api/events"
)

// A new event is either shown in the feed or left out on purpose.
func TestEveryEventIsMappedOrLeftOut(t *testing.T) {
	t.Parallel()
	sources, err := events.Sources()
	require.NoError(t, err)
	known := map[string]bool{}
	for _, source := range sources {
		family, err := events.Of(source)
		require.NoError(t, err)
		for kind := range family.Events {
			known[kind] = true
			_, mapped := mappings[kind]
			reason, out := leftOut[kind]
			if source == "activity" {
				require.False(t, mapped || out, "%s: activity writes its items in the transaction of the change", kind)
				continue
			}
			require.NotEqual(t, mapped, out, "%s must be either in mappings or in leftOut", kind)
			require.True(t, mapped || reason != "", "%s is left out without a reason", kind)
		}
	}
	for kind := range mappings {
		require.True(t, known[kind], "%s does not exist", kind)
	}
	for kind := range leftOut {
		require.True(t, known[kind], "%s does not exist", kind)
	}
}
