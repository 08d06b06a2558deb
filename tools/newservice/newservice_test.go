package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"go.updspace.com/tools/arch"
)

// productionLimit is how many hand-written production lines a new service has beside its domain, ports, use cases and storage.
const productionLimit = 300

// A service stamped into a copy of this workspace passes its own tests and the rules of the workspace, and the platform
// that lists it builds.
func TestANewServiceWorks(t *testing.T) {
	root := copyOfWorkspace(t)
	require.NoError(t, add(t.Context(), root, "quests"))
	run(t, root, "go", "vet", "./quests/...", "./tools/platform")
	run(t, root, "go", "test", "./quests/...", "./access/domain", "./bff/adapters/proxy")
	run(t, root, "go", "test", "-run", "Catalogue|Spec|Event|UnknownFields", "./tools/contract")
	findings, err := arch.Check(root)
	require.NoError(t, err)
	require.Empty(t, findings)
	run(t, root, "go", "run", "./tools/duplicates")
	require.LessOrEqual(t, productionLines(t, filepath.Join(root, "quests")), productionLimit)
}

func TestAServiceNeedsAnUnusedName(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{"": "NAME", "Quests": "NAME", "a-b": "NAME", "../x": "NAME", "voting": "exists"} {
		require.ErrorContains(t, add(t.Context(), filepath.Join("..", ".."), name), want)
	}
}

// copyOfWorkspace copies the files that git tracks or would track.
func copyOfWorkspace(t *testing.T) string {
	t.Helper()
	source, root := filepath.Join("..", ".."), t.TempDir()
	list := exec.CommandContext(t.Context(), "git", "ls-files", "-co", "--exclude-standard", "-z")
	list.Dir = source
	names, err := list.Output()
	require.NoError(t, err)
	for name := range strings.SplitSeq(strings.TrimSuffix(string(names), "\x00"), "\x00") {
		text, err := os.ReadFile(filepath.Join(source, name))
		if os.IsNotExist(err) { // deleted and not yet committed
			continue
		}
		require.NoError(t, err)
		target := filepath.Join(root, name)
		require.NoError(t, os.MkdirAll(filepath.Dir(target), 0o755))
		require.NoError(t, os.WriteFile(target, text, 0o600))
	}
	return root
}

func run(t *testing.T, root string, command ...string) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), command[0], command[1:]...)
	cmd.Dir = root
	out, err := cmd.CombinedOutput()
	require.NoError(t, err, "%s:\n%s", strings.Join(command, " "), out)
}

// productionLines counts the lines that connect a service to the house: all but domain, ports, app and its rows and queries.
func productionLines(t *testing.T, service string) (n int) {
	t.Helper()
	require.NoError(t, filepath.WalkDir(service, func(path string, entry os.DirEntry, err error) error {
		rel, _ := filepath.Rel(service, path)
		own := strings.HasPrefix(rel, "domain") || strings.HasPrefix(rel, "ports") || strings.HasPrefix(rel, "app") ||
			rel == filepath.Join("adapters", "pg", "items.go")
		if err != nil || entry.IsDir() || own || !strings.HasSuffix(rel, ".go") || strings.HasSuffix(rel, "_test.go") {
			return err
		}
		text, err := os.ReadFile(path)
		n += bytes.Count(text, []byte("\n"))
		return err
	}))
	return n
}
