package servicefx

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"go.uber.org/fx"
	"go.uber.org/fx/fxevent"

	"go.updspace.com/libs/httpx"
	"go.updspace.com/libs/signing"
	"go.updspace.com/libs/telemetry"
)

// Timeouts of a service's life. Starting includes migrations; stopping
// includes finishing the requests that were accepted.
const (
	StartTimeout = 2 * time.Minute
	StopTimeout  = 30 * time.Second
)

// Kit provides *slog.Logger, *prometheus.Registry and Registerer,
// *telemetry.Tracing, *signing.Keyring, *signing.Verifier and *httpx.Server, and
// serves the graph's http.Handler named "api". Health checks are the
// httpx.Check values of the group "health". options may adjust the kit.
func Kit(name string, cfg Config, options ...func(*httpx.Options)) fx.Option {
	return fx.Options(base(name, cfg), server(name, cfg, options...))
}

// base is the kit without its server, for services and for the commands of operators.
func base(name string, cfg Config) fx.Option {
	return fx.Options(
		fx.StartTimeout(StartTimeout),
		fx.StopTimeout(StopTimeout),
		fx.WithLogger(func(log *slog.Logger) fxevent.Logger {
			l := &fxevent.SlogLogger{Logger: log}
			l.UseLogLevel(slog.LevelDebug)
			return l
		}),
		fx.Provide(
			func() *slog.Logger { return telemetry.NewLogger(output(cfg), cfg.Telemetry, name) },
			func() (*prometheus.Registry, prometheus.Registerer) { return telemetry.NewRegistry(name) },
			func(lc fx.Lifecycle) (*telemetry.Tracing, error) {
				t, err := telemetry.NewTracing(context.Background(), cfg.Telemetry, name)
				if err != nil {
					return nil, err
				}
				lc.Append(fx.StopHook(t.Shutdown))
				return t, nil
			},
			func() mode { return mode(cfg.Mode) },
			func() (*signing.Keyring, error) { return signing.NewKeyring(cfg.Signing) },
		),
	)
}

func server(name string, cfg Config, options ...func(*httpx.Options)) fx.Option {
	return fx.Options(
		fx.Provide(
			func(k *signing.Keyring) *signing.Verifier { return k.Verifier(name) },
			newDrain,
			fx.Annotate(
				func(log *slog.Logger, reg prometheus.Registerer, v *signing.Verifier, d *drain, checks []httpx.Check) *httpx.Server {
					o := httpx.Options{
						Service: name, Logger: log, Registerer: reg, Authenticate: httpx.Signed(v), HeaderAuthenticator: httpx.SignedHeader(v),
						Checks: append(checks, httpx.Check{Name: "accepting", Probe: d.probe}),
					}
					for _, adjust := range options {
						adjust(&o)
					}
					return httpx.New(o)
				},
				fx.ParamTags("", "", "", "", `group:"health"`),
			),
		),
		fx.Invoke(
			func(lc fx.Lifecycle, sd fx.Shutdowner, log *slog.Logger, reg *prometheus.Registry) {
				if cfg.AdminAddr != "" {
					serve(lc, sd, log, "admin", cfg.AdminAddr, nil, telemetry.AdminHandler(reg), nil)
				}
			},
			fx.Annotate(
				func(lc fx.Lifecycle, sd fx.Shutdowner, log *slog.Logger, t *telemetry.Tracing, d *drain, api http.Handler) {
					d.delay = cfg.DrainDelay
					serve(lc, sd, log, "api", cfg.Addr, cfg.Listener, d.closing(t.Handler(api)), d)
				},
				fx.ParamTags("", "", "", "", "", `name:"api"`),
			),
		),
	)
}

func output(cfg Config) interface{ Write([]byte) (int, error) } {
	if cfg.Log != nil {
		return cfg.Log
	}
	return os.Stdout
}

// drain makes a stopping service report itself not ready before it stops
// accepting.
type drain struct {
	stopping atomic.Bool
	delay    time.Duration
}

func newDrain() *drain { return &drain{} }

func (d *drain) probe(context.Context) error {
	if d.stopping.Load() {
		return errors.New("stopping")
	}
	return nil
}

// closing ends the connection of each request that is answered while the service stops, so that few are left to be closed when it has stopped,
// perhaps in the moment in which the next request is sent over them.
func (d *drain) closing(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if d.stopping.Load() {
			w.Header().Set("Connection", "close")
		}
		next.ServeHTTP(w, r)
	})
}

func (d *drain) wait(ctx context.Context) {
	d.stopping.Store(true)
	if d.delay == 0 {
		return
	}
	timer := time.NewTimer(d.delay)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}

// serve ties a server to the life of the application: listening fails the
// start, a server that dies ends the application, and stopping waits for the
// requests in flight.
func serve(lc fx.Lifecycle, sd fx.Shutdowner, log *slog.Logger, what, addr string, listener net.Listener, h http.Handler, d *drain) {
	server := httpx.NewHTTPServer(h, log)
	lc.Append(fx.Hook{
		OnStart: func(ctx context.Context) error {
			if listener == nil {
				var lconf net.ListenConfig
				l, err := lconf.Listen(ctx, "tcp", addr)
				if err != nil {
					return fmt.Errorf("listening for %s: %w", what, err)
				}
				listener = l
			}
			log.Info("listening", "server", what, "addr", listener.Addr().String())
			go func() {
				if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
					log.Error("server failed", "server", what, "error", err)
					_ = sd.Shutdown(fx.ExitCode(1))
				}
			}()
			return nil
		},
		OnStop: func(ctx context.Context) error {
			if d != nil {
				d.wait(ctx)
			}
			if err := server.Shutdown(ctx); err != nil {
				return errors.Join(fmt.Errorf("stopping %s: %w", what, err), server.Close())
			}
			return nil
		},
	})
}
