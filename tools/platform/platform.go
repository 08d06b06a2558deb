// Package platform runs the whole of UpdSpace in one process, for development and for the tests that need all of it: PostgreSQL, Redis, an
// embedded NATS, and every service as its own fx graph on its own port.
package platform

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"go.updspace.com/libs/signing"
	"go.updspace.com/tools/broker"
	"go.updspace.com/tools/devkit/devstack"
	"go.updspace.com/tools/devkit/standins"
)

// Options say what kind of platform to start. The zero value is a throw-away one on random ports with the demo data in it.
type Options struct {
	// Dir keeps data, secrets and logs. Empty means a temporary directory that Stop deletes.
	Dir string
	// FixedPorts puts every service on the port of its table row; otherwise the kernel picks.
	FixedPorts bool
	// Bind is the address to listen on, 127.0.0.1 unless said.
	Bind string
	// NoDemo leaves the demo data out.
	NoDemo bool
	// Admin serves metrics and profiles of each service on its port + 1000.
	Admin bool
	// LogLevel of the services, INFO unless said.
	LogLevel string
	// Warnings receives the services' warnings and errors, for a terminal. Nil for none.
	Warnings io.Writer
	// Log tells what the platform does. Nil discards it.
	Log *slog.Logger
	// PublicOrigin is the origin of the tenants' pages, with {tenant} for the slug, and IDPublicOrigin that of the ID service,
	// when browsers do not reach the services directly. Empty means the services' own ports.
	PublicOrigin   string
	IDPublicOrigin string
	// Env overrides settings, by service name; "" is for all of them.
	Env map[string]map[string]string
	// Progress is called when a part has started, for the start-up table. It may be called from several goroutines.
	Progress func(Part)
}

// Part is one row of the start-up table.
type Part struct {
	Name string
	Port int
	Note string // where it came from, or what is special
	Took time.Duration
	Err  error
}

// Platform is a running UpdSpace. The parts may be stopped and started one by one, which is what the failure tests do.
type Platform struct {
	Dir      string
	Postgres *devstack.Postgres
	Redis    *devstack.Redis
	NATS     *broker.Server
	Standins *standins.Server // for the systems of others: Steam, Discord, GitHub, an OpenID Connect issuer

	opts     Options
	log      *slog.Logger
	lock     *os.File
	secrets  *secrets
	logs     *logs
	services []*Service
	failed   chan error
	watch    sync.WaitGroup
	stopping context.CancelFunc
	stopped  context.Context
}

// Start brings everything up, or nothing: on an error what had started is stopped again.
func Start(ctx context.Context, o Options) (*Platform, error) {
	p := &Platform{opts: o, log: cmp.Or(o.Log, slog.New(slog.DiscardHandler)), failed: make(chan error, 1)}
	p.stopped, p.stopping = context.WithCancel(context.Background())
	if err := p.start(ctx); err != nil {
		stopCtx, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopPatience)
		defer cancel()
		return nil, errors.Join(err, p.Stop(stopCtx))
	}
	return p, nil
}

// stopPatience is how long stopping everything may take before it is cut short.
const stopPatience = 45 * time.Second

func (p *Platform) start(ctx context.Context) error {
	if err := p.prepareDir(); err != nil {
		return err
	}
	// Ports first: one in use is the commonest trouble, and should be reported without a wait.
	if err := p.claimPorts(ctx); err != nil {
		return err
	}
	servers, startCtx := errgroup.WithContext(ctx)
	servers.Go(func() error { return p.startPostgres(startCtx) })
	servers.Go(func() error { return p.startRedis(startCtx) })
	servers.Go(func() error { return p.startNATS() })
	if err := servers.Wait(); err != nil {
		return err
	}
	services, startCtx := errgroup.WithContext(ctx)
	for _, s := range p.services {
		services.Go(func() error {
			began := time.Now()
			err := s.boot(startCtx)
			p.progress(Part{Name: s.Name, Port: s.Port, Note: s.URL(), Took: time.Since(began), Err: err})
			return err
		})
	}
	if err := services.Wait(); err != nil {
		return err
	}
	p.watchServers()
	return nil
}

