package portal_test

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"go.uber.org/fx"

	"go.updspace.com/api/portalapi"
	"go.updspace.com/libs/accessclient"
	"go.updspace.com/libs/authz/authztest"
	"go.updspace.com/libs/fx/blobfx"
	"go.updspace.com/libs/fx/servicefx"
	"go.updspace.com/libs/pg"
	"go.updspace.com/libs/reqctx"
	"go.updspace.com/libs/signing"
	"go.updspace.com/portal"
	store "go.updspace.com/portal/adapters/pg"
	contentapp "go.updspace.com/portal/content/app"
	"go.updspace.com/portal/ports"
	"go.updspace.com/tools/devkit/testkit"
	testservice "go.updspace.com/tools/devkit/testkit/service"
)

// document is the service's spec, read once: that takes longer than most tests.
var document = sync.OnceValues(portalapi.GetSpec)

func TestMain(m *testing.M) { testkit.Main(m) }

// running is the whole service as it runs, with access faked behind its real wire.
type running struct {
	url      string
	cfg      portal.Config
	clock    *testkit.Clock
	database pg.Config
	db       *pg.DB
	blobs    string
	content  contentapp.Deps
	access   *atomic.Pointer[http.Handler]
}

// own is a change for tests that need a service and a database of their own: because they look across tenants, at the files
// of all tenants or at the schema. Such tests may run in parallel.
func own(*portal.Config) {}

// run returns a running service: one of the test's own when there are changes, and otherwise the one that all other tests of
// the package use, one after another, each with a tenant and a fake access of its own.
func run(t testing.TB, decide *authztest.Access, change ...func(*portal.Config)) running {
	t.Helper()
	access := authztest.Handler(t, decide, testkit.Keyring().Verifier("access"), "portal")
	if len(change) > 0 {
		r := launch(t, testkit.Postgres(t, store.Migrations()), t.TempDir(), func(stop func() error) {
			t.Cleanup(func() { require.NoError(t, stop()) })
		}, change...)
		r.access.Store(&access)
		return r
	}
	if shared == nil {
		blobs, err := os.MkdirTemp("", "updspace-portal-test") //nolint:usetesting // outlives the test that makes it
		require.NoError(t, err)
		atEnd := func(stop func() error) {
			testkit.AtEnd(func() {
				if err := stop(); err != nil {
					fmt.Fprintln(os.Stderr, "stopping the shared service:", err)
				}
			})
		}
		atEnd(func() error { return os.RemoveAll(blobs) })
		r := launch(t, testkit.SharedPostgres(t, store.Migrations()), blobs, atEnd)
		shared = &r
	}
	shared.access.Store(&access)
	return *shared
}

var shared *running

func launch(t testing.TB, database pg.Config, blobs string, atEnd func(stop func() error), change ...func(*portal.Config)) running {
	t.Helper()
	r := running{clock: testkit.NewClock(), database: database, blobs: blobs, access: &atomic.Pointer[http.Handler]{}}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) { (*r.access.Load()).ServeHTTP(w, q) }))
	atEnd(func() error { server.Close(); return nil })
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	r.url = "http://" + listener.Addr().String()
	r.cfg = portal.Config{
		ServiceConfig: serviceConfig(listener, database, server.URL), Blobs: blobfx.Config{Dir: blobs}, ReconcileInterval: time.Hour,
	}
	for _, c := range change {
		c(&r.cfg)
	}
	r.db, err = pg.Open(context.Background(), database)
	require.NoError(t, err)
	atEnd(r.db.Close)
	none := http.NotFoundHandler()
	r.access.Store(&none)
	app := fx.New(portal.Module(r.cfg), fx.Replace(fx.Annotate(r.clock, fx.As(new(ports.Clock)))), fx.Populate(&r.content))
	require.NoError(t, app.Err())
	require.NoError(t, app.Start(context.Background()))
	atEnd(func() error {
		ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
		defer cancel()
		return app.Stop(ctx)
	})
	return r
}

func serviceConfig(listener net.Listener, database pg.Config, access string) servicefx.ServiceConfig {
	return servicefx.ServiceConfig{
		Config: servicefx.Config{
			Mode: servicefx.Development, Listener: listener, Log: io.Discard, Signing: signing.Config{Secret: testkit.Secret},
		},
		Database: database,
		Access:   accessclient.Config{URL: access, Budget: 10 * time.Second}, // a busy machine is not a failing service
	}
}

// client is the generated client of portal.
type client = *portalapi.ClientWithResponses

// clients are the generated clients of one test.
type clients struct{ *testservice.Clients[client] }

func (r running) clients(t testing.TB) clients {
	return clients{testservice.NewClients(t, r.url, uuid.Nil, testservice.Options[client]{
		Name: "portal", Spec: document,
		Client: func(url string, h *http.Client) (client, error) {
			return portalapi.NewClientWithResponses(url, portalapi.WithHTTPClient(h))
		},
	})}
}

// client signs as a service, by default as the gateway.
func (c clients) client(rc reqctx.Context) client { return c.With(cmp.Or(rc.Caller, "bff"), rc) }
