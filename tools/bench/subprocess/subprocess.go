// Package subprocess runs programs that serve until their standard input ends. Whatever happens to this process, its pipes
// are closed, so no child outlives it.
package subprocess

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"time"
)

// Process is a running child.
type Process struct {
	Hello string // the first line it printed
	Pid   int

	name  string
	cmd   *exec.Cmd
	stdin io.Closer
	done  chan struct{}
	err   error
	said  *tail
}

// Start runs a program and waits for the first line on its standard output, by which it says that it is ready. ctx
// bounds the start only. What the program prints on standard error is kept for when something goes wrong, or copied to
// log when that is not nil.
func Start(ctx context.Context, log io.Writer, env []string, path string, args ...string) (*Process, error) {
	p := &Process{name: strings.Join(append([]string{path}, args...), " "), cmd: exec.Command(path, args...), done: make(chan struct{}), said: &tail{also: log}}
	p.cmd.Env, p.cmd.Stderr = env, p.said
	p.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // Ctrl-C is for us; we then stop the children in order
	p.cmd.WaitDelay = 5 * time.Second
	stdin, err := p.cmd.StdinPipe()
	if err != nil {
		return nil, fmt.Errorf("subprocess: %w", err)
	}
	p.stdin = stdin
	out, err := p.cmd.StdoutPipe()
	if err != nil {
		return nil, fmt.Errorf("subprocess: %w", err)
	}
	if err := p.cmd.Start(); err != nil {
		return nil, fmt.Errorf("subprocess: %w", err)
	}
	p.Pid = p.cmd.Process.Pid

	hello := make(chan string, 1)
	go func() {
		lines := bufio.NewReader(out)
		if line, err := lines.ReadString('\n'); err == nil {
			hello <- strings.TrimSpace(line)
		}
		_, _ = io.Copy(p.said, lines)
		if p.err = p.cmd.Wait(); p.err == nil {
			p.err = errEnded
		}
		close(p.done)
	}()
	select {
	case p.Hello = <-hello:
		return p, nil
	case <-p.done:
		return nil, fmt.Errorf("subprocess: %s ended while starting: %w: %s", p.name, p.err, p.said)
	case <-ctx.Done():
		p.Stop()
		return nil, fmt.Errorf("subprocess: %s did not start: %w: %s", p.name, ctx.Err(), p.said)
	}
}

var errEnded = errors.New("without an error")

// Stop asks the child to end, and then makes it.
func (p *Process) Stop() {
	_ = p.stdin.Close()
	for _, signal := range []syscall.Signal{0, syscall.SIGTERM, syscall.SIGKILL} {
		if signal != 0 {
			_ = syscall.Kill(-p.Pid, signal)
		}
		timer := time.NewTimer(patience)
		select {
		case <-p.done:
			timer.Stop()
			return
		case <-timer.C:
		}
	}
}

const patience = 15 * time.Second

// Alive is an error when the child has ended by itself.
func (p *Process) Alive() error {
	select {
	case <-p.done:
		return fmt.Errorf("subprocess: %s ended: %w: %s", p.name, p.err, p.said)
	default:
		return nil
	}
}

// tail keeps the last few kilobytes of what a child said.
type tail struct {
	mu   sync.Mutex
	kept []byte
	also io.Writer
}

const kept = 4 << 10

func (t *tail) Write(b []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.kept = append(t.kept, b...)
	if extra := len(t.kept) - kept; extra > 0 {
		t.kept = t.kept[:copy(t.kept, t.kept[extra:])]
	}
	if t.also != nil {
		return t.also.Write(b)
	}
	return len(b), nil
}

func (t *tail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return strings.TrimSpace(string(t.kept))
}
