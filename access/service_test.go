package access_test

import (
	"context"
	"io"
	"net"
	"net/http"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"go.uber.org/fx"

	"go.updspace.com/access"
	accesspg "go.updspace.com/access/adapters/pg"
	"go.updspace.com/access/ports"
	"go.updspace.com/api/accessapi"
	"go.updspace.com/libs/fx/servicefx"
	"go.updspace.com/libs/pg"
	"go.updspace.com/libs/reqctx"
	"go.updspace.com/libs/signing"
	"go.updspace.com/libs/testkit"
)

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
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	s := &service{t: t, url: "http://" + listener.Addr().String(), clock: testkit.NewClock()}
	s.cfg = access.Config{
		Config: servicefx.Config{
			Mode: servicefx.Development, Listener: listener, Log: io.Discard, Signing: signing.Config{Secret: testkit.Secret},
		},
		Database: testkit.Postgres(t, accesspg.Migrations()),
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
	return reqctx.Context{TenantID: p.tenant, TenantSlug: "any", UserID: p.user, Flags: p.flags}
}

// http is a client that signs for the person and holds every answer against the document.
func (s *service) http(p person) *http.Client {
	s.t.Helper()
	spec, err := accessapi.GetSpec()
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
