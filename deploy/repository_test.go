package deploy

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/mod/modfile"
)

// at is the path of a file or folder of the repository.
func at(parts ...string) string { return filepath.Join(append([]string{".."}, parts...)...) }

func read(t *testing.T, parts ...string) string {
	t.Helper()
	text, err := os.ReadFile(at(parts...))
	require.NoError(t, err)
	return string(text)
}

// localModules are the folders, from the repository's root, of the modules of this repository that a module requires.
func localModules(t *testing.T, module string) []string {
	t.Helper()
	file, err := modfile.Parse("go.mod", []byte(read(t, module, "go.mod")), nil)
	require.NoError(t, err)
	var folders []string
	for _, r := range file.Replace {
		if strings.HasPrefix(r.New.Path, ".") {
			folders = append(folders, filepath.ToSlash(filepath.Join(module, r.New.Path)))
		}
	}
	require.NotEmpty(t, folders)
	return folders
}
