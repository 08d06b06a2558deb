package devstack

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"
)

func query(t *testing.T, url, sql string) string {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	require.NoError(t, err)
	defer conn.Close(context.WithoutCancel(t.Context()))
	var out string
	require.NoError(t, conn.QueryRow(t.Context(), sql).Scan(&out))
	return out
}

func execute(t *testing.T, url, sql string) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	require.NoError(t, err)
	defer conn.Close(context.WithoutCancel(t.Context()))
	_, err = conn.Exec(t.Context(), sql)
	require.NoError(t, err)
}

// serverPID is the process number of the running server.
func serverPID(t *testing.T, p *Postgres) int {
	t.Helper()
	pid := readPID(filepath.Join(p.data(), "postmaster.pid"))
	require.NotZero(t, pid)
	return pid
}

func TestThrowAwayPostgres(t *testing.T) {
	p, err := StartPostgres(t.Context(), Options{})
	require.NoError(t, err)
	t.Cleanup(p.Stop)

	require.Equal(t, "off", query(t, p.AdminURL, "SHOW fsync"))
	require.Equal(t, "127.0.0.1", query(t, p.AdminURL, "SHOW listen_addresses"))
	require.Empty(t, query(t, p.AdminURL, "SHOW unix_socket_directories"))
	require.Equal(t, "UTF8", query(t, p.AdminURL, "SHOW server_encoding"))

	wrong := strings.Replace(p.AdminURL, p.password, "guess", 1)
	_, err = pgx.Connect(t.Context(), wrong)
	require.Error(t, err, "a local user without the password must not get in")

	execute(t, p.AdminURL, "CREATE TABLE kept AS SELECT 'yes' AS v")
	require.NoError(t, p.Restart(t.Context()))
	require.Equal(t, "yes", query(t, p.AdminURL, "SELECT v FROM kept"), "a restart forgets nothing, however little a crash would spare")

	home, pid := p.home, serverPID(t, p)
	p.Stop()
	require.NoDirExists(t, home)
	require.ErrorIs(t, syscall.Kill(pid, 0), syscall.ESRCH)
	p.Stop() // again is fine
}

func TestKeptPostgresSurvivesEverything(t *testing.T) {
	closed := t.TempDir()
	require.NoError(t, os.Chmod(closed, 0o700)) // as a clone under /root is: the server of a root cannot enter
	dir := filepath.Join(closed, "deep", "postgres")
	t.Cleanup(func() { require.NoError(t, Forget(dir)) })
	ctx := t.Context()

	p, err := StartPostgres(ctx, Options{Dir: dir})
	require.NoError(t, err)
	t.Cleanup(p.Stop)
	require.Equal(t, "on", query(t, p.AdminURL, "SHOW fsync"))
	if p.as.other {
		require.Equal(t, standIn(dir), p.home)
		require.FileExists(t, filepath.Join(dir, "LOCATION"))
	}
	execute(t, p.AdminURL, "CREATE TABLE kept AS SELECT 'yes' AS v")

	_, err = StartPostgres(ctx, Options{Dir: dir})
	require.ErrorIs(t, err, ErrBusy, "two servers on one directory")
	require.Contains(t, err.Error(), strconv.Itoa(os.Getpid()), "says who holds it")

	url := p.AdminURL
	require.NoError(t, p.Kill())
	require.Error(t, ping(ctx, url))
	require.NoError(t, p.Start(ctx))
	require.Equal(t, url, p.AdminURL, "the address stays")
	require.Equal(t, "yes", query(t, url, "SELECT v FROM kept"))

	require.NoError(t, p.Restart(ctx))
	require.Equal(t, "yes", query(t, url, "SELECT v FROM kept"))
	p.Stop()

	p, err = StartPostgres(ctx, Options{Dir: dir})
	require.NoError(t, err)
	t.Cleanup(p.Stop)
	require.Equal(t, "yes", query(t, p.AdminURL, "SELECT v FROM kept"))
	p.Stop()

	require.NoError(t, os.RemoveAll(dir)) // by hand: no Forget
	p, err = StartPostgres(ctx, Options{Dir: dir})
	require.NoError(t, err)
	t.Cleanup(p.Stop)
	require.Equal(t, "none", query(t, p.AdminURL, "SELECT coalesce(to_regclass('kept')::text, 'none')"))
	p.Stop()
}

