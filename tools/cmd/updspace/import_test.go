package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestAddressesOfDatabases(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "old.txt")
	require.NoError(t, os.WriteFile(file, []byte("# the old ones\npostgres://a\n\n  postgres://b  \n"), 0o600))
	urls, err := addresses([]string{"postgres://c", "@" + file})
	require.NoError(t, err)
	require.Equal(t, []string{"postgres://c", "postgres://a", "postgres://b"}, urls)
	_, err = addresses([]string{"@" + file + ".not"})
	require.ErrorIs(t, err, os.ErrNotExist)
}
