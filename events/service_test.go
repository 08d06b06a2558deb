package events_test

import (
	"context"
	"net/http"
	"os"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/oapi-codegen/nullable"
	"github.com/stretchr/testify/require"
	"go.uber.org/fx"

	"go.updspace.com/api/eventsapi"
	"go.updspace.com/events"
	store "go.updspace.com/events/adapters/pg"
	"go.updspace.com/events/app"
	"go.updspace.com/events/domain"
	"go.updspace.com/events/ports"
	"go.updspace.com/libs/accessclient"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/fx/servicefx"
	"go.updspace.com/libs/groups"
	"go.updspace.com/libs/pg"
	"go.updspace.com/libs/reqctx"
	"go.updspace.com/tools/devkit/testkit"
	"go.updspace.com/tools/devkit/testkit/service"
)

// document is the service's spec. It is read once, because that takes long.
var document = sync.OnceValues(eventsapi.GetSpec)

func TestMain(m *testing.M) {
	if os.Getenv(instanceAt) != "" {
		instance()
		return
	}
	testkit.Main(m)
}

var (
	memberKeys = []authz.Permission{domain.PermissionEventRead, domain.PermissionRSVPSet}
	makerKeys  = append([]authz.Permission{domain.PermissionEventCreate}, memberKeys...)
	adminKeys  = append([]authz.Permission{domain.PermissionEventManage, domain.PermissionAttendanceMark}, makerKeys...)
)

type client = *eventsapi.ClientWithResponses

// fixture is the running service with users of its tenant.
type fixture struct {
	*service.Service[client]
	lifecycle *app.Lifecycle
	read      int // events that mails has read

	admin, maker, member authz.Actor
}

func start(t testing.TB) *fixture {
	t.Helper()
	return startOn(t, nil)
}

// configure is the configuration of the service in tests.
func configure(cfg servicefx.ServiceConfig) events.Config {
	return events.Config{
		ServiceConfig: cfg, PublicOrigin: "http://{tenant}.localhost", SealKeys: sealKeys, ReplyDomain: replyDomain, ReplySecret: replySecret,
	}
}

// startOn starts an instance on a database that others may use, too; nil is a database of its own.
func startOn(t testing.TB, database func(testing.TB) pg.Config, change ...func(*events.Config)) *fixture {
	t.Helper()
	s := &fixture{}
	s.Service = service.Start(t, service.Options[client]{
		Name: "events", Spec: document, Migrations: store.Migrations(), Database: database,
		Client: func(url string, h *http.Client) (client, error) {
			return eventsapi.NewClientWithResponses(url, eventsapi.WithHTTPClient(h))
		},
		Module: func(cfg servicefx.ServiceConfig, clock *testkit.Clock) fx.Option {
			configured := configure(cfg)
			for _, c := range change {
				c(&configured)
			}
			return fx.Options(events.Module(configured), fx.Replace(fx.Annotate(clock, fx.As(new(ports.Clock)))), fx.Populate(&s.lifecycle))
		},
	})
	s.admin, s.maker, s.member = s.Actor(adminKeys...), s.Actor(makerKeys...), s.Actor(memberKeys...)
	return s
}

// join makes a user a member of a community, or of a team of the community that is named.
func (s *fixture) join(a authz.Actor, scope authz.Scope, community ...uuid.UUID) {
	s.Access.SetMembership(a.Tenant, accessclient.Membership{
		MembershipKey: accessclient.MembershipKey{Scope: scope, UserID: a.User}, CommunityID: append(community, scope.ID)[0],
		Role: accessclient.Member, Version: 1,
	})
}

// group makes a community known, or a team of the community that is named, as an event of portal does.
func (s *fixture) group(scope authz.Scope, state groups.State, community ...uuid.UUID) {
	s.T.Helper()
	ctx := reqctx.With(context.Background(), reqctx.Context{TenantID: s.Tenant})
	require.NoError(s.T, s.lifecycle.Tx.Do(ctx, func(ctx context.Context) error {
		return s.lifecycle.GroupChanged(ctx, groups.Group{Scope: scope, Community: append(community, scope.ID)[0], State: state})
	}))
}

// draft is a new event of two hours that begins in so many hours, in the scope of the tenant.
func (s *fixture) draft(hours int, change ...func(*eventsapi.EventCreate)) eventsapi.EventCreate {
	start := s.Clock.Now().Truncate(time.Second).Add(time.Duration(hours) * time.Hour)
	body := eventsapi.EventCreate{
		Title: "Game night", ScopeType: new(eventsapi.EventScopeTypeTENANT), StartsAt: &start, EndsAt: new(start.Add(2 * time.Hour)),
	}
	for _, c := range change {
		c(&body)
	}
	return body
}

func weekly(b *eventsapi.EventCreate) { b.Rrule = some("FREQ=WEEKLY;COUNT=5") }

func in(scope authz.Scope) func(*eventsapi.EventCreate) {
	return func(b *eventsapi.EventCreate) {
		b.ScopeType, b.ScopeID = new(eventsapi.EventScopeType(scope.Type)), some(scope.ID.String())
	}
}

// event creates an event of the maker that begins in an hour.
func (s *fixture) event(change ...func(*eventsapi.EventCreate)) eventsapi.Event {
	s.T.Helper()
	r, err := s.As(s.maker).CreateEventWithResponse(s.T.Context(), s.draft(1, change...))
	return *service.OK(s.T, r, err).JSON201
}

// dates are the dates of an event as a user sees them.
func (s *fixture) dates(by authz.Actor, event uuid.UUID) []eventsapi.Event {
	s.T.Helper()
	r, err := s.As(by).ListOccurrencesWithResponse(s.T.Context(), event, &eventsapi.ListOccurrencesParams{})
	return service.OK(s.T, r, err).JSON200.Items
}

func null[T any]() nullable.Nullable[T] { return nullable.NewNullNullable[T]() }

func some[T any](v T) nullable.Nullable[T] { return nullable.NewNullableWithValue(v) }