// TestDataStaysWithTheAccountThatMadeIt is the second start of a root whose first one installed PostgreSQL, and with it the account that was
// not there to be taken.
func TestDataStaysWithTheAccountThatMadeIt(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "postgres")
	t.Cleanup(func() { require.NoError(t, Forget(dir)) })
	p, err := StartPostgres(t.Context(), Options{Dir: dir})
	require.NoError(t, err)
	execute(t, p.AdminURL, "CREATE TABLE kept AS SELECT 'yes' AS v")
	p.Stop()
	first, err := serverAccount()
	require.NoError(t, err)
	require.NoError(t, filepath.WalkDir(p.data(), func(path string, _ os.DirEntry, err error) error {
		return errors.Join(err, first.own(path))
	}))

	p, err = StartPostgres(t.Context(), Options{Dir: dir})
	require.NoError(t, err)
	t.Cleanup(p.Stop)
	require.Equal(t, "yes", query(t, p.AdminURL, "SELECT v FROM kept"))
	p.Stop()
}

func TestStartsOverALeftoverServer(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "postgres")
	t.Cleanup(func() { require.NoError(t, Forget(dir)) })
	p, err := StartPostgres(t.Context(), Options{Dir: dir})
	require.NoError(t, err)
	execute(t, p.AdminURL, "CREATE TABLE kept AS SELECT 'yes' AS v")
	left := serverPID(t, p)
	p.lock.release() // as if we had died and the kernel had not told the server

	second, err := StartPostgres(t.Context(), Options{Dir: dir})
	require.NoError(t, err)
	t.Cleanup(second.Stop)
	require.NotEqual(t, left, serverPID(t, second))
	require.Equal(t, "yes", query(t, second.AdminURL, "SELECT v FROM kept"))
	<-p.Done()
}

func TestIgnoresAStalePIDFile(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "postgres")
	t.Cleanup(func() { require.NoError(t, Forget(dir)) })
	p, err := StartPostgres(t.Context(), Options{Dir: dir})
	require.NoError(t, err)
	p.Stop()

	// The number now belongs to an innocent process of the very account PostgreSQL runs as.
	innocent := exec.Command("sleep", "60")
	innocent.SysProcAttr = &syscall.SysProcAttr{Credential: p.as.credential()}
	require.NoError(t, innocent.Start())
	t.Cleanup(func() { _ = innocent.Process.Kill(); _ = innocent.Wait() })
	stale := strconv.Itoa(innocent.Process.Pid) + "\n" + p.data() + "\n0\n5432\n\n127.0.0.1\n"
	require.NoError(t, os.WriteFile(filepath.Join(p.data(), "postmaster.pid"), []byte(stale), 0o600))
	require.NoError(t, p.as.own(filepath.Join(p.data(), "postmaster.pid")))

	p, err = StartPostgres(t.Context(), Options{Dir: dir})
	require.NoError(t, err)
	p.Stop()
	require.NoError(t, innocent.Process.Signal(syscall.Signal(0)), "left alone")
}

func TestMovesToAnotherPortWhenItsOwnIsTaken(t *testing.T) {
	p, err := StartPostgres(t.Context(), Options{Dir: filepath.Join(t.TempDir(), "postgres")})
	require.NoError(t, err)
	t.Cleanup(func() { p.Stop(); _ = Forget(p.opts.Dir) })
	require.NoError(t, p.Kill())
	squatter := listen(t, p.Port)
	require.NoError(t, p.Start(t.Context()))
	require.NotEqual(t, squatter, p.Port)
	require.NoError(t, ping(t.Context(), p.AdminURL))
}

