package gamification_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/api/gamificationapi"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/authz/authztest"
	"go.updspace.com/libs/groups"
	"go.updspace.com/tools/devkit/testkit"
	"go.updspace.com/tools/devkit/testkit/service"
)

// helpers is a role of the tenant; its number depends on its name.
func (s *fixture) helpers(name string, permissions ...authz.Permission) int64 {
	id := int64(len(name))
	s.Access.PutRole(s.Tenant, id, authztest.Role{Service: "voting", Name: name, Permissions: permissions})
	return id
}

// chief is an administrator who may bind roles that grant what is listed.
func (s *fixture) chief(permissions ...authz.Permission) authz.Actor {
	a := s.Actor(append(append([]authz.Permission{"portal.role_bindings.write"}, adminKeys...), permissions...)...)
	s.members(true, a)
	return a
}

func (s *fixture) putReward(by authz.Actor, achievement uuid.UUID, role int64) *gamificationapi.PutRewardResponse {
	s.T.Helper()
	r, err := s.As(by).PutRewardWithResponse(s.T.Context(), achievement, gamificationapi.RewardPut{RoleID: role})
	require.NoError(s.T, err)
	return r
}

func (s *fixture) deleteReward(by authz.Actor, achievement uuid.UUID) {
	s.T.Helper()
	r, err := s.As(by).DeleteRewardWithResponse(s.T.Context(), achievement)
	service.OK(s.T, r, err)
}

// reward is the reward of an achievement as a caller sees it; nil is none.
func (s *fixture) reward(by authz.Actor, achievement uuid.UUID) *gamificationapi.Reward {
	s.T.Helper()
	r, err := s.As(by).GetRewardWithResponse(s.T.Context(), achievement)
	if found := service.OK(s.T, r, err).JSON200.Reward; !found.IsNull() {
		return new(found.MustGet())
	}
	return nil
}

func (s *fixture) settleRewards() {
	s.T.Helper()
	require.NoError(s.T, s.rewards.Settle(s.T.Context()))
}

// toldReward is what access was told.
type toldReward struct {
	Type      string    `json:"-"`
	Grant     uuid.UUID `json:"grant_id"`
	User      uuid.UUID `json:"user_id"`
	Version   int       `json:"version"`
	Role      int64     `json:"role_id"`
	DefinedBy uuid.UUID `json:"defined_by"`
	Issuer    uuid.UUID `json:"issuer_id"`
	Expires   time.Time `json:"expires_at"`
}

func (s *fixture) told() (told []toldReward) {
	s.T.Helper()
	for _, e := range s.Events() {
		if typ, is := strings.CutPrefix(e.Type, "gamification.reward."); is {
			r := toldReward{Type: typ}
			require.NoError(s.T, json.Unmarshal(e.Data, &r))
			told = append(told, r)
		}
	}
	return told
}

func TestAccessIsToldOfTheRewardOfAGrant(t *testing.T) {
	t.Parallel()
	s := start(t)
	chief, role := s.chief("voting.poll.create"), s.helpers("helpers", "voting.poll.create")
	a := s.achievement(published, func(b *gamificationapi.AchievementCreate) { b.ExpiresAfterDays = some(30) })
	require.Nil(t, s.reward(s.member, a.ID))
	put := service.OK(t, s.putReward(chief, a.ID, role), nil).JSON200.Reward.MustGet()
	want := gamificationapi.Reward{
		Role: gamificationapi.RewardRole{ID: role, Service: "voting", Name: "helpers"}, State: gamificationapi.RewardStateActive,
		DefinedBy: some(chief.User), DefinedAt: s.Clock.Now().UTC(),
	}
	testkit.Filled(t, want, "Settled")
	require.Equal(t, want, put)
	s.settleRewards()
	want.Settled = true
	require.Equal(t, &want, s.reward(s.member, a.ID))

	r, err := s.As(chief).CreateGrantWithResponse(t.Context(), a.ID, gamificationapi.GrantCreate{RecipientID: s.member.User})
	grant := service.OK(t, r, err).JSON201
	given := toldReward{
		Type: "given", Grant: grant.ID, User: s.member.User, Version: 1, Role: role, DefinedBy: chief.User, Issuer: chief.User, Expires: grant.ExpiresAt.MustGet(),
	}
	require.Equal(t, []toldReward{given}, s.told())
	service.OK(t, s.revoke(s.admin, grant.ID, ""), nil)
	service.OK(t, s.revoke(s.admin, grant.ID, ""), nil)
	taken := toldReward{Type: "taken", Grant: grant.ID, User: s.member.User, Version: 2}
	require.Equal(t, []toldReward{given, taken}, s.told())
	s.settleRewards()
	require.Len(t, s.told(), 2)
}

