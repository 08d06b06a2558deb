package domain_test

import (
	"errors"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/gamification/domain"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/groups"
)

// Each thing that access is told of a grant has a version of its own, and nothing is told twice.
func TestWhatAccessIsTold(t *testing.T) {
	t.Parallel()
	by := authz.Actor{Tenant: uuid.New(), User: uuid.New()}
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	first := domain.NewReward(domain.Achievement{}, authz.RoleRef{ID: 7}, by, now)
	second := domain.NewReward(domain.Achievement{}, authz.RoleRef{ID: 7}, by, now)
	g := domain.GivenReward{Grant: uuid.New()}
	told := func(next domain.GivenReward, changed, want bool, version int) {
		t.Helper()
		require.Equal(t, want, changed)
		require.Equal(t, version, next.Version)
		require.Equal(t, g.Grant, next.Grant)
		g = next
	}
	step := func(do func() (domain.GivenReward, bool), want bool, version int) {
		t.Helper()
		next, changed := do()
		told(next, changed, want, version)
	}
	step(g.Take, false, 0)
	step(func() (domain.GivenReward, bool) { return g.Give(first) }, true, 1)
	step(func() (domain.GivenReward, bool) { return g.Give(first) }, false, 1)
	step(func() (domain.GivenReward, bool) { return g.Give(second) }, true, 2)
	step(func() (domain.GivenReward, bool) { return g.Take() }, true, 3)
	step(func() (domain.GivenReward, bool) { return g.Take() }, false, 3)
	step(func() (domain.GivenReward, bool) { return g.Give(second) }, true, 4)

	second.Settled, second.SettledTo = true, uuid.New()
	removed := second.Remove()
	require.True(t, removed.Removed)
	require.False(t, removed.Settled)
	require.Zero(t, removed.SettledTo)
}

// What access decides about a reward, for those who attach it, for those who decide who gets it, and for those who read it.
func TestDecisionsAboutRewards(t *testing.T) {
	t.Parallel()
	invalid := func(err error) bool { return errs.KindOf(err) == errs.Invalid }
	is := func(want error) func(error) bool {
		return func(err error) bool { return errors.Is(err, want) }
	}
	none := func(err error) bool { return err == nil }
	for reason, c := range map[authz.RewardReason]struct {
		attach, giving func(error) bool
		state          domain.RewardState
	}{
		authz.RewardAllowed:           {none, none, domain.RewardActive},
		authz.RewardRoleNotFound:      {invalid, none, domain.RewardRoleDeleted},
		authz.RewardRoleNotRewardable: {invalid, none, domain.RewardNotGrantable},
		authz.RewardScopeNotFound:     {is(groups.ErrArchived), none, domain.RewardNotGrantable},
		authz.RewardScopeArchived:     {is(groups.ErrArchived), none, domain.RewardNotGrantable},
		authz.RewardMemberNotFound:    {is(domain.ErrRoleNotGrantable), is(domain.ErrRoleNotGrantable), domain.RewardNotGrantable},
		authz.RewardForbidden:         {is(domain.ErrRoleNotGrantable), is(domain.ErrRoleNotGrantable), domain.RewardNotGrantable},
		authz.RewardNotHeld:           {is(domain.ErrRoleNotGrantable), is(domain.ErrRoleNotGrantable), domain.RewardNotGrantable},
		"a later one":                 {is(domain.ErrRoleNotGrantable), is(domain.ErrRoleNotGrantable), domain.RewardNotGrantable},
	} {
		d := authz.RewardDecision{Allowed: reason == authz.RewardAllowed, Reason: reason, Missing: []string{"voting.poll.create"}}
		require.True(t, c.attach(domain.RequireRewardable(d)), "%s: %v", reason, domain.RequireRewardable(d))
		require.True(t, c.giving(domain.RequireGiving(d)), "%s: %v", reason, domain.RequireGiving(d))
		require.Equal(t, c.state, domain.StateOf(d), reason)
	}
	err := domain.RequireGiving(authz.RewardDecision{Reason: authz.RewardNotHeld, Missing: []string{"voting.poll.create"}})
	var refusal *errs.Error
	require.ErrorAs(t, err, &refusal)
	require.Equal(t, map[string]any{"missing": []string{"voting.poll.create"}}, refusal.Details)
}
