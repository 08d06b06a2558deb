package identity_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// The tables of the README name tests that there are, and each attack has one.
func TestEveryAttackHasItsTests(t *testing.T) {
	t.Parallel()
	readme, err := os.ReadFile("README.md")
	require.NoError(t, err)
	_, section, found := strings.Cut(string(readme), "\n## Attacks\n")
	require.True(t, found)
	section, _, _ = strings.Cut(section, "\n## ")
	row := regexp.MustCompile("(?m)^\\| (.+) \\| (`Test.*`) \\|$")
	require.Len(t, row.FindAllString(section, -1), strings.Count(section, "\n| ")-1, "a row without tests")

	var sources strings.Builder
	for _, folder := range []string{".", "../bff", "../libs", "../tools"} {
		require.NoError(t, filepath.WalkDir(folder, func(path string, _ fs.DirEntry, err error) error {
			if err != nil || !strings.HasSuffix(path, "_test.go") {
				return err
			}
			text, err := os.ReadFile(path)
			sources.Write(text)
			return err
		}))
	}
	for _, test := range regexp.MustCompile("`(Test[A-Za-z]+)").FindAllStringSubmatch(string(readme), -1) {
		require.Contains(t, sources.String(), "func "+test[1]+"(t *testing.T)")
	}
}
