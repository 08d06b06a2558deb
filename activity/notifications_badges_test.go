package activity_test

import (
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/api/accessevents"
	"go.updspace.com/api/activityapi"
	"go.updspace.com/api/gamificationevents"
	"go.updspace.com/api/identityevents"
)

// A badge that is revoked is withdrawn from the inbox of its holder; others keep theirs. Who holds it is told of levels and of the role it gave and gives no more.
func TestHoldersAreToldOfBadgesLevelsAndRoles(t *testing.T) {
	t.Parallel()
	s := startTelling(t)
	holder, other := s.member(), s.member()
	badge := s.badge(holder.User)
	s.happened(gamificationevents.TypeGrantCreated, badge)
	s.happened(gamificationevents.TypeGrantCreated, s.badge(other.User))
	require.Len(t, s.inbox(holder), 1)
	s.happened(gamificationevents.TypeGrantRevoked, gamificationevents.GrantRevoked{
		GrantID: badge.GrantID, AchievementID: badge.AchievementID, Names: badge.Names, RecipientID: badge.RecipientID, Visibility: "public",
		ScopeType: badge.ScopeType, ScopeID: badge.ScopeID, CreatedAt: badge.CreatedAt, RevokedAt: s.Clock.Now(), SourceRef: badge.SourceRef,
	})
	require.Empty(t, s.inbox(holder))
	require.Len(t, s.inbox(other), 1)

	s.happened(gamificationevents.TypeLevelReached, gamificationevents.LevelReached{
		UserID: holder.User, Level: 3, Points: 300, Titles: []gamificationevents.Name{{Language: "en", Text: "Knight"}}, Visibility: "private",
		ScopeType: "TENANT", ScopeID: s.Tenant, SourceRef: "level:" + holder.User.String() + ":3",
	})
	told := s.inbox(holder)
	require.Len(t, told, 1)
	require.Equal(t, []any{activityapi.NotificationKindLevel, "Knight", 3}, []any{told[0].Kind, told[0].Title, *told[0].Details.Level})

	reward := gamificationevents.Reward{
		GrantID: badge.GrantID, AchievementID: badge.AchievementID, UserID: holder.User, RoleID: 7, DefinedBy: other.User, ScopeType: "TENANT",
		ScopeID: s.Tenant, Version: 1, SourceRef: badge.SourceRef,
	}
	roles := func() (changes []activityapi.NotificationDetailsChange) {
		for _, n := range s.list(holder, activityapi.ListNotificationsParams{Kinds: []activityapi.NotificationKind{activityapi.NotificationKindRole}}) {
			changes = append(changes, *n.Details.Change)
		}
		return changes
	}
	s.happened(gamificationevents.TypeRewardGiven, reward)
	require.Equal(t, []activityapi.NotificationDetailsChange{activityapi.NotificationDetailsChangeGiven}, roles())
	s.happened(gamificationevents.TypeRewardTaken, gamificationevents.RewardTaken{
		GrantID: reward.GrantID, AchievementID: reward.AchievementID, UserID: reward.UserID, Version: 2, SourceRef: reward.SourceRef,
	})
	require.Equal(t, []activityapi.NotificationDetailsChange{activityapi.NotificationDetailsChangeTaken}, roles())
	require.Len(t, s.inbox(other), 1, "nothing of it is for others")
}

// A member is told of a role that an administrator gives or takes, not of one's own doing, and once of a reward.
func TestMembersAreToldOfRoles(t *testing.T) {
	t.Parallel()
	s := startTelling(t)
	holder, admin, group := s.member(), s.member(), uuid.New()
	binding := func(change func(*accessevents.RoleBinding)) accessevents.RoleBinding {
		b := accessevents.RoleBinding{
			BindingID: 7, UserID: holder.User, RoleID: 3, RoleService: "voting", RoleName: "moderator", ScopeType: "TENANT", ScopeID: s.Tenant.String(),
			Source: "manual", ActorID: &admin.User, SourceRef: "binding:7",
		}
		change(&b)
		return b
	}
	inGroup := func(b *accessevents.RoleBinding) {
		b.BindingID, b.SourceRef, b.RoleName, b.ScopeType, b.ScopeID = 8, "binding:8", "Judge", "COMMUNITY", group.String()
	}
	type told struct{ Change, Russian, Link string }
	roles := func() (list []told) {
		for _, n := range s.list(holder, activityapi.ListNotificationsParams{Kinds: []activityapi.NotificationKind{activityapi.NotificationKindRole}}) {
			list = append(list, told{string(*n.Details.Change), n.Details.Names["ru"], n.Link})
		}
		return list
	}
	s.happened(accessevents.TypeRoleGiven, binding(func(*accessevents.RoleBinding) {}))
	s.happened(accessevents.TypeRoleGiven, binding(func(b *accessevents.RoleBinding) { b.ActorID = &b.UserID }))
	s.happened(accessevents.TypeRoleGiven, binding(func(b *accessevents.RoleBinding) { b.Source = "achievement" }))
	s.happened(accessevents.TypeRoleGiven, binding(func(b *accessevents.RoleBinding) { b.ScopeType, b.ScopeID = "SERVICE", "voting" }))
	s.happened(accessevents.TypeRoleGiven, binding(inGroup))
	own := "/people/" + holder.User.String()
	require.ElementsMatch(t, []told{
		{"given", "Judge (опросы)", "/c/" + group.String()}, {"given", "Модератор (опросы)", own}, {"given", "Модератор (опросы)", own},
	}, roles())
	s.happened(accessevents.TypeRoleTaken, binding(inGroup))
	s.happened(accessevents.TypeRoleTaken, binding(func(*accessevents.RoleBinding) {}))
	require.ElementsMatch(t, []told{{"taken", "Модератор (опросы)", own}, {"taken", "Judge (опросы)", "/c/" + group.String()}}, roles())
	require.Empty(t, s.inbox(admin))
}

// A member is told, once, when an account of another service is linked or unlinked, and not of what was linked long before.
func TestMembersAreToldOfLinkedAccounts(t *testing.T) {
	t.Parallel()
	s := startTelling(t)
	member := s.member()
	linked := identityevents.ExternalIdentity{TenantID: s.Tenant, UserID: member.User, Provider: "steam", ExternalID: new("76561197960287930"), LinkedAt: s.Clock.Now()}
	s.happened(identityevents.TypeExternalIdentityLinked, linked)
	s.happened(identityevents.TypeExternalIdentityLinked, linked)
	old := linked
	old.Provider, old.LinkedAt = "github", s.Clock.Now().Add(-2*time.Hour)
	s.happened(identityevents.TypeExternalIdentityLinked, old)
	s.happened(identityevents.TypeExternalIdentityUnlinked, identityevents.ExternalIdentityUnlinked{TenantID: s.Tenant, UserID: member.User, Provider: "house"})
	told := []any{}
	for _, n := range s.inbox(member) {
		require.NotContains(t, n.Title, "7656")
		told = append(told, []any{n.Kind, n.Title, *n.Details.Change})
	}
	require.ElementsMatch(t, []any{
		[]any{activityapi.NotificationKindSecurity, "Steam", activityapi.NotificationDetailsChangeLinked},
		[]any{activityapi.NotificationKindSecurity, "house", activityapi.NotificationDetailsChangeUnlinked},
	}, told)
}
