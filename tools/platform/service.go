package platform

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net"
	"strconv"
	"sync"

	"go.uber.org/fx"

	"go.updspace.com/libs/pg"
	"go.updspace.com/tools/internal/tcpport"
)

// Service is one of the platform's services.
type Service struct {
	Name string
	Port int

	platform   *Platform
	definition definition
	database   pg.Provisioned

	mu       sync.Mutex
	listener net.Listener // claimed, not yet given to an instance
	main     *Instance
	others   []*Instance
}

// Instance is one running copy of a service.
type Instance struct {
	URL string // http://127.0.0.1:port

	app     *fx.App
	stopped bool
}

// URL is the service's address for other services.
func (s *Service) URL() string { return "http://" + s.Addr() }

// Addr is host:port of the service.
func (s *Service) Addr() string { return net.JoinHostPort(s.platform.callHost(), strconv.Itoa(s.Port)) }

// Database is the name of the service's database.
func (s *Service) Database() string { return s.definition.database }

func (s *Service) listen(ctx context.Context, port int) error {
	var lc net.ListenConfig
	l, err := lc.Listen(ctx, "tcp", net.JoinHostPort(s.platform.bind(), strconv.Itoa(port)))
	if err != nil {
		if holder := tcpport.Holder(port); port != 0 && holder != "" {
			return fmt.Errorf("port %d, which %s needs, is in use by %s", port, s.Name, holder)
		}
		return fmt.Errorf("port of %s: %w", s.Name, err)
	}
	s.listener, s.Port = l, l.Addr().(*net.TCPAddr).Port
	return nil
}

// boot makes the database, writes the demo data and then starts the service, so that every answer comes from a complete one.
func (s *Service) boot(ctx context.Context) error {
	var err error
	if s.database, err = pg.Provision(ctx, s.platform.Postgres.AdminURL, s.definition.database); err != nil {
		return fmt.Errorf("%s: %w", s.Name, err)
	}
	if s.definition.seed != nil && !s.platform.opts.NoDemo {
		if err := s.definition.seed(ctx, s.platform.env(s)); err != nil {
			return fmt.Errorf("%s: demo data: %w", s.Name, err)
		}
	}
	return s.Start(ctx)
}

// Start runs the service on its port again after Stop.
func (s *Service) Start(ctx context.Context) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.main != nil {
		return errors.New("platform: " + s.Name + " runs already")
	}
	if s.listener == nil {
		if err := s.listen(ctx, s.Port); err != nil {
			return err
		}
	}
	listener := s.listener
	s.listener = nil
	i, err := s.run(ctx, listener, s.platform.env(s))
	if err != nil {
		return err
	}
	s.main = i
	return nil
}

// StartAnother runs a second copy of the service, on a port of its own, against the same database. settings override its environment.
func (s *Service) StartAnother(ctx context.Context, settings map[string]string) (*Instance, error) {
	var lc net.ListenConfig
	l, err := lc.Listen(ctx, "tcp", net.JoinHostPort(s.platform.callHost(), "0"))
	if err != nil {
		return nil, err
	}
	env := s.platform.env(s)
	delete(env, "ADMIN_ADDR")
	maps.Copy(env, settings)
	i, err := s.run(ctx, l, env)
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.others = append(s.others, i)
	return i, nil
}

func (s *Service) run(ctx context.Context, l net.Listener, env map[string]string) (*Instance, error) {
	output, err := s.platform.logs.service(s.Name)
	if err != nil {
		return nil, errors.Join(err, l.Close())
	}
	module, err := s.definition.module(env, l, output)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("%s: %w", s.Name, err), l.Close())
	}
	watched := fx.Decorate(func(fx.Shutdowner) fx.Shutdowner { return shutdowner{s} })
	i := &Instance{URL: "http://" + l.Addr().String(), app: fx.New(module, watched)}
	if err := i.app.Err(); err != nil {
		return nil, errors.Join(fmt.Errorf("assembling %s: %w", s.Name, err), l.Close())
	}
	// Not cancelled with ctx: fx undoes a start that failed with the same context, and with a cancelled one it undoes nothing.
	startCtx, cancel := context.WithTimeout(context.WithoutCancel(ctx), i.app.StartTimeout())
	defer cancel()
	if err := i.app.Start(startCtx); err != nil {
		return nil, errors.Join(fmt.Errorf("starting %s: %w", s.Name, err), l.Close())
	}
	return i, nil
}

// shutdowner is told when a service gives itself up. fx's own would also listen for the terminal's signals, which are the platform's to handle.
type shutdowner struct{ *Service }

func (s shutdowner) Shutdown(...fx.ShutdownOption) error {
	s.platform.fail(fmt.Errorf("%s stopped by itself; see %s", s.Name, s.platform.logs.path(s.Name)))
	return nil
}

// Stop lets the instance finish what it is doing and ends it. It may be called more than once.
func (i *Instance) Stop(ctx context.Context) error {
	if i.stopped {
		return nil
	}
	i.stopped = true
	ctx, cancel := context.WithTimeout(ctx, i.app.StopTimeout())
	defer cancel()
	return i.app.Stop(ctx)
}

// Stop ends the service until Start.
func (s *Service) Stop(ctx context.Context) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.main == nil {
		return nil
	}
	err := s.main.Stop(ctx)
	s.main = nil
	if err != nil {
		return fmt.Errorf("stopping %s: %w", s.Name, err)
	}
	return nil
}

// shut ends every instance and lets go of a port that was claimed and never used.
func (s *Service) shut(ctx context.Context) error {
	err := s.Stop(ctx)
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, i := range s.others {
		err = errors.Join(err, i.Stop(ctx))
	}
	if s.listener != nil {
		err = errors.Join(err, s.listener.Close())
		s.listener = nil
	}
	return err
}
