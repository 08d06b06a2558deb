package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"slices"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/lmittmann/tint"

	"go.updspace.com/libs/fx/servicefx"
	"go.updspace.com/tools/journey"
	"go.updspace.com/tools/platform"
)

type upCmd struct {
	Bind   string `help:"Address to listen on, and at which the services call each other." default:"127.0.0.1"`
	Admin  bool   `help:"Serve each service's metrics and profiles on its port + 1000."`
	Level  string `help:"Log level of the services." enum:"DEBUG,INFO,WARN,ERROR" default:"INFO"`
	NoDemo bool   `help:"Leave the demo data out."`

	PublicOrigin   string   `help:"Origin of the tenants' pages as browsers see it, with {tenant} for the slug: http://{tenant}.localhost:3000."`
	IDPublicOrigin string   `name:"id-public-origin" help:"Origin of the ID service as browsers see it."`
	Env            []string `help:"Set a setting of all services (NAME=VALUE) or of one (SERVICE:NAME=VALUE). May be repeated." sep:"none"`
}

// settings reads the --env flags, by service.
func settings(flags []string) (map[string]map[string]string, error) {
	env := map[string]map[string]string{}
	for _, flag := range flags {
		name, value, ok := strings.Cut(flag, "=")
		service := ""
		if before, after, found := strings.Cut(name, ":"); found {
			service, name = before, after
		}
		if !ok || name == "" || service != "" && !slices.Contains(platform.Names(), service) {
			return nil, fmt.Errorf("--env takes NAME=VALUE or SERVICE:NAME=VALUE with one of the services %s, not %q",
				strings.Join(platform.Names(), ", "), flag)
		}
		if env[service] == nil {
			env[service] = map[string]string{}
		}
		env[service][name] = value
	}
	return env, nil
}

func (u *upCmd) Run(ctx context.Context, c *cli) error {
	dir, err := c.dir()
	if err != nil {
		return err
	}
	env, err := settings(u.Env)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	go stopWithParent(ctx, cancel)
	began := time.Now()
	terminal := &lockedWriter{w: os.Stderr}
	table := &table{w: terminal}
	pretty := func(level slog.Level) *slog.Logger {
		return slog.New(tint.NewTextHandler(terminal, &tint.Options{Level: level, TimeFormat: time.TimeOnly, NoColor: !isTerminal(os.Stderr)}))
	}
	slog.SetDefault(pretty(slog.LevelWarn)) // for libraries that know no logger but this
	servicefx.SetGC()
	p, err := platform.Start(ctx, platform.Options{
		Dir: dir, FixedPorts: true, Bind: u.Bind, Admin: u.Admin, LogLevel: u.Level, NoDemo: u.NoDemo,
		PublicOrigin: u.PublicOrigin, IDPublicOrigin: u.IDPublicOrigin, Env: env,
		Warnings: terminal, Progress: table.add, Log: pretty(slog.LevelInfo),
	})
	if err != nil {
		if errors.Is(err, platform.ErrRunning) {
			return err
		}
		if ctx.Err() != nil {
			fmt.Fprintln(terminal, "\nStopped before it was up.")
			return exit(130)
		}
		return fmt.Errorf("the platform did not start:\n  %s\nLogs are in %s/logs. `make doctor` says what this machine lacks",
			strings.ReplaceAll(err.Error(), "\n", "\n  "), dir)
	}
	table.print(os.Stdout, time.Since(began))
	if !u.NoDemo {
		welcome(os.Stdout, p, dir)
	}

	var failure error
	select {
	case <-ctx.Done():
	case failure = <-p.Failed():
	}
	return u.stop(p, terminal, failure)
}

// stopWithParent stops us when `make` or `go run` is killed: they pass no signal on, and would leave a running platform behind.
func stopWithParent(ctx context.Context, stop func()) {
	parent := os.Getppid()
	name, err := os.ReadFile(fmt.Sprintf("/proc/%d/comm", parent))
	if err != nil || !slices.Contains([]string{"make", "go"}, strings.TrimSpace(string(name))) {
		return
	}
	tick := time.NewTicker(500 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			if os.Getppid() != parent {
				stop()
				return
			}
		}
	}
}

