package main

import (
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"go.updspace.com/identity/adapters/breached"
)

// The filter that identity ships is made of the sources: it has every password of them, and few words else.
func TestTheFilterIsMadeOfItsSources(t *testing.T) {
	t.Parallel()
	list, err := breached.New()
	require.NoError(t, err)
	for _, password := range sources() {
		require.True(t, list.Contains(password), password)
	}
	require.True(t, list.Contains("PassWord"))
	require.Greater(t, len(sources()), 40_000)
	others := 0
	for n := range 65_536 {
		if list.Contains("no such password " + string(rune('a'+n%26)) + string(rune(0x4e00+n/26))) {
			others++
		}
	}
	require.Less(t, others, 20)
	info, err := os.Stat(target[len("../"):])
	if err != nil {
		info, err = os.Stat("../" + target)
	}
	require.NoError(t, err)
	require.Less(t, info.Size(), int64(150<<10))
}
