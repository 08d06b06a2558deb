// Package harness starts what the bench measures: the platform, and the baselines with servers of their own.
package harness

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/redis/rueidis"

	"go.updspace.com/libs/signing"
	"go.updspace.com/tools/bench/cpu"
	"go.updspace.com/tools/bench/subprocess"
	"go.updspace.com/tools/devkit/devstack"
)

const (
	// ProxiedPath is a path that the gateway forwards to the bare baseline instead of to a service; ProxiedEnv is the
	// setting for it. Both gateways then have the same upstream, whose cost is not counted.
	ProxiedPath = "/api/v1/gamification"
	ProxiedEnv  = "GAMIFICATION_URL"
	// ColdAccess is an instance of access whose cache holds a fraction of the bench's users, so that every check misses;
	// StrictAccess has no cache and reads under row-level security; SecondAccess is configured like the first.
	ColdAccess   = "access-cold"
	StrictAccess = "access-strict"
	SecondAccess = "access-second"
	// ProductionVoting is an instance of voting in production mode: in development mode a publisher validates every event. It
	// also is the one that relays events.
	ProductionVoting = "voting-production"
	// ProductionEvents is the same of events.
	ProductionEvents = "events-production"
	// SecretEnv is how the platform learns the secret that the bench signs its calls with.
	SecretEnv = "BENCH_SIGNING_SECRET"
	// ClientSecretEnv is the same for the secret of the OpenID client "portal", as which the bench redeems codes.
	ClientSecretEnv = "BENCH_CLIENT_SECRET"
)

// Places holds the addresses of the platform's parts.
type Places struct {
	At     map[string]string `json:"at"`     // host:port by service
	Origin string            `json:"origin"` // of the demo tenant, as browsers see it
	ID     string            `json:"id"`     // origin of the ID service
	Admin  string            `json:"admin"`  // host:port of the profiles
	// GamificationURL, ActivityURL and IdentityURL are the databases of these services, for the superuser.
	GamificationURL string `json:"gamification_url"`
	ActivityURL     string `json:"activity_url"`
	IdentityURL     string `json:"identity_url"`
	// GatewayURL is that of the gateway, and NATSURL the broker.
	GatewayURL string `json:"gateway_url"`
	NATSURL    string `json:"nats_url"`
}

// Crowd is how many members there are besides those of the demo data, where activity gets events. Each has as many streams as one may have.
const Crowd = 250

// CrowdMember is the user id of one of the crowd.
func CrowdMember(n int) uuid.UUID { return uuid.NewSHA1(uuid.Nil, fmt.Appendf(nil, "bench %d", n)) }

// Baseline is one running baseline.
type Baseline struct {
	Addr  string
	Meter cpu.Meter
}

// Harness is everything running. The platform is one tree of processes, the servers it started included.
type Harness struct {
	Places
	Platform cpu.Meter
	// PlatformPid is the process of all services.
	PlatformPid int
	Baselines   map[string]Baseline
	Keyring     *signing.Keyring
	// ClientSecret is the portal's, as the ID service knows it.
	ClientSecret string

	stop []func()
}

// Options say how to start.
type Options struct {
	Log     io.Writer // what the started programs say; nil keeps it for errors
	Note    func(format string, args ...any)
	Session string // the cookie value that the baseline's gateway knows
	Consume bool   // gamification gets events
	Feed    bool   // activity gets events, and there is a crowd
}

// Start builds and starts everything, with data in a new directory that Stop deletes.
func Start(ctx context.Context, o Options) (*Harness, error) {
	r := &Harness{Baselines: map[string]Baseline{}}
	if err := r.start(ctx, o); err != nil {
		r.Stop()
		return nil, err
	}
	return r, nil
}

// Stop ends everything, in the opposite order.
func (r *Harness) Stop() {
	for i := len(r.stop) - 1; i >= 0; i-- {
		r.stop[i]()
	}
	r.stop = nil
}

func (r *Harness) start(ctx context.Context, o Options) error {
	// Servers that the bench did not start may carry other load, and their processes may not be visible.
	for _, name := range []string{devstack.EnvPostgresURL, devstack.EnvRedisAddr} {
		if err := os.Unsetenv(name); err != nil {
			return fmt.Errorf("harness: %w", err)
		}
	}
	dir, err := os.MkdirTemp("", "updspace-bench-")
	if err != nil {
		return fmt.Errorf("harness: %w", err)
	}
	r.stop = append(r.stop, func() { _ = os.RemoveAll(dir) })
	if err := os.Chmod(dir, 0o755); err != nil { //nolint:gosec // PostgreSQL runs as another user when we are root
		return fmt.Errorf("harness: %w", err)
	}
	o.Note("building")
	for _, name := range []string{"baseline", "serve"} {
		build := exec.CommandContext(ctx, "go", "build", "-o", filepath.Join(dir, name), "go.updspace.com/tools/bench/"+name)
		if out, err := build.CombinedOutput(); err != nil {
			return fmt.Errorf("harness: building %s: %w: %s", name, err, out)
		}
	}
	o.Note("starting the baselines")
	if err := r.startBaselines(ctx, dir, o); err != nil {
		return err
	}
	o.Note("starting the platform")
	return r.startPlatform(ctx, dir, o)
}

