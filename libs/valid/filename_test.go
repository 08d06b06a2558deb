package valid_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/valid"
)

func TestFileName(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"a.png": "a.png", " a b.txt ": "a b.txt", "/etc/passwd": "passwd", `C:\x\y.pdf`: "y.pdf", "../../карта.png": "карта.png",
		"a/": "a", ".htaccess": ".htaccess",
	} {
		fields := errs.Fields{}
		require.Equal(t, want, valid.FileName(fields, "name", name, 128))
		require.Empty(t, fields, name)
	}
	for _, name := range []string{"", " ", ".", "..", "../..", "/", "a\x00", "a\nb", strings.Repeat("x", 129), "\xff"} {
		fields := errs.Fields{}
		valid.FileName(fields, "name", name, 128)
		require.Contains(t, fields, "name", "%q", name)
	}
}
