// Package service runs a whole service in a test: the real fx graph on a database of its own, behind its real HTTP interface,
// with access faked behind its real HTTP interface. Every answer is checked against the OpenAPI document, and at the end every
// event in the outbox against its event document.
//
// A service wraps Start once and adds its own fixtures:
//
//	type harness struct{ *service.Service[*votingapi.ClientWithResponses] }
//
//	func start(t testing.TB) harness {
//		return harness{service.Start(t, service.Options[*votingapi.ClientWithResponses]{
//			Name: "voting", Spec: votingapi.GetSpec, Migrations: store.Migrations(),
//			Client: func(url string, h *http.Client) (*votingapi.ClientWithResponses, error) {
//				return votingapi.NewClientWithResponses(url, votingapi.WithHTTPClient(h))
//			},
//			Module: func(cfg servicefx.ServiceConfig, clock *testkit.Clock) fx.Option {
//				return fx.Options(voting.Module(voting.Config{ServiceConfig: cfg}), fx.Replace(fx.Annotate(clock, fx.As(new(ports.Clock)))))
//			},
//		})}
//	}
//
// Tests that start their own service are independent and may run in parallel.
package service

import (
	"context"
	"io"
	"net"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"go.uber.org/fx"

	"go.updspace.com/libs/accessclient"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/authz/authztest"
	"go.updspace.com/libs/fx/servicefx"
	"go.updspace.com/libs/pg"
	"go.updspace.com/libs/signing"
	"go.updspace.com/tools/devkit/testkit"
)

// Options say which service to start. C is its generated client.
type Options[C any] struct {
	Name       string // its name, which is the audience of its signatures and the source of its events
	Spec       func() (*openapi3.T, error)
	Client     func(url string, h *http.Client) (C, error)
	Migrations pg.Migrations
	// Database returns the database to start on, for a service that needs more than its migrations or shares the database with
	// another instance. Without it the service gets one of its own with the migrations.
	Database func(t testing.TB) pg.Config
	// Module returns the service's graph with its clock replaced.
	Module func(cfg servicefx.ServiceConfig, clock *testkit.Clock) fx.Option
	// Change adjusts the configuration that Module gets.
	Change func(cfg *servicefx.ServiceConfig)
}

// Service is a running service.
type Service[C any] struct {
	*Clients[C]
	Database pg.Config
	DB       *pg.DB // for fixtures and for looking behind the interface
	Access   *authztest.Access
	Clock    *testkit.Clock

	stop func()
}

const stopPatience = 20 * time.Second

// Start runs a service until the test ends.
func Start[C any](t testing.TB, o Options[C]) *Service[C] {
	t.Helper()
	s := &Service[C]{Access: &authztest.Access{}, Clock: testkit.NewClock()}
	if o.Database != nil {
		s.Database = o.Database(t)
	} else {
		s.Database = testkit.Postgres(t, o.Migrations)
	}
	s.DB = testkit.OpenDB(t, s.Database)
	var listen net.ListenConfig
	listener, err := listen.Listen(context.Background(), "tcp", "127.0.0.1:0")
	require.NoError(t, err)
	s.Clients = NewClients(t, "http://"+listener.Addr().String(), uuid.New(), o)
	cfg := servicefx.ServiceConfig{
		Config:   servicefx.Config{Mode: servicefx.Development, Listener: listener, Log: io.Discard, Signing: signing.Config{Secret: testkit.Secret}},
		Database: s.Database,
		Access:   accessclient.Config{URL: authztest.Serve(t, s.Access, testkit.Keyring().Verifier("access"), o.Name), Budget: 10 * time.Second},
	}
	if o.Change != nil {
		o.Change(&cfg)
	}
	app := fx.New(o.Module(cfg, s.Clock))
	require.NoError(t, app.Err())
	require.NoError(t, app.Start(context.Background()))
	s.stop = sync.OnceFunc(func() {
		ctx, cancel := context.WithTimeout(context.Background(), stopPatience)
		defer cancel()
		require.NoError(t, app.Stop(ctx))
	})
	t.Cleanup(func() {
		s.checkEvents()
		s.stop()
	})
	return s
}

// Stop stops the service before the test ends.
func (s *Service[C]) Stop() { s.stop() }

// Actor returns a new member of the service's tenant who holds permissions everywhere in it.
func (s *Service[C]) Actor(permissions ...authz.Permission) authz.Actor {
	return s.member(s.Tenant, permissions)
}

// Outsider returns a new member of a new tenant who holds permissions everywhere in it.
func (s *Service[C]) Outsider(permissions ...authz.Permission) authz.Actor {
	return s.member(uuid.New(), permissions)
}

func (s *Service[C]) member(tenant uuid.UUID, permissions []authz.Permission) authz.Actor {
	a := authz.Actor{Tenant: tenant, User: uuid.New()}
	s.Access.Member(a, permissions...)
	return a
}