func TestARewardIsGivenToThoseWhoHoldTheAchievement(t *testing.T) {
	t.Parallel()
	s := start(t)
	chief := s.chief()
	a := s.achievement(published)
	people := s.people(3)
	var grants []uuid.UUID
	for _, p := range people {
		grants = append(grants, s.grant(a.ID, p).ID)
	}
	service.OK(t, s.revoke(s.admin, grants[2], ""), nil)
	first, second := s.helpers("first"), s.helpers("second")
	told := func(version int, typ string, role int64) (want []toldReward) {
		for i := range 2 {
			r := toldReward{Type: typ, Grant: grants[i], User: people[i].User, Version: version, Role: role}
			if role != 0 {
				r.DefinedBy = chief.User
			}
			want = append(want, r)
		}
		return want
	}
	service.OK(t, s.putReward(chief, a.ID, first), nil)
	s.settleRewards()
	want := told(1, "given", first)
	require.Equal(t, want, s.told())
	service.OK(t, s.putReward(chief, a.ID, second), nil)
	s.settleRewards()
	want = append(want, told(2, "given", second)...)
	require.Equal(t, want, s.told())
	service.OK(t, s.putReward(chief, a.ID, second), nil) // again: what was refused is given anew
	s.settleRewards()
	want = append(want, told(3, "given", second)...)
	require.Equal(t, want, s.told())
	for range 2 {
		s.deleteReward(s.admin, a.ID)
		require.Nil(t, s.reward(s.admin, a.ID))
		s.grantOnce(a.ID, s.member) // gets nothing any more
		s.settleRewards()
	}
	want = append(want, told(4, "taken", 0)...)
	require.Equal(t, want, s.told())
}

// grantOnce is grant for a member who may have the achievement already.
func (s *fixture) grantOnce(achievement uuid.UUID, to authz.Actor) {
	s.T.Helper()
	require.Less(s.T, s.try(s.admin, achievement, to).StatusCode(), http.StatusMultipleChoices)
}

// More holders than are taken at once.
func TestARewardIsGivenToManyHolders(t *testing.T) {
	t.Parallel()
	s := start(t)
	a, chief, people := s.achievement(published), s.chief(), s.people(201)
	for _, part := range [][]authz.Actor{people[:200], people[200:]} {
		var ids []uuid.UUID
		for _, p := range part {
			ids = append(ids, p.User)
		}
		r, err := s.As(s.admin).CreateGrantsWithResponse(t.Context(), a.ID, gamificationapi.GrantsCreate{RecipientIds: ids})
		require.Equal(t, len(part), service.OK(t, r, err).JSON200.Granted)
	}
	service.OK(t, s.putReward(chief, a.ID, s.helpers("helpers")), nil)
	s.settleRewards()
	users := map[uuid.UUID]bool{}
	for _, r := range s.told() {
		users[r.User] = true
	}
	require.Len(t, s.told(), len(people))
	require.Len(t, users, len(people))
	require.True(t, s.reward(s.admin, a.ID).Settled)
}

