package devstack

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"
)

// Postgres is a running PostgreSQL. AdminURL connects as its superuser to the maintenance database.
type Postgres struct {
	AdminURL string
	Port     int
	Source   string // where the server came from, for people

	opts     Options
	programs postgresPrograms
	as       account
	home     string // holds data/, server.log and, for a kept server, password
	password string
	port     int
	lock     *dirLock
	output   io.Writer
	logFile  *os.File
	process  *process
}

const (
	superuser = "updspace"
	// Plenty for every service's pool, the test packages and a bench at once.
	maxConnections = "300"
)

// StartPostgres uses the server named by UPDSPACE_POSTGRES_URL, or starts one, installing PostgreSQL if it must.
func StartPostgres(ctx context.Context, o Options) (*Postgres, error) {
	if configured := os.Getenv(EnvPostgresURL); configured != "" {
		p := &Postgres{AdminURL: configured, Source: "configured in " + EnvPostgresURL, opts: o}
		if err := ping(ctx, configured); err != nil {
			return nil, fmt.Errorf("devstack: PostgreSQL at %s: %w", EnvPostgresURL, err)
		}
		if u, err := url.Parse(configured); err == nil {
			p.Port, _ = strconv.Atoi(u.Port())
		}
		return p, nil
	}
	as, err := serverAccount("postgres")
	if err != nil {
		return nil, err
	}
	p := &Postgres{opts: o, as: as}
	if err := p.makeHome(); err != nil {
		return nil, fmt.Errorf("devstack: PostgreSQL directory: %w", err)
	}
	if err := p.boot(ctx); err != nil {
		p.Stop()
		return nil, fmt.Errorf("devstack: PostgreSQL: %w", err)
	}
	return p, nil
}

func (p *Postgres) boot(ctx context.Context) error {
	var err error
	if p.programs, err = findPostgres(ctx, p.opts, p.as, p.dataMajor()); err != nil {
		return err
	}
	p.Source = p.programs.source
	if err := p.openOutput(); err != nil {
		return err
	}
	if err := p.stopOrphan(); err != nil {
		return err
	}
	if err := p.initialise(ctx); err != nil {
		return err
	}
	return p.Start(ctx)
}

// makeHome finds the place for the data, creates it and takes its lock.
func (p *Postgres) makeHome() error {
	var err error
	if p.opts.throwAway() {
		p.home, p.lock, err = throwAwayDir(p.as, "postgres")
		return err
	}
	dir, err := filepath.Abs(p.opts.Dir)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(dir), 0o755); err != nil {
		return err
	}
	if p.home = p.as.reachable(dir); p.home != dir {
		if err := p.moveAway(dir); err != nil {
			return err
		}
	}
	if err := os.MkdirAll(p.home, 0o755); err != nil {
		return err
	}
	if p.lock, err = lockDir(p.home, false); err != nil {
		return err
	}
	// The account we prefer may have come with the package that the first start installed, after it had to take another.
	p.as, err = p.as.orOwnerOf(p.data())
	return err
}

// moveAway leaves a note in dir that says where the data is. Without the note, what is there belongs to a working copy that was deleted, by
// hand or to be cloned again, and is forgotten as it would have been had it been in there.
func (p *Postgres) moveAway(dir string) error {
	note := filepath.Join(dir, "LOCATION")
	if exists(note) {
		return nil
	}
	if exists(p.home) {
		lock, err := lockDir(p.home, false)
		if err != nil {
			return err
		}
		defer lock.release()
	}
	if err := os.RemoveAll(p.home); err != nil {
		return err
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	return os.WriteFile(note, []byte(p.home+"\nThe server's account cannot enter this directory, so the data is there.\n"), 0o644)
}

func (p *Postgres) data() string { return filepath.Join(p.home, "data") }

// dataMajor is the PostgreSQL version that wrote the data, "" when there is none yet.
func (p *Postgres) dataMajor() string {
	b, err := os.ReadFile(filepath.Join(p.data(), "PG_VERSION"))
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(b))
}

