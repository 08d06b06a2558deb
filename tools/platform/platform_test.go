package platform

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/fx"
	"go.uber.org/goleak"

	"go.updspace.com/libs/fx/servicefx"
	"go.updspace.com/libs/httpx"
	"go.updspace.com/libs/pg"
	"go.updspace.com/tools/services"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// toyConfig is a service with nothing but a database, so that these tests are about the platform.
type toyConfig struct {
	servicefx.Config
	Database pg.Config
	Greeting string `env:"GREETING" envDefault:"hello"`
}

func toyModule(cfg toyConfig) fx.Option {
	return fx.Options(
		servicefx.Kit("toy", cfg.Config),
		servicefx.Postgres(cfg.Database),
		fx.Provide(fx.Annotate(func(kit *httpx.Server, sd fx.Shutdowner, db *pg.DB) http.Handler {
			mux := http.NewServeMux()
			mux.HandleFunc("GET /greeting", func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, cfg.Greeting) })
			mux.HandleFunc("POST /die", func(http.ResponseWriter, *http.Request) { _ = sd.Shutdown(fx.ExitCode(1)) })
			return kit.Observe(kit.WithHealth(mux))
		}, fx.ResultTags(`name:"api"`))),
	)
}

// toys replaces the table of services for a test.
func toys(t *testing.T, d ...services.Service) {
	t.Helper()
	real := definitions
	definitions = d
	t.Cleanup(func() { definitions = real })
}

func migrateToy(context.Context, toyConfig) error { return nil }

func toy(name string, port int) services.Service {
	return services.Define(name, port, "db_"+name, toyModule, migrateToy, nil, func(c *toyConfig) *servicefx.Config { return &c.Config })
}

func seeded(d services.Service, seed func() error) services.Service {
	d.SeedDemo = func(context.Context, map[string]string) error { return seed() }
	return d
}

func freePort(t *testing.T) int {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port
}

func get(t *testing.T, url string) string {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	require.NoError(t, err)
	transport := &http.Transport{DisableKeepAlives: true}
	response, err := transport.RoundTrip(r)
	if err != nil {
		return err.Error()
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	return string(body)
}

func stop(t *testing.T, p *Platform) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.WithoutCancel(t.Context()), time.Minute)
	defer cancel()
	require.NoError(t, p.Stop(ctx))
}

func TestStartStopAndTheDataStays(t *testing.T) {
	seeds := 0
	toys(t, toy("bff", 0), seeded(toy("identity", 0), func() error { seeds++; return nil }))
	dir := filepath.Join(t.TempDir(), ".dev")
	var parts []string
	o := Options{Dir: dir, Env: map[string]map[string]string{"": {"GREETING": "all"}, "identity": {"GREETING": "you"}}}
	p, err := Start(t.Context(), o)
	require.NoError(t, err)
	t.Cleanup(func() { stop(t, p) })
	require.Equal(t, 1, seeds)
	require.Equal(t, "all", get(t, p.Service("bff").URL()+"/greeting"))
	require.Equal(t, "you", get(t, p.Service("identity").URL()+"/greeting"))
	require.Equal(t, os.Getpid(), RunningPID(dir))

	_, err = Start(t.Context(), o)
	require.ErrorIs(t, err, ErrRunning)
	require.Equal(t, "all", get(t, p.Service("bff").URL()+"/greeting"), "the second did no harm to the first")

	another, err := p.Service("bff").StartAnother(t.Context(), map[string]string{"GREETING": "other"})
	require.NoError(t, err)
	require.Equal(t, "other", get(t, another.URL+"/greeting"))

	url := p.Service("bff").URL()
	require.NoError(t, p.Service("bff").Stop(t.Context()))
	require.Contains(t, get(t, url+"/greeting"), "refused")
	require.NoError(t, p.Service("bff").Start(t.Context()))
	require.Equal(t, "all", get(t, url+"/greeting"), "back at the same address")

	secret := p.secrets.get("signing")
	stop(t, p)
	require.Contains(t, get(t, url+"/greeting"), "refused")
	require.Contains(t, get(t, another.URL+"/greeting"), "refused")
	require.Zero(t, RunningPID(dir))
	for _, file := range []string{"signing", "portal_client"} {
		info, err := os.Stat(filepath.Join(dir, "secrets", file))
		require.NoError(t, err)
		require.Equal(t, os.FileMode(0o600), info.Mode().Perm())
	}

	o.Progress = func(part Part) { parts = append(parts, part.Name) }
	o.Env = nil
	again, err := Start(t.Context(), o)
	require.NoError(t, err)
	t.Cleanup(func() { stop(t, again) })
	require.Equal(t, secret, again.secrets.get("signing"))
	require.Equal(t, "hello", get(t, again.Service("bff").URL()+"/greeting"))
	require.ElementsMatch(t, []string{"postgres", "redis", "nats", "stand-ins", "bff", "identity"}, parts)
	stop(t, again)
}

