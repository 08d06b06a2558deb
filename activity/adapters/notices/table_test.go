package notices

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"go.updspace.com/api/events"
)

// A new type of event must get a row in the table, or a reason why no one is told of it.
func TestEveryEventHasAPlace(t *testing.T) {
	t.Parallel()
	sources, err := events.Sources()
	require.NoError(t, err)
	known := map[string]bool{}
	for _, source := range sources {
		family, err := events.Of(source)
		require.NoError(t, err)
		for kind := range family.Events {
			known[kind] = true
			places := 0
			if _, told := table[kind]; told {
				places++
			}
			if leftOut[kind] != "" {
				places++
			}
			if slices.Contains(accounts, kind) {
				places++
			}
			require.Equal(t, 1, places, "%s needs a row in the table of notifications, or a reason in the list of those left out", kind)
		}
	}
	for kind := range table {
		require.True(t, known[kind], kind)
	}
	for kind := range leftOut {
		require.True(t, known[kind], kind)
	}
}
