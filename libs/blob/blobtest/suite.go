// Package blobtest has the suite that every blob.Store passes.
package blobtest

import (
	"bytes"
	"errors"
	"io"
	"sync"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/libs/blob"
)

// Run runs the suite. open returns an empty store.
func Run(t *testing.T, open func(*testing.T) blob.Store) {
	for name, test := range map[string]func(*testing.T, blob.Store){
		"content is read from anywhere":      blobSeek,
		"content comes back as it went in":   blobRoundTrip,
		"what fails half-way leaves nothing": blobBroken,
		"content is replaced whole":          blobReplaced,
		"what is not there":                  blobMissing,
		"many at once do not mix":            blobCrowd,
	} {
		t.Run(name, func(t *testing.T) { test(t, open(t)) })
	}
}

func blobKey() string { return "attachments/" + uuid.NewString() + "/" + uuid.NewString() }

func readBlob(t testing.TB, b blob.Store, key string) []byte {
	t.Helper()
	r, err := b.Open(t.Context(), key)
	require.NoError(t, err)
	content, err := io.ReadAll(r)
	require.NoError(t, err)
	require.NoError(t, r.Close())
	return content
}

func blobRoundTrip(t *testing.T, b blob.Store) {
	for _, size := range []int{1, 1000, 6 << 20} { // the last in two parts; nothing is never stored
		key, content := blobKey(), bytes.Repeat([]byte("x"), size)
		require.NoError(t, b.Put(t.Context(), key, struct{ io.Reader }{bytes.NewReader(content)}))
		require.Len(t, readBlob(t, b, key), size)
		require.NoError(t, b.Delete(t.Context(), key))
		_, err := b.Open(t.Context(), key)
		require.ErrorIs(t, err, blob.ErrNotFound)
	}
}

func blobBroken(t *testing.T, b blob.Store) {
	broken := errors.New("the line is cut")
	for _, size := range []int{0, 1000, 6 << 20} {
		key := blobKey()
		err := b.Put(t.Context(), key, io.MultiReader(bytes.NewReader(make([]byte, size)), failingReader{broken}))
		require.ErrorIs(t, err, broken)
		_, err = b.Open(t.Context(), key)
		require.ErrorIs(t, err, blob.ErrNotFound)
		require.NoError(t, b.Delete(t.Context(), key))
	}
	key := blobKey()
	require.NoError(t, b.Put(t.Context(), key, bytes.NewReader([]byte("first"))))
	require.ErrorIs(t, b.Put(t.Context(), key, failingReader{broken}), broken)
	require.Equal(t, "first", string(readBlob(t, b, key)), "as it was")
}

type failingReader struct{ err error }

func (f failingReader) Read([]byte) (int, error) { return 0, f.err }

func blobReplaced(t *testing.T, b blob.Store) {
	key := blobKey()
	for _, text := range []string{"a longer text", "short"} {
		require.NoError(t, b.Put(t.Context(), key, bytes.NewReader([]byte(text))))
		require.Equal(t, text, string(readBlob(t, b, key)))
	}
}

func blobMissing(t *testing.T, b blob.Store) {
	_, err := b.Open(t.Context(), blobKey())
	require.ErrorIs(t, err, blob.ErrNotFound)
	require.NoError(t, b.Delete(t.Context(), blobKey()))
}

func blobCrowd(t *testing.T, b blob.Store) {
	var wg sync.WaitGroup
	keys := make([]string, 16)
	failures := make([]error, len(keys))
	for i := range keys {
		keys[i] = blobKey()
		wg.Go(func() { failures[i] = b.Put(t.Context(), keys[i], bytes.NewReader([]byte(keys[i]))) })
	}
	wg.Wait()
	for i, key := range keys {
		require.NoError(t, failures[i])
		require.Equal(t, key, string(readBlob(t, b, key)))
	}
}

func blobSeek(t *testing.T, b blob.Store) {
	key := blobKey()
	require.NoError(t, b.Put(t.Context(), key, bytes.NewReader([]byte("0123456789"))))
	content, err := b.Open(t.Context(), key)
	require.NoError(t, err)
	defer func() { require.NoError(t, content.Close()) }()
	size, err := content.Seek(0, io.SeekEnd)
	require.NoError(t, err)
	require.EqualValues(t, 10, size)
	_, err = content.Seek(7, io.SeekStart)
	require.NoError(t, err)
	rest, err := io.ReadAll(content)
	require.NoError(t, err)
	require.Equal(t, "789", string(rest))
}
