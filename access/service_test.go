package access_test

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
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
	"go.updspace.com/access/adapters/pg/factcache"
	"go.updspace.com/access/domain"
	"go.updspace.com/access/ports"
	"go.updspace.com/api/accessapi"
	"go.updspace.com/api/commonapi"
	"go.updspace.com/libs/fx/servicefx"
	"go.updspace.com/libs/pg"
	"go.updspace.com/libs/reqctx"
	"go.updspace.com/tools/devkit/testkit"
	"go.updspace.com/tools/devkit/testkit/service"
)

// document is the service's spec, read once: that takes longer than most tests.
var document = sync.OnceValues(accessapi.GetSpec)

type client = *accessapi.ClientWithResponses

// fixture is the running service with what its tests share.
type fixture struct {
	*service.Service[client]
	cfg access.Config
}

// recycled gives a test a database with the catalogue; the templates come with the start of the service.
var recycled = testkit.Recycled(func(ctx context.Context, cfg pg.Config) error {
	return access.Migrate(ctx, access.Config{Database: cfg})
}, []string{"permissions"}, accesspg.Migrations())

func start(t testing.TB, options ...fx.Option) *fixture {
	t.Helper()
	return startOn(t, recycled(t), options...)
}

// startNew starts an instance on a database of its own, for tests that change more than rows.
func startNew(t testing.TB) *fixture {
	t.Helper()
	return startOn(t, testkit.Postgres(t, accesspg.Migrations()))
}

// startOn starts an instance on a database that others may use, too.
func startOn(t testing.TB, database pg.Config, options ...fx.Option) *fixture {
	t.Helper()
	return startWith(t, database, "", options...)
}

// startWith starts an instance that listens to a broker.
func startWith(t testing.TB, database pg.Config, nats string, options ...fx.Option) *fixture {
	t.Helper()
	s := &fixture{}
	s.Service = service.Start(t, service.Options[client]{
		Name: access.Name, Spec: document, Database: func(testing.TB) pg.Config { return database },
		Client: func(url string, h *http.Client) (client, error) {
			return accessapi.NewClientWithResponses(url, accessapi.WithHTTPClient(h))
		},
		Module: func(cfg servicefx.ServiceConfig, clock *testkit.Clock) fx.Option {
			s.cfg = access.Config{Config: cfg.Config, Database: database, NATSURL: nats, CacheBytes: 1 << 20}
			return fx.Options(append(options, access.Module(s.cfg), fx.Replace(fx.Annotate(clock, fx.As(new(ports.Clock)))))...)
		},
	})
	return s
}

// person is a caller: a user in a tenant, with flags.
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

func (s *fixture) http(p person) *http.Client {
	return s.HTTP(cmp.Or(p.caller, "bff"), p.context())
}

func (s *fixture) as(p person) client { return s.With(cmp.Or(p.caller, "bff"), p.context()) }

func question(permission string, scope commonapi.ScopeType, id string) accessapi.Check {
	return accessapi.Check{Permission: permission, Scope: accessapi.Scope{Type: scope, ID: id}}
}

func inTenant(permission string, p person) accessapi.Check {
	return question(permission, commonapi.ScopeTypeTENANT, p.tenant.String())
}

// decide asks one question.
func (s *fixture) decide(p person, q accessapi.Check) accessapi.Decision {
	s.T.Helper()
	resp, err := s.as(p).CheckPermissionWithResponse(context.Background(), q)
	require.NoError(s.T, err)
	require.Equal(s.T, http.StatusOK, resp.StatusCode(), string(resp.Body))
	return *resp.JSON200
}

// reason asks one question and returns why it was answered as it was.
func (s *fixture) reason(p person, q accessapi.Check) accessapi.ReasonCode {
	s.T.Helper()
	return s.decide(p, q).ReasonCode
}

// in is a context of the person's own.
func (p person) in() context.Context { return reqctx.With(context.Background(), p.context()) }

