package identity_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// The table of the README names tests that there are.
func TestEveryAttackHasItsTests(t *testing.T) {
	t.Parallel()
	readme, err := os.ReadFile("README.md")
	require.NoError(t, err)
	_, section, found := strings.Cut(string(readme), "\n## Attacks\n")
	require.True(t, found)
	section, _, _ = strings.Cut(section, "\n## ")
	var sources strings.Builder
	for _, folder := range []string{".", "adapters/*", "../bff"} {
		files, err := filepath.Glob(folder + "/*_test.go")
		require.NoError(t, err)
		for _, file := range files {
			text, err := os.ReadFile(file)
			require.NoError(t, err)
			sources.Write(text)
		}
	}
	row, name := regexp.MustCompile("(?m)^\\| (.+) \\| (`Test.*`) \\|$"), regexp.MustCompile("`(Test[A-Za-z]+)`")
	rows := row.FindAllStringSubmatch(section, -1)
	require.Len(t, rows, strings.Count(section, "\n| ")-1, "a row without tests")
	for _, r := range rows {
		for _, test := range name.FindAllStringSubmatch(r[2], -1) {
			require.Contains(t, sources.String(), "func "+test[1]+"(t *testing.T)", r[1])
		}
	}
}
