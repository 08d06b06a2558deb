package httpapi

import (
	"testing"

	"github.com/stretchr/testify/require"

	"go.updspace.com/api/bffapi"
	"go.updspace.com/api/identityapi"
)

// A reader of the Russian pages gets no English sentence: each code of an operation that a link leads to has its text.
func TestEveryErrorOfAPageIsTranslated(t *testing.T) {
	t.Parallel()
	for id, op := range bffapi.Operations {
		if !ownPaths[op.Path].link {
			continue
		}
		for _, code := range op.ErrorCodes {
			require.NotEmpty(t, russian.messages[code], "%s: %s", id, code)
		}
	}
}

// What the ID service refuses passes to the browser with its code, so the gateway's document lists it, too.
func TestCodesThatPassAreListed(t *testing.T) {
	t.Parallel()
	for own, asked := range map[string]string{
		"requestMagicLink": "requestMagicLink", "previewMagicLink": "previewMagicLink", "finishMagicLink": "exchangeMagicLinkCode",
	} {
		require.Subset(t, bffapi.Operations[own].ErrorCodes, identityapi.Operations[asked].ErrorCodes, own)
	}
}
