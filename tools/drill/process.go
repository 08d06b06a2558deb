package drill

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"sync"
	"syscall"
	"time"
)

const (
	loopback  = "127.0.0.1"
	lookEvery = 20 * time.Millisecond
)

// Process is a part that runs in a process of its own.
type Process struct {
	Name string // such as voting-1
	Kind string // the service, or nats

	program []string // with its arguments
	env     []string
	addr    string // of a service
	ready   string // the address that says whether it is ready
	log     string

	mu      sync.Mutex
	cmd     *exec.Cmd
	hold    io.Closer // standard input of the process, which ends with this one
	done    chan struct{}
	stopped bool // on purpose
	ended   error
}

func (p *Process) start() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	out, err := os.OpenFile(p.log, os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o600)
	if err != nil {
		return err
	}
	defer out.Close()
	cmd := exec.Command(p.program[0], p.program[1:]...)
	cmd.Env, cmd.Stdout, cmd.Stderr = p.env, out, out
	if p.hold, err = cmd.StdinPipe(); err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return err
	}
	done := make(chan struct{})
	p.cmd, p.done, p.stopped = cmd, done, false
	go func() {
		err := cmd.Wait()
		p.mu.Lock()
		defer p.mu.Unlock()
		if !p.stopped {
			p.ended = fmt.Errorf("%s ended by itself: %w; see %s", p.Name, errors.Join(err, errEnded), p.log)
		}
		close(done)
	}()
	return nil
}

var errEnded = errors.New("ended")

// signal sends a signal and waits for the end of the process.
func (p *Process) signal(s syscall.Signal) {
	p.mu.Lock()
	cmd, done := p.cmd, p.done
	p.stopped = true
	p.mu.Unlock()
	if cmd == nil {
		return
	}
	_ = cmd.Process.Signal(s)
	<-done
}

// problem says that the process has ended by itself.
func (p *Process) problem() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.ended
}

// await waits until the part says that it is ready.
func (p *Process) await(ctx context.Context) error {
	client := &http.Client{Timeout: 5 * time.Second, Transport: &http.Transport{DisableKeepAlives: true}}
	return until(ctx, func() error {
		if err := p.problem(); err != nil {
			return fatal{err}
		}
		r, err := http.NewRequestWithContext(ctx, http.MethodGet, p.ready, http.NoBody)
		if err != nil {
			return err
		}
		response, err := client.Do(r)
		if err != nil {
			return fmt.Errorf("%s is not ready: %w", p.Name, err)
		}
		_ = response.Body.Close()
		if response.StatusCode != http.StatusOK {
			return fmt.Errorf("%s is not ready: %s", p.Name, response.Status)
		}
		return nil
	})
}

// fatal ends waiting.
type fatal struct{ error }

// until asks again and again until there is no error.
func until(ctx context.Context, ask func() error) error {
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	for {
		err := ask()
		if _, end := errors.AsType[fatal](err); err == nil || end {
			return err
		}
		select {
		case <-ctx.Done():
			return errors.Join(ctx.Err(), err)
		case <-tick.C:
		}
	}
}

func local(port int) string { return net.JoinHostPort(loopback, strconv.Itoa(port)) }

// freePorts are ports that were free just now.
func freePorts(n int) ([]int, error) {
	var ports []int
	for range n {
		l, err := net.Listen("tcp4", local(0))
		if err != nil {
			return nil, err
		}
		defer l.Close()
		ports = append(ports, l.Addr().(*net.TCPAddr).Port)
	}
	return ports, nil
}

func (c *Cluster) logOf(name string) string { return filepath.Join(c.dir, "logs", name+".log") }