// A manager of achievements hands out no role that this manager may not give.
func TestARewardIsNoWayToMoreRights(t *testing.T) {
	t.Parallel()
	s := start(t)
	chief, strong, missing := s.chief("voting.poll.create"), s.helpers("strong", "voting.poll.create"), func(r service.Answer) {
		t.Helper()
		service.Refused(t, http.StatusForbidden, "ROLE_NOT_GRANTABLE", r, nil)
	}
	a := s.achievement(published)
	missing(s.putReward(s.admin, a.ID, strong))   // binds no roles
	missing(s.putReward(s.chief(), a.ID, strong)) // does not hold what the role grants
	admins, deleted := s.helpers("admin"), s.helpers("deleted")
	s.Access.DeleteRole(deleted)
	service.Invalid(t, s.putReward(chief, a.ID, admins), nil, "role_id")
	service.Invalid(t, s.putReward(chief, a.ID, s.helpers("changes rights", "portal.role_bindings.write")), nil, "role_id")
	service.Invalid(t, s.putReward(chief, a.ID, deleted), nil, "role_id")
	service.Refused(t, http.StatusForbidden, "FORBIDDEN", s.putReward(s.maker, a.ID, strong), nil)
	hidden := s.achievement()
	service.Refused(t, http.StatusNotFound, "ACHIEVEMENT_NOT_FOUND", s.putReward(s.member, hidden.ID, strong), nil)
	service.Refused(t, http.StatusNotFound, "ACHIEVEMENT_NOT_FOUND", s.putReward(s.Outsider(adminKeys...), a.ID, strong), nil)
	require.Nil(t, s.reward(s.admin, a.ID))

	// Who gets the achievement is decided only by those who may give its role.
	service.OK(t, s.putReward(chief, a.ID, strong), nil)
	missing(s.try(s.admin, a.ID, s.member))
	bulk, err := s.As(s.admin).CreateGrantsWithResponse(t.Context(), a.ID, gamificationapi.GrantsCreate{RecipientIds: []uuid.UUID{s.member.User}})
	require.NoError(t, err)
	missing(bulk)
	missing(s.putRule(s.admin, a.ID, nil, attendances(1)))
	nomination := s.nominated(s.member, a.ID, s.maker)
	approved, err := s.As(s.admin).ApproveNominationWithResponse(t.Context(), nomination.ID, gamificationapi.NominationApprove{})
	require.NoError(t, err)
	missing(approved)
	require.Empty(t, s.told())
	require.Equal(t, http.StatusCreated, s.try(chief, a.ID, s.member).StatusCode())
	service.OK(t, s.putRule(chief, a.ID, nil, attendances(1)), nil)
	approved, err = s.As(chief).ApproveNominationWithResponse(t.Context(), nomination.ID, gamificationapi.NominationApprove{})
	service.OK(t, approved, err)
	require.Len(t, s.told(), 2)
	declined, err := s.As(s.admin).DeclineNominationWithResponse(t.Context(), s.nominated(s.member, a.ID, s.people(1)[0]).ID, gamificationapi.NominationDecline{})
	service.OK(t, declined, err)
	s.deleteReward(s.admin, a.ID) // taking it away needs no right to give it
	require.Equal(t, http.StatusCreated, s.try(s.admin, a.ID, s.people(1)[0]).StatusCode())
}

func TestARewardSaysWhetherItGivesAnything(t *testing.T) {
	t.Parallel()
	s := start(t)
	chief, role := s.chief("voting.poll.create"), s.helpers("helpers", "voting.poll.create")
	a := s.achievement(published)
	service.OK(t, s.putReward(chief, a.ID, role), nil)
	s.Access.PutRole(s.Tenant, role, authztest.Role{Service: "voting", Name: "renamed", Permissions: []authz.Permission{"voting.poll.create"}})
	require.Equal(t, "renamed", s.reward(s.member, a.ID).Role.Name)
	s.Access.Revoke(chief, "voting.poll.create")
	require.Equal(t, gamificationapi.RewardStateNotGrantable, s.reward(s.member, a.ID).State)
	s.Access.DeleteRole(role)
	require.Equal(t, gamificationapi.RewardStateRoleDeleted, s.reward(s.member, a.ID).State)
	require.Equal(t, "helpers", s.reward(s.member, a.ID).Role.Name, "as it was called")
	require.Equal(t, http.StatusCreated, s.try(s.admin, a.ID, s.member).StatusCode(), "it gives nothing, so it hinders nothing")
	s.Access.Fail(authztest.Unavailable)
	away, err := s.As(s.member).GetRewardWithResponse(t.Context(), a.ID)
	service.Refused(t, http.StatusServiceUnavailable, "SERVICE_UNAVAILABLE", away, err)
}

func TestARewardOfACommunity(t *testing.T) {
	t.Parallel()
	s := start(t)
	chess := authz.CommunityScope(uuid.New())
	s.group(chess, groups.Active)
	a := s.achievement(published, in(chess))
	local := s.people(1)[0]
	s.Access.Grant(local, chess, append([]authz.Permission{"voting.poll.create"}, adminKeys...)...)
	s.Access.Grant(local, authz.TenantScope(s.Tenant), "portal.role_bindings.write")
	role := s.helpers("helpers", "voting.poll.create")
	service.OK(t, s.putReward(local, a.ID, role), nil)
	whole := s.achievement(published)
	s.Access.Grant(local, authz.TenantScope(s.Tenant), adminKeys...)
	service.Refused(t, http.StatusForbidden, "ROLE_NOT_GRANTABLE", s.putReward(local, whole.ID, role), nil)
	s.group(chess, groups.Archived)
	service.Refused(t, http.StatusConflict, "SCOPE_ARCHIVED", s.putReward(local, a.ID, role), nil)
}

