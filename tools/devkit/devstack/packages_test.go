package devstack

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestLibraryPathHasWhatLiesDeeper(t *testing.T) {
	root := t.TempDir()
	put := func(file string) string {
		path := filepath.Join(root, file)
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
		require.NoError(t, os.WriteFile(path, nil, 0o644))
		return filepath.Dir(path)
	}
	usr := put("usr/lib/x86_64-linux-gnu/libpulse.so.0")
	lib := put("lib/x86_64-linux-gnu/libdbus-1.so.3")
	pulse := put("usr/lib/x86_64-linux-gnu/pulseaudio/libpulsecommon-16.1.so")
	put("usr/lib/x86_64-linux-gnu/perl-base/strict.pm") // no libraries, no search
	require.Equal(t, "LD_LIBRARY_PATH="+usr+":"+lib+":"+pulse, libraryPath(root))
}
