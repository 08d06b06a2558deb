package devstack

import (
	"net"
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"
)

// listen occupies a port for the length of the test.
func listen(t *testing.T, port int) int {
	t.Helper()
	l, err := net.Listen("tcp4", net.JoinHostPort("127.0.0.1", strconv.Itoa(port)))
	require.NoError(t, err)
	t.Cleanup(func() { l.Close() })
	return l.Addr().(*net.TCPAddr).Port
}

func TestAccountReaches(t *testing.T) {
	stranger := account{uid: 64000, gid: 64000, other: true}
	open, err := os.MkdirTemp("/tmp", "devstack-open-")
	require.NoError(t, err)
	t.Cleanup(func() { os.RemoveAll(open) })
	require.NoError(t, os.Chmod(open, 0o755))
	closed := filepath.Join(open, "closed")
	require.NoError(t, os.MkdirAll(filepath.Join(closed, "inner"), 0o755))

	require.True(t, stranger.reaches(filepath.Join(closed, "inner")))
	require.NoError(t, os.Chmod(closed, 0o700))
	require.False(t, stranger.reaches(filepath.Join(closed, "inner")))
	require.True(t, account{}.reaches(filepath.Join(closed, "inner")), "ourselves")
	require.True(t, stranger.reaches(filepath.Join(open, "not", "there", "yet")))

	require.Equal(t, filepath.Join(open, "pg"), stranger.reachable(filepath.Join(open, "pg")))
	inside := filepath.Join(closed, "pg")
	require.Equal(t, standIn(inside), stranger.reachable(inside))
	require.NotEqual(t, standIn(inside), standIn(filepath.Join(closed, "inner", "pg")), "workspaces do not share")
}