func (p *Postgres) openOutput() error {
	p.output = p.opts.Output
	if p.output != nil {
		return nil
	}
	f, err := os.OpenFile(filepath.Join(p.home, "server.log"), os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o640)
	if err != nil {
		return err
	}
	p.logFile, p.output = f, f
	return nil
}

// initialise makes the cluster, once. It is built aside and renamed, so that a start killed half-way does not leave half a cluster.
func (p *Postgres) initialise(ctx context.Context) error {
	secret := filepath.Join(p.home, "password")
	if p.dataMajor() != "" {
		b, err := os.ReadFile(secret)
		if err != nil {
			return fmt.Errorf("the data in %s was made by another user or is damaged (`make clean` forgets it): %w", p.home, err)
		}
		p.password = strings.TrimSpace(string(b))
		return nil
	}
	p.password = randomHex(16)
	fresh := filepath.Join(p.home, "initdb")
	if err := os.RemoveAll(fresh); err != nil {
		return err
	}
	if err := os.Mkdir(fresh, 0o700); err != nil {
		return err
	}
	if err := p.as.own(fresh); err != nil {
		return err
	}
	passwordFile := filepath.Join(p.home, "password.init") // readable by the server's account while initdb runs
	if err := os.WriteFile(passwordFile, []byte(p.password+"\n"), 0o600); err != nil {
		return err
	}
	defer os.Remove(passwordFile)
	if err := p.as.own(passwordFile); err != nil {
		return err
	}
	args := []string{
		"--pgdata", fresh, "--username", superuser, "--pwfile", passwordFile, "--auth", "scram-sha-256",
		"--encoding", "UTF8", "--locale", "C",
	}
	if p.opts.throwAway() {
		args = append(args, "--no-sync")
	}
	cmd := exec.CommandContext(ctx, p.programs.initdb, args...)
	cmd.Dir, cmd.Env = p.home, p.env()
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Credential: p.as.credential()}
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("initdb: %w: %s", err, lastLines(out))
	}
	if err := os.WriteFile(secret, []byte(p.password+"\n"), 0o600); err != nil {
		return err
	}
	return os.Rename(fresh, p.data())
}

// env is nearly empty on purpose: PG* variables of the developer must not reach the server.
func (p *Postgres) env() []string {
	return []string{"PATH=" + os.Getenv("PATH"), "LC_ALL=C", "TZ=UTC", "HOME=" + p.home}
}

// Start runs the server on its data. StartPostgres has done it once; tests call it again after Stop or Kill.
func (p *Postgres) Start(ctx context.Context) error {
	if p.external() {
		return errExternal
	}
	ctx, cancel := context.WithTimeout(ctx, time.Minute) // crash recovery included
	defer cancel()
	for attempt := 1; ; attempt++ {
		err := p.startOnce(ctx)
		if err == nil {
			return nil
		}
		// A port taken in the last moment, or the dying rest of a killed server still holding its shared memory: both pass.
		if ctx.Err() != nil || attempt == 5 {
			return err
		}
		p.opts.log().Warn("PostgreSQL did not start, trying again", "error", err)
		select {
		case <-ctx.Done():
			return err
		case <-time.After(time.Duration(attempt) * 200 * time.Millisecond):
		}
	}
}

func (p *Postgres) startOnce(ctx context.Context) error {
	// A restart keeps its port, because clients have the address, unless another process took it meanwhile.
	if p.port == 0 {
		port, err := freePort()
		if err != nil {
			return err
		}
		p.port = port
	}
	settings := []string{
		"listen_addresses=127.0.0.1", "port=" + strconv.Itoa(p.port), "unix_socket_directories=",
		"max_connections=" + maxConnections, "jit=off", "timezone=UTC", "log_timezone=UTC", "logging_collector=off", "log_destination=stderr",
	}
	if p.opts.throwAway() {
		settings = append(settings, "fsync=off", "full_page_writes=off")
		if p.opts.Replicated {
			settings = append(settings, "wal_level=replica", "max_wal_senders=4") // a commit may wait for the standby, see Synchronous
		} else {
			settings = append(settings, "synchronous_commit=off", "wal_level=minimal", "max_wal_senders=0")
		}
	}
	args := []string{"-D", p.data()}
	for _, s := range settings {
		args = append(args, "-c", s)
	}
	var said logTail
	proc, err := start(launch{
		name: "PostgreSQL", path: p.programs.postgres, args: args, env: p.env(), dir: p.home,
		output: io.MultiWriter(p.output, &said), as: p.as, death: fast,
	})
	if err != nil {
		return err
	}
	p.process = proc
	p.AdminURL, p.Port = p.url(), p.port
	if err := waitFor(ctx, proc, func(ctx context.Context) error { return ping(ctx, p.AdminURL) }); err != nil {
		p.stopServer(immediate)
		if strings.Contains(said.String(), "could not bind") && !p.opts.throwAway() {
			p.port = 0
		}
		return fmt.Errorf("%w: %s", err, lastLines(said.Bytes()))
	}
	return nil
}

