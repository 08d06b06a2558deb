package app_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"go.updspace.com/access/app"
	"go.updspace.com/access/domain"
	"go.updspace.com/access/ports"
	"go.updspace.com/access/ports/portstest"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/reqctx"
)

// rewardOf is a reward that the administrator of a scene attached.
func rewardOf(user uuid.UUID, role domain.Role, version int64) domain.Reward {
	return domain.Reward{
		Source: domain.FromAchievement, Grant: uuid.MustParse("00000000-0000-4000-8000-00000000f001"), Version: version, Achievement: uuid.MustParse("00000000-0000-4000-8000-00000000ac01"),
		User: user, Role: role.ID, Scope: domain.TenantScope(tenant), Responsible: []uuid.UUID{crowd[0]},
	}
}

func taken(r domain.Reward, version int64) domain.Reward {
	return domain.Reward{Source: r.Source, Grant: r.Grant, Version: version, Achievement: r.Achievement, User: r.User}
}

func (s scene) rewards() app.Rewards {
	return app.Rewards{Administration: app.Administration{Deps: s.deps}}
}

// event is the context of an event of gamification.
func event() context.Context {
	return reqctx.With(context.Background(), reqctx.Context{TenantID: tenant, Caller: "gamification"})
}

// rewarded are the bindings of a user that are rewards.
func (s scene) rewarded(t require.TestingT, user uuid.UUID) (found []domain.Binding) {
	f, err := s.memory.Load(event(), domain.Subject{Tenant: tenant, User: user}, noon)
	require.NoError(t, err)
	for _, b := range f.Bindings {
		if b.Achievement != uuid.Nil {
			found = append(found, b)
		}
	}
	return found
}

func (s scene) actions() (actions []string) {
	for _, e := range s.audit.Entries() {
		if e.Metadata["via"] == "achievement" {
			actions = append(actions, e.Action)
		}
	}
	return actions
}

func TestARewardBindsARoleUntilItIsTaken(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	r := rewardOf(crowd[1], s.other, 1)
	r.Expires = noon.Add(time.Hour)
	require.NoError(t, s.rewards().OnGiven(event(), tenant, r))
	require.Equal(t, []domain.Binding{{Scope: r.Scope, Role: s.other, Expires: r.Expires, Achievement: r.Achievement}}, s.rewarded(t, crowd[1]))
	require.NoError(t, s.rewards().OnGiven(event(), tenant, r), "again")
	r.Version, r.Expires = 2, time.Time{}
	require.NoError(t, s.rewards().OnGiven(event(), tenant, r))
	require.Zero(t, s.rewarded(t, crowd[1])[0].Expires)

	// another role in the place of the first
	judge := s.memory.AddRole(domain.Role{Tenant: tenant, Service: domain.Voting, Name: "judge", Keys: []string{"voting.poll.read"}})
	r.Version, r.Role = 3, judge.ID
	require.NoError(t, s.rewards().OnGiven(event(), tenant, r))
	require.Equal(t, []domain.Binding{{Scope: r.Scope, Role: judge, Achievement: r.Achievement}}, s.rewarded(t, crowd[1]))

	require.NoError(t, s.rewards().OnTaken(event(), taken(r, 4)))
	require.Empty(t, s.rewarded(t, crowd[1]))
	r.Version = 3
	require.NoError(t, s.rewards().OnGiven(event(), tenant, r), "late")
	require.Empty(t, s.rewarded(t, crowd[1]))
	require.Equal(t, []string{"binding_created", "binding_updated", "binding_deleted", "binding_created", "binding_deleted"}, s.actions())
	entries := s.audit.Entries()
	last := entries[len(entries)-1]
	require.Equal(t, r.Achievement.String(), last.Metadata["achievement_id"])
	require.Equal(t, crowd[1], last.About)
}

// In any order and however often, the latest event about a grant holds, and a role is held while one of the grants gives it.
func TestTheLatestEventAboutARewardHolds(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(draw *rapid.T) {
		s := newScene(t)
		judge := s.memory.AddRole(domain.Role{Tenant: tenant, Service: domain.Voting, Name: "judge", Keys: []string{"voting.poll.read"}})
		roles := []domain.Role{{}, s.other, judge}
		var told []domain.Reward
		want := map[int64]bool{}
		for grant := range rapid.IntRange(1, 3).Draw(draw, "grants") {
			history := rapid.SliceOfN(rapid.IntRange(0, len(roles)-1), 1, 5).Draw(draw, "history")
			for i, which := range history {
				r := rewardOf(crowd[1], roles[which], int64(i+1))
				r.Grant[0] = byte(grant + 1)
				told = append(told, r)
			}
			want[roles[history[len(history)-1]].ID] = true
		}
		delete(want, 0)
		told = append(rapid.Permutation(told).Draw(draw, "order"), rapid.SliceOf(rapid.SampledFrom(told)).Draw(draw, "again")...)
		for _, r := range told {
			if r.Role == 0 {
				require.NoError(draw, s.rewards().OnTaken(event(), r))
			} else {
				require.NoError(draw, s.rewards().OnGiven(event(), tenant, r))
			}
		}
		got := map[int64]bool{}
		for _, b := range s.rewarded(draw, crowd[1]) {
			got[b.Role.ID] = true
		}
		require.Equal(draw, want, got)
	})
}

