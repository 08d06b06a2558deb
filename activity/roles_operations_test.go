package activity_test

import (
	"context"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	store "go.updspace.com/activity/adapters/pg"
	"go.updspace.com/activity/domain"
	roles "go.updspace.com/activity/roles/domain"
	"go.updspace.com/api/activityapi"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/reqctx"
	"go.updspace.com/libs/seal"
	"go.updspace.com/tools/devkit/standins"
	"go.updspace.com/tools/devkit/testkit/service"
)

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
		linked, _, err := members.List(ctx, source, 1)
		require.NoError(t, err)
		return members.PutHolding(ctx, source, m.ID, linked[0].AccountID, roles.Holding{ID: uuid.New(), Here: true})
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
