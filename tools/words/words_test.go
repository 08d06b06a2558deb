package main

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestCheck(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, text string
		want       []int
	}{
		{"a.go", "package a\n\n// Nobody votes twice.\nvar his = \"nobody\" // him\n/* a\nwhoever */\n", []int{3, 4, 6}},
		{"a.go", "// This theme is the one she asked for: history, chimney, The.\npackage a\n", nil},
		{"a.sql", "-- somebody\nSELECT 'nobody';\n", []int{1}},
		{"a.yaml", "description: What he may do.\n", []int{1}},
		{"README.md", "ok\n\nWhoever reads this.\n", []int{3}},
		{"a.ts", "// he\nconst his = 1;\n", []int{1}},
	} {
		var got []int
		for _, l := range check(c.name, []byte(c.text)) {
			got = append(got, l.number)
		}
		require.Equal(t, c.want, got, c.text)
	}
}

func TestApplies(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]bool{
		"voting/app/a.go": true, "docs/glossary.md": true, "api/openapi/bff.yaml": true, "Makefile": true,
		"api/votingapi/votingapi.gen.go": false, "api/ts/src/gen/bff.ts": false, "go.sum": false, "tools/words/words.go": false,
	} {
		require.Equal(t, want, applies(name), name)
	}
}
