package wire_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"go.updspace.com/libs/wire"
)

func TestAnETagNamesAVersion(t *testing.T) {
	t.Parallel()
	require.Equal(t, `"7"`, *wire.ETag(7))
	require.Equal(t, new(7), wire.IfMatch(wire.ETag(7)))
	require.Equal(t, new(7), wire.IfMatch(new(` W/"7" `)))
	require.Equal(t, new(0), wire.IfMatch(new("seven")), "a version that no resource has")
	require.Nil(t, wire.IfMatch(nil))
	require.Nil(t, wire.IfMatch(new(" * ")))
}
