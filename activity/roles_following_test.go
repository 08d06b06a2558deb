package activity_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	following "go.updspace.com/activity/roles/app"
	"go.updspace.com/api/activityapi"
	"go.updspace.com/api/activityevents"
	"go.updspace.com/tools/devkit/standins"
	"go.updspace.com/tools/devkit/testkit/service"
)

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

// Roles belong to an account: who links another one has them there, and at the former one no more.
func TestAnotherAccountOfAPersonTakesTheRolesAlong(t *testing.T) {
	t.Parallel()
	f := startRoles(t)
	person, former, account := uuid.New(), standins.DiscordAccounts[0].ID, standins.DiscordAccounts[1].ID
	f.link(t, person, former)
	f.put(t, activityapi.RoleSyncModeDryRun)
	f.pair(t, standins.DiscordScouts, 7, activityapi.RoleDirectionToDiscord)
	f.pair(t, standins.DiscordOfficers, 8, activityapi.RoleDirectionFromDiscord)
	f.put(t, activityapi.RoleSyncModeActive)
	f.access.set(person, 7)
	f.guild.SetRoles(former, standins.DiscordOfficers)
	f.look(t)
	require.Equal(t, []string{activityevents.TypeRoleGiven}, f.events(t))

	f.link(t, person, account)
	require.Len(t, f.look(t), 1, "the former account is let go")
	there, _ := f.guild.RolesOf(former)
	require.Equal(t, []string{standins.DiscordOfficers}, there, "what people gave by hand stays")
	there, _ = f.guild.RolesOf(account)
	require.Equal(t, []string{standins.DiscordScouts}, there)
	require.Equal(t, []string{activityevents.TypeRoleGiven, activityevents.TypeRoleTaken}, f.events(t), "what the former account gave here is taken")

	f.link(t, person, former)
	f.link(t, person, former) // told again
	people := f.look(t)
	require.Len(t, people, 1)
	require.True(t, people[0].Linked)
	there, _ = f.guild.RolesOf(former)
	require.Equal(t, []string{standins.DiscordScouts, standins.DiscordOfficers}, there)
	there, _ = f.guild.RolesOf(account)
	require.Empty(t, there)
}
