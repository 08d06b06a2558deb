package blob_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"go.updspace.com/libs/blob"
)

// contents is a store that only deletes.
type contents struct {
	blob.Store
	keys map[string]bool
}

func (c contents) Delete(_ context.Context, key string) error {
	delete(c.keys, key)
	return nil
}

// An interrupted sweep leaves a row for every content that is left, and the next sweep removes the rest.
func TestSweep(t *testing.T) {
	t.Parallel()
	store := contents{keys: map[string]bool{"kept": true}}
	var rows []string
	for i := range 250 {
		rows = append(rows, fmt.Sprint(i))
		store.keys[rows[i]] = true
	}
	due := func(_ context.Context, limit int) ([]string, error) {
		return slices.Clone(rows[:min(limit, len(rows))]), nil
	}
	key := func(row string) string { return row }
	calls, broken := 0, errors.New("broken")
	forget := func(_ context.Context, files []string) error {
		if calls++; calls == 2 {
			return broken
		}
		for _, file := range files {
			require.NotContains(t, store.keys, file, "the content goes first")
		}
		rows = rows[len(files):]
		return nil
	}
	swept, err := blob.Sweep(t.Context(), store, due, key, forget)
	require.ErrorIs(t, err, broken)
	require.Equal(t, 100, swept)
	require.Len(t, rows, 150)
	swept, err = blob.Sweep(t.Context(), store, due, key, forget)
	require.NoError(t, err)
	require.Equal(t, 150, swept)
	require.Empty(t, rows)
	require.Equal(t, map[string]bool{"kept": true}, store.keys)
}
