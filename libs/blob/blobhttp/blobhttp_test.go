package blobhttp_test

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"go.updspace.com/libs/blob/blobhttp"
	"go.updspace.com/libs/httpx"
	"go.updspace.com/libs/reqctx"
)

// body is content that reports whether it was closed, and fails to be read when it is broken.
type body struct {
	*strings.Reader
	broken, closed bool
}

func (b *body) Close() error {
	b.closed = true
	return nil
}

func (b *body) Seek(offset int64, whence int) (int64, error) {
	if b.broken {
		return 0, errors.New("broken")
	}
	return b.Reader.Seek(offset, whence)
}

var (
	_        io.ReadSeekCloser = (*body)(nil)
	modified                   = time.Date(2026, time.March, 1, 8, 0, 0, 0, time.UTC)
)

func serve(t *testing.T, change func(*blobhttp.Content, *body), conditions blobhttp.Conditions) *httptest.ResponseRecorder {
	t.Helper()
	content := &body{Reader: strings.NewReader("0123456789")}
	c := blobhttp.Content{Name: "карта \"1\".txt", ContentType: "text/plain; charset=utf-8", Digest: "abc", Modified: modified, Body: content}
	change(&c, content)
	w := httptest.NewRecorder()
	c.Serve(reqctx.With(t.Context(), reqctx.Context{RequestID: "request-1"}), w, conditions)
	require.True(t, content.closed)
	return w
}

func same(*blobhttp.Content, *body) {}

func TestHeaders(t *testing.T) {
	t.Parallel()
	w := serve(t, same, blobhttp.Conditions{})
	require.Equal(t, http.StatusOK, w.Code)
	require.Equal(t, "0123456789", w.Body.String())
	for name, value := range map[string]string{
		"Content-Type": "text/plain; charset=utf-8", "Content-Disposition": "attachment; filename*=utf-8''%D0%BA%D0%B0%D1%80%D1%82%D0%B0%20%221%22.txt",
		"Content-Security-Policy": "default-src 'none'; sandbox", "X-Content-Type-Options": "nosniff", "Cache-Control": "private, no-cache",
		"Etag": `"abc"`, "Last-Modified": "Sun, 01 Mar 2026 08:00:00 GMT", "Accept-Ranges": "bytes",
	} {
		require.Equal(t, value, w.Header().Get(name), name)
	}
	w = serve(t, func(c *blobhttp.Content, _ *body) { c.Inline, c.Name = true, "a.png" }, blobhttp.Conditions{})
	require.Equal(t, "inline; filename=a.png", w.Header().Get("Content-Disposition"))
	w = serve(t, func(c *blobhttp.Content, _ *body) { c.Immutable = true }, blobhttp.Conditions{})
	require.Equal(t, "private, max-age=31536000, immutable", w.Header().Get("Cache-Control"))
}

func TestRangesAndConditions(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		conditions   blobhttp.Conditions
		status       int
		body, ranges string
	}{
		"a range":                    {blobhttp.Conditions{Range: new("bytes=2-4")}, http.StatusPartialContent, "234", "bytes 2-4/10"},
		"a range of this version":    {blobhttp.Conditions{Range: new("bytes=2-4"), IfRange: new(`"abc"`)}, http.StatusPartialContent, "234", "bytes 2-4/10"},
		"a range of another version": {blobhttp.Conditions{Range: new("bytes=2-4"), IfRange: new(`"x"`)}, http.StatusOK, "0123456789", ""},
		"the version of the caller":  {blobhttp.Conditions{IfNoneMatch: new(`"abc"`)}, http.StatusNotModified, "", ""},
		"an older version":           {blobhttp.Conditions{IfNoneMatch: new(`"x"`)}, http.StatusOK, "0123456789", ""},
		"not modified since":         {blobhttp.Conditions{IfModifiedSince: new(modified.Format(http.TimeFormat))}, http.StatusNotModified, "", ""},
		"modified since":             {blobhttp.Conditions{IfModifiedSince: new(modified.Add(-time.Hour).Format(http.TimeFormat))}, http.StatusOK, "0123456789", ""},
	} {
		w := serve(t, same, c.conditions)
		require.Equal(t, c.status, w.Code, name)
		require.Equal(t, c.body, w.Body.String(), name)
		require.Equal(t, c.ranges, w.Header().Get("Content-Range"), name)
	}
}

func TestFailuresAreErrorBodies(t *testing.T) {
	t.Parallel()
	for code, w := range map[string]*httptest.ResponseRecorder{
		"RANGE_NOT_SATISFIABLE": serve(t, same, blobhttp.Conditions{Range: new("bytes=10-")}),
		"INTERNAL_ERROR":        serve(t, func(_ *blobhttp.Content, b *body) { b.broken = true }, blobhttp.Conditions{}),
	} {
		var answer httpx.Envelope
		require.NoError(t, json.Unmarshal(w.Body.Bytes(), &answer), code)
		require.Equal(t, code, answer.Error.Code)
		require.Equal(t, "request-1", answer.Error.RequestID)
		require.Equal(t, "application/json", w.Header().Get("Content-Type"))
		require.GreaterOrEqual(t, w.Code, http.StatusBadRequest)
	}
}
