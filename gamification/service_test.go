package gamification_test

import (
	"context"
	"net/http"
	"sync"
	"testing"

	"github.com/google/uuid"
	"github.com/oapi-codegen/nullable"
	"github.com/stretchr/testify/require"
	"go.uber.org/fx"

	"go.updspace.com/api/gamificationapi"
	"go.updspace.com/gamification"
	store "go.updspace.com/gamification/adapters/pg"
	"go.updspace.com/gamification/app"
	"go.updspace.com/gamification/domain"
	"go.updspace.com/gamification/ports"
	"go.updspace.com/libs/accessclient"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/fx/blobfx"
	"go.updspace.com/libs/fx/servicefx"
	"go.updspace.com/libs/groups"
	"go.updspace.com/libs/reqctx"
	"go.updspace.com/libs/seal"
	"go.updspace.com/tools/devkit/testkit"
	"go.updspace.com/tools/devkit/testkit/service"
)

// document is the service's spec. It is read once, because that takes long.
var document = sync.OnceValues(gamificationapi.GetSpec)

func TestMain(m *testing.M) { testkit.Main(m) }

var (
	memberKeys = []authz.Permission{domain.PermissionRead}
	makerKeys  = append([]authz.Permission{domain.PermissionCreate, domain.PermissionEdit}, memberKeys...)
	adminKeys  = append([]authz.Permission{domain.PermissionPublish, domain.PermissionHide, domain.PermissionAssign, domain.PermissionRevoke, domain.PermissionViewPrivate, domain.PermissionManagePoints, domain.PermissionManageBadges}, makerKeys...)
)

type client = *gamificationapi.ClientWithResponses

// fixture is the running service with users of its tenant.
type fixture struct {
	*service.Service[client]

	lifecycle *app.Lifecycle
	counting  *app.Counting
	rewards   *app.Rewards
	images    *app.Images

	admin, maker, member authz.Actor
}

// sealKeys seal what tests store.
var sealKeys = seal.NewKey("test")

// configure is the configuration of the service in tests.
func configure(cfg blobfx.ServiceConfig) gamification.Config {
	return gamification.Config{ServiceConfig: cfg, PublicOrigin: "https://{tenant}.updspace.test", SealKeys: sealKeys}
}

func start(t testing.TB, change ...func(*servicefx.ServiceConfig)) *fixture {
	t.Helper()
	s := &fixture{}
	s.Service = service.Start(t, service.Options[client]{
		Name: "gamification", Spec: document, Migrations: store.Migrations(),
		Client: func(url string, h *http.Client) (client, error) {
			return gamificationapi.NewClientWithResponses(url, gamificationapi.WithHTTPClient(h))
		},
		Module: func(cfg servicefx.ServiceConfig, clock *testkit.Clock) fx.Option {
			config := configure(blobfx.ServiceConfig{ServiceConfig: cfg, Blobs: blobfx.Config{Dir: t.TempDir()}})
			return fx.Options(gamification.Module(config), fx.Replace(fx.Annotate(clock, fx.As(new(ports.Clock)))), fx.Populate(&s.lifecycle, &s.counting, &s.rewards, &s.images))
		},
		Change: func(cfg *servicefx.ServiceConfig) {
			for _, c := range change {
				c(cfg)
			}
		},
	})
	s.admin, s.maker, s.member = s.Actor(adminKeys...), s.Actor(makerKeys...), s.Actor(memberKeys...)
	s.members(true, s.admin, s.maker, s.member)
	return s
}

// members makes users members of the tenant, or ends that, as events of identity do.
func (s *fixture) members(active bool, users ...authz.Actor) {
	s.T.Helper()
	for _, a := range users {
		ctx := reqctx.With(context.Background(), reqctx.Context{TenantID: a.Tenant})
		require.NoError(s.T, s.lifecycle.Tx.Do(ctx, func(ctx context.Context) error { return s.lifecycle.MemberChanged(ctx, a.User, active) }))
	}
}

// people are new members of the tenant who hold what members hold.
func (s *fixture) people(n int) []authz.Actor {
	s.T.Helper()
	people := make([]authz.Actor, n)
	for i := range people {
		people[i] = s.Actor(memberKeys...)
	}
	s.members(true, people...)
	return people
}

// group makes a community known, or a team of the community that is named, as an event of portal does.
func (s *fixture) group(scope authz.Scope, state groups.State, community ...uuid.UUID) {
	s.T.Helper()
	ctx := reqctx.With(context.Background(), reqctx.Context{TenantID: s.Tenant})
	require.NoError(s.T, s.lifecycle.Tx.Do(ctx, func(ctx context.Context) error {
		return s.lifecycle.GroupChanged(ctx, groups.Group{Scope: scope, Community: append(community, scope.ID)[0], State: state})
	}))
}

// join makes a user a member of a community.
func (s *fixture) join(a authz.Actor, scope authz.Scope) {
	s.Access.SetMembership(a.Tenant, accessclient.Membership{
		MembershipKey: accessclient.MembershipKey{Scope: scope, UserID: a.User}, CommunityID: scope.ID, Role: accessclient.Member, Version: 1,
	})
}

// draft is a new achievement in the category skill, which it creates when it is not there.
func (s *fixture) draft(change ...func(*gamificationapi.AchievementCreate)) gamificationapi.AchievementCreate {
	s.T.Helper()
	body := gamificationapi.AchievementCreate{NameI18N: names("Opening expert"), Category: "skill"}
	for _, c := range change {
		c(&body)
	}
	r, err := s.As(s.admin).CreateCategoryWithResponse(s.T.Context(), gamificationapi.CategoryCreate{ID: body.Category, NameI18N: names(body.Category)})
	require.NoError(s.T, err)
	require.Contains(s.T, []int{http.StatusCreated, http.StatusConflict}, r.StatusCode())
	return body
}

func published(b *gamificationapi.AchievementCreate) {
	b.Status, b.Images = new(gamificationapi.AchievementStatusPublished), picture
}

var picture = &gamificationapi.ImagesWrite{Small: some("https://example.com/s.png")}

// achievement creates an achievement of the administrator.
func (s *fixture) achievement(change ...func(*gamificationapi.AchievementCreate)) gamificationapi.Achievement {
	s.T.Helper()
	return s.achievementOf(s.admin, change...)
}

func (s *fixture) achievementOf(by authz.Actor, change ...func(*gamificationapi.AchievementCreate)) gamificationapi.Achievement {
	s.T.Helper()
	r, err := s.As(by).CreateAchievementWithResponse(s.T.Context(), s.draft(change...))
	return *service.OK(s.T, r, err).JSON201
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
