package activity_test

import (
	"net/http"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/activity/domain"
	"go.updspace.com/api/activityapi"
	"go.updspace.com/libs/authz"
	"go.updspace.com/tools/devkit/standins"
	"go.updspace.com/tools/devkit/testkit/service"
)

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
