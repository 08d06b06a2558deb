package platform

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net"
	"strconv"
	"sync"

	"go.updspace.com/libs/pg"
	"go.updspace.com/tools/internal/tcpport"
	"go.updspace.com/tools/services"
)

// Service is one of the platform's services.
type Service struct {
	Name string
	Port int

	platform   *Platform
	definition services.Service
	database   pg.Provisioned

	mu       sync.Mutex
	listener net.Listener // claimed, not yet given to an instance
	main     *Instance
	others   []*Instance
}

// Instance is one running copy of a service.
type Instance struct {
	URL string // http://127.0.0.1:port

	*services.Instance
}

// URL is the service's address for other services.
func (s *Service) URL() string { return "http://" + s.Addr() }

// Addr is host:port of the service.
func (s *Service) Addr() string { return net.JoinHostPort(s.platform.callHost(), strconv.Itoa(s.Port)) }

// Database is the name of the service's database.
func (s *Service) Database() string { return s.definition.Database }

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
	if s.database, err = pg.Provision(ctx, s.platform.Postgres.AdminURL, s.definition.Database); err != nil {
		return fmt.Errorf("%s: %w", s.Name, err)
	}
	if s.definition.SeedDemo != nil && !s.platform.opts.NoDemo {
		if err := s.definition.Migrate(ctx, s.platform.env(s)); err != nil {
			return fmt.Errorf("%s: %w", s.Name, err)
		}
		if err := s.definition.SeedDemo(ctx, s.platform.env(s)); err != nil {
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
	i, err := s.definition.Start(ctx, env, l, output, func() {
		s.platform.fail(fmt.Errorf("%s stopped by itself; see %s", s.Name, s.platform.logs.path(s.Name)))
	})
	if err != nil {
		return nil, err
	}
	return &Instance{URL: "http://" + l.Addr().String(), Instance: i}, nil
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