func (p *Platform) progress(part Part) {
	if p.opts.Progress != nil {
		p.opts.Progress(part)
	}
}

func (p *Platform) prepareDir() error {
	p.Dir = p.opts.Dir
	if p.Dir == "" {
		dir, err := os.MkdirTemp("", "updspace-platform-")
		if err != nil {
			return err
		}
		p.Dir = dir
	}
	var err error
	if p.Dir, err = filepath.Abs(p.Dir); err != nil {
		return err
	}
	if err := os.MkdirAll(p.Dir, 0o755); err != nil {
		return err
	}
	if p.lock, err = lockFile(filepath.Join(p.Dir, "running")); err != nil {
		return err
	}
	if p.secrets, err = openSecrets(filepath.Join(p.Dir, "secrets")); err != nil {
		return err
	}
	p.logs, err = openLogs(filepath.Join(p.Dir, "logs"), p.opts.Warnings)
	return err
}

// claimPorts listens for every service before anything else starts, so that all addresses are known and no other program can take them meanwhile.
func (p *Platform) claimPorts(ctx context.Context) error {
	var problems []error
	for _, d := range definitions {
		port := 0
		if p.opts.FixedPorts {
			port = d.Port
		}
		s := &Service{Name: d.Name, platform: p, definition: d}
		p.services = append(p.services, s)
		if err := s.listen(ctx, port); err != nil {
			problems = append(problems, err)
		}
	}
	problems = append(problems, p.startStandins(ctx))
	return errors.Join(problems...)
}

// standinsPort is the port of the stand-ins with fixed ports.
const standinsPort = 8090

// startStandins starts the stand-ins where browsers and services find them alike.
func (p *Platform) startStandins(ctx context.Context) error {
	port := 0
	if p.opts.FixedPorts {
		port = standinsPort
	}
	l, err := new(net.ListenConfig).Listen(ctx, "tcp", net.JoinHostPort(p.callHost(), strconv.Itoa(port)))
	if err != nil {
		return fmt.Errorf("port of the stand-ins: %w", err)
	}
	p.Standins = standins.Listen(l)
	p.progress(Part{Name: "stand-ins", Port: l.Addr().(*net.TCPAddr).Port, Note: p.Standins.URL + ", for Steam, Discord, GitHub, OpenID Connect"})
	return nil
}

func (p *Platform) bind() string { return cmp.Or(p.opts.Bind, "127.0.0.1") }

// callHost is the address at which the services call each other: the one they are bound to.
func (p *Platform) callHost() string {
	if ip := net.ParseIP(p.bind()); ip != nil && ip.IsUnspecified() { // every address, this machine's own among them
		return "127.0.0.1"
	}
	return p.bind()
}

func (p *Platform) startPostgres(ctx context.Context) error {
	began := time.Now()
	output, err := p.logs.file("postgres")
	if err != nil {
		return err
	}
	o := devstack.Options{Log: p.log, Output: output}
	if p.opts.Dir != "" {
		o.Dir, o.Cache = filepath.Join(p.Dir, "postgres"), filepath.Join(p.Dir, "cache")
	}
	p.Postgres, err = devstack.StartPostgres(ctx, o)
	part := Part{Name: "postgres", Took: time.Since(began), Err: err}
	if err == nil {
		part.Port, part.Note = p.Postgres.Port, p.Postgres.Source
	}
	p.progress(part)
	return err
}

func (p *Platform) startRedis(ctx context.Context) error {
	began := time.Now()
	output, err := p.logs.file("redis")
	if err != nil {
		return err
	}
	o := devstack.Options{Log: p.log, Output: output}
	if p.opts.Dir != "" {
		o.Cache = filepath.Join(p.Dir, "cache")
	}
	p.Redis, err = devstack.StartRedis(ctx, o)
	part := Part{Name: "redis", Took: time.Since(began), Err: err}
	if err == nil {
		_, port, _ := net.SplitHostPort(p.Redis.Addr)
		part.Port, _ = strconv.Atoi(port)
		part.Note = p.Redis.Source
	}
	p.progress(part)
	return err
}

