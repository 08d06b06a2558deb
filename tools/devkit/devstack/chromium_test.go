package devstack

import (
	"encoding/xml"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestFontsAreThoseThatWereUnpacked(t *testing.T) {
	root := filepath.Join(t.TempDir(), "R&D <here>")
	require.NoError(t, os.Mkdir(root, 0o755))
	file, err := fontsOf(root)
	require.NoError(t, err)
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	var config struct {
		Dirs []string `xml:"dir"`
	}
	require.NoError(t, xml.Unmarshal(text, &config))
	require.Contains(t, config.Dirs, filepath.Join(root, "usr", "share", "fonts"))
}
