package platform

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"sync"
	"syscall"
	"time"
)

// logs are one file per part; the services' warnings also go to the terminal.
type logs struct {
	dir      string
	warnings io.Writer
	mu       sync.Mutex
	open     map[string]*os.File
}

func openLogs(dir string, warnings io.Writer) (*logs, error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, err
	}
	return &logs{dir: dir, warnings: warnings, open: map[string]*os.File{}}, nil
}

func (l *logs) path(name string) string { return filepath.Join(l.dir, name+".log") }

// file opens the part's log for appending; asked twice, it is the same file.
func (l *logs) file(name string) (*os.File, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if f := l.open[name]; f != nil {
		return f, nil
	}
	if err := rotate(l.path(name)); err != nil {
		return nil, err
	}
	f, err := os.OpenFile(l.path(name), os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o600)
	if err != nil {
		return nil, err
	}
	l.open[name] = f
	return f, nil
}

const maxLog = 20 << 20

// rotate puts an overgrown log aside, replacing the one before.
func rotate(path string) error {
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	if info.Size() < maxLog {
		return nil
	}
	return os.Rename(path, path+".old")
}

func (l *logs) service(name string) (io.Writer, error) {
	f, err := l.file(name)
	if err != nil || l.warnings == nil {
		return f, err
	}
	return io.MultiWriter(f, &alarm{service: name, to: l.warnings, mu: &l.mu}), nil
}

func (l *logs) close() {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, f := range l.open {
		f.Close()
	}
}

// alarm shows the warnings among a service's JSON log lines. slog writes a line at a time.
type alarm struct {
	service string
	to      io.Writer
	mu      *sync.Mutex
}

func (a *alarm) Write(p []byte) (int, error) {
	if bytes.Contains(p, []byte(`"level":"WARN`)) || bytes.Contains(p, []byte(`"level":"ERROR`)) {
		a.mu.Lock()
		defer a.mu.Unlock()
		fmt.Fprintln(a.to, a.readable(p))
	}
	return len(p), nil
}

func (a *alarm) readable(line []byte) string {
	var fields map[string]any
	if json.Unmarshal(line, &fields) != nil {
		return a.service + ": " + strings.TrimSpace(string(line))
	}
	text := fmt.Sprintf("%s %-5v %s: %v", time.Now().Format(time.TimeOnly), fields["level"], a.service, fields["msg"])
	for _, known := range []string{"time", "level", "msg", "service"} {
		delete(fields, known)
	}
	names := make([]string, 0, len(fields))
	for name := range fields {
		names = append(names, name)
	}
	sort.Strings(names)
	for _, name := range names {
		if value := fmt.Sprint(fields[name]); value != "" && len(value) < 300 {
			text += fmt.Sprintf(" %s=%s", name, value)
		}
	}
	return text
}

// ErrRunning says that a platform is running on the directory already.
var ErrRunning = errors.New("already running")

// lockFile takes the lock that says "a platform runs here". The kernel frees it when the process dies, however it dies.
func lockFile(path string) (*os.File, error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o644)
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		holder, _ := io.ReadAll(io.LimitReader(f, 32))
		f.Close()
		if errors.Is(err, syscall.EWOULDBLOCK) {
			return nil, fmt.Errorf("%w: process %s runs the platform of %s", ErrRunning, strings.TrimSpace(string(holder)), filepath.Dir(path))
		}
		return nil, err
	}
	if err := f.Truncate(0); err != nil {
		f.Close()
		return nil, err
	}
	if _, err := fmt.Fprintln(f, os.Getpid()); err != nil {
		f.Close()
		return nil, err
	}
	return f, nil
}

// RunningPID is the process that runs a platform on the directory, 0 when none does.
func RunningPID(dir string) int {
	f, err := os.Open(filepath.Join(dir, "running"))
	if err != nil {
		return 0
	}
	defer f.Close()
	if syscall.Flock(int(f.Fd()), syscall.LOCK_SH|syscall.LOCK_NB) == nil {
		return 0
	}
	var pid int
	_, _ = fmt.Fscan(f, &pid)
	return pid
}
