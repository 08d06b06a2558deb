// Package devstack brings up the servers a developer's machine and the tests need: PostgreSQL and Redis.
//
// It uses what is there and fetches what is not, in this order: a configured address, binaries on the machine, the package manager
// (as root or with passwordless sudo), and last a private copy under the cache directory that needs no privileges at all. Servers
// listen on loopback only, on free ports, and die with the process that started them.
//
// Development and tests only: nothing here belongs in production.
package devstack

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"time"
)

// The environment variables that name servers to use instead of starting our own.
const (
	EnvPostgresURL = "UPDSPACE_POSTGRES_URL" // of a superuser, or of a role that may create databases and roles
	EnvRedisAddr   = "UPDSPACE_REDIS_ADDR"   // host:port
)

// Options say where a server lives. The zero value gives a throw-away server.
type Options struct {
	// Dir keeps the server's data between starts. Empty means a throw-away server: fast, not crash safe, deleted on Stop.
	Dir string
	// Cache keeps fetched programs. Empty means .dev/cache of the workspace around the working directory.
	Cache string
	// Log tells about discovery and installation. Nil means slog.Default().
	Log *slog.Logger
	// Output receives what the server itself prints. Nil means a file beside the data.
	Output io.Writer
	// Replicated makes a throw-away PostgreSQL that a standby can follow.
	Replicated bool
}

func (o Options) throwAway() bool { return o.Dir == "" }

func (o Options) log() *slog.Logger {
	if o.Log == nil {
		return slog.Default()
	}
	return o.Log
}

func (o Options) cache() (string, error) {
	dir := o.Cache
	if dir == "" {
		dir = DefaultCache()
	}
	dir, err := filepath.Abs(dir)
	if err != nil {
		return "", err
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return "", fmt.Errorf("devstack: cache directory: %w", err)
	}
	return dir, nil
}

// DefaultCache is .dev/cache of the workspace that contains the working directory, so that every module's tests share one download.
func DefaultCache() string {
	if root, ok := WorkspaceRoot(); ok {
		return filepath.Join(root, ".dev", "cache")
	}
	if dir, err := os.UserCacheDir(); err == nil {
		return filepath.Join(dir, "updspace")
	}
	return filepath.Join(os.TempDir(), fmt.Sprintf("updspace-cache-%d", os.Getuid()))
}

// WorkspaceRoot is the nearest directory at or above the working directory that holds a go.work file.
func WorkspaceRoot() (string, bool) {
	dir, err := os.Getwd()
	if err != nil {
		return "", false
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.work")); err == nil {
			return dir, true
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return "", false
		}
		dir = parent
	}
}

// ErrBusy says that another process is using the same data directory.
var ErrBusy = errors.New("devstack: the data directory is in use by another process")

// freePort asks the kernel for a free port. Another process may take it before it is used: callers retry.
func freePort() (int, error) {
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port, nil
}

func randomHex(bytes int) string {
	b := make([]byte, bytes)
	_, _ = rand.Read(b) // never fails, says its documentation
	return hex.EncodeToString(b)
}

func shortHash(s string) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:6])
}

// waitFor calls probe until it succeeds, the process ends, or ctx is done.
func waitFor(ctx context.Context, p *process, probe func(context.Context) error) error {
	probing, cancel := context.WithCancel(ctx)
	defer cancel()
	go func() { // a probe may hang on a stranger who took the port: the end of the process ends it too
		select {
		case <-p.done:
			cancel()
		case <-probing.Done():
		}
	}()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		err := probe(probing)
		if err == nil {
			return nil
		}
		select {
		case <-p.done:
			return fmt.Errorf("%s ended while starting: %w", p.name, p.err)
		case <-ctx.Done():
			return fmt.Errorf("%s did not become ready: %w (last: %w)", p.name, ctx.Err(), err)
		case <-tick.C:
		}
	}
}
