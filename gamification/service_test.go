package gamification_test

import (
	"net/http"
	"sync"
	"testing"

	"github.com/oapi-codegen/nullable"
	"go.uber.org/fx"

	"go.updspace.com/api/gamificationapi"
	"go.updspace.com/gamification"
	store "go.updspace.com/gamification/adapters/pg"
	"go.updspace.com/gamification/domain"
	"go.updspace.com/gamification/ports"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/fx/servicefx"
	"go.updspace.com/tools/devkit/testkit"
	"go.updspace.com/tools/devkit/testkit/service"
)

// document is the service's spec. It is read once, because that takes long.
var document = sync.OnceValues(gamificationapi.GetSpec)

func TestMain(m *testing.M) { testkit.Main(m) }

var (
	memberKeys = []authz.Permission{domain.PermissionRead}
	adminKeys  = append([]authz.Permission{domain.PermissionEdit}, memberKeys...)
)

type client = *gamificationapi.ClientWithResponses

// fixture is the running service with users of its tenant.
type fixture struct {
	*service.Service[client]

	admin, member authz.Actor
}

func start(t testing.TB) *fixture {
	t.Helper()
	s := &fixture{}
	s.Service = service.Start(t, service.Options[client]{
		Name: "gamification", Spec: document, Migrations: store.Migrations(),
		Client: func(url string, h *http.Client) (client, error) {
			return gamificationapi.NewClientWithResponses(url, gamificationapi.WithHTTPClient(h))
		},
		Module: func(cfg servicefx.ServiceConfig, clock *testkit.Clock) fx.Option {
			return fx.Options(gamification.Module(cfg), fx.Replace(fx.Annotate(clock, fx.As(new(ports.Clock)))))
		},
	})
	s.admin, s.member = s.Actor(adminKeys...), s.Actor(memberKeys...)
	return s
}

// category creates a category of the administrator.
func (s *fixture) category(slug string, order int32) gamificationapi.Category {
	s.T.Helper()
	r, err := s.As(s.admin).CreateCategoryWithResponse(s.T.Context(), gamificationapi.CategoryCreate{ID: slug, NameI18N: names(slug), Order: &order})
	return *service.OK(s.T, r, err).JSON201
}

func names(en string) gamificationapi.Names { return gamificationapi.Names{"en": en} }

func some[T any](v T) nullable.Nullable[T] { return nullable.NewNullableWithValue(v) }

func null[T any]() nullable.Nullable[T] { return nullable.NewNullNullable[T]() }
