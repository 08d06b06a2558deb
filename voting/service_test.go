package voting_test

import (
	"context"
	"net/http"
	"os"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
	"go.uber.org/fx"

	"go.updspace.com/api/votingapi"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/fx/blobfx"
	"go.updspace.com/libs/fx/servicefx"
	"go.updspace.com/libs/groups"
	"go.updspace.com/libs/groups/portalgroups"
	"go.updspace.com/libs/pg"
	"go.updspace.com/libs/reqctx"
	"go.updspace.com/tools/devkit/testkit"
	"go.updspace.com/tools/devkit/testkit/service"
	"go.updspace.com/voting"
	store "go.updspace.com/voting/adapters/pg"
	"go.updspace.com/voting/app"
	"go.updspace.com/voting/domain"
	"go.updspace.com/voting/ports"
)

// document is the service's spec. It is read once, because that takes long.
var document = sync.OnceValues(votingapi.GetSpec)

func TestMain(m *testing.M) {
	if os.Getenv(relayProcess) != "" {
		relay()
		return
	}
	testkit.Main(m)
}

var (
	memberKeys = []authz.Permission{domain.PermissionPollRead, domain.PermissionVoteCast, domain.PermissionVoteReadOwn, domain.PermissionResultsRead}
	makerKeys  = append([]authz.Permission{domain.PermissionPollCreate}, memberKeys...)
	adminKeys  = append([]authz.Permission{domain.PermissionPollsAdmin}, makerKeys...)
)

type client = *votingapi.ClientWithResponses

// fixture is the running service with users of its tenant.
type fixture struct {
	*service.Service[client]
	lifecycle *app.Lifecycle
	deps      app.Deps

	admin, maker, member authz.Actor
}

func start(t testing.TB, change ...func(*voting.Config)) *fixture {
	t.Helper()
	return startOn(t, nil, change...)
}

// startOn starts an instance on a database that others may use, too; nil is a database of its own.
func startOn(t testing.TB, database func(testing.TB) pg.Config, change ...func(*voting.Config)) *fixture {
	t.Helper()
	s := &fixture{}
	s.Service = service.Start(t, service.Options[client]{
		Name: "voting", Spec: document, Migrations: store.Migrations(), Database: database,
		Client: func(url string, h *http.Client) (client, error) {
			return votingapi.NewClientWithResponses(url, votingapi.WithHTTPClient(h))
		},
		Module: func(cfg servicefx.ServiceConfig, clock *testkit.Clock) fx.Option {
			config := voting.Config{ServiceConfig: cfg, Blobs: blobfx.Config{Dir: t.TempDir()}}
			for _, c := range change {
				c(&config)
			}
			return fx.Options(voting.Module(config), fx.Replace(fx.Annotate(clock, fx.As(new(ports.Clock)))), fx.Populate(&s.lifecycle, &s.deps))
		},
	})
	s.admin, s.maker, s.member = s.Actor(adminKeys...), s.Actor(makerKeys...), s.Actor(memberKeys...)
	return s
}

// group makes a community known, as an event of portal does.
func (s *fixture) group(scope authz.Scope, state groups.State) {
	s.T.Helper()
	ctx := reqctx.With(context.Background(), reqctx.Context{TenantID: s.Tenant})
	require.NoError(s.T, s.DB.Do(ctx, func(ctx context.Context) error {
		return portalgroups.NewStore(s.DB).Put(ctx, groups.Group{Scope: scope, Community: scope.ID, State: state})
	}))
}
