package services

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"

	"go.uber.org/fx"
)

// Instance is a running copy of a service.
type Instance struct {
	app     *fx.App
	stopped bool
}

// Start runs the service on a listener that is open already, which it closes when it cannot start. failed is called when the service
// gives itself up.
func (s Service) Start(ctx context.Context, env map[string]string, l net.Listener, log io.Writer, failed func()) (*Instance, error) {
	module, err := s.Module(env, l, log)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("%s: %w", s.Name, err), l.Close())
	}
	i := &Instance{app: fx.New(module, fx.Decorate(func(fx.Shutdowner) fx.Shutdowner { return shutdowner(failed) }))}
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

// shutdowner is told when a service gives itself up. fx's own would also listen for the terminal's signals, which are the program's to handle.
type shutdowner func()

func (s shutdowner) Shutdown(...fx.ShutdownOption) error {
	s()
	return nil
}
