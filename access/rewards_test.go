package access_test

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/stretchr/testify/require"

	"go.updspace.com/api/accessapi"
	"go.updspace.com/api/commonapi"
	"go.updspace.com/api/gamificationevents"
	"go.updspace.com/libs/outbox"
	"go.updspace.com/tools/devkit/testkit"
)

func (s *fixture) mayReward(p person, role int64) accessapi.RewardDecision {
	s.T.Helper()
	resp, err := s.as(p).CheckRewardWithResponse(s.T.Context(), accessapi.RewardCheck{RoleID: role, Scope: accessapi.Scope{Type: commonapi.ScopeTypeTENANT}})
	require.NoError(s.T, err)
	return made[accessapi.RewardDecision](s, of(resp), http.StatusOK)
}

func TestWhoMayRewardWithARole(t *testing.T) {
	t.Parallel()
	s := start(t)
	p, plain := s.administrator(aef), member(aef)
	role := s.createRole(p, "voting", "helpers", "voting.votings.admin")
	ref := &accessapi.RoleRef{ID: role.ID, Service: "voting", Name: "helpers"}
	require.Equal(t, accessapi.RewardDecision{Allowed: true, ReasonCode: accessapi.RewardDecisionReasonCodeALLOWED, Missing: []string{}, Role: ref}, s.mayReward(p, role.ID))
	require.Equal(t, accessapi.RewardDecision{ReasonCode: accessapi.RewardDecisionReasonCodeFORBIDDEN, Missing: []string{}, Role: ref}, s.mayReward(plain, role.ID))
	s.allow(plain, "portal.role_bindings.write")
	require.Equal(t, accessapi.RewardDecision{
		ReasonCode: accessapi.RewardDecisionReasonCodePERMISSIONNOTHELD, Missing: []string{"voting.votings.admin"}, Role: ref,
	}, s.mayReward(plain, role.ID))
	require.Equal(t, accessapi.RewardDecision{ReasonCode: accessapi.RewardDecisionReasonCodeROLENOTFOUND, Missing: []string{}}, s.mayReward(p, role.ID+1000))
	foreign := s.createRole(s.administrator(gaming), "voting", "helpers")
	require.Equal(t, accessapi.RewardDecisionReasonCodeROLENOTFOUND, s.mayReward(p, foreign.ID).ReasonCode, "another tenant's role does not exist")
}

// What gamification tells becomes a binding, shown with its achievement and ended only with the grant; a copy of an event and one that
// arrives late change nothing, also after a restart.
func TestARoleIsHeldWhileTheAchievementIs(t *testing.T) {
	t.Parallel()
	url, database := testkit.NATS(t), recycled(t)
	s := startWith(t, database, url)
	nc, err := outbox.Connect(url, "test", slog.New(slog.DiscardHandler))
	require.NoError(t, err)
	t.Cleanup(nc.Close)
	js, err := jetstream.New(nc)
	require.NoError(t, err)
	require.NoError(t, outbox.EnsureStreams(context.Background(), js))

	p, holder := s.administrator(aef), member(aef)
	role := s.createRole(p, "voting", "helpers", "voting.votings.admin")
	s.exec(aef, "INSERT INTO tenant_members (tenant_id, user_id, active, changed_at) VALUES (?, ?, true, now()), (?, ?, true, now())", aef, holder.user, aef, p.user)
	grant, achievement := uuid.New(), uuid.New()
	given := func(version int64) gamificationevents.Reward {
		return gamificationevents.Reward{
			GrantID: grant, AchievementID: achievement, UserID: holder.user, Version: version, RoleID: role.ID, ScopeType: "TENANT", ScopeID: aef,
			DefinedBy: p.user, SourceRef: "grant:" + grant.String(),
		}
	}
	taken := func(version int64) gamificationevents.RewardTaken {
		return gamificationevents.RewardTaken{GrantID: grant, AchievementID: achievement, UserID: holder.user, Version: version, SourceRef: "grant:" + grant.String()}
	}
	allowed := func(s *fixture) bool { return s.decide(holder, inTenant("voting.votings.admin", holder)).Allowed }
	// handled waits until as many events were dealt with
	handled := func(s *fixture, n int) {
		t.Helper()
		require.Eventually(t, func() bool { return s.count(aef, "SELECT count(*) FROM inbox WHERE consumer = 'access'") == n }, 20*time.Second, 5*time.Millisecond)
	}
	require.False(t, allowed(s))
	publish(t, js, gamificationevents.TypeRewardGiven, aef, given(1))
	require.Eventually(t, func() bool { return allowed(s) }, 20*time.Second, 5*time.Millisecond)

	bound := s.search(p, accessapi.SearchAdminRoleBindingsParams{UserID: &holder.user})
	require.Len(t, bound, 1)
	require.Equal(t, accessapi.AdminBindingSourceAchievement, bound[0].Source)
	require.Equal(t, achievement, bound[0].AchievementID.MustGet())
	path := fmt.Sprintf("/admin/role-bindings/%d", bound[0].ID)
	s.refused(s.call(p, http.MethodDelete, path, ""), 409, "MANAGED_BY_ACHIEVEMENT")
	s.refused(s.call(p, http.MethodPatch, path, `{"expires_at":null}`), 409, "MANAGED_BY_ACHIEVEMENT")
	why := made[accessapi.Decision](s, s.call(p, http.MethodGet, "/admin/users/"+holder.user.String()+"/decision?permission=voting.votings.admin", ""), 200)
	require.Contains(t, fmt.Sprint(why.Explanation), "by achievement "+achievement.String())
	held := made[accessapi.UserPermissions](s, s.call(p, http.MethodGet, "/admin/users/"+holder.user.String()+"/permissions", ""), 200)
	var origins []accessapi.Origin
	for _, h := range held.Permissions {
		if h.Key == "voting.votings.admin" {
			origins = h.Origins
		}
	}
	require.Len(t, origins, 1)
	require.Equal(t, &achievement, origins[0].AchievementID)

	s.Stop()
	publish(t, js, gamificationevents.TypeRewardTaken, aef, taken(3))
	publish(t, js, gamificationevents.TypeRewardGiven, aef, given(2)) // late
	s = startWith(t, database, url)
	handled(s, 3)
	require.Eventually(t, func() bool { return !allowed(s) }, 20*time.Second, 5*time.Millisecond)
	require.Empty(t, s.search(p, accessapi.SearchAdminRoleBindingsParams{UserID: &holder.user}))
	publish(t, js, gamificationevents.TypeRewardGiven, aef, given(2))
	handled(s, 4)
	require.False(t, allowed(s))
	require.Equal(t, 2, s.count(aef, "SELECT count(*) FROM audit_entries WHERE metadata ->> 'via' = 'achievement' AND metadata ->> 'achievement_id' = ?", achievement.String()))
}
