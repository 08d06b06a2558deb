package drill

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"

	"golang.org/x/sync/errgroup"

	"go.updspace.com/libs/pg"
	"go.updspace.com/tools/devkit/devstack"
	"go.updspace.com/tools/services"
)

const (
	copies    = 2 // instances of every service
	natsNodes = 3
	redisName = "updspace" // as the Sentinel calls it
)

// Cluster is the platform, each part in a process of its own.
type Cluster struct {
	Primary, Standby         *devstack.Postgres
	Redis, Replica, Sentinel *devstack.Redis

	dir       string
	self      string // the program that is running
	programs  string // the folder of the services' programs; empty: they are this program
	nats      []*Process
	natsURL   string
	services  []*Process
	balancers map[string]*balancer
	databases map[string]pg.Provisioned
	postgres  []*devstack.Postgres // in the order in which clients try them
}

// Start starts everything, with the demo data. Programs of another version can be given by their folder, which has one program a service.
func Start(ctx context.Context, dir, programs string) (*Cluster, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	c := &Cluster{dir: dir, self: self, programs: programs, balancers: map[string]*balancer{}, databases: map[string]pg.Provisioned{}}
	if err := c.start(ctx); err != nil {
		c.Stop()
		return nil, err
	}
	return c, nil
}

// program is what runs a service, of a folder or, without one, this program.
func (c *Cluster) program(service, folder string) []string {
	if folder == "" {
		return []string{c.self}
	}
	return []string{filepath.Join(folder, service), "serve"}
}

func (c *Cluster) start(ctx context.Context) error {
	for _, folder := range []string{"logs", "blobs"} {
		if err := os.MkdirAll(filepath.Join(c.dir, folder), 0o755); err != nil {
			return err
		}
	}
	if err := c.startRedis(ctx); err != nil {
		return err
	}
	if err := c.startNATS(ctx); err != nil {
		return err
	}
	if err := c.startPostgres(ctx); err != nil {
		return err
	}
	return c.startServices(ctx)
}

func (c *Cluster) startRedis(ctx context.Context) (err error) {
	if c.Redis, err = devstack.StartRedis(ctx, devstack.Options{}); err != nil {
		return err
	}
	if c.Replica, err = c.Redis.Replica(ctx); err != nil {
		return err
	}
	c.Sentinel, err = c.Redis.Sentinel(ctx, redisName)
	return err
}

// startPostgres makes the databases and their demo data, and then the standby, which every commit waits for from then on.
func (c *Cluster) startPostgres(ctx context.Context) (err error) {
	if c.Primary, err = devstack.StartPostgres(ctx, devstack.Options{Replicated: true}); err != nil {
		return err
	}
	c.postgres = []*devstack.Postgres{c.Primary}
	for _, s := range services.All() {
		if c.databases[s.Name], err = pg.Provision(ctx, c.Primary.AdminURL, s.Database); err != nil {
			return err
		}
		b, err := newBalancer()
		if err != nil {
			return err
		}
		c.balancers[s.Name] = b
	}
	prepare, preparing := errgroup.WithContext(ctx)
	for _, s := range services.All() {
		prepare.Go(func() error {
			env := c.env(s.Name)
			if err := s.Migrate(preparing, env); err != nil || s.SeedDemo == nil {
				return err
			}
			return s.SeedDemo(preparing, env)
		})
	}
	if err := prepare.Wait(); err != nil {
		return err
	}
	if c.Standby, err = c.Primary.Standby(ctx); err != nil {
		return err
	}
	c.postgres = append(c.postgres, c.Standby)
	return c.Primary.Synchronous(ctx)
}

func (c *Cluster) startNATS(ctx context.Context) error {
	ports, err := freePorts(3 * natsNodes)
	if err != nil {
		return err
	}
	var urls, routes []string
	for i := range natsNodes {
		urls, routes = append(urls, "nats://"+local(ports[3*i])), append(routes, "nats://"+local(ports[3*i+1]))
	}
	c.natsURL = strings.Join(urls, ",")
	for i := range natsNodes {
		name := fmt.Sprintf("nats-%d", i+1)
		settings, err := json.Marshal(natsSettings{
			Name: name, Client: ports[3*i], Route: ports[3*i+1], Monitor: ports[3*i+2], Routes: strings.Join(routes, ","), Dir: filepath.Join(c.dir, name),
		})
		if err != nil {
			return err
		}
		p := &Process{
			Name: name, Kind: natsRow, program: []string{c.self}, env: append(os.Environ(), envPart+"="+natsRow, envNATS+"="+string(settings)),
			ready: "http://" + local(ports[3*i+2]) + "/healthz", log: c.logOf(name),
		}
		c.nats = append(c.nats, p)
		if err := p.start(); err != nil {
			return err
		}
	}
	return awaitAll(ctx, c.nats)
}