// A reward gives no more than those who are responsible may give, when it falls due.
func TestARewardIsRefusedWhenItFallsDue(t *testing.T) {
	t.Parallel()
	chess := domain.Scope{Type: domain.Community, ID: portstest.C1.String()}
	for name, c := range map[string]struct {
		arrange func(s scene, r *domain.Reward)
		code    string
	}{
		"the role was deleted": {func(_ scene, r *domain.Reward) { r.Role += 1000 }, "ROLE_NOT_FOUND"},
		"a role named admin": {func(s scene, r *domain.Reward) {
			r.Role = s.memory.AddRole(domain.Role{Tenant: tenant, Service: domain.Voting, Name: domain.RoleAdmin}).ID
		}, "ROLE_NOT_REWARDABLE"},
		"a role that changes rights": {func(s scene, r *domain.Reward) {
			r.Role = s.memory.AddRole(domain.Role{Tenant: tenant, Service: domain.Portal, Name: "clerk", Keys: []string{domain.WriteOverrides}}).ID
		}, "ROLE_NOT_REWARDABLE"},
		"who attached it has no rights": {func(_ scene, r *domain.Reward) { r.Responsible = []uuid.UUID{crowd[2]} }, "FORBIDDEN"},
		"who attached it has lost the right": {func(s scene, _ *domain.Reward) {
			s.memory.AddOverride(tenant, crowd[0], domain.Override{Effect: domain.Deny, Permission: domain.WriteBindings}, time.Time{})
		}, "FORBIDDEN"},
		"who attached it does not hold what the role grants": {func(s scene, _ *domain.Reward) {
			s.memory.AddOverride(tenant, crowd[0], domain.Override{Effect: domain.Deny, Permission: "voting.poll.read"}, time.Time{})
		}, "PERMISSION_NOT_HELD"},
		"who attached it has left": {func(s scene, _ *domain.Reward) {
			must(s.admins.SetTenantMember(event(), crowd[0], false, noon))
		}, "MEMBER_NOT_FOUND"},
		"who attached it was erased":   {func(_ scene, r *domain.Reward) { r.Responsible = []uuid.UUID{uuid.Nil} }, "MEMBER_NOT_FOUND"},
		"who granted it has no rights": {func(_ scene, r *domain.Reward) { r.Responsible = append(r.Responsible, crowd[2]) }, "FORBIDDEN"},
		"the holder has left": {func(s scene, r *domain.Reward) {
			must(s.admins.SetTenantMember(event(), r.User, false, noon))
		}, "MEMBER_NOT_FOUND"},
		"an archived community": {func(s scene, r *domain.Reward) {
			must(s.memory.PutScope(event(), domain.MemberScope{Type: domain.Community, ID: portstest.C1, Community: portstest.C1}, domain.ScopeArchived, noon))
			r.Scope = chess
		}, "SCOPE_ARCHIVED"},
		"a deleted community": {func(s scene, r *domain.Reward) {
			_, err := s.memory.DeleteScope(event(), chess, noon)
			must(err)
			r.Scope = chess
		}, "SCOPE_NOT_FOUND"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newScene(t)
			r := rewardOf(crowd[1], s.other, 1)
			c.arrange(s, &r)
			require.NoError(t, s.rewards().OnGiven(event(), tenant, r))
			require.Empty(t, s.rewarded(t, crowd[1]))
			require.Equal(t, []string{"reward_refused"}, s.actions())
			entries := s.audit.Entries()
			require.Equal(t, c.code, entries[len(entries)-1].Metadata["code"])
			require.NoError(t, s.rewards().OnTaken(event(), taken(r, 2)))
		})
	}
}

// What is refused at first is given by a later event, which gamification publishes when the reward is attached again.
func TestARefusedRewardIsGivenByALaterEvent(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	r := rewardOf(crowd[1], s.other, 1)
	r.Responsible = []uuid.UUID{crowd[2]}
	require.NoError(t, s.rewards().OnGiven(event(), tenant, r))
	r.Version, r.Responsible = 2, []uuid.UUID{crowd[0]}
	require.NoError(t, s.rewards().OnGiven(event(), tenant, r))
	require.Len(t, s.rewarded(t, crowd[1]), 1)
}

// Bindings that were given stay when who attached the reward loses the right, as those stay that an administrator made.
func TestAGivenRewardStaysWhenTheRightIsLost(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	require.NoError(t, s.rewards().OnGiven(event(), tenant, rewardOf(crowd[1], s.other, 1)))
	s.memory.AddOverride(tenant, crowd[0], domain.Override{Effect: domain.Deny}, time.Time{})
	require.Len(t, s.rewarded(t, crowd[1]), 1)
}

