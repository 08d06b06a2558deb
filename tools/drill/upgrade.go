package drill

import (
	"context"
	"fmt"
	"net/http"
	"syscall"
)

// upgrade replaces the instances of all services one after another, by the programs of a folder or, without one, by this program.
func (c *Cluster) upgrade(ctx context.Context, folder string) error {
	for i := range len(c.services) / copies {
		for j := range copies {
			p := c.services[j*len(c.services)/copies+i]
			if err := c.replace(ctx, p, folder); err != nil {
				return fmt.Errorf("%s: %w", p.Name, err)
			}
		}
	}
	return nil
}

// replace does what Kubernetes does with a pod: it is told to stop, gets no new connections when it says that it is not ready, and the next one
// gets them when that is ready.
func (c *Cluster) replace(ctx context.Context, p *Process, folder string) error {
	b := c.balancers[p.Kind]
	stopped := make(chan struct{})
	go func() {
		defer close(stopped)
		p.signal(syscall.SIGTERM)
	}()
	if err := until(ctx, func() error { return p.refuses(ctx) }); err != nil {
		return err
	}
	b.remove(p.addr)
	select {
	case <-stopped:
	case <-ctx.Done():
		return ctx.Err()
	}
	p.program = c.program(p.Kind, folder)
	if err := p.start(); err != nil {
		return err
	}
	if err := p.await(ctx); err != nil {
		return err
	}
	b.add(p.addr)
	return nil
}

// refuses reports that a part does not say that it is ready.
func (p *Process) refuses(ctx context.Context) error {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, p.ready, http.NoBody)
	if err != nil {
		return err
	}
	r.Close = true
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		return nil //nolint:nilerr // it has ended already
	}
	_ = response.Body.Close()
	if response.StatusCode == http.StatusOK {
		return fmt.Errorf("%s is ready", p.Name)
	}
	return nil
}
