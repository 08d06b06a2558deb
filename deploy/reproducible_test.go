package deploy

import (
	"crypto/sha256"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// Two builds of the same sources in different folders, with the flags of the images, give the same bytes.
func TestBuildsAreReproducible(t *testing.T) {
	t.Parallel()
	build := func(root string) [sha256.Size]byte {
		for _, module := range append(localModules(t, "access"), "access") {
			copySources(t, at(module), filepath.Join(root, module))
		}
		program := filepath.Join(root, "out")
		cmd := exec.CommandContext(t.Context(), "go", "build", "-trimpath", "-ldflags=-s -w", "-o", program, "./cmd/access")
		cmd.Dir = filepath.Join(root, "access")
		cmd.Env = append(os.Environ(), "GOWORK=off", "GOFLAGS=-buildvcs=false")
		out, err := cmd.CombinedOutput()
		require.NoError(t, err, "%s", out)
		content, err := os.ReadFile(program)
		require.NoError(t, err)
		return sha256.Sum256(content)
	}
	require.Equal(t, build(t.TempDir()), build(filepath.Join(t.TempDir(), "a", "much", "longer", "path")))
}

// copySources copies a module without what npm installs.
func copySources(t *testing.T, from, to string) {
	t.Helper()
	require.NoError(t, filepath.WalkDir(from, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(from, path)
		if err != nil {
			return err
		}
		if entry.IsDir() {
			if entry.Name() == "node_modules" {
				return filepath.SkipDir
			}
			return os.MkdirAll(filepath.Join(to, rel), 0o700)
		}
		content, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		return os.WriteFile(filepath.Join(to, rel), content, 0o600)
	}))
}
