package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/licensecheck"
	"github.com/stretchr/testify/require"
)

// licence is the text of a licence as licensecheck knows it, without the marks of its patterns.
func licence(t *testing.T, id string) string {
	t.Helper()
	for _, l := range licensecheck.BuiltinLicenses() {
		if l.ID == id {
			return strings.NewReplacer("((", "", "))", "", "//**", "").Replace(l.LRE)
		}
	}
	t.Fatalf("no licence %s", id)
	return ""
}

const isc = `Permission to use, copy, modify, and/or distribute this software for any purpose with or without fee is hereby granted,
provided that the above copyright notice and this permission notice appear in all copies.

THE SOFTWARE IS PROVIDED "AS IS" AND THE AUTHOR DISCLAIMS ALL WARRANTIES WITH REGARD TO THIS SOFTWARE INCLUDING ALL IMPLIED
WARRANTIES OF MERCHANTABILITY AND FITNESS. IN NO EVENT SHALL THE AUTHOR BE LIABLE FOR ANY SPECIAL, DIRECT, INDIRECT, OR
CONSEQUENTIAL DAMAGES OR ANY DAMAGES WHATSOEVER RESULTING FROM LOSS OF USE, DATA OR PROFITS, WHETHER IN AN ACTION OF CONTRACT,
NEGLIGENCE OR OTHER TORTIOUS ACTION, ARISING OUT OF OR IN CONNECTION WITH THE USE OR PERFORMANCE OF THIS SOFTWARE.`

func TestExamine(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		part part
		ok   bool
	}{
		"an allowed text":              {part{texts: []text{{"LICENSE", isc}}}, true},
		"an allowed text and a notice": {part{texts: []text{{"LICENSE", isc}, {"NOTICE", "Made by somebody."}}}, true},
		"a declared licence alone":     {part{declared: "MIT"}, true},
		"no file":                      {part{}, false},
		"a text of no licence":         {part{texts: []text{{"LICENSE", "All rights reserved."}}}, false},
		"a notice alone":               {part{texts: []text{{"NOTICE", isc}}}, false},
		"AGPL":                         {part{texts: []text{{"LICENSE", licence(t, "AGPL-3.0")}}}, false},
		"AGPL beside ISC":              {part{texts: []text{{"LICENSE", isc}, {"LICENSE.server", licence(t, "AGPL-3.0")}}}, false},
		"declared GPL":                 {part{declared: "GPL-3.0-only", texts: []text{{"LICENSE", isc}}}, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, test.ok, len(examine(test.part)) == 0, "%v", examine(test.part))
		})
	}
}

func TestExpressions(t *testing.T) {
	t.Parallel()
	for expression, want := range map[string]bool{
		"MIT": true, "(Apache-2.0 OR MIT)": true, "GPL-2.0 OR MIT": true, "MIT AND BSD-3-Clause": true, "OFL-1.1": true,
		"MIT AND GPL-2.0": false, "GPL-2.0 OR AGPL-3.0": false, "UNLICENSED": false, "SEE LICENSE IN x": false, "no licence": false,
	} {
		require.Equal(t, want, permits(expression), expression)
	}
}

// Of a lock file what is shipped counts, and a package without a licence is found.
func TestPackagesOfALockFile(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	for _, dir := range []string{"react", "nothing"} {
		require.NoError(t, os.MkdirAll(filepath.Join(root, "node_modules", dir), 0o700))
	}
	require.NoError(t, os.WriteFile(filepath.Join(root, "node_modules/react/LICENSE"), []byte(isc), 0o600))
	require.NoError(t, os.WriteFile(filepath.Join(root, "package-lock.json"), []byte(`{"packages": {
		"": {}, "web/ui": {"version": "1.0.0"}, "node_modules/@updspace/ui": {"link": true}, "node_modules/vite": {"version": "8.0.0", "dev": true, "license": "MIT"},
		"node_modules/react": {"version": "19.3.1", "license": "MIT"}, "node_modules/nothing": {"version": "1.0.0"}}}`), 0o600))
	packages, err := npmPackages(root)
	require.NoError(t, err)
	require.Equal(t, []part{
		{name: "nothing", version: "1.0.0", declared: "no licence"},
		{name: "react", version: "19.3.1", declared: "MIT", texts: []text{{"LICENSE", isc}}},
	}, packages)
	require.NotEmpty(t, examine(packages[0]))

	var notice strings.Builder
	require.NoError(t, writeNotice(&notice, packages))
	require.Contains(t, notice.String(), "react 19.3.1")
	require.Contains(t, notice.String(), "appear in all copies")
}
