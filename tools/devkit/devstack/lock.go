package devstack

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// dirLock is held for as long as a server of ours uses a directory. The kernel lets go of it when the holder dies, however it dies.
type dirLock struct{ f *os.File }

func lockDir(dir string, wait bool) (*dirLock, error) {
	f, err := os.OpenFile(filepath.Join(dir, "lock"), os.O_RDWR|os.O_CREATE, 0o644)
	if err != nil {
		return nil, err
	}
	how := syscall.LOCK_EX
	if !wait {
		how |= syscall.LOCK_NB
	}
	for {
		err = syscall.Flock(int(f.Fd()), how)
		if !errors.Is(err, syscall.EINTR) {
			break
		}
	}
	if errors.Is(err, syscall.EWOULDBLOCK) {
		holder, _ := os.ReadFile(f.Name())
		f.Close()
		return nil, fmt.Errorf("%w: %s (process %s)", ErrBusy, dir, strings.TrimSpace(string(holder)))
	}
	if err != nil {
		f.Close()
		return nil, err
	}
	_ = f.Truncate(0)
	_, _ = f.WriteAt([]byte(fmt.Sprintln(os.Getpid())), 0)
	return &dirLock{f}, nil
}

func (l *dirLock) release() {
	if l != nil {
		l.f.Close()
	}
}

// throwAwayDir makes a directory for a throw-away server that the account can reach, and sweeps what earlier processes could not delete
// because they were killed.
func throwAwayDir(a account, kind string) (string, *dirLock, error) {
	base := os.TempDir()
	if !a.reaches(base) {
		base = filepath.Join(publicBase, "tmp")
		if err := os.MkdirAll(base, 0o755); err != nil {
			return "", nil, err
		}
	}
	prefix := "updspace-" + kind + "-"
	old, _ := filepath.Glob(filepath.Join(base, prefix+"*"))
	for _, dir := range old {
		if info, err := os.Stat(dir); err != nil || time.Since(info.ModTime()) < time.Minute {
			continue // perhaps being set up by another process this very moment
		}
		if l, err := lockDir(dir, false); err == nil {
			_ = os.RemoveAll(dir)
			l.release()
		}
	}
	dir, err := os.MkdirTemp(base, prefix)
	if err != nil {
		return "", nil, err
	}
	l, err := lockDir(dir, false)
	if err != nil {
		return "", nil, err
	}
	return dir, l, os.Chmod(dir, 0o755)
}
