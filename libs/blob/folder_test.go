package blob_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"go.updspace.com/libs/blob"
	"go.updspace.com/libs/blob/blobtest"
)

func open(t *testing.T, dir string) *blob.Folder {
	t.Helper()
	folder, err := blob.OpenFolder(dir)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, folder.Close()) })
	return folder
}

func TestFolder(t *testing.T) {
	blobtest.Run(t, func(t *testing.T) blob.Store {
		return open(t, filepath.Join(t.TempDir(), "not", "there", "yet"))
	})
}

func TestKeysStayInsideTheFolder(t *testing.T) {
	dir := t.TempDir()
	folder := open(t, filepath.Join(dir, "blobs"))
	secret := filepath.Join(dir, "secret")
	require.NoError(t, os.WriteFile(secret, []byte("secret"), 0o600))
	require.NoError(t, os.Symlink(secret, filepath.Join(dir, "blobs", "link")))
	for _, key := range []string{"../secret", "a/../../secret", "/etc/passwd", "link"} {
		_, err := folder.Open(t.Context(), key)
		require.Error(t, err, key)
		if key != "link" { // a link itself may be replaced, what it leads to may not
			require.Error(t, folder.Put(t.Context(), key, strings.NewReader("x")), key)
		}
	}
	content, err := os.ReadFile(secret)
	require.NoError(t, err)
	require.Equal(t, "secret", string(content))
}
