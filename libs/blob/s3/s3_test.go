package s3_test

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/johannesboyne/gofakes3"
	"github.com/johannesboyne/gofakes3/backend/s3mem"
	"github.com/stretchr/testify/require"

	"go.updspace.com/libs/blob"
	"go.updspace.com/libs/blob/blobtest"
	"go.updspace.com/libs/blob/s3"
	"go.updspace.com/libs/errs"
)

func config(url string) s3.Config {
	return s3.Config{Endpoint: url, Bucket: "portal", Region: "us-east-1", AccessKey: "key", SecretKey: "secret"}
}

func TestStore(t *testing.T) {
	blobtest.Run(t, func(t *testing.T) blob.Store { return open(t) })
}

// open is a store over a fake of one.
func open(t *testing.T) *s3.Store {
	t.Helper()
	backend := s3mem.New()
	require.NoError(t, backend.CreateBucket("portal"))
	server := httptest.NewServer(unchunked(gofakes3.New(backend).Server()))
	t.Cleanup(server.Close)
	transport := &http.Transport{}
	t.Cleanup(transport.CloseIdleConnections)
	store, err := s3.New(config(server.URL), transport)
	require.NoError(t, err)
	return store
}

// unchunked takes the signatures of the chunks out of a signed stream, which the fake does not know of.
func unchunked(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.Header.Get("X-Amz-Content-Sha256"), "STREAMING-") {
			var body bytes.Buffer
			in := bufio.NewReader(r.Body)
			for {
				line, err := in.ReadString('\n')
				if err != nil {
					http.Error(w, err.Error(), http.StatusBadRequest)
					return
				}
				size, err := strconv.ParseInt(strings.Split(strings.TrimSpace(line), ";")[0], 16, 64)
				if err != nil {
					http.Error(w, err.Error(), http.StatusBadRequest)
					return
				}
				if size == 0 {
					break
				}
				if _, err := io.CopyN(&body, in, size); err != nil {
					http.Error(w, err.Error(), http.StatusBadRequest)
					return
				}
				_, _ = in.Discard(2)
			}
			r.Body, r.ContentLength = io.NopCloser(&body), int64(body.Len())
			r.Header.Set("Content-Length", strconv.Itoa(body.Len()))
			r.Header.Del("X-Amz-Content-Sha256")
		}
		next.ServeHTTP(w, r)
	})
}

type away struct{}

func (away) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Body != nil {
		_, _ = io.Copy(io.Discard, r.Body)
	}
	return nil, errors.New("no route to host")
}

// A store that cannot be reached is unavailable: that says nothing about its content.
func TestUnreachableStoreIsUnavailable(t *testing.T) {
	store, err := s3.New(config("http://s3.example.com"), away{})
	require.NoError(t, err)
	_, err = store.Open(t.Context(), "a/b")
	require.Equal(t, errs.Unavailable, errs.KindOf(err), "%v", err)
	require.Equal(t, errs.Unavailable, errs.KindOf(store.Delete(t.Context(), "a/b")))
	require.Equal(t, errs.Unavailable, errs.KindOf(store.Put(t.Context(), "a/b", strings.NewReader("x"))))
}

func TestLinksDownload(t *testing.T) {
	store, key := open(t), "attachments/a/b"
	require.NoError(t, store.Put(t.Context(), key, strings.NewReader("linked")))
	link, err := store.Link(t.Context(), key, blob.Link{Name: `карта "1".png`, ContentType: "image/png", Inline: true, Life: time.Minute})
	require.NoError(t, err)
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, link, nil)
	require.NoError(t, err)
	resp, err := http.DefaultClient.Do(r)
	require.NoError(t, err)
	t.Cleanup(http.DefaultClient.CloseIdleConnections)
	defer resp.Body.Close()
	content, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	require.Equal(t, "linked", string(content))
	query := r.URL.Query()
	require.Equal(t, "image/png", query.Get("response-content-type"))
	require.Contains(t, query.Get("response-content-disposition"), "inline")
	require.Equal(t, "60", query.Get("X-Amz-Expires"))
	require.NotEmpty(t, query.Get("X-Amz-Signature"))
}

func TestLinksUseThePublicEndpoint(t *testing.T) {
	cfg := config("http://minio.internal:9000")
	cfg.PublicEndpoint = "https://blobs.example.com"
	store, err := s3.New(cfg, away{})
	require.NoError(t, err)
	link, err := store.Link(t.Context(), "a/b", blob.Link{Name: "x.pdf", ContentType: "application/pdf", Life: 1e9})
	require.NoError(t, err)
	require.True(t, strings.HasPrefix(link, "https://blobs.example.com/portal/a/b?"), link)
	require.Contains(t, link, "attachment")
}

func TestConfigIsValidated(t *testing.T) {
	require.NoError(t, s3.Config{}.Validate())
	require.NoError(t, config("https://s3.example.com").Validate())
	for want, spoil := range map[string]func(*s3.Config){
		"BLOB_S3_BUCKET":          func(c *s3.Config) { c.Bucket = "" },
		"BLOB_S3_SECRET_KEY":      func(c *s3.Config) { c.SecretKey = "" },
		"BLOB_S3_ENDPOINT":        func(c *s3.Config) { c.Endpoint = "s3.example.com" },
		"BLOB_S3_PUBLIC_ENDPOINT": func(c *s3.Config) { c.PublicEndpoint = "ftp://x" },
	} {
		cfg := config("https://s3.example.com")
		spoil(&cfg)
		require.ErrorContains(t, cfg.Validate(), want)
	}
}
