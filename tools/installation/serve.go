package installation

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"go.updspace.com/tools/broker"
	"go.updspace.com/tools/services"
)

// stopPatience is how long stopping everything may take before it is cut short.
const stopPatience = 45 * time.Second

// platform is what Serve has started, in the order in which it is stopped.
type platform struct {
	settings Settings
	cfg      Config
	output   io.Writer
	log      *slog.Logger
	failed   chan error

	servers   []*http.Server
	addr      net.Addr
	instances []*services.Instance
	broker    *broker.Server
}

// Serve runs the platform until ctx ends, or until a part of it fails. The services write their log lines to output. ready is told the
// address of the door once everything answers.
func Serve(ctx context.Context, s Settings, output io.Writer, ready func(net.Addr)) error {
	if err := s.Check(); err != nil {
		return err
	}
	cfg, err := s.Config()
	if err != nil {
		return err
	}
	p := &platform{settings: s, cfg: cfg, output: &lines{w: output}, failed: make(chan error, 1)}
	p.log = slog.New(slog.NewJSONHandler(p.output, nil)).With("service", "serve")
	err = p.start(ctx)
	if err == nil {
		ready(p.addr)
		select {
		case <-ctx.Done():
		case err = <-p.failed:
		}
	}
	stopCtx, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopPatience)
	defer cancel()
	return errors.Join(err, p.stop(stopCtx))
}

func (p *platform) start(ctx context.Context) error {
	if err := os.MkdirAll(p.cfg.DataDir, 0o750); err != nil {
		return err
	}
	// Ports first: one in use is the commonest trouble, and should be reported without a wait.
	listeners, err := p.listen(ctx)
	if err != nil {
		return err
	}
	nats := p.cfg.NATSURL
	if nats == "" {
		p.broker, err = broker.Start(broker.Options{
			Dir: p.cfg.BrokerDir(), Token: p.cfg.NATSToken, Port: p.cfg.NATSPort, Log: p.log.With("server", "nats"),
		})
		if err != nil {
			return errors.Join(err, closeAll(listeners))
		}
		nats = p.broker.URL()
	}
	starts, startCtx := errgroup.WithContext(ctx)
	var mu sync.Mutex
	for _, s := range services.All() {
		env, l := p.settings.Env(s.Name), listeners[s.Name]
		env["NATS_URL"] = nats
		starts.Go(func() error {
			if env["DATABASE_MIGRATE_URL"] != "" {
				if err := s.Migrate(startCtx, env); err != nil {
					return errors.Join(fmt.Errorf("%s: %w", s.Name, err), l.Close())
				}
			}
			i, err := s.Start(startCtx, env, l, p.output, func() { p.fail(fmt.Errorf("%s stopped by itself; see the log", s.Name)) })
			if err != nil {
				return err
			}
			mu.Lock()
			defer mu.Unlock()
			p.instances = append(p.instances, i)
			return nil
		})
	}
	if err := starts.Wait(); err != nil {
		return err
	}
	return p.open(ctx)
}

// listen opens a listener for every service.
func (p *platform) listen(ctx context.Context) (map[string]net.Listener, error) {
	listeners := map[string]net.Listener{}
	for _, s := range services.All() {
		l, err := new(net.ListenConfig).Listen(ctx, "tcp", p.settings.Env(s.Name)["LISTEN_ADDR"])
		if err != nil {
			return nil, errors.Join(fmt.Errorf("%s: %w", s.Name, err), closeAll(listeners))
		}
		listeners[s.Name] = l
	}
	return listeners, nil
}

func closeAll(listeners map[string]net.Listener) error {
	var problems []error
	for _, l := range listeners {
		problems = append(problems, l.Close())
	}
	return errors.Join(problems...)
}

// open lets browsers in.
func (p *platform) open(ctx context.Context) error {
	l, err := p.cfg.listen(ctx)
	if err != nil {
		return fmt.Errorf("SERVE_ADDR: %w", err)
	}
	p.addr = l.Addr()
	p.serve(l, door(p.cfg.idHost(), p.settings.Env("identity")["LISTEN_ADDR"], p.settings.Env("bff")["LISTEN_ADDR"], p.log))
	if p.cfg.RedirectAddr == "" {
		return nil
	}
	if l, err = new(net.ListenConfig).Listen(ctx, "tcp", p.cfg.RedirectAddr); err != nil {
		return fmt.Errorf("SERVE_REDIRECT_ADDR: %w", err)
	}
	p.serve(l, http.HandlerFunc(toHTTPS))
	return nil
}

func (p *platform) serve(l net.Listener, h http.Handler) {
	s := server(h, p.log)
	p.servers = append(p.servers, s)
	go func() {
		if err := s.Serve(l); !errors.Is(err, http.ErrServerClosed) {
			p.fail(err)
		}
	}()
}

func (p *platform) fail(err error) {
	select {
	case p.failed <- err:
	default: // the first reason is the one to tell
	}
}

// stop ends everything. The door closes while the services finish, because their streams end with them.
func (p *platform) stop(ctx context.Context) error {
	var doors errgroup.Group
	for _, s := range p.servers {
		doors.Go(func() error { return s.Shutdown(ctx) })
	}
	var stops errgroup.Group
	for _, i := range p.instances {
		stops.Go(func() error { return i.Stop(ctx) })
	}
	err := errors.Join(stops.Wait(), doors.Wait())
	if p.broker != nil {
		p.broker.Stop()
	}
	return err
}

// lines keeps the log lines of several services whole.
type lines struct {
	mu sync.Mutex
	w  io.Writer
}

func (l *lines) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.w.Write(b)
}
