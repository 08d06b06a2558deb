package proxy_test

import (
	"bufio"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"go.updspace.com/bff/adapters/proxy"
	"go.updspace.com/bff/ports"
	"go.updspace.com/libs/httpx"
	"go.updspace.com/libs/reqctx"
	"go.updspace.com/libs/signing"
	"go.updspace.com/tools/devkit/testkit"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// newTable makes a proxy to one upstream.
func newTable(t testing.TB, upstream string) *proxy.Proxy {
	p, err := proxy.New(
		proxy.Config{Upstreams: map[string]string{"voting": upstream}, Timeout: 5 * time.Second},
		func(name string) (*signing.Signer, error) { return testkit.Keyring().Signer("bff", name) },
		func(next http.RoundTripper) http.RoundTripper { return next },
		slog.New(slog.DiscardHandler),
	)
	require.NoError(t, err)
	t.Cleanup(p.Close)
	return p
}

// forward sends a request on as a user.
func forward(p *proxy.Proxy, w http.ResponseWriter, r *http.Request) {
	forward, whom, ok := p.Match(r.Method, r.URL.Path)
	if !ok || whom != ports.ForUser {
		w.WriteHeader(http.StatusNotFound)
		return
	}
	forward(w, r, reqctx.Context{RequestID: "r", TenantID: uuid.New(), TenantSlug: "aef", UserID: uuid.New()})
}

// newService serves a handler as services do.
func newService(t testing.TB, handler http.Handler) *httptest.Server {
	service := httptest.NewUnstartedServer(nil)
	service.Config = httpx.NewHTTPServer(handler, slog.New(slog.DiscardHandler))
	service.Start()
	t.Cleanup(service.Close)
	return service
}

// newProxy serves a proxy to one upstream behind a server that is impatient
// with ordinary requests.
func newProxy(t testing.TB, upstream http.Handler, deadline time.Duration) *httptest.Server {
	p := newTable(t, newService(t, upstream).URL)
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { forward(p, w, r) }))
	server.Config.ReadTimeout, server.Config.WriteTimeout = deadline, deadline
	server.Start()
	t.Cleanup(server.Close)
	return server
}

// The deadlines that protect the server from slow clients would end a stream.
func TestStreamsOutliveTheServersDeadlines(t *testing.T) {
	const deadline = 50 * time.Millisecond
	server := newProxy(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/event-stream")
		control := http.NewResponseController(w)
		_ = control.Flush()
		select {
		case <-time.After(4 * deadline):
		case <-r.Context().Done():
			return
		}
		_, _ = io.WriteString(w, "data: late\n\n")
	}), deadline)
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL+"/api/v1/voting/stream", nil)
	require.NoError(t, err)
	req.Header.Set("Accept", "text/event-stream")
	resp, err := server.Client().Do(req)
	require.NoError(t, err)
	defer resp.Body.Close()
	line, err := bufio.NewReader(resp.Body).ReadString('\n')
	require.NoError(t, err)
	require.Equal(t, "data: late\n", line)
}

// A client that stops reading holds neither the gateway nor the service: the write deadline that the kit moves with every
// piece cuts it off, an event stream as well as an ordinary answer.
func TestAReaderThatStopsHoldsNothing(t *testing.T) {
	const writeTimeout = 50 * time.Millisecond
	for name, accept := range map[string]string{"an answer": "*/*", "an event stream": "text/event-stream"} {
		t.Run(name, func(t *testing.T) {
			served := make(chan struct{})
			service := newService(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				defer close(served)
				w.Header().Set("Content-Type", accept)
				piece := make([]byte, 64<<10)
				for {
					if _, err := w.Write(piece); err != nil {
						return
					}
				}
			}))
			p := newTable(t, service.URL)
			forwarded := make(chan struct{})
			kit := httpx.New(httpx.Options{WriteTimeout: writeTimeout})
			gateway := httptest.NewServer(kit.Observe(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				defer close(forwarded)
				forward(p, w, r)
			})))
			t.Cleanup(gateway.Close)

			conn, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", gateway.Listener.Addr().String())
			require.NoError(t, err)
			t.Cleanup(func() { _ = conn.Close() })
			_, err = io.WriteString(conn, "GET /api/v1/voting/polls HTTP/1.1\r\nHost: aef\r\nAccept: "+accept+"\r\n\r\n")
			require.NoError(t, err)
			for _, end := range []chan struct{}{forwarded, served} { // nothing was read, and the client is still there
				select {
				case <-end:
				case <-time.After(20 * time.Second):
					t.Fatal("the client that does not read holds the request")
				}
			}
		})
	}
}

// What the proxy itself adds to a request, without the gate in front of it.
func BenchmarkForward(b *testing.B) {
	server := newProxy(b, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, `{"ok":true}`)
	}), time.Minute)
	client := server.Client()
	b.ReportAllocs()
	for b.Loop() {
		resp, err := client.Get(server.URL + "/api/v1/voting/polls")
		if err != nil {
			b.Fatal(err)
		}
		_, _ = io.Copy(io.Discard, resp.Body)
		_ = resp.Body.Close()
	}
}
