package devstack

import (
	"io"
	"os/exec"
	"runtime"
	"syscall"
	"time"
)

// process is a server running as our child.
type process struct {
	name string
	cmd  *exec.Cmd
	done chan struct{} // closed when it has ended
	err  error         // why, valid after done
}

// launch describes a child to start.
type launch struct {
	name   string
	path   string
	args   []string // without argv[0]
	argv0  string   // argv[0] when it is not path
	env    []string
	dir    string
	output io.Writer
	as     account
	death  syscall.Signal // what the kernel sends when this process dies without saying goodbye
}

// start runs the child in its own process group, so that Ctrl-C at the terminal reaches only us and we decide the order of stopping, and
// asks the kernel to signal it when we die in any way, so that a kill -9 leaves nothing behind.
func start(l launch) (*process, error) {
	cmd := exec.Command(l.path, l.args...)
	if l.argv0 != "" {
		cmd.Args[0] = l.argv0
	}
	cmd.Env, cmd.Dir, cmd.Stdout, cmd.Stderr = l.env, l.dir, l.output, l.output
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Credential: l.as.credential()}
	dieWithParent(cmd.SysProcAttr, l.death)

	cmd.WaitDelay = 5 * time.Second // for output still held open by grandchildren

	p := &process{name: l.name, cmd: cmd, done: make(chan struct{})}
	started := make(chan error)
	go func() {
		// The kernel's "parent" is the thread that forked. Holding that thread until the child ends keeps the runtime from retiring it early.
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		if err := cmd.Start(); err != nil {
			started <- err
			return
		}
		started <- nil
		p.err = cmd.Wait()
		if p.err == nil {
			p.err = errExited
		}
		close(p.done)
	}()
	if err := <-started; err != nil {
		return nil, err
	}
	return p, nil
}

// stop sends the signals one after another, each with its own patience, until the child has ended.
func (p *process) stop(steps ...stopStep) {
	for _, s := range steps {
		_ = p.cmd.Process.Signal(s.signal)
		select {
		case <-p.done:
			return
		case <-time.After(s.patience):
		}
	}
	_ = syscall.Kill(-p.cmd.Process.Pid, syscall.SIGKILL)
	<-p.done
}

type stopStep struct {
	signal   syscall.Signal
	patience time.Duration
}