func (c *Cluster) startServices(ctx context.Context) error {
	all := services.All()
	ports, err := freePorts(copies * len(all))
	if err != nil {
		return err
	}
	for i := range copies {
		for j, s := range all {
			addr := local(ports[i*len(all)+j])
			env := c.env(s.Name)
			env["LISTEN_ADDR"], env[envPart] = addr, s.Name
			p := &Process{
				Name: fmt.Sprintf("%s-%d", s.Name, i+1), Kind: s.Name, program: c.program(s.Name, c.programs), env: list(env), addr: addr,
				ready: "http://" + addr + "/health/ready",
			}
			p.log = c.logOf(p.Name)
			c.services = append(c.services, p)
			if err := p.start(); err != nil {
				return err
			}
			c.balancers[s.Name].add(addr)
		}
	}
	return awaitAll(ctx, c.services)
}

func list(env map[string]string) []string {
	settings := []string{"PATH=" + os.Getenv("PATH")}
	for name, value := range env {
		settings = append(settings, name+"="+value)
	}
	return settings
}

func awaitAll(ctx context.Context, parts []*Process) error {
	group, ctx := errgroup.WithContext(ctx)
	for _, p := range parts {
		group.Go(func() error { return p.await(ctx) })
	}
	return group.Wait()
}

// Origin is where a browser finds the tenant, IDOrigin where it finds the ID service.
func (c *Cluster) Origin(tenant string) string {
	return fmt.Sprintf("http://%s.localhost:%d", tenant, c.balancers["bff"].port())
}

func (c *Cluster) IDOrigin() string {
	return fmt.Sprintf("http://id.localhost:%d", c.balancers["identity"].port())
}

// env is the settings of a service: cheap passwords, no limits by user, and a budget of access that suits a busy machine.
func (c *Cluster) env(service string) map[string]string {
	secret := base64.StdEncoding.EncodeToString(slices.Repeat([]byte("drill-secret-16b"), 2)) // of a platform that lives for minutes
	env := map[string]string{
		"UPDSPACE_MODE":               "development",
		"UPDSPACE_SIGNING_SECRET":     secret,
		"LOG_FORMAT":                  "json",
		"DATABASE_URL":                c.anyServer(c.databases[service].AppURL),
		"DATABASE_MIGRATE_URL":        c.anyServer(c.databases[service].OwnerURL),
		"DATABASE_MAX_CONNS":          "6",
		"NATS_URL":                    c.natsURL,
		"REDIS_URL":                   "redis://" + c.Sentinel.Addr + "?master_set=" + redisName,
		"PUBLIC_ORIGIN":               c.Origin("{tenant}"),
		"TENANT_HOST_SUFFIX":          "localhost",
		"IDENTITY_PUBLIC_URL":         c.IDOrigin(),
		"OIDC_CLIENT_ID":              "portal",
		"OIDC_CLIENT_SECRET":          secret,
		"OIDC_BACKCHANNEL_LOGOUT_URI": c.balancers["bff"].url() + "/api/v1/auth/backchannel-logout",
		"ADMIN_SECOND_FACTOR":         "false",
		"PASSWORD_HASH_MEMORY_KIB":    "64",
		"DRAIN_DELAY":                 "1s",
		"ACCESS_BUDGET":               "5s", // a busy machine is slow
		"RATE_LIMIT_WRITES":           "0",
		"RATE_LIMIT_READS":            "0",
		"BLOB_DIR":                    filepath.Join(c.dir, "blobs"),
	}
	for _, sealed := range []string{"IDENTITY", "EVENTS", "GAMIFICATION", "ACTIVITY"} {
		env[sealed+"_SEAL_KEYS"] = "drill:" + secret
	}
	for name, b := range c.balancers {
		env[strings.ToUpper(name)+"_URL"] = b.url()
	}
	return env
}

// anyServer names both servers of the database in an address; connections go to the one that takes writes.
func (c *Cluster) anyServer(address string) string {
	u, err := url.Parse(address)
	if err != nil { // it was made by Provision
		panic(err)
	}
	var hosts []string
	for _, p := range c.postgres {
		hosts = append(hosts, local(p.Port))
	}
	u.Host = strings.Join(hosts, ",")
	query := u.Query()
	query.Set("target_session_attrs", "read-write")
	u.RawQuery = query.Encode()
	return u.String()
}

// DatabaseURL connects to a database as a superuser, at the server that takes writes.
func (c *Cluster) DatabaseURL(database string) string {
	u, err := url.Parse(c.postgres[len(c.postgres)-1].AdminURL) // the same user and password at both
	if err != nil {
		panic(err)
	}
	u.Path = "/" + database
	return c.anyServer(u.String())
}

// Problem is a part that has ended by itself.
func (c *Cluster) Problem() error {
	var problems []error
	for _, p := range slices.Concat(c.services, c.nats) {
		problems = append(problems, p.problem())
	}
	return errors.Join(problems...)
}

// Stop ends everything.
func (c *Cluster) Stop() {
	for _, p := range slices.Concat(c.services, c.nats) {
		p.signal(syscall.SIGKILL)
	}
	for _, b := range c.balancers {
		b.stop()
	}
	for _, r := range []*devstack.Redis{c.Sentinel, c.Replica, c.Redis} {
		if r != nil {
			r.Stop()
		}
	}
	for _, p := range []*devstack.Postgres{c.Standby, c.Primary} {
		if p != nil {
			p.Stop()
		}
	}
}
