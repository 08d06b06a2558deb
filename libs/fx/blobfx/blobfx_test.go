package blobfx_test

import (
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.uber.org/fx"
	"go.uber.org/fx/fxtest"

	"go.updspace.com/libs/blob"
	"go.updspace.com/libs/blob/s3"
	"go.updspace.com/libs/fx/blobfx"
	"go.updspace.com/libs/telemetry"
)

func open(t *testing.T, cfg blobfx.Config) blob.Store {
	t.Helper()
	var store blob.Store
	app := fxtest.New(t, blobfx.Store("toy", cfg), fx.Supply(new(telemetry.Tracing)), fx.Populate(&store))
	app.RequireStart()
	t.Cleanup(app.RequireStop)
	return store
}

func TestStoreKeepsContentInTheFolder(t *testing.T) {
	dir := t.TempDir()
	require.NoError(t, open(t, blobfx.Config{Dir: dir}).Put(t.Context(), "key", strings.NewReader("content")))
	entries, err := os.ReadDir(dir)
	require.NoError(t, err)
	require.NotEmpty(t, entries)
}

func TestStoreFindsAFolderByItself(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	store := open(t, blobfx.Config{})
	require.NoError(t, store.Put(t.Context(), "key", strings.NewReader("content")))
	require.NoError(t, store.Delete(t.Context(), "key"))
}

func TestOneStoreIsNamed(t *testing.T) {
	bucket := s3.Config{Endpoint: "https://s3.example.com", Bucket: "toy"}
	require.NoError(t, blobfx.Config{S3: bucket}.Validate(false))
	require.NoError(t, blobfx.Config{Dir: "/data"}.Validate(false))
	require.NoError(t, blobfx.Config{}.Validate(true))
	require.ErrorContains(t, blobfx.Config{}.Validate(false), "BLOB_S3_ENDPOINT")
	require.ErrorContains(t, blobfx.Config{Dir: "/data", S3: bucket}.Validate(true), "BLOB_DIR")
	require.ErrorContains(t, blobfx.Config{S3: s3.Config{Endpoint: "https://s3.example.com"}}.Validate(false), "BLOB_S3_BUCKET")
}