func TestEventsAboutRewardsAreChecked(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	for field, change := range map[string]func(r *domain.Reward){
		"role_id":    func(r *domain.Reward) { r.Role = 0 },
		"scope_type": func(r *domain.Reward) { r.Scope = domain.Scope{Type: domain.Global} },
		"scope_id":   func(r *domain.Reward) { r.Scope = domain.TenantScope(portstest.Other) },
		"grant_id":   func(r *domain.Reward) { r.Grant = uuid.Nil },
		"user_id":    func(r *domain.Reward) { r.User = uuid.Nil },
		"version":    func(r *domain.Reward) { r.Version = 0 },
		"defined_by": func(r *domain.Reward) { r.Responsible = nil },
	} {
		r := rewardOf(crowd[1], s.other, 1)
		change(&r)
		err := s.rewards().OnGiven(event(), tenant, r)
		require.Equal(t, errs.Invalid, errs.KindOf(err), field)
		require.ErrorContains(t, err, field)
	}
	require.Empty(t, s.rewarded(t, crowd[1]))
}

// Flags of a request do not count, because they are not there when the reward falls due.
func TestWhoMayRewardWithARole(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	inTenant := app.ScopeInput{Type: domain.Tenant}
	ask := func(user uuid.UUID, flags reqctx.Flags, role int64) string {
		answer, err := s.rewards().Check(by(user, flags), app.RewardCheck{Role: role, Scope: inTenant})
		require.NoError(t, err)
		if answer.Refusal == nil {
			require.Equal(t, role, answer.Role.ID)
			return ""
		}
		return answer.Refusal.Code
	}
	before := len(s.audit.Entries())
	require.Empty(t, ask(crowd[0], member, s.other.ID))
	require.Equal(t, "FORBIDDEN", ask(crowd[1], member, s.other.ID))
	require.Equal(t, "FORBIDDEN", ask(crowd[1], root, s.other.ID))
	require.Equal(t, "FORBIDDEN", ask(crowd[0], reqctx.Flags{Suspended: true}, s.other.ID))
	require.Equal(t, "ROLE_NOT_FOUND", ask(crowd[0], member, s.other.ID+1000))
	require.Equal(t, "MEMBER_NOT_FOUND", ask(uuid.New(), reqctx.Flags{}, s.other.ID))
	require.Len(t, s.audit.Entries(), before, "a question is no change")

	for _, scope := range []app.ScopeInput{{Type: domain.Global}, {Type: domain.InService, ID: "voting"}} {
		_, err := s.rewards().Check(s.ctx, app.RewardCheck{Role: s.other.ID, Scope: scope})
		require.Equal(t, errs.Invalid, errs.KindOf(err))
	}
	_, err := s.rewards().Check(s.ctx, app.RewardCheck{Role: s.other.ID, Scope: app.ScopeInput{Type: domain.Tenant, ID: portstest.Other.String()}})
	require.ErrorIs(t, err, domain.ErrTenantMismatch)
	_, err = s.rewards().Check(context.Background(), app.RewardCheck{})
	require.Equal(t, errs.Unauthenticated, errs.KindOf(err))
}

func TestARewardIsNotChangedByHand(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	require.NoError(t, s.rewards().OnGiven(event(), tenant, rewardOf(crowd[1], s.other, 1)))
	found := s.boundTo(crowd[1])
	require.ErrorIs(t, s.bindings.Delete(s.ctx, found.ID), domain.ErrManagedByAchievement)
	_, err := s.bindings.Expire(s.ctx, found.ID, noon.Add(time.Hour))
	require.ErrorIs(t, err, domain.ErrManagedByAchievement)
	answer, err := s.overview.Explain(s.ctx, app.UserInput{User: crowd[1], Member: true, Scope: app.ScopeInput{Type: domain.Tenant}}, ask("voting.poll.read"))
	require.NoError(t, err)
	var details string
	for _, step := range answer.Steps {
		details += step.Detail + "\n"
	}
	require.Contains(t, details, "by achievement "+found.Achievement.String())
	held, _, err := s.overview.UserPermissions(s.ctx, app.UserInput{User: crowd[1], Scope: app.ScopeInput{Type: domain.Tenant}})
	require.NoError(t, err)
	var origins []uuid.UUID
	for _, h := range held {
		for _, o := range h.Origins {
			origins = append(origins, o.Achievement)
		}
	}
	require.Contains(t, origins, found.Achievement)
}

func (s scene) boundTo(user uuid.UUID) domain.BindingRecord {
	found, err := s.deps.Bindings.Page(event(), ports.BindingSearch{User: user, Limit: 10})
	must(err)
	for _, b := range found {
		if b.Source == domain.FromAchievement {
			return b
		}
	}
	must(domain.ErrBindingNotFound)
	return domain.BindingRecord{}
}
