package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

const toy = `package domain

import "errors"

var errSmall = errors.New("small")

type Box struct{ n, changes int }

func (b *Box) Set(n int) error {
	if n < 3 && n != 1 {
		return errSmall
	}
	b.n = n
	b.changes++
	return nil
}

func (b *Box) Empty() bool { return false }
`

const toyTest = `package domain

import "testing"

func TestSet(t *testing.T) {
	var b Box
	if b.Set(2) == nil || b.Set(3) != nil || b.n != 3 {
		t.Fatal(b)
	}
}
`

// The toy's test notices every mutant of what it looks at, and none of what it does not.
func TestTryFindsWhatNoTestNotices(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{
		"go.mod": "module example.test/toy\n\ngo 1.26\n", "box/domain/box.go": toy, "box/domain/box_test.go": toyTest,
		"box/box.go": "package box\n",
	} {
		require.NoError(t, os.MkdirAll(filepath.Dir(filepath.Join(dir, name)), 0o755))
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600))
	}
	t.Chdir(dir)
	t.Setenv("GOWORK", "off")
	tried, survivors, err := target{"box/domain", []string{"box/domain"}}.try(t.Context(), draw{100, 1})
	require.NoError(t, err)
	require.Equal(t, 7, tried)
	var got []string
	for _, m := range survivors {
		got = append(got, m.what)
	}
	require.ElementsMatch(t, []string{"left out: b.changes++", "negated: false"}, got)
}