// stop ends the platform; a second Ctrl-C does not wait for what is still being finished.
func (u *upCmd) stop(p *platform.Platform, terminal io.Writer, failure error) error {
	if failure != nil {
		fmt.Fprintf(terminal, "\n%v\nStopping the rest.\n", failure)
	} else {
		fmt.Fprintln(terminal, "\nStopping. The data stays; once more Ctrl-C does not wait.")
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	again := make(chan os.Signal, 1)
	signal.Notify(again, os.Interrupt, syscall.SIGTERM)
	began := time.Now()
	go func() {
		for {
			select {
			case <-again:
				if time.Since(began) > time.Second { // wrappers pass on a Ctrl-C that the terminal has sent us already
					cancel()
					return
				}
			case <-ctx.Done():
				return
			}
		}
	}()
	err := p.Stop(ctx)
	if failure != nil {
		return exit(1)
	}
	if err != nil {
		return fmt.Errorf("stopping: %w", err)
	}
	fmt.Fprintln(terminal, "Stopped.")
	return nil
}

// table collects the rows of the start-up table. Until it is printed, each row is told as it comes, so that a first start, which downloads
// and builds databases, is not silent.
type table struct {
	mu   sync.Mutex
	w    io.Writer
	rows []platform.Part
}

func (t *table) add(p platform.Part) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.rows = append(t.rows, p)
	if p.Took > 3*time.Second && p.Err == nil {
		fmt.Fprintf(t.w, "%s is up after %s\n", p.Name, p.Took.Round(100*time.Millisecond))
	}
}

func rounded(d time.Duration) time.Duration {
	if d < time.Second {
		return d.Round(time.Millisecond)
	}
	return d.Round(100 * time.Millisecond)
}

// tableOrder puts the rows in reading order whatever order they came in.
var tableOrder = []string{"postgres", "redis", "nats", "stand-ins"}

func (t *table) print(w io.Writer, total time.Duration) {
	t.mu.Lock()
	defer t.mu.Unlock()
	green, plain := "", ""
	if f, ok := w.(*os.File); ok && isTerminal(f) {
		green, plain = "\x1b[32m", "\x1b[0m"
	}
	fmt.Fprintf(w, "\n  %-12s %-6s %-7s %-8s %s\n", "SERVICE", "PORT", "STATE", "TIME", "")
	line := func(p platform.Part) {
		state := green + fmt.Sprintf("%-7s", "up") + plain
		fmt.Fprintf(w, "  %-12s %-6d %s %-8s %s\n", p.Name, p.Port, state, rounded(p.Took), p.Note)
	}
	printed := map[string]bool{}
	for _, name := range append(append([]string{}, tableOrder...), platform.Names()...) {
		for _, p := range t.rows {
			if p.Name == name && !printed[name] {
				printed[name] = true
				line(p)
			}
		}
	}
	fmt.Fprintf(w, "\n  All up in %s.\n", rounded(total))
}

func welcome(w io.Writer, p *platform.Platform, dir string) {
	aef, gaming := p.Origin("aef"), p.Origin("gaming")
	fmt.Fprintf(w, `
  Open       %s/
             %s/
  ID         %s/
  Mailbox    %s/dev/mail
  Logs       %s/logs

  Accounts, all with the password %s:
    %-22s tenant admin of aef
    %-22s member of aef
    %-22s member of aef
    %-22s suspended
    %-22s system administrator, member of aef
    %-22s admin of gaming

  make demo walks through it all. Ctrl-C stops.

`, aef, gaming, p.IDOrigin(), p.IDOrigin(), dir, journey.Password,
		journey.Admin, journey.Member, journey.Second, journey.Suspended, journey.Root, journey.Outsider)
}

// lockedWriter keeps lines of several goroutines whole.
type lockedWriter struct {
	mu sync.Mutex
	w  io.Writer
}

func (l *lockedWriter) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.w.Write(p)
}

func isTerminal(f *os.File) bool {
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}
