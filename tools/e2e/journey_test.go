package e2e

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/require"

	"go.updspace.com/tools/journey"
)

// The journey is `updspace demo`. It must go through on a platform that has been used as well.
func TestJourney(t *testing.T) {
	for _, name := range []string{"fresh", "used"} {
		t.Run(name, func(t *testing.T) {
			var out bytes.Buffer
			err := journey.Run(t.Context(), place(), &out)
			require.NoError(t, err, out.String())
			require.NotContains(t, out.String(), journey.Password, "a password was printed")
		})
	}
}