func TestARuleGivesTheReward(t *testing.T) {
	t.Parallel()
	s := start(t)
	chief, role, event := s.chief(), s.helpers("helpers"), uuid.New()
	a := s.ruled(attendances(1, takesBack))
	service.OK(t, s.putReward(chief, a.ID, role), nil)
	s.settleRewards()
	s.backFill()
	s.tell(attended(s.member, event, s.Clock.Now(), false))
	s.tell(attended(s.member, event, s.Clock.Now().Add(time.Second), true))
	told := s.told()
	require.Len(t, told, 2)
	require.Equal(t, []any{"given", role, uuid.Nil, chief.User}, []any{told[0].Type, told[0].Role, told[0].Issuer, told[0].DefinedBy})
	require.Equal(t, []any{"taken", told[0].Grant, 2}, []any{told[1].Type, told[1].Grant, told[1].Version})
}

// Grants, revocations, and a reward that comes and goes at the same time: in the end access was told what is so.
func TestRewardsInARace(t *testing.T) {
	t.Parallel()
	s := start(t)
	a, chief, people := s.achievement(published), s.chief(), s.people(12)
	role := s.helpers("helpers")
	grants := make([]uuid.UUID, len(people))
	for i, p := range people[:8] {
		grants[i] = s.grant(a.ID, p).ID
	}
	var group sync.WaitGroup
	for i, p := range people {
		group.Go(func() {
			if i < 4 {
				_, _ = s.As(s.admin).RevokeGrantWithResponse(t.Context(), grants[i], gamificationapi.GrantRevoke{})
			}
			if i >= 8 {
				_, _ = s.As(chief).CreateGrantWithResponse(t.Context(), a.ID, gamificationapi.GrantCreate{RecipientID: p.User})
			}
		})
	}
	for range 3 {
		group.Go(func() {
			_, _ = s.As(chief).PutRewardWithResponse(t.Context(), a.ID, gamificationapi.RewardPut{RoleID: role})
			_ = s.rewards.Settle(t.Context())
		})
	}
	group.Wait()
	s.settleRewards()
	last := map[uuid.UUID]toldReward{}
	for _, r := range s.told() {
		require.Equal(t, last[r.Grant].Version+1, r.Version, "in their order, none twice")
		last[r.Grant] = r
	}
	held := map[uuid.UUID]bool{}
	for _, r := range last {
		if r.Type == "given" {
			held[r.User] = true
		}
	}
	want := map[uuid.UUID]bool{}
	for _, u := range s.recipients(s.admin, a.ID, gamificationapi.ListGrantsParams{}) {
		want[u] = true
	}
	require.Len(t, want, 8)
	require.Equal(t, want, held)
}

func TestTheRewardOfAnErasedManager(t *testing.T) {
	t.Parallel()
	s := start(t)
	chief, a := s.chief(), s.achievement(published)
	service.OK(t, s.putReward(chief, a.ID, s.helpers("helpers")), nil)
	bff := s.With("bff", service.Context(authz.Actor{Tenant: s.Tenant}))
	r, err := bff.ExportPersonalDataWithResponse(t.Context(), chief.User, &gamificationapi.ExportPersonalDataParams{})
	var sections []string
	for _, item := range service.OK(t, r, err).JSON200.Items {
		sections = append(sections, item.Section)
	}
	require.Contains(t, sections, "rewards_attached")
	erased, err := bff.ErasePersonalDataWithResponse(t.Context(), chief.User, nil)
	require.True(t, service.OK(t, erased, err).JSON200.Complete)
	shown := s.reward(s.admin, a.ID)
	require.True(t, shown.DefinedBy.IsNull())
	require.Equal(t, gamificationapi.RewardStateNotGrantable, shown.State)
	entries, err := s.As(s.admin).ListAuditWithResponse(t.Context(), &gamificationapi.ListAuditParams{Action: new("achievement.reward_set")})
	require.Len(t, service.OK(t, entries, err).JSON200.Items, 1)
}
