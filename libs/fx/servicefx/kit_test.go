package servicefx_test

import (
	"context"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/fx"
	"go.uber.org/fx/fxtest"

	"go.updspace.com/libs/fx/servicefx"
	"go.updspace.com/libs/httpx"
	"go.updspace.com/libs/signing"
	"go.updspace.com/tools/devkit/testkit"
)

func TestMain(m *testing.M) { testkit.Main(m) }

func kitConfig(t *testing.T) servicefx.Config {
	t.Helper()
	var lc net.ListenConfig
	listener, err := lc.Listen(t.Context(), "tcp", "127.0.0.1:0")
	require.NoError(t, err)
	return servicefx.Config{
		Mode: servicefx.Development, Listener: listener, Log: io.Discard,
		Signing: signing.Config{Secret: strings.Repeat("s", 32)},
	}
}

func handler(h http.HandlerFunc) fx.Option {
	return fx.Provide(fx.Annotate(
		func(kit *httpx.Server) http.Handler { return kit.Observe(kit.WithHealth(h)) },
		fx.ResultTags(`name:"api"`),
	))
}

// A request that was accepted is answered, even when the service is told to
// stop while it is being served.
func TestStoppingFinishesWhatWasAccepted(t *testing.T) {
	cfg := kitConfig(t)
	serving, release := make(chan struct{}), make(chan struct{})
	app := fxtest.New(t, servicefx.Kit("toy", cfg), handler(func(w http.ResponseWriter, _ *http.Request) {
		close(serving)
		<-release
		httpx.WriteJSON(w, http.StatusOK, "done")
	}))
	app.RequireStart()

	type result struct {
		status int
		err    error
	}
	answered := make(chan result, 1)
	transport := &http.Transport{}
	defer transport.CloseIdleConnections()
	url := "http://" + cfg.Listener.Addr().String()
	go func() {
		r, err := http.NewRequestWithContext(context.WithoutCancel(t.Context()), http.MethodGet, url+"/slow", nil)
		if err != nil {
			answered <- result{err: err}
			return
		}
		resp, err := transport.RoundTrip(r)
		if err != nil {
			answered <- result{err: err}
			return
		}
		answered <- result{status: resp.StatusCode, err: resp.Body.Close()}
	}()
	<-serving
	stopped := make(chan error, 1)
	go func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(t.Context()), 10*time.Second)
		defer cancel()
		stopped <- app.Stop(ctx)
	}()
	require.Eventually(t, func() bool { // new connections are refused while the old request goes on
		conn, err := net.Dial("tcp", cfg.Listener.Addr().String())
		if err == nil {
			_ = conn.Close()
		}
		return err != nil
	}, 5*time.Second, time.Millisecond)
	close(release)
	got := <-answered
	require.NoError(t, got.err)
	require.Equal(t, http.StatusOK, got.status)
	require.NoError(t, <-stopped)
}

// While it drains, a service says that it is not ready, still answers, and ends each connection with its answer.
func TestADrainingServiceEndsItsConnections(t *testing.T) {
	cfg := kitConfig(t)
	cfg.DrainDelay = time.Minute
	app := fxtest.New(t, servicefx.Kit("toy", cfg), handler(func(w http.ResponseWriter, _ *http.Request) { httpx.WriteJSON(w, http.StatusOK, "done") }))
	app.RequireStart()
	transport := &http.Transport{}
	defer transport.CloseIdleConnections()
	ask := func(path string) (status int, last bool) {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://"+cfg.Listener.Addr().String()+path, http.NoBody)
		require.NoError(t, err)
		resp, err := transport.RoundTrip(r)
		require.NoError(t, err)
		require.NoError(t, resp.Body.Close())
		return resp.StatusCode, resp.Close
	}
	_, last := ask("/slow")
	require.False(t, last)
	ctx, cancel := context.WithCancel(t.Context())
	stopped := make(chan error, 1)
	go func() { stopped <- app.Stop(ctx) }()
	require.Eventually(t, func() bool {
		status, _ := ask("/health/ready")
		return status == http.StatusServiceUnavailable
	}, 5*time.Second, time.Millisecond)
	status, last := ask("/slow")
	require.Equal(t, http.StatusOK, status)
	require.True(t, last)
	cancel()
	require.ErrorIs(t, <-stopped, context.Canceled)
}

func TestAPortInUseFailsTheStart(t *testing.T) {
	cfg := kitConfig(t)
	defer func() { require.NoError(t, cfg.Listener.Close()) }()
	taken := cfg
	taken.Listener, taken.Addr = nil, cfg.Listener.Addr().String()
	app := fx.New(fx.NopLogger, servicefx.Kit("toy", taken), handler(func(http.ResponseWriter, *http.Request) {}))
	require.NoError(t, app.Err())
	require.ErrorContains(t, app.Start(t.Context()), "address already in use")
	require.NoError(t, app.Stop(t.Context()))
}

func TestWithoutKeysNothingStarts(t *testing.T) {
	cfg := kitConfig(t)
	defer func() { require.NoError(t, cfg.Listener.Close()) }()
	cfg.Signing = signing.Config{}
	app := fx.New(fx.NopLogger, servicefx.Kit("toy", cfg), handler(func(http.ResponseWriter, *http.Request) {}))
	require.ErrorContains(t, app.Err(), "UPDSPACE_SIGNING_SECRET")
}

func TestConfigValidate(t *testing.T) {
	require.NoError(t, servicefx.Config{Mode: servicefx.Production, Addr: ":1"}.Validate())
	err := servicefx.Config{Mode: "prod"}.Validate()
	require.ErrorContains(t, err, "UPDSPACE_MODE")
	require.ErrorContains(t, err, "LISTEN_ADDR")
}
