package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// repository writes files into a folder of the test's own.
func repository(t *testing.T, files map[string]string) string {
	t.Helper()
	root := t.TempDir()
	for name, content := range files {
		put(t, root, name, content)
	}
	return root
}

func put(t *testing.T, root, name, content string) {
	t.Helper()
	path := filepath.Join(root, name)
	require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o700))
	require.NoError(t, os.WriteFile(path, []byte(content), 0o600))
}

const (
	firstMigration  = "voting/adapters/pg/migrations/00001_voting.sql"
	secondMigration = "voting/adapters/pg/migrations/00004_images.sql"
	kitMigration    = "libs/pg/migrations/00001_kit.sql"
	createTable     = "-- +goose Up\nCREATE TABLE polls (id uuid PRIMARY KEY);\n"
)

func released(t *testing.T) string {
	t.Helper()
	root := repository(t, map[string]string{
		firstMigration: createTable, secondMigration: "-- +goose Up\nCREATE TABLE images (id uuid PRIMARY KEY);\n", kitMigration: "-- +goose Up\n",
		"api/openapi/voting.yaml": "openapi: 3.0.3\n", "api/openapi/common.yaml": "openapi: 3.0.3\n",
	})
	require.NoError(t, run(t.Context(), root, []string{"record", "v0.1.0"}))
	return root
}

func TestWithoutABaseLineMigrationsMayChange(t *testing.T) {
	t.Parallel()
	root := repository(t, map[string]string{firstMigration: "-- +goose Up\nDROP TABLE polls;\n"})
	require.NoError(t, run(t.Context(), root, []string{"check"}))
}

func TestARecordHasTheSpecsAndEveryMigration(t *testing.T) {
	t.Parallel()
	root := released(t)
	for name, want := range map[string]string{"version": "v0.1.0\n", "openapi/voting.yaml": "openapi: 3.0.3\n", "openapi/common.yaml": "openapi: 3.0.3\n"} {
		content, err := os.ReadFile(filepath.Join(root, recorded, name))
		require.NoError(t, err)
		require.Equal(t, want, string(content))
	}
	content, err := os.ReadFile(filepath.Join(root, recorded, "migrations.sha256"))
	require.NoError(t, err)
	listed, err := parseSums(string(content))
	require.NoError(t, err)
	now, err := readMigrations(root)
	require.NoError(t, err)
	require.Equal(t, now, listed)
	require.Len(t, listed, 3)
	require.NoError(t, run(t.Context(), root, []string{"check"}))
}

func TestAVersionHasThreeNumbers(t *testing.T) {
	t.Parallel()
	for _, version := range []string{"", "0.1.0", "v1", "v1.2.3-rc1", "../v1.2.3"} {
		require.Error(t, run(t.Context(), repository(t, nil), []string{"record", version}), version)
	}
}

// What a later change does to a released platform, and what the check says to it.
func TestChangesSinceTheBaseLine(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		change func(t *testing.T, root string)
		ok     bool
	}{
		"a migration is added": {func(t *testing.T, root string) {
			put(t, root, "voting/adapters/pg/migrations/00005_more.sql", createTable)
		}, true},
		"a service is added": {func(t *testing.T, root string) {
			put(t, root, "quests/adapters/pg/migrations/00001_quests.sql", createTable)
		}, true},
		"a released migration changes": {func(t *testing.T, root string) { put(t, root, firstMigration, createTable+"-- more\n") }, false},
		"the kit's migration changes":  {func(t *testing.T, root string) { put(t, root, kitMigration, createTable) }, false},
		"a released migration goes":    {func(t *testing.T, root string) { require.NoError(t, os.Remove(filepath.Join(root, firstMigration))) }, false},
		"a number among the released": {func(t *testing.T, root string) {
			put(t, root, "voting/adapters/pg/migrations/00002_between.sql", createTable)
		}, false},
		"a number that is taken": {func(t *testing.T, root string) {
			put(t, root, "voting/adapters/pg/migrations/00004_again.sql", createTable)
		}, false},
		"a new migration drops a column": {func(t *testing.T, root string) {
			put(t, root, "voting/adapters/pg/migrations/00005_less.sql", "-- +goose Up\nALTER TABLE polls DROP COLUMN id;\n")
		}, false},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			root := released(t)
			test.change(t, root)
			err := run(t.Context(), root, []string{"check"})
			if test.ok {
				require.NoError(t, err)
				require.NoError(t, run(t.Context(), root, []string{"record", "v0.2.0"}))
				return
			}
			require.Error(t, err)
			require.Error(t, run(t.Context(), root, []string{"record", "v0.2.0"}), "what breaks a release does not become the next")
		})
	}
}
