package drill

import (
	"context"
	"fmt"
	"syscall"
	"time"
)

// loss is the loss of one part: it is killed, and comes back or is replaced.
type loss struct {
	name    string
	gateway bool // people are connected to it
	kill    func(context.Context) error
	back    func(context.Context) error
}

// figures are what a loss was like.
type figures struct {
	name     string
	failures int           // answers that were not good
	failing  time.Duration // from the loss to the last of them
	flowing  time.Duration // from the loss until every kind of write was acknowledged again
	back     time.Duration // from its start until the part was ready
}

func (f figures) String() string {
	const to = 10 * time.Millisecond
	return fmt.Sprintf("%-16s failures %3d, the last after %6s; all kinds of writes acknowledged after %6s; back within %6s",
		f.name, f.failures, f.failing.Round(to), f.flowing.Round(to), f.back.Round(to))
}

func (c *Cluster) lossOf(p *Process) loss {
	return loss{
		name: p.Name, gateway: p.Kind == "bff",
		kill: func(context.Context) error { p.signal(syscall.SIGKILL); return nil },
		back: func(ctx context.Context) error {
			if err := p.start(); err != nil {
				return err
			}
			if p.Kind == natsRow { // before that, the loss of another may be the loss of the quorum
				return awaitAll(ctx, c.nats)
			}
			return p.await(ctx)
		},
	}
}

func (c *Cluster) lossOfRedis() loss {
	return loss{name: "redis", kill: func(context.Context) error { return c.Redis.Kill() }, back: c.Redis.Start}
}

// lossOfPostgres is for good: the standby takes its place.
func (c *Cluster) lossOfPostgres() loss {
	return loss{
		name: "postgres",
		kill: func(ctx context.Context) error {
			if err := c.Primary.Kill(); err != nil {
				return err
			}
			return c.Standby.Promote(ctx)
		},
		back: func(context.Context) error { return nil },
	}
}

// losses are those of all parts: of every service the first instance and then the second one.
func (c *Cluster) losses() []loss {
	perCopy := len(c.services) / copies
	var all []loss
	for i, p := range c.services {
		all = append(all, c.lossOf(p))
		switch i {
		case 1:
			all = append(all, c.lossOf(c.nats[0]))
		case perCopy - 1:
			all = append(all, c.lossOfRedis())
		case perCopy + 1:
			all = append(all, c.lossOfPostgres())
		case perCopy + 2:
			all = append(all, c.lossOf(c.nats[1]))
		}
	}
	return all
}

// suffer has one loss happen under a load.
func (c *Cluster) suffer(ctx context.Context, l *load, kinds []kind, of loss) (figures, error) {
	f := figures{name: of.name}
	before, _ := l.state()
	l.breaks(of.gateway)
	defer l.breaks(false)
	lost := time.Now()
	if err := of.kill(ctx); err != nil {
		return f, err
	}
	if err := l.flows(ctx, kinds); err != nil {
		return f, fmt.Errorf("without it: %w", err)
	}
	f.flowing = time.Since(lost)
	starts := time.Now()
	if err := of.back(ctx); err != nil {
		return f, err
	}
	f.back = time.Since(starts)
	if err := l.flows(ctx, kinds); err != nil {
		return f, fmt.Errorf("with it again: %w", err)
	}
	after, last := l.state()
	if f.failures = after - before; f.failures > 0 {
		f.failing = last.Sub(lost)
	}
	return f, c.Problem()
}