// bind grants a template, forever or until a time.
func (s *fixture) bind(p person, of domain.Service, name string, scope domain.Scope, until ...time.Time) {
	s.T.Helper()
	role, err := accesspg.NewRoles(s.DB).Template(p.in(), of, name)
	require.NoError(s.T, err)
	g := domain.Grant{User: p.user, Role: role.ID, Scope: scope}
	if len(until) > 0 {
		g.Expires = until[0]
	}
	require.NoError(s.T, factcache.NewTx(s.DB).Do(p.in(), func(ctx context.Context) error {
		_, _, err := accesspg.NewBindings(s.DB).Grant(ctx, g)
		return err
	}))
}

// allow lets a person do exactly one thing more.
func (s *fixture) allow(p person, permission string) {
	s.T.Helper()
	s.exec(p.tenant, "INSERT INTO policy_overrides (id, tenant_id, user_id, action, permission_key) VALUES (?, ?, ?, 'allow', ?)",
		uuid.New(), p.tenant, p.user, permission)
}

func (s *fixture) exec(tenant uuid.UUID, query string, args ...any) {
	s.T.Helper()
	require.NoError(s.T, factcache.NewTx(s.DB).Do(person{tenant: tenant}.in(), func(ctx context.Context) error {
		_, err := s.DB.Conn(ctx).ExecContext(ctx, query, args...)
		return pg.Error(err)
	}))
}

func (s *fixture) count(tenant uuid.UUID, query string, args ...any) (n int) {
	s.T.Helper()
	require.NoError(s.T, s.DB.Read(person{tenant: tenant}.in(), func(ctx context.Context) error {
		return pg.Error(s.DB.Conn(ctx).QueryRowContext(ctx, query, args...).Scan(&n))
	}))
	return n
}

// database is the name of the service's database.
func (s *fixture) database() string {
	s.T.Helper()
	u, err := url.Parse(s.cfg.Database.URL)
	require.NoError(s.T, err)
	return strings.TrimPrefix(u.Path, "/")
}

// admin runs a statement as the server's administrator.
func (s *fixture) admin(query string) {
	s.T.Helper()
	db, err := sql.Open("pgx", testkit.AdminURL(s.T))
	require.NoError(s.T, err)
	defer db.Close()
	_, err = db.Exec(query)
	require.NoError(s.T, err)
}

// administrator makes an administrator of the tenant with the operator's command.
func (s *fixture) administrator(tenant uuid.UUID) person {
	s.T.Helper()
	p := person{tenant: tenant, user: uuid.New(), flags: reqctx.Flags{MembershipStatus: "active", Status: "active"}}
	require.NoError(s.T, access.BootstrapAdmin(context.Background(), s.cfg, access.Grant{Tenant: tenant, User: p.user}))
	return p
}

// knowReferences makes the user and the community or team that a body names known, as the events of identity and Portal
// would.
func (s *fixture) knowReferences(body string) {
	s.T.Helper()
	var refs struct {
		TenantID  uuid.UUID `json:"tenant_id"`
		UserID    uuid.UUID `json:"user_id"`
		ScopeType string    `json:"scope_type"`
		ScopeID   string    `json:"scope_id"`
	}
	if json.Unmarshal([]byte(body), &refs) != nil || refs.TenantID == uuid.Nil || refs.UserID == uuid.Nil {
		return
	}
	s.exec(refs.TenantID, "INSERT INTO tenant_members (tenant_id, user_id, active, changed_at) VALUES (?, ?, true, now()) ON CONFLICT DO NOTHING", refs.TenantID, refs.UserID)
	if id, err := uuid.Parse(refs.ScopeID); err == nil && (refs.ScopeType == "COMMUNITY" || refs.ScopeType == "TEAM") {
		s.exec(refs.TenantID, "INSERT INTO scopes (tenant_id, scope_type, scope_id) VALUES (?, ?, ?) ON CONFLICT DO NOTHING", refs.TenantID, refs.ScopeType, id)
	}
}
