package access_test

import (
	"context"
	"database/sql"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	_ "github.com/jackc/pgx/v5/stdlib" // for the administrator's connection
	"github.com/stretchr/testify/require"
	"go.uber.org/fx"

	"go.updspace.com/access"
	accesspg "go.updspace.com/access/adapters/pg"
	"go.updspace.com/access/domain"
	"go.updspace.com/access/ports"
	"go.updspace.com/api/accessapi"
	"go.updspace.com/libs/fx/servicefx"
	"go.updspace.com/libs/pg"
	"go.updspace.com/libs/reqctx"
	"go.updspace.com/libs/signing"
	"go.updspace.com/libs/testkit"
)

// document is the service's spec, read once: that takes longer than most tests.
var document = sync.OnceValues(accessapi.GetSpec)

// service is the whole service as it runs, on a database of its own.
type service struct {
	t     testing.TB
	url   string
	cfg   access.Config
	clock *testkit.Clock
	db    *pg.DB // for arranging what no endpoint offers yet
	stop  func()
}

func start(t testing.TB, options ...fx.Option) *service {
	t.Helper()
	return startOn(t, testkit.Postgres(t, accesspg.Migrations()), options...)
}

// startOn starts an instance on a database that others may use, too.
func startOn(t testing.TB, database pg.Config, options ...fx.Option) *service {
	t.Helper()
	return startWith(t, database, "", options...)
}

// startWith starts an instance that listens to a broker.
func startWith(t testing.TB, database pg.Config, nats string, options ...fx.Option) *service {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	s := &service{t: t, url: "http://" + listener.Addr().String(), clock: testkit.NewClock()}
	s.cfg = access.Config{
		Config: servicefx.Config{
			Mode: servicefx.Development, Listener: listener, Log: io.Discard, Signing: signing.Config{Secret: testkit.Secret},
		},
		Database: database, NATSURL: nats, SnapshotBytes: 1 << 20,
	}
	s.db = testkit.OpenDB(t, s.cfg.Database)
	options = append([]fx.Option{access.Module(s.cfg), fx.Replace(fx.Annotate(s.clock, fx.As(new(ports.Clock))))}, options...)
	app := fx.New(options...)
	require.NoError(t, app.Err())
	require.NoError(t, app.Start(context.Background()))
	stopped := false
	s.stop = func() {
		if stopped {
			return
		}
		stopped = true
		ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
		defer cancel()
		require.NoError(t, app.Stop(ctx))
	}
	t.Cleanup(s.stop)
	return s
}

// person is somebody who asks: a user in a tenant, with flags.
type person struct {
	tenant, user uuid.UUID
	flags        reqctx.Flags
	caller       string // the service that asks; empty is the gateway
}

var (
	aef    = uuid.MustParse("00000000-0000-0000-0000-000000000001")
	gaming = uuid.MustParse("00000000-0000-0000-0000-000000000002")
)

func member(tenant uuid.UUID) person {
	return person{tenant: tenant, user: uuid.New(), flags: reqctx.Flags{MembershipStatus: "active", Status: "active"}}
}

func stranger(tenant uuid.UUID) person { return person{tenant: tenant, user: uuid.New()} }

func (p person) context() reqctx.Context {
	return reqctx.Context{TenantID: p.tenant, TenantSlug: "any", UserID: p.user, Flags: p.flags, Caller: p.caller}
}

// http is a client that signs for the person and holds every answer against the document.
func (s *service) http(p person) *http.Client {
	s.t.Helper()
	spec, err := document()
	require.NoError(s.t, err)
	return testkit.Client(s.t, s.url, access.Name, p.context(), spec)
}

func (s *service) as(p person) *accessapi.ClientWithResponses {
	s.t.Helper()
	client, err := accessapi.NewClientWithResponses(s.url, accessapi.WithHTTPClient(s.http(p)))
	require.NoError(s.t, err)
	return client
}

func question(permission string, scope accessapi.ScopeType, id string) accessapi.Check {
	return accessapi.Check{Permission: permission, Scope: accessapi.Scope{Type: scope, ID: id}}
}

func inTenant(permission string, p person) accessapi.Check {
	return question(permission, accessapi.ScopeTypeTENANT, p.tenant.String())
}

// decide asks one question.
func (s *service) decide(p person, q accessapi.Check) accessapi.Decision {
	s.t.Helper()
	resp, err := s.as(p).CheckPermissionWithResponse(context.Background(), q)
	require.NoError(s.t, err)
	require.Equal(s.t, http.StatusOK, resp.StatusCode(), string(resp.Body))
	return *resp.JSON200
}

// reason asks one question and returns why it was answered as it was.
func (s *service) reason(p person, q accessapi.Check) accessapi.ReasonCode {
	s.t.Helper()
	return s.decide(p, q).ReasonCode
}

// in is a context of the person's own.
func (p person) in() context.Context { return reqctx.With(context.Background(), p.context()) }

// bind grants a template, forever or until a time.
func (s *service) bind(p person, of domain.Service, name string, scope domain.Scope, until ...time.Time) {
	s.t.Helper()
	role, err := accesspg.NewRoles(s.db).Template(p.in(), of, name)
	require.NoError(s.t, err)
	g := domain.Grant{User: p.user, Role: role.ID, Scope: scope}
	if len(until) > 0 {
		g.Expires = until[0]
	}
	require.NoError(s.t, accesspg.NewTx(s.db).Do(p.in(), func(ctx context.Context) error {
		_, _, err := accesspg.NewBindings(s.db).Grant(ctx, g)
		return err
	}))
}

// allow lets a person do exactly one thing more.
func (s *service) allow(p person, permission string) {
	s.t.Helper()
	s.exec(p.tenant, "INSERT INTO policy_overrides (id, tenant_id, user_id, action, permission_key) VALUES (?, ?, ?, 'allow', ?)",
		uuid.New(), p.tenant, p.user, permission)
}

func (s *service) exec(tenant uuid.UUID, query string, args ...any) {
	s.t.Helper()
	require.NoError(s.t, accesspg.NewTx(s.db).Do(person{tenant: tenant}.in(), func(ctx context.Context) error {
		_, err := s.db.Conn(ctx).ExecContext(ctx, query, args...)
		return pg.Error(err)
	}))
}

func (s *service) count(tenant uuid.UUID, query string, args ...any) (n int) {
	s.t.Helper()
	require.NoError(s.t, s.db.Read(person{tenant: tenant}.in(), func(ctx context.Context) error {
		return pg.Error(s.db.Conn(ctx).QueryRowContext(ctx, query, args...).Scan(&n))
	}))
	return n
}

// database is the name of the service's database.
func (s *service) database() string {
	s.t.Helper()
	u, err := url.Parse(s.cfg.Database.URL)
	require.NoError(s.t, err)
	return strings.TrimPrefix(u.Path, "/")
}

// admin runs a statement as the server's administrator.
func (s *service) admin(query string) {
	s.t.Helper()
	db, err := sql.Open("pgx", testkit.AdminURL(s.t))
	require.NoError(s.t, err)
	defer db.Close()
	_, err = db.Exec(query)
	require.NoError(s.t, err)
}

// administrator is somebody who administers the tenant, as the operator's command makes them.
func (s *service) administrator(tenant uuid.UUID) person {
	s.t.Helper()
	p := person{tenant: tenant, user: uuid.New(), flags: reqctx.Flags{MembershipStatus: "active", Status: "active"}}
	require.NoError(s.t, access.BootstrapAdmin(context.Background(), s.cfg, access.Grant{Tenant: tenant, User: p.user}))
	return p
}