func TestAPortInUseIsNamedAndNothingIsLeft(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer taken.Close()
	busy := taken.Addr().(*net.TCPAddr).Port
	free := freePort(t)
	toys(t, toy("identity", free), toy("bff", busy))
	dir := filepath.Join(t.TempDir(), ".dev")
	_, err = Start(t.Context(), Options{Dir: dir, FixedPorts: true})
	require.ErrorContains(t, err, "which bff needs, is in use by platform.test")
	require.NoDirExists(t, filepath.Join(dir, "postgres"), "nothing was started for it")
	require.Zero(t, RunningPID(dir))
	l, err := net.Listen("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(free)))
	require.NoError(t, err, "the other port is free again")
	require.NoError(t, l.Close())
}

func TestAServiceThatCannotStartStopsTheRest(t *testing.T) {
	toys(t, toy("identity", 0), seeded(toy("bff", 0), func() error { return errors.New("no luck") }))
	_, err := Start(t.Context(), Options{})
	require.ErrorContains(t, err, "bff: demo data: no luck")

	toys(t, toy("identity", 0), toy("bff", 0))
	_, err = Start(t.Context(), Options{Env: map[string]map[string]string{"bff": {"UPDSPACE_MODE": "nonsense"}}})
	require.ErrorContains(t, err, "bff")
	require.ErrorContains(t, err, "nonsense")
}

func TestAServiceThatDiesIsReported(t *testing.T) {
	toys(t, toy("identity", 0), toy("bff", 0))
	p, err := Start(t.Context(), Options{})
	require.NoError(t, err)
	t.Cleanup(func() { stop(t, p) })
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, p.Service("bff").URL()+"/die", nil)
	require.NoError(t, err)
	response, err := (&http.Transport{DisableKeepAlives: true}).RoundTrip(r)
	require.NoError(t, err)
	require.NoError(t, response.Body.Close())
	require.ErrorContains(t, <-p.Failed(), "bff stopped by itself; see "+p.Dir)
}

func TestAServerThatDiesIsReported(t *testing.T) {
	toys(t, toy("identity", 0), toy("bff", 0))
	p, err := Start(t.Context(), Options{})
	require.NoError(t, err)
	t.Cleanup(func() { stop(t, p) })
	require.NoError(t, p.Redis.Kill())
	require.Equal(t, "hello", get(t, p.Service("bff").URL()+"/greeting"), "the platform goes on without Redis")
	require.NoError(t, p.Postgres.Kill())
	require.ErrorContains(t, <-p.Failed(), "PostgreSQL stopped by itself")
}

// The services call each other at the address they are bound to, and browsers are sent to the origins that are set.
func TestAddressesFollowTheOptions(t *testing.T) {
	p := &Platform{opts: Options{Bind: "127.0.0.2", PublicOrigin: "http://{tenant}.localhost:3000", IDPublicOrigin: "http://id.localhost:3000"}}
	s := &Service{Name: "bff", Port: 8080, platform: p}
	require.Equal(t, "http://127.0.0.2:8080", s.URL())
	require.Equal(t, "http://aef.localhost:3000", p.Origin("aef"))
	require.Equal(t, "http://id.localhost:3000", p.IDOrigin())
	for _, every := range []string{"0.0.0.0", "::", ""} {
		p.opts.Bind = every
		require.Equal(t, "http://127.0.0.1:8080", s.URL(), every)
	}
}

func TestWarningsReachTheTerminal(t *testing.T) {
	var terminal strings.Builder
	l, err := openLogs(t.TempDir(), &terminal)
	require.NoError(t, err)
	defer l.close()
	w, err := l.service("toy")
	require.NoError(t, err)
	_, _ = io.WriteString(w, `{"level":"INFO","msg":"quiet"}`+"\n")
	_, _ = io.WriteString(w, `{"time":"x","level":"WARN","msg":"the broker is away","error":"refused","service":"toy"}`+"\n")
	require.NotContains(t, terminal.String(), "quiet")
	require.Contains(t, terminal.String(), "WARN  toy: the broker is away error=refused")
	file, err := os.ReadFile(l.path("toy"))
	require.NoError(t, err)
	require.Contains(t, string(file), "quiet")
}

// The table has what a row needs, and no two services share anything.
func TestTable(t *testing.T) {
	seen := map[any]bool{}
	for _, d := range definitions {
		require.NotNil(t, d.Module)
		for _, unique := range []any{d.Name, d.Port, d.Database} {
			require.False(t, seen[unique], unique)
			seen[unique] = true
		}
	}
}
