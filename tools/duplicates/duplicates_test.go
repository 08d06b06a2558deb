package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const shared = `func a() {
	one()
	two()
	three()
	four()
	five()
}
`

// workspace writes two services with the given files, by path.
func workspace(t *testing.T, files map[string]string) string {
	t.Helper()
	root := t.TempDir()
	for _, service := range []string{"access", "voting"} {
		files[service+"/module.go"] = "package " + service
	}
	for name, text := range files {
		require.NoError(t, os.MkdirAll(filepath.Dir(filepath.Join(root, name)), 0o755))
		require.NoError(t, os.WriteFile(filepath.Join(root, name), []byte(text), 0o600))
	}
	return root
}

func TestFindsRunsThatTwoServicesShare(t *testing.T) {
	t.Parallel()
	findings, err := find(workspace(t, map[string]string{
		"access/app/a.go": "package app\n\n" + shared,
		"voting/app/b.go": "package app\n\n// b.\nfunc b() {}\n\n" + strings.ReplaceAll(shared, "\t", "\n\t// why\n    "),
	}))
	require.NoError(t, err)
	require.Equal(t, []finding{{place{"access/app/a.go", 3}, place{"voting/app/b.go", 6}, 6}}, findings)
}

func TestPassesOverWhatDoesNotCount(t *testing.T) {
	t.Parallel()
	imports := "import (\n\t\"a\"\n\t\"b\"\n\t\"c\"\n\t\"d\"\n\t\"e\"\n\t\"f\"\n)\n"
	for name, files := range map[string]map[string]string{
		"tests":            {"access/a_test.go": shared, "voting/a_test.go": shared},
		"test support":     {"access/ports/portstest/a.go": shared, "voting/ports/portstest/a.go": shared},
		"generated code":   {"access/a.gen.go": shared, "voting/a.gen.go": shared},
		"one service":      {"access/app/a.go": shared, "access/app/b.go": shared},
		"imports":          {"access/a.go": imports, "voting/a.go": imports},
		"five equal lines": {"access/a.go": shared, "voting/a.go": strings.Replace(shared, "four", "vier", 1)},
	} {
		findings, err := find(workspace(t, files))
		require.NoError(t, err)
		require.Empty(t, findings, name)
	}
}
