package upload_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/require"

	"go.updspace.com/libs/blob"
	"go.updspace.com/libs/filetype"
	"go.updspace.com/libs/imaging"
	"go.updspace.com/libs/upload"
)

const key = "files/1"

var receiver = upload.Receiver{Types: filetype.New(), Pictures: imaging.New()}

func openStore(t *testing.T) *blob.Folder {
	t.Helper()
	store, err := blob.OpenFolder(filepath.Join(t.TempDir(), "blobs"))
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, store.Close()) })
	return store
}

func contentOf(t *testing.T, store blob.Store) string {
	t.Helper()
	opened, err := store.Open(t.Context(), key)
	require.NoError(t, err)
	defer func() { require.NoError(t, opened.Close()) }()
	content, err := io.ReadAll(opened)
	require.NoError(t, err)
	return string(content)
}

func rules(contentType string, maxSize int64) upload.Rules {
	return upload.Rules{Accepts: func(t string) bool { return t == contentType }, MaxSize: maxSize}
}

func digest(content string) string {
	sum := sha256.Sum256([]byte(content))
	return hex.EncodeToString(sum[:])
}

const text = "text/plain; charset=utf-8"

func TestFilesAreStoredWholeAndMeasured(t *testing.T) {
	t.Parallel()
	store := openStore(t)
	for _, size := range []int{1, 511, 512, 513, 100_000} {
		content := strings.Repeat("x", size)
		up, err := receiver.Inspect("a.txt", iotest.HalfReader(strings.NewReader(content)), rules(text, int64(size)))
		require.NoError(t, err, size)
		stored, err := up.Store(t.Context(), store, key)
		require.NoError(t, err, size)
		require.Equal(t, upload.Stored{ContentType: text, Size: int64(size), Digest: digest(content)}, stored)
		require.Equal(t, content, contentOf(t, store))
	}
}

func TestFilesThatBreakARuleAreRefused(t *testing.T) {
	t.Parallel()
	store := openStore(t)
	_, err := receiver.Inspect("a.txt", strings.NewReader(""), rules(text, 10))
	require.ErrorIs(t, err, upload.ErrEmpty)
	_, err = receiver.Inspect("a.txt", strings.NewReader("<html>"), rules(text, 10))
	require.ErrorIs(t, err, upload.ErrType, "the content decides, not the name")
	broken := errors.New("broken")
	_, err = receiver.Inspect("a.txt", iotest.ErrReader(broken), rules(text, 10))
	require.ErrorIs(t, err, broken)
	for _, size := range []int{11, 512, 513, 5_000} {
		up, err := receiver.Inspect("a.txt", strings.NewReader(strings.Repeat("x", size)), rules(text, 10))
		require.NoError(t, err)
		_, err = up.Store(t.Context(), store, key)
		require.ErrorIs(t, err, upload.ErrTooLarge)
	}
	_, err = store.Open(t.Context(), key)
	require.ErrorIs(t, err, blob.ErrNotFound, "nothing was stored")
}

// gif is a picture of one pixel with a comment.
const gif = "GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff!\xfe\x04here\x00,\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;"

func TestPicturesLoseTheirMetadata(t *testing.T) {
	t.Parallel()
	store := openStore(t)
	up, err := receiver.Inspect("a.gif", strings.NewReader(gif), rules("image/gif", 1_000))
	require.NoError(t, err)
	stored, err := up.Store(t.Context(), store, key)
	require.NoError(t, err)
	content := contentOf(t, store)
	require.NotContains(t, content, "here")
	require.Equal(t, upload.Stored{ContentType: "image/gif", Size: int64(len(content)), Digest: digest(content)}, stored)

	up, err = receiver.Inspect("a.gif", strings.NewReader(gif), rules("image/gif", int64(len(gif)-1)))
	require.NoError(t, err)
	_, err = up.Store(t.Context(), store, key)
	require.ErrorIs(t, err, upload.ErrTooLarge, "as it was sent")
	up, err = receiver.Inspect("a.gif", strings.NewReader(gif[:12]), rules("image/gif", 1_000))
	require.NoError(t, err)
	_, err = up.Store(t.Context(), store, key)
	require.ErrorIs(t, err, imaging.ErrNotAPicture)
}

func TestLimit(t *testing.T) {
	t.Parallel()
	content, err := io.ReadAll(upload.Limit(bytes.NewReader(make([]byte, 10)), 10))
	require.NoError(t, err)
	require.Len(t, content, 10)
	_, err = io.ReadAll(upload.Limit(bytes.NewReader(make([]byte, 11)), 10))
	require.ErrorIs(t, err, upload.ErrTooLarge)
}
