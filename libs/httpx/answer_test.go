package httpx_test

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/httpx"
)

func TestEveryAnswerHasSecurityHeaders(t *testing.T) {
	s := start(t)
	s.handle = func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Frame-Options", "SAMEORIGIN")
		_, _ = io.WriteString(w, "hello")
	}
	for path, frame := range map[string]string{"/open": "SAMEORIGIN", "/nothing": "DENY", "/toys/1": "DENY", "/health": "DENY"} {
		for _, scheme := range []string{"http", "https"} {
			_, h, _ := s.call(t, http.MethodGet, path, "", nil, "X-Forwarded-Proto", scheme)
			require.Equal(t, []string{"nosniff"}, h.Values("X-Content-Type-Options"), path)
			require.Equal(t, []string{"same-origin"}, h.Values("Referrer-Policy"), path)
			require.Equal(t, []string{frame}, h.Values("X-Frame-Options"), path)
			require.Equal(t, map[string]string{"http": "", "https": "max-age=31536000"}[scheme], h.Get("Strict-Transport-Security"), path)
		}
	}
}

func TestAFeatureThatIsNotInstalledIs501(t *testing.T) {
	s := start(t)
	s.handle = func(w http.ResponseWriter, r *http.Request) {
		httpx.WriteError(w, r, errs.New(errs.NotImplemented, "", "No."))
	}
	status, h, body := s.call(t, http.MethodGet, "/open", "", nil)
	require.Equal(t, http.StatusNotImplemented, status)
	require.Empty(t, h.Get("Retry-After"))
	require.Contains(t, string(body), `"code":"NOT_IMPLEMENTED"`)
	for _, kind := range errs.Kinds() {
		require.NotZero(t, httpx.Status(kind), kind.Code())
	}
}

func TestABodyMustBeUTF8(t *testing.T) {
	s := start(t)
	status, _, body := s.call(t, http.MethodPost, "/toys", "{\"title\":\"a\xff\",\"owner\":\"a@b.cd\"}", &member, "Content-Type", "application/json")
	require.Equal(t, http.StatusBadRequest, status)
	require.Contains(t, string(body), "UTF-8")
}

// serve runs a handler behind Edge with a short write timeout and returns a connection to it.
func serve(t *testing.T, timeout time.Duration, h http.HandlerFunc) net.Conn {
	t.Helper()
	server := httptest.NewServer(httpx.New(httpx.Options{WriteTimeout: timeout}).Observe(h))
	t.Cleanup(server.Close)
	var dialer net.Dialer
	conn, err := dialer.DialContext(t.Context(), "tcp", server.Listener.Addr().String())
	require.NoError(t, err)
	t.Cleanup(func() { _ = conn.Close() })
	_, err = io.WriteString(conn, "GET / HTTP/1.1\r\nHost: toy\r\n\r\n")
	require.NoError(t, err)
	return conn
}

func TestAReaderThatStopsIsCut(t *testing.T) {
	for name, size := range map[string]int{"many small writes": 16 << 10, "one endless write": 1 << 30} {
		t.Run(name, func(t *testing.T) {
			failed := make(chan error, 1)
			serve(t, 20*time.Millisecond, func(w http.ResponseWriter, _ *http.Request) {
				answer := make([]byte, size)
				for {
					if _, err := w.Write(answer); err != nil {
						failed <- err
						return
					}
				}
			})
			require.ErrorContains(t, <-failed, "timeout") // nothing is read
		})
	}
}

func TestAReaderThatGoesOnIsNotCut(t *testing.T) {
	const size = 8 << 20
	conn := serve(t, 20*time.Second, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "8388608")
		_, _ = w.Write(make([]byte, size))
	})
	response, err := http.ReadResponse(bufio.NewReader(conn), nil)
	require.NoError(t, err)
	n, err := io.Copy(io.Discard, response.Body)
	require.NoError(t, err)
	require.NoError(t, response.Body.Close())
	require.EqualValues(t, size, n)
}

// deadlines notes the deadlines that a handler sets.
type deadlines struct {
	*httptest.ResponseRecorder
	set []time.Time
}

func (d *deadlines) SetWriteDeadline(at time.Time) error {
	d.set = append(d.set, at)
	return nil
}

func TestTheDeadlineOfAPreviousRequestIsTakenAway(t *testing.T) {
	d := &deadlines{ResponseRecorder: httptest.NewRecorder()}
	before := time.Now()
	httpx.New(httpx.Options{WriteTimeout: time.Hour}).Observe(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		require.Len(t, d.set, 1)
		require.True(t, d.set[0].IsZero())
		_, _ = io.WriteString(w, strings.Repeat("a", 1<<20))
	})).ServeHTTP(d, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", nil))
	require.Len(t, d.set, 1+1+4, "for the header and for each piece")
	for _, at := range d.set[1:] {
		require.False(t, at.Before(before.Add(time.Hour)))
	}
}