func (p *Postgres) url() string {
	u := url.URL{
		Scheme: "postgres", User: url.UserPassword(superuser, p.password), Host: fmt.Sprintf("127.0.0.1:%d", p.port), Path: "/postgres",
		RawQuery: "sslmode=disable",
	}
	return u.String()
}

func ping(ctx context.Context, adminURL string) error {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	conn, err := pgx.Connect(ctx, adminURL)
	if err != nil {
		return err
	}
	return conn.Close(ctx)
}

var errExternal = errors.New("devstack: the server is configured from outside and is not ours to stop or start")

func (p *Postgres) external() bool { return p.home == "" }

// Done is closed when the server has ended. Nil for a configured server.
func (p *Postgres) Done() <-chan struct{} {
	if p.process == nil {
		return nil
	}
	return p.process.done
}

// Kill ends the server the hard way, as a power cut would. Start recovers it.
func (p *Postgres) Kill() error {
	if p.external() {
		return errExternal
	}
	p.process.stop(stopStep{syscall.SIGKILL, 5 * time.Second})
	p.process = nil
	return nil
}

// Restart stops the server as an operator would, open connections notwithstanding, and starts it on the same address.
func (p *Postgres) Restart(ctx context.Context) error {
	if p.external() {
		return errExternal
	}
	p.stopServer(fast)
	return p.Start(ctx)
}

// PostgreSQL's ways to stop: fast rolls back what is under way and writes everything out, immediate is a crash on purpose.
const (
	fast      = syscall.SIGINT
	immediate = syscall.SIGQUIT
)

// Stop ends the server, and deletes its data when it is a throw-away. It may be called more than once.
func (p *Postgres) Stop() {
	if p.external() {
		return
	}
	if p.opts.throwAway() {
		p.stopServer(immediate)
	} else {
		p.stopServer(fast)
	}
	if p.logFile != nil {
		p.logFile.Close()
	}
	if p.opts.throwAway() {
		_ = os.RemoveAll(p.home)
	}
	p.lock.release()
	p.lock = nil
}

func (p *Postgres) stopServer(how syscall.Signal) {
	if p.process == nil {
		return
	}
	p.process.stop(stopStep{how, 20 * time.Second}, stopStep{immediate, 5 * time.Second})
	p.process = nil
}

// stopOrphan ends a server that an earlier, killed run left on our data, and removes the pid file of a dead one whose number now
// belongs to another process (common in containers), which PostgreSQL itself takes for a live server.
func (p *Postgres) stopOrphan() error {
	pidFile := filepath.Join(p.data(), "postmaster.pid")
	pid := readPID(pidFile)
	if pid == 0 {
		return nil
	}
	if !servesData(pid, p.data()) {
		return os.Remove(pidFile)
	}
	p.opts.log().Warn("stopping the PostgreSQL an earlier run left behind", "pid", pid)
	for _, s := range []stopStep{{fast, 20 * time.Second}, {immediate, 5 * time.Second}} {
		_ = syscall.Kill(pid, s.signal)
		for deadline := time.Now().Add(s.patience); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
			if !servesData(pid, p.data()) {
				return nil
			}
		}
	}
	return fmt.Errorf("process %d still runs on %s", pid, p.data())
}
