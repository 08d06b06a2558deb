package activity_test

import (
	"context"
	"net/http/httptest"
	"net/netip"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"go.uber.org/fx"

	"go.updspace.com/activity"
	"go.updspace.com/activity/domain"
	following "go.updspace.com/activity/roles/app"
	"go.updspace.com/activity/roles/ports"
	"go.updspace.com/api/activityapi"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/reqctx"
	"go.updspace.com/tools/devkit/standins"
	"go.updspace.com/tools/devkit/testkit/service"
)

// heldRoles is access for these tests: who holds which role, and who may give it.
type heldRoles struct {
	mu       sync.Mutex
	held     map[uuid.UUID]map[int64]bool
	decision authz.RewardDecision
}

var _ ports.Roles = (*heldRoles)(nil)

func (r *heldRoles) CheckReward(_ context.Context, role int64, _ authz.Scope) (authz.RewardDecision, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	d := r.decision
	if role < 100 {
		d.Role = authz.RoleRef{ID: role, Service: "voting", Name: "scouts"}
	}
	return d, nil
}

func (r *heldRoles) HeldRoles(_ context.Context, user uuid.UUID, roles []authz.ScopedRole) ([]bool, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	held := make([]bool, len(roles))
	for i, role := range roles {
		held[i] = r.held[user][role.Role]
	}
	return held, nil
}

func (r *heldRoles) set(user uuid.UUID, roles ...int64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.held[user] = map[int64]bool{}
	for _, role := range roles {
		r.held[user][role] = true
	}
}

// roleFixture is the service with a stand-in of a server of Discord, an administrator, and a source.
type roleFixture struct {
	*sourceFixture

	guild  *standins.DiscordGuild
	access *heldRoles
	roles  following.Deps
	source int64
}

func newHeldRoles() *heldRoles {
	return &heldRoles{held: map[uuid.UUID]map[int64]bool{}, decision: authz.RewardDecision{Allowed: true}}
}

func startRoles(t testing.TB) *roleFixture {
	t.Helper()
	f := &roleFixture{sourceFixture: &sourceFixture{}, guild: standins.NewDiscordGuild(), access: newHeldRoles()}
	more, edit := withGuild(t, f.guild, f.access)
	f.Service = startWith(t, fx.Options(more, fx.Populate(&f.roles), fx.Populate(&f.deps)), edit)
	f.admin = f.Actor(domain.PermissionSourcesManage)
	f.source = f.add(t, discordSource(t)).Source.ID
	return f
}

// withGuild makes a service speak to a server of Discord, and to access for these tests.
func withGuild(t testing.TB, guild *standins.DiscordGuild, access *heldRoles) (fx.Option, func(*activity.Config)) {
	t.Helper()
	discord := httptest.NewServer(guild.Handler())
	t.Cleanup(discord.Close)
	return fx.Decorate(func(d following.Deps) following.Deps { d.Roles = access; return d }), func(c *activity.Config) {
		c.DiscordURL = discord.URL
		c.EgressExceptions = []netip.AddrPort{netip.MustParseAddrPort(discord.Listener.Addr().String())}
	}
}

func discordSource(t testing.TB) activityapi.SourceCreate {
	t.Helper()
	return activityapi.SourceCreate{Kind: activityapi.SourceKindDiscord, Name: "Server", PublicKey: new("aa00aa00aa00aa00aa00aa00aa00aa00aa00aa00aa00aa00aa00aa00aa00aa00")}
}

func (f *roleFixture) put(t testing.TB, mode activityapi.RoleSyncMode) {
	t.Helper()
	r, err := f.As(f.admin).PutRoleSyncWithResponse(t.Context(), f.source, activityapi.RoleSyncPut{
		GuildID: standins.DiscordGuildID, BotToken: new(standins.DiscordBotToken), Mode: mode,
	})
	require.Equal(t, mode, service.OK(t, r, err).JSON200.Mode)
}

func (f *roleFixture) pair(t testing.TB, discordRole string, role int64, direction activityapi.RoleDirection) int64 {
	t.Helper()
	r, err := f.As(f.admin).CreateRoleMappingWithResponse(t.Context(), f.source, activityapi.RoleMappingCreate{
		DiscordRoleID: discordRole, RoleID: role, Direction: direction,
	})
	return service.OK(t, r, err).JSON201.ID
}

// told tells of an account as identity does.
func (f *roleFixture) told(t testing.TB, fn func(ctx context.Context, f following.Following) error) {
	t.Helper()
	ctx := reqctx.With(t.Context(), reqctx.Context{TenantID: f.Tenant})
	require.NoError(t, f.roles.Tx.Do(ctx, func(ctx context.Context) error { return fn(ctx, following.Following{Deps: f.roles}) }))
}

func (f *roleFixture) link(t testing.TB, user uuid.UUID, id string) {
	t.Helper()
	f.told(t, func(ctx context.Context, f following.Following) error { return f.Linked(ctx, user, id) })
}

// look makes everybody due and waits until they were looked at.
func (f *roleFixture) look(t testing.TB) []activityapi.RoleSyncPerson {
	t.Helper()
	f.Clock.Advance(time.Second)
	now := f.Clock.Now()
	f.told(t, func(ctx context.Context, follow following.Following) error {
		f.roles.Tx.AfterCommit(ctx, f.roles.Wake)
		return follow.Members.Due(ctx, f.source, now)
	})
	var people []activityapi.RoleSyncPerson
	require.Eventually(t, func() bool {
		r, err := f.As(f.admin).ListRoleSyncPeopleWithResponse(t.Context(), f.source)
		people = service.OK(t, r, err).JSON200.Items
		return !slices.ContainsFunc(people, func(p activityapi.RoleSyncPerson) bool { return !p.NextAt.After(now) })
	}, 20*time.Second, 10*time.Millisecond)
	return people
}

func kinds(p activityapi.RoleSyncPerson) map[string]int64 {
	found := map[string]int64{}
	for _, a := range p.Actions {
		found[string(a.Kind)] = a.MappingID
	}
	return found
}

// events are the types of what access was told, in order.
func (f *roleFixture) events(t testing.TB) (types []string) {
	t.Helper()
	ctx := reqctx.With(t.Context(), reqctx.Context{TenantID: f.Tenant})
	require.NoError(t, f.DB.Read(ctx, func(ctx context.Context) error {
		return f.DB.Conn(ctx).NewRaw("SELECT type FROM outbox WHERE type LIKE 'activity.role.%' ORDER BY seq").Scan(ctx, &types)
	}))
	return types
}