func (r *Harness) startBaselines(ctx context.Context, dir string, o Options) error {
	quiet := slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn}))
	// With a directory it writes as durably as the platform's does; without one it would not sync.
	postgres, err := devstack.StartPostgres(ctx, devstack.Options{Dir: filepath.Join(dir, "baseline-postgres"), Cache: devstack.DefaultCache(), Log: quiet})
	if err != nil {
		return fmt.Errorf("harness: %w", err)
	}
	r.stop = append(r.stop, postgres.Stop)
	redis, err := devstack.StartRedis(ctx, devstack.Options{Cache: devstack.DefaultCache(), Log: quiet})
	if err != nil {
		return fmt.Errorf("harness: %w", err)
	}
	r.stop = append(r.stop, redis.Stop)
	postmaster, err := postmasterOf(ctx, postgres.AdminURL)
	if err != nil {
		return err
	}
	redisPid, err := redisProcess(ctx, redis.Addr)
	if err != nil {
		return err
	}

	// Each baseline is billed for its own process and the server that works for it. What it passes requests on to is not its cost.
	for _, f := range []struct {
		kind   string
		args   []string
		server []int
	}{
		{kind: "bare"},
		{"gateway", []string{"-redis", redis.Addr, "-session", o.Session}, []int{redisPid}},
		{"select", []string{"-postgres", postgres.AdminURL}, []int{postmaster}},
		{"resolve", []string{"-postgres", postgres.AdminURL}, []int{postmaster}},
		{"call", []string{"-postgres", postgres.AdminURL}, []int{postmaster}},
		{"feed", []string{"-postgres", postgres.AdminURL}, []int{postmaster}},
		{"month", []string{"-postgres", postgres.AdminURL}, []int{postmaster}},
		{"board", []string{"-postgres", postgres.AdminURL}, []int{postmaster}},
		{"items", []string{"-postgres", postgres.AdminURL}, []int{postmaster}},
		{"calendar", []string{"-postgres", postgres.AdminURL}, []int{postmaster}},
		{"insert", []string{"-postgres", postgres.AdminURL}, []int{postmaster}},
		{"grant", []string{"-postgres", postgres.AdminURL}, []int{postmaster}},
		{"rotate", []string{"-postgres", postgres.AdminURL}, []int{postmaster}},
		{kind: "hash"},
		{kind: "sign"},
		{kind: "page"},
	} {
		if f.kind == "gateway" || f.kind == "call" {
			f.args = append(f.args, "-upstream", "http://"+r.Baselines["bare"].Addr)
		}
		p, err := subprocess.Start(ctx, o.Log, os.Environ(), filepath.Join(dir, "baseline"), append([]string{f.kind}, f.args...)...)
		if err != nil {
			return fmt.Errorf("harness: %w", err)
		}
		r.stop = append(r.stop, p.Stop)
		r.Baselines[f.kind] = Baseline{Addr: p.Hello, Meter: cpu.Of(append(f.server, p.Pid)...)}
	}
	return nil
}

func (r *Harness) startPlatform(ctx context.Context, dir string, o Options) error {
	secret := rand.Text() + rand.Text()
	var err error
	if r.Keyring, err = signing.NewKeyring(signing.Config{Secret: secret}); err != nil {
		return fmt.Errorf("harness: %w", err)
	}
	r.ClientSecret = rand.Text() + rand.Text()
	data := filepath.Join(dir, "platform")
	if err := os.Mkdir(data, 0o755); err != nil { //nolint:gosec // as above
		return fmt.Errorf("harness: %w", err)
	}
	p, err := subprocess.Start(ctx, o.Log, append(os.Environ(), SecretEnv+"="+secret, ClientSecretEnv+"="+r.ClientSecret), filepath.Join(dir, "serve"),
		"-dir", data, "-upstream", "http://"+r.Baselines["bare"].Addr, "-consume="+strconv.FormatBool(o.Consume), "-feed="+strconv.FormatBool(o.Feed))
	if err != nil {
		return fmt.Errorf("harness: %w", err)
	}
	r.stop = append(r.stop, p.Stop)
	r.Platform, r.PlatformPid = cpu.Of(p.Pid), p.Pid
	if err := json.Unmarshal([]byte(p.Hello), &r.Places); err != nil {
		return fmt.Errorf("harness: reading where the platform is: %w", err)
	}
	return nil
}

// postmasterOf finds the process that every back end of a server is a child of.
func postmasterOf(ctx context.Context, url string) (int, error) {
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		return 0, fmt.Errorf("harness: %w", err)
	}
	var backend int
	err = conn.QueryRow(ctx, "SELECT pg_backend_pid()").Scan(&backend)
	var postmaster int
	if err == nil {
		postmaster, err = cpu.Parent(backend)
	}
	if err := errors.Join(err, conn.Close(ctx)); err != nil {
		return 0, fmt.Errorf("harness: finding the postmaster: %w", err)
	}
	return postmaster, nil
}

// redisProcess asks a Redis for its process.
func redisProcess(ctx context.Context, addr string) (int, error) {
	client, err := rueidis.NewClient(rueidis.ClientOption{InitAddress: []string{addr}, DisableCache: true})
	if err != nil {
		return 0, fmt.Errorf("harness: %w", err)
	}
	defer client.Close()
	info, err := client.Do(ctx, client.B().Info().Section("server").Build()).ToString()
	if err != nil {
		return 0, fmt.Errorf("harness: asking Redis for its process: %w", err)
	}
	for line := range strings.Lines(info) {
		if pid, ok := strings.CutPrefix(strings.TrimSpace(line), "process_id:"); ok {
			return strconv.Atoi(pid)
		}
	}
	return 0, errors.New("harness: Redis does not tell its process; the bench needs a real one")
}