func (p *Platform) startNATS() error {
	began := time.Now()
	output, err := p.logs.file("nats")
	if err != nil {
		return err
	}
	p.NATS, err = broker.Start(broker.Options{Dir: filepath.Join(p.Dir, "nats"), Token: p.secrets.get("nats_token"), Log: slog.New(slog.NewTextHandler(output, nil))})
	part := Part{Name: "nats", Took: time.Since(began), Note: "embedded, JetStream", Err: err}
	if err == nil {
		part.Port = p.NATS.Port
	}
	p.progress(part)
	return err
}

// watchServers reports a server that ends by itself. Tests that stop servers on purpose do not read Failed. The platform
// works without Redis, so it goes on.
func (p *Platform) watchServers() {
	p.watchDone(p.Postgres.Done(), func() {
		p.fail(fmt.Errorf("PostgreSQL stopped by itself; see %s", p.logs.path("postgres")))
	})
	p.watchDone(p.Redis.Done(), func() {
		p.log.Warn("Redis has ended. The platform goes on without it: limits count per instance", "log", p.logs.path("redis"))
	})
}

func (p *Platform) watchDone(done <-chan struct{}, report func()) {
	if done == nil {
		return
	}
	p.watch.Go(func() {
		select {
		case <-done:
			report()
		case <-p.stopped.Done():
		}
	})
}

func (p *Platform) fail(err error) {
	select {
	case p.failed <- err:
	default: // the first reason is the one to tell
	}
}

// Failed delivers the reason when a part that the platform needs has ended by itself.
func (p *Platform) Failed() <-chan error { return p.failed }

// Service is the named service, which must exist.
func (p *Platform) Service(name string) *Service {
	for _, s := range p.services {
		if s.Name == name {
			return s
		}
	}
	panic("platform: no service " + name)
}

// Services lists them in the order of the table.
func (p *Platform) Services() []*Service { return p.services }

// Origin is where a browser finds the tenant, such as http://aef.localhost:8080.
func (p *Platform) Origin(tenant string) string {
	if p.opts.PublicOrigin != "" {
		return strings.ReplaceAll(p.opts.PublicOrigin, "{tenant}", tenant)
	}
	return fmt.Sprintf("http://%s.localhost:%d", tenant, p.Service("bff").Port)
}

// IDOrigin is where a browser finds the ID service, such as http://id.localhost:8001.
func (p *Platform) IDOrigin() string {
	if p.opts.IDPublicOrigin != "" {
		return p.opts.IDPublicOrigin
	}
	return fmt.Sprintf("http://id.localhost:%d", p.Service("identity").Port)
}

// Keyring signs as any service does, for tests that stand in for one.
func (p *Platform) Keyring() (*signing.Keyring, error) {
	return signing.NewKeyring(signing.Config{Secret: p.secrets.get("signing")})
}

// AdminDatabaseURL connects to a database as a superuser, for tests that look behind a service's back.
func (p *Platform) AdminDatabaseURL(database string) string {
	u, err := url.Parse(p.Postgres.AdminURL)
	if err != nil { // it has been used to get here
		panic(err)
	}
	u.Path = "/" + database
	return u.String()
}

// Stop ends everything, the door first and the databases last, so that every request under way is finished with what it needs. It may be
// called on a platform that started only partly.
func (p *Platform) Stop(ctx context.Context) error {
	p.stopping()
	var problems []error
	for i := len(p.services) - 1; i >= 0; i-- {
		problems = append(problems, p.services[i].shut(ctx))
	}
	if p.Standins != nil {
		p.Standins.Stop()
	}
	if p.NATS != nil {
		p.NATS.Stop()
	}
	if p.Redis != nil {
		p.Redis.Stop()
	}
	if p.Postgres != nil {
		p.Postgres.Stop()
	}
	p.watch.Wait()
	if p.logs != nil {
		p.logs.close()
	}
	if p.opts.Dir == "" && p.Dir != "" {
		problems = append(problems, os.RemoveAll(p.Dir))
	}
	if p.lock != nil {
		p.lock.Close()
	}
	return errors.Join(problems...)
}
