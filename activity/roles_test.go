package activity_test

import (
	"context"
	"net/http"
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
	store "go.updspace.com/activity/adapters/pg"
	"go.updspace.com/activity/domain"
	following "go.updspace.com/activity/roles/app"
	roles "go.updspace.com/activity/roles/domain"
	"go.updspace.com/activity/roles/ports"
	"go.updspace.com/api/activityapi"
	"go.updspace.com/api/activityevents"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/reqctx"
	"go.updspace.com/libs/seal"
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

func TestRolesFollowDiscordAndTheOtherWayRound(t *testing.T) {
	t.Parallel()
	f := startRoles(t)
	person, account := uuid.New(), standins.DiscordAccounts[0].ID
	f.link(t, person, account)
	f.put(t, activityapi.RoleSyncModeDryRun)
	scouts := f.pair(t, standins.DiscordScouts, 7, activityapi.RoleDirectionBoth)
	officers := f.pair(t, standins.DiscordOfficers, 8, activityapi.RoleDirectionFromDiscord)
	f.access.set(person, 7)
	f.guild.SetRoles(account, standins.DiscordOfficers)

	dry := f.look(t)
	require.Len(t, dry, 1)
	require.Equal(t, map[string]int64{"give_there": scouts, "give_here": officers}, kinds(dry[0]))
	there, _ := f.guild.RolesOf(account)
	require.Equal(t, []string{standins.DiscordOfficers}, there, "a dry run does nothing")
	require.Empty(t, f.events(t))

	f.put(t, activityapi.RoleSyncModeActive)
	f.look(t)
	there, _ = f.guild.RolesOf(account)
	require.Equal(t, []string{standins.DiscordScouts, standins.DiscordOfficers}, there)
	require.Equal(t, []string{activityevents.TypeRoleGiven}, f.events(t))
	require.Empty(t, f.look(t)[0].Actions, "it is settled")

	f.access.set(person)
	f.guild.SetRoles(account, standins.DiscordScouts)
	f.look(t)
	there, _ = f.guild.RolesOf(account)
	require.Empty(t, there, "who holds the role here no more has it there no more")
	require.Equal(t, []string{activityevents.TypeRoleGiven, activityevents.TypeRoleTaken}, f.events(t))

	// What people gave by hand stays, whatever ends.
	f.guild.SetRoles(account, standins.DiscordScouts, standins.DiscordOfficers)
	f.look(t)
	require.Len(t, f.events(t), 4, "both are given here")
	gone, err := f.As(f.admin).DeleteRoleMappingWithResponse(t.Context(), f.source, officers)
	service.OK(t, gone, err)
	f.look(t)
	require.Len(t, f.events(t), 5)
	f.told(t, func(ctx context.Context, f following.Following) error { return f.Unlinked(ctx, person) })
	require.Empty(t, f.look(t), "an account that is not linked any more is let go")
	require.Len(t, f.events(t), 6)
	there, _ = f.guild.RolesOf(account)
	require.Equal(t, []string{standins.DiscordScouts, standins.DiscordOfficers}, there)
}

func TestAFailureAtDiscordIsShownAndTriedAgain(t *testing.T) {
	t.Parallel()
	f := startRoles(t)
	person, account := uuid.New(), standins.DiscordAccounts[0].ID
	f.link(t, person, account)
	f.put(t, activityapi.RoleSyncModeDryRun)
	f.pair(t, standins.DiscordOwners, 7, activityapi.RoleDirectionToDiscord)
	f.put(t, activityapi.RoleSyncModeActive)
	f.access.set(person, 7)
	forbidden := f.look(t)[0]
	require.Equal(t, "forbidden", forbidden.LastError.MustGet(), "the bot's role is below the one that it gives")
	require.Equal(t, f.Clock.Now().Add(5*time.Minute), forbidden.NextAt)

	f.guild.Limit(true)
	f.Clock.Advance(time.Minute)
	require.Equal(t, "rate_limited", f.look(t)[0].LastError.MustGet())
	_, before := f.guild.RolesOf(account)
	f.Clock.Advance(time.Millisecond)
	require.Equal(t, "rate_limited", f.look(t)[0].LastError.MustGet())
	_, after := f.guild.RolesOf(account)
	require.Equal(t, before, after, "Discord has asked for a pause, and is left alone")
	f.guild.Limit(false)
	f.access.set(person)
	f.Clock.Advance(time.Minute)
	require.True(t, f.look(t)[0].LastError.IsNull())

	f.guild.Leave(account)
	require.False(t, f.look(t)[0].Present)
	f.put(t, activityapi.RoleSyncModePaused)
	_, before = f.guild.RolesOf(account)
	f.look(t)
	_, after = f.guild.RolesOf(account)
	require.Equal(t, before, after, "a paused one asks nothing")
}

func TestTheSynchronisationOfRolesIsChecked(t *testing.T) {
	t.Parallel()
	f := startRoles(t)
	c := f.As(f.admin)
	put := func(source int64, guild, token string, mode activityapi.RoleSyncMode) (*activityapi.PutRoleSyncResponse, error) {
		body := activityapi.RoleSyncPut{GuildID: guild, Mode: mode}
		if token != "" {
			body.BotToken = &token
		}
		return c.PutRoleSyncWithResponse(t.Context(), source, body)
	}
	r, err := put(f.source+1000, standins.DiscordGuildID, standins.DiscordBotToken, "dry_run")
	service.Refused(t, http.StatusNotFound, "ROLE_SYNC_NOT_FOUND", r, err)
	hook := f.add(t, activityapi.SourceCreate{Kind: activityapi.SourceKindWebhook, Name: "n"}).Source.ID
	r, err = put(hook, standins.DiscordGuildID, standins.DiscordBotToken, "dry_run")
	service.Refused(t, http.StatusConflict, "SOURCE_IS_NOT_DISCORD", r, err)
	r, err = put(f.source, "1/../2", "", "active")
	service.Invalid(t, r, err, "bot_token", "guild_id", "mode")
	r, err = put(f.source, standins.DiscordGuildID, "short\n", "dry_run")
	service.Invalid(t, r, err, "bot_token")

	missing, err := c.GetRoleSyncWithResponse(t.Context(), f.source)
	service.Refused(t, http.StatusNotFound, "ROLE_SYNC_NOT_FOUND", missing, err)
	r, err = put(f.source, standins.DiscordGuildID, "another-token-which-is-wrong", "dry_run")
	service.OK(t, r, err)
	refused, err := c.ListDiscordRolesWithResponse(t.Context(), f.source)
	service.Refused(t, http.StatusConflict, "DISCORD_REFUSED", refused, err)
	r, err = put(f.source, standins.DiscordGuildID, standins.DiscordBotToken, "dry_run")
	service.OK(t, r, err)
	roles, err := c.ListDiscordRolesWithResponse(t.Context(), f.source)
	names := []string{}
	for _, role := range service.OK(t, roles, err).JSON200.Items {
		names = append(names, role.Name)
	}
	require.Equal(t, []string{"Scouts", "Officers", "Owners"}, names, "without the one of all, and those of bots")

	pair := func(change func(*activityapi.RoleMappingCreate)) (*activityapi.CreateRoleMappingResponse, error) {
		body := activityapi.RoleMappingCreate{DiscordRoleID: standins.DiscordScouts, RoleID: 7, Direction: activityapi.RoleDirectionBoth}
		change(&body)
		return c.CreateRoleMappingWithResponse(t.Context(), f.source, body)
	}
	m, err := pair(func(b *activityapi.RoleMappingCreate) { b.DiscordRoleID = "x" })
	service.Invalid(t, m, err, "discord_role_id")
	m, err = pair(func(b *activityapi.RoleMappingCreate) { b.DiscordRoleID = standins.DiscordGuildID })
	service.Invalid(t, m, err, "discord_role_id")
	m, err = pair(func(b *activityapi.RoleMappingCreate) {
		b.ScopeType, b.ScopeID = new(activityapi.SourceScopeCOMMUNITY), new(uuid.New())
	})
	service.Invalid(t, m, err, "scope_id")
	m, err = pair(func(b *activityapi.RoleMappingCreate) { b.RoleID = 100 })
	service.Refused(t, http.StatusNotFound, "ROLE_NOT_FOUND", m, err)
	f.access.decision = authz.RewardDecision{Reason: authz.RewardNotHeld, Missing: []string{"voting.poll.read"}}
	m, err = pair(func(*activityapi.RoleMappingCreate) {})
	service.Refused(t, http.StatusForbidden, "ROLE_PAIR_FORBIDDEN", m, err)
	f.access.decision = authz.RewardDecision{Reason: authz.RewardRoleNotRewardable}
	m, err = pair(func(*activityapi.RoleMappingCreate) {})
	service.Refused(t, http.StatusConflict, "ROLE_NOT_PAIRABLE", m, err)
	m, err = pair(func(b *activityapi.RoleMappingCreate) { b.Direction = activityapi.RoleDirectionToDiscord })
	made := service.OK(t, m, err).JSON201
	f.access.decision = authz.RewardDecision{Allowed: true}
	m, err = pair(func(*activityapi.RoleMappingCreate) {})
	service.Refused(t, http.StatusConflict, "ROLE_MAPPING_EXISTS", m, err)

	r, err = put(f.source, standins.DiscordGuildID, "", "active")
	service.OK(t, r, err)
	f.pair(t, standins.DiscordOfficers, 8, activityapi.RoleDirectionToDiscord)
	view, err := c.GetRoleSyncWithResponse(t.Context(), f.source)
	require.Equal(t, activityapi.RoleSyncModeDryRun, service.OK(t, view, err).JSON200.Mode, "another pair is looked at first")
	require.NotContains(t, string(view.Body), standins.DiscordBotToken)
	r, err = put(f.source, "81384788765712399", "", "dry_run")
	service.Refused(t, http.StatusConflict, "ROLE_MAPPINGS_LEFT", r, err)
	gone, err := c.DeleteSourceWithResponse(t.Context(), f.source)
	service.Refused(t, http.StatusConflict, "SOURCE_HAS_ROLE_SYNC", gone, err)
	end, err := c.DeleteRoleSyncWithResponse(t.Context(), f.source)
	service.Refused(t, http.StatusConflict, "ROLE_MAPPINGS_LEFT", end, err)
	for _, id := range []int64{made.ID, view.JSON200.Mappings[1].ID} {
		removed, err := c.DeleteRoleMappingWithResponse(t.Context(), f.source, id)
		service.OK(t, removed, err)
	}
	again, err := c.DeleteRoleMappingWithResponse(t.Context(), f.source, made.ID)
	service.Refused(t, http.StatusNotFound, "ROLE_MAPPING_NOT_FOUND", again, err)
	stranger, err := f.As(f.Outsider(domain.PermissionSourcesManage)).GetRoleSyncWithResponse(t.Context(), f.source)
	service.Refused(t, http.StatusNotFound, "ROLE_SYNC_NOT_FOUND", stranger, err)
	end, err = c.DeleteRoleSyncWithResponse(t.Context(), f.source)
	service.OK(t, end, err)
	gone, err = c.DeleteSourceWithResponse(t.Context(), f.source)
	service.OK(t, gone, err)
}

// fillRoles stores a row in each table of the synchronisation of roles.
func fillRoles(t testing.TB, s *service.Service[client]) {
	t.Helper()
	sealer, err := seal.Parse(sealKeys)
	require.NoError(t, err)
	f := &sourceFixture{Service: s, admin: s.Actor(domain.PermissionSourcesManage)}
	source, user, now := f.add(t, discordSource(t)).Source.ID, uuid.New(), s.Clock.Now()
	syncs, members := store.NewRoleSyncs(s.DB, sealer), store.NewRoleMembers(s.DB, sealer)
	require.NoError(t, s.DB.Do(reqctx.With(t.Context(), reqctx.Context{TenantID: s.Tenant}), func(ctx context.Context) error {
		require.NoError(t, syncs.Put(ctx, roles.Sync{SourceID: source, TenantID: s.Tenant, Guild: standins.DiscordGuildID, Token: "t", Mode: roles.Paused, UpdatedAt: now}))
		require.NoError(t, members.Link(ctx, user, "1", now))
		m, err := syncs.AddMapping(ctx, source, roles.Mapping{
			DiscordRole: standins.DiscordScouts, Role: authz.RoleRef{ID: 7}, Scope: authz.TenantScope(s.Tenant), Direction: roles.Both, CreatedAt: now,
		})
		require.NoError(t, err)
		return members.PutHolding(ctx, source, m.ID, user, roles.Holding{ID: uuid.New(), Here: true})
	}))
}

func roleOperations(s *service.Service[client]) map[string]service.Operation[client] {
	maker := s.Actor(domain.PermissionSourcesManage)
	made := func(t testing.TB) int64 {
		f := &sourceFixture{Service: s, admin: maker}
		id := f.add(t, discordSource(t)).Source.ID
		r, err := s.As(maker).PutRoleSyncWithResponse(t.Context(), id, activityapi.RoleSyncPut{
			GuildID: standins.DiscordGuildID, BotToken: new(standins.DiscordBotToken), Mode: activityapi.RoleSyncModeDryRun,
		})
		service.OK(t, r, err)
		return id
	}
	table := map[string]service.Operation[client]{
		"getRoleSync": {Try: func(t testing.TB, c client, _ authz.Actor) (service.Answer, error) {
			return c.GetRoleSyncWithResponse(t.Context(), made(t))
		}},
		"putRoleSync": {Try: func(t testing.TB, c client, _ authz.Actor) (service.Answer, error) {
			return c.PutRoleSyncWithResponse(t.Context(), made(t), activityapi.RoleSyncPut{GuildID: standins.DiscordGuildID, Mode: activityapi.RoleSyncModePaused})
		}},
		"deleteRoleSync": {Try: func(t testing.TB, c client, _ authz.Actor) (service.Answer, error) {
			return c.DeleteRoleSyncWithResponse(t.Context(), made(t))
		}},
		"listDiscordRoles": {Try: func(t testing.TB, c client, _ authz.Actor) (service.Answer, error) {
			return c.ListDiscordRolesWithResponse(t.Context(), made(t))
		}},
		"createRoleMapping": {Try: func(t testing.TB, c client, _ authz.Actor) (service.Answer, error) {
			return c.CreateRoleMappingWithResponse(t.Context(), made(t), activityapi.RoleMappingCreate{
				DiscordRoleID: standins.DiscordScouts, RoleID: 7, Direction: activityapi.RoleDirectionToDiscord,
			})
		}},
		"deleteRoleMapping": {Try: func(t testing.TB, c client, _ authz.Actor) (service.Answer, error) {
			source := made(t)
			r, err := s.As(maker).CreateRoleMappingWithResponse(t.Context(), source, activityapi.RoleMappingCreate{
				DiscordRoleID: standins.DiscordScouts, RoleID: 7, Direction: activityapi.RoleDirectionToDiscord,
			})
			return c.DeleteRoleMappingWithResponse(t.Context(), source, service.OK(t, r, err).JSON201.ID)
		}},
		"listRoleSyncPeople": {Try: func(t testing.TB, c client, _ authz.Actor) (service.Answer, error) {
			return c.ListRoleSyncPeopleWithResponse(t.Context(), made(t))
		}},
	}
	for id, operation := range table {
		operation.Scope = authz.TenantScope(s.Tenant)
		table[id] = operation
	}
	return table
}
