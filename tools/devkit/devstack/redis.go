package devstack

import (
	"context"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/alicebob/miniredis/v2"
)

// Redis is a running Redis. It keeps nothing on disk: for our services it is never the only copy of anything.
type Redis struct {
	Addr   string // host:port
	Source string // where the server came from, for people
	// StandIn says that this is miniredis in our own process, because no Redis could be found or fetched. It lacks client-side caching and
	// its keys do not expire by themselves.
	StandIn bool

	opts    Options
	role    []string // arguments that make it a replica or a Sentinel
	program *redisProgram
	as      account
	home    string
	lock    *dirLock
	port    int
	logFile *os.File
	output  io.Writer
	process *process
	mini    *miniredis.Miniredis
	ticking func()
}

// StartRedis uses the server at UPDSPACE_REDIS_ADDR, or starts one, installing Redis if it can.
func StartRedis(ctx context.Context, o Options) (*Redis, error) {
	if addr := os.Getenv(EnvRedisAddr); addr != "" {
		if err := pingRedis(ctx, addr); err != nil {
			return nil, fmt.Errorf("devstack: Redis at %s: %w", EnvRedisAddr, err)
		}
		return &Redis{Addr: addr, Source: "configured in " + EnvRedisAddr, opts: o}, nil
	}
	as, err := serverAccount("redis")
	if err != nil {
		return nil, err
	}
	r := &Redis{opts: o, as: as}
	var why string
	if r.program, why = findRedis(ctx, o, as); r.program == nil {
		o.log().Warn("no Redis could be found or fetched: using an in-process stand-in without client-side caching", "why", why)
		r.StandIn, r.Source = true, "miniredis, in process ("+why+")"
	} else {
		r.Source = r.program.source
		if err := r.makeHome(); err != nil {
			return nil, fmt.Errorf("devstack: Redis directory: %w", err)
		}
	}
	if err := r.Start(ctx); err != nil {
		r.Stop()
		return nil, fmt.Errorf("devstack: Redis: %w", err)
	}
	return r, nil
}

func (r *Redis) makeHome() error {
	var err error
	if r.home, r.lock, err = throwAwayDir(r.as, "redis"); err != nil {
		return err
	}
	if r.output = r.opts.Output; r.output != nil {
		return nil
	}
	r.logFile, err = os.Create(filepath.Join(r.home, "server.log"))
	r.output = r.logFile
	return err
}

// Start runs the server, on its old address if it had one. StartRedis has done it once; tests call it again after Kill.
func (r *Redis) Start(ctx context.Context) error {
	if r.external() {
		return errExternal
	}
	ctx, cancel := context.WithTimeout(ctx, 20*time.Second)
	defer cancel()
	for attempt := 1; ; attempt++ {
		fresh := r.port == 0
		if fresh {
			port, err := freePort()
			if err != nil {
				return err
			}
			r.port = port
		}
		r.Addr = net.JoinHostPort("127.0.0.1", strconv.Itoa(r.port))
		err := r.startOnce(ctx)
		if err == nil || ctx.Err() != nil || attempt == 5 {
			return err
		}
		if fresh {
			r.port = 0
		}
		time.Sleep(50 * time.Millisecond)
	}
}

func (r *Redis) startOnce(ctx context.Context) error {
	if r.StandIn {
		return r.startMini()
	}
	proc, err := start(launch{
		name: "Redis", path: r.program.path, argv0: "redis-server", dir: r.home,
		args:   r.arguments(),
		env:    append([]string{"PATH=" + os.Getenv("PATH"), "LC_ALL=C"}, r.program.env...),
		output: r.output, as: r.as, death: syscall.SIGKILL,
	})
	if err != nil {
		return err
	}
	r.process = proc
	if err := waitFor(ctx, proc, func(ctx context.Context) error { return pingRedis(ctx, r.Addr) }); err != nil {
		r.stopServer(syscall.SIGKILL)
		return err
	}
	return nil
}

func (r *Redis) arguments() []string {
	common := []string{"--bind", "127.0.0.1", "--port", strconv.Itoa(r.port), "--daemonize", "no"}
	if r.sentinel() {
		return append(slices.Clone(r.role), common...)
	}
	return slices.Concat(common, []string{"--save", "", "--appendonly", "no", "--maxmemory", "256mb", "--maxmemory-policy", "allkeys-lru"}, r.role)
}

// startMini runs the stand-in and a clock for it, since miniredis does not age its keys by itself.
func (r *Redis) startMini() error {
	m := miniredis.NewMiniRedis()
	if err := m.StartAddr(r.Addr); err != nil {
		return err
	}
	stop := make(chan struct{})
	go func() {
		tick := time.NewTicker(time.Second)
		defer tick.Stop()
		for {
			select {
			case <-tick.C:
				m.FastForward(time.Second)
			case <-stop:
				return
			}
		}
	}()
	r.mini, r.ticking = m, sync.OnceFunc(func() { close(stop) })
	return nil
}

// pingRedis speaks the protocol's two lines itself: a client library would be a heavy way to ask.
func pingRedis(ctx context.Context, addr string) error {
	dialer := net.Dialer{Timeout: time.Second}
	conn, err := dialer.DialContext(ctx, "tcp", addr)
	if err != nil {
		return err
	}
	defer conn.Close()
	_ = conn.SetDeadline(time.Now().Add(2 * time.Second))
	if _, err := io.WriteString(conn, "*1\r\n$4\r\nPING\r\n"); err != nil {
		return err
	}
	answer := make([]byte, 64)
	n, err := conn.Read(answer)
	if err != nil {
		return err
	}
	// A server that wants a password is alive too; whether the password is right is for the services to find out.
	if got := string(answer[:n]); !strings.HasPrefix(got, "+PONG") && !strings.HasPrefix(got, "-NOAUTH") {
		return fmt.Errorf("not a Redis: it answered %q", got)
	}
	return nil
}

func (r *Redis) external() bool { return r.home == "" && !r.StandIn }

// Done is closed when the server has ended. Nil when there is no process to watch.
func (r *Redis) Done() <-chan struct{} {
	if r.process == nil {
		return nil
	}
	return r.process.done
}

// Kill ends the server at once; all it knew is gone. Start brings an empty one back on the same address.
func (r *Redis) Kill() error {
	if r.external() {
		return errExternal
	}
	r.stopServer(syscall.SIGKILL)
	return nil
}

// Stop ends the server for good. It may be called more than once.
func (r *Redis) Stop() {
	if r.external() {
		return
	}
	r.stopServer(syscall.SIGTERM)
	if r.logFile != nil {
		r.logFile.Close()
	}
	if r.home != "" {
		_ = os.RemoveAll(r.home)
	}
	r.lock.release()
	r.lock = nil
}

func (r *Redis) stopServer(sig syscall.Signal) {
	if r.mini != nil {
		r.ticking()
		r.mini.Close()
		r.mini = nil
	}
	if r.process != nil {
		r.process.stop(stopStep{sig, 5 * time.Second})
		r.process = nil
	}
}