// TestServersDieWithTheirParent starts this test binary as a parent of servers, kills it the hard way, and sees the servers go.
func TestServersDieWithTheirParent(t *testing.T) {
	if os.Getenv("DEVSTACK_PARENT") != "" {
		p, err := StartPostgres(t.Context(), Options{})
		require.NoError(t, err)
		r, err := StartRedis(t.Context(), Options{})
		require.NoError(t, err)
		require.NoError(t, os.WriteFile(os.Getenv("DEVSTACK_PARENT"), []byte(p.AdminURL+" "+r.Addr), 0o600))
		<-t.Context().Done()
		select {} // until killed
	}
	report := filepath.Join(t.TempDir(), "report")
	parent := exec.Command(os.Args[0], "-test.run=^TestServersDieWithTheirParent$")
	parent.Env = append(os.Environ(), "DEVSTACK_PARENT="+report)
	require.NoError(t, parent.Start())
	var url, addr string
	require.Eventually(t, func() bool {
		b, _ := os.ReadFile(report)
		var ok bool
		url, addr, ok = strings.Cut(string(b), " ")
		return ok
	}, time.Minute, 20*time.Millisecond)
	require.NoError(t, ping(t.Context(), url))
	require.NoError(t, pingRedis(t.Context(), addr))

	require.NoError(t, parent.Process.Kill())
	_ = parent.Wait()
	require.Eventually(t, func() bool {
		return ping(t.Context(), url) != nil && pingRedis(t.Context(), addr) != nil
	}, 20*time.Second, 50*time.Millisecond)
}

func TestRedis(t *testing.T) {
	r, err := StartRedis(t.Context(), Options{})
	require.NoError(t, err)
	t.Cleanup(r.Stop)
	require.False(t, r.StandIn)
	require.NoError(t, pingRedis(t.Context(), r.Addr))

	addr := r.Addr
	require.NoError(t, r.Kill())
	require.Error(t, pingRedis(t.Context(), addr))
	require.NoError(t, r.Start(t.Context()))
	require.Equal(t, addr, r.Addr)
	require.NoError(t, pingRedis(t.Context(), addr))
	r.Stop()
	require.NoDirExists(t, r.home)
}

func TestRedisStandIn(t *testing.T) {
	r := &Redis{StandIn: true}
	require.NoError(t, r.Start(t.Context()))
	t.Cleanup(r.Stop)
	require.NoError(t, pingRedis(t.Context(), r.Addr))
	require.NoError(t, r.Kill())
	require.Error(t, pingRedis(t.Context(), r.Addr))
	require.NoError(t, r.Start(t.Context()))
	require.NoError(t, pingRedis(t.Context(), r.Addr))
}

func TestConfiguredServersAreUsedAndLeftAlone(t *testing.T) {
	p, err := StartPostgres(t.Context(), Options{})
	require.NoError(t, err)
	t.Cleanup(p.Stop)
	r, err := StartRedis(t.Context(), Options{})
	require.NoError(t, err)
	t.Cleanup(r.Stop)

	t.Setenv(EnvPostgresURL, p.AdminURL)
	t.Setenv(EnvRedisAddr, r.Addr)
	again, err := StartPostgres(t.Context(), Options{})
	require.NoError(t, err)
	require.Equal(t, p.AdminURL, again.AdminURL)
	require.Equal(t, p.Port, again.Port)
	require.Error(t, again.Restart(t.Context()))
	again.Stop()
	require.NoError(t, ping(t.Context(), p.AdminURL))

	redisAgain, err := StartRedis(t.Context(), Options{})
	require.NoError(t, err)
	redisAgain.Stop()
	require.NoError(t, pingRedis(t.Context(), r.Addr))

	t.Setenv(EnvRedisAddr, "127.0.0.1:1")
	_, err = StartRedis(t.Context(), Options{})
	require.ErrorContains(t, err, EnvRedisAddr)
}
