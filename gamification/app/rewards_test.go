package app_test

import (
	"context"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/gamification/app"
	"go.updspace.com/gamification/domain"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/authz/authztest"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/pg"
)

const helpers int64 = 7

// rewarding makes the role of helpers known, and a manager who may bind it.
func (h *fixture) rewarding() (*app.Rewards, authz.Actor) {
	h.access.PutRole(h.admin.Tenant, helpers, authztest.Role{Service: "voting", Name: "helpers", Permissions: []authz.Permission{"voting.poll.create"}})
	return app.NewRewards(h.deps), h.actor(append([]authz.Permission{"portal.role_bindings.write", "voting.poll.create"}, adminKeys...)...)
}

func (h *fixture) settle(s *app.Rewards) {
	h.t.Helper()
	require.NoError(h.t, s.Settle(pg.AcrossTenants(h.t.Context(), "a test")))
}

// Who sets a reward, grants the achievement or decides about it must be one who may give the role.
func TestARewardIsGivenByWhoMayGiveItsRole(t *testing.T) {
	t.Parallel()
	h := newFixture(t)
	rewards, chief := h.rewarding()
	a := h.made(h.admin, published)
	_, err := rewards.Put(h.as(h.member), h.member, a.ID(), helpers)
	denied(t, domain.PermissionEdit, err)
	_, err = rewards.Put(h.as(h.admin), h.admin, a.ID(), helpers)
	require.ErrorIs(t, err, domain.ErrRoleNotGrantable)
	_, err = rewards.Put(h.as(chief), chief, a.ID(), helpers+1)
	require.ErrorContains(t, err, "role_id")
	_, err = rewards.Put(h.as(chief), chief, uuid.New(), helpers)
	require.ErrorIs(t, err, domain.ErrAchievementNotFound)
	shown, err := rewards.Get(h.as(h.member), h.member, a.ID())
	require.NoError(t, err)
	require.Nil(t, shown)

	set, err := rewards.Put(h.as(chief), chief, a.ID(), helpers)
	require.NoError(t, err)
	require.Equal(t, []any{domain.RewardActive, "helpers", chief.User}, []any{set.State, set.Role.Name, set.DefinedBy})
	require.Equal(t, "achievement.reward_set", h.journal()[0])
	nomination := h.nominated(h.member, a.ID(), uuid.New())
	for name, try := range map[string]func(by authz.Actor) error{
		"grant": func(by authz.Actor) error {
			_, _, err := h.grant(by, a.ID(), domain.GrantDraft{Recipient: h.member.User})
			return err
		},
		"many": func(by authz.Actor) error {
			_, err := h.granting().CreateMany(h.as(by), by, app.GrantMany{Achievement: a.ID(), Recipients: []uuid.UUID{h.maker.User}})
			return err
		},
		"approve": func(by authz.Actor) error {
			_, err := h.nominating().Approve(h.as(by), by, nomination.ID(), "", "")
			return err
		},
	} {
		require.ErrorIs(t, try(h.admin), domain.ErrRoleNotGrantable, name)
		require.NoError(t, try(chief), name)
	}
	declined := h.nominated(h.member, a.ID(), uuid.New())
	_, err = h.nominating().Decline(h.as(h.admin), h.admin, declined.ID(), "")
	require.NoError(t, err, "to decline gives nothing")
	for _, e := range told[domain.RewardGiven](h) {
		require.Equal(t, []any{1, chief.User, helpers}, []any{e.Version, e.By, e.Reward.Role.ID})
	}
	require.Len(t, told[domain.RewardGiven](h), 3)

	// A manager who loses the right to give the role is refused from then on, and the page says so.
	h.access.Revoke(chief, "voting.poll.create")
	require.ErrorIs(t, func() error {
		_, _, err := h.grant(chief, a.ID(), domain.GrantDraft{Recipient: uuid.New()})
		return err
	}(), domain.ErrRoleNotGrantable)
	shown, err = rewards.Get(h.as(h.member), h.member, a.ID())
	require.NoError(t, err)
	require.Equal(t, domain.RewardNotGrantable, shown.State)
	h.access.DeleteRole(helpers)
	shown, err = rewards.Get(h.as(h.member), h.member, a.ID())
	require.NoError(t, err)
	require.Equal(t, []any{domain.RewardRoleDeleted, "helpers"}, []any{shown.State, shown.Role.Name})
	_, _, err = h.grant(h.admin, a.ID(), domain.GrantDraft{Recipient: uuid.New()})
	require.NoError(t, err, "a role that is gone gives nothing")
}

// A reward that is attached or removed is applied to those who hold the achievement, more than one part of them, and once.
func TestARewardIsSettledWithTheHolders(t *testing.T) {
	t.Parallel()
	h := newFixture(t)
	rewards, chief := h.rewarding()
	a := h.made(h.admin, published)
	const holders = 450 // of which 200 are applied in a transaction
	for range holders {
		h.granted(a.ID(), uuid.New())
	}
	ended := h.granted(a.ID(), uuid.New())
	_, err := h.granting().Revoke(h.as(h.admin), h.admin, ended.ID(), "")
	require.NoError(t, err)
	require.Empty(t, told[domain.RewardTaken](h), "nothing was given")
	_, err = rewards.Put(h.as(chief), chief, a.ID(), helpers)
	require.NoError(t, err)
	require.Empty(t, told[domain.RewardGiven](h), "the job tells")
	h.settle(rewards)
	h.settle(rewards)
	given := told[domain.RewardGiven](h)
	require.Len(t, given, holders)
	seen := map[uuid.UUID]bool{}
	for _, e := range given {
		require.False(t, seen[e.Grant.ID()])
		seen[e.Grant.ID()] = true
		require.Equal(t, []any{1, uuid.Nil}, []any{e.Version, e.By}, "who attached the reward answers")
	}
	_, err = h.granting().Revoke(h.as(h.admin), h.admin, given[0].Grant.ID(), "")
	require.NoError(t, err)
	require.Len(t, told[domain.RewardTaken](h), 1)
	require.Equal(t, 2, told[domain.RewardTaken](h)[0].Version)

	denied(t, domain.PermissionEdit, rewards.Delete(h.as(h.member), h.member, a.ID()))
	require.NoError(t, rewards.Delete(h.as(h.admin), h.admin, a.ID()))
	journal := len(h.journal())
	require.NoError(t, rewards.Delete(h.as(h.admin), h.admin, a.ID()), "it is being removed")
	require.Len(t, h.journal(), journal)
	shown, err := rewards.Get(h.as(h.admin), h.admin, a.ID())
	require.NoError(t, err)
	require.Nil(t, shown)
	late, _, err := h.grant(h.admin, a.ID(), domain.GrantDraft{Recipient: uuid.New()})
	require.NoError(t, err, "a reward that is being removed hinders no grant")
	require.False(t, seen[late.ID()])
	h.settle(rewards)
	require.Len(t, told[domain.RewardTaken](h), holders)
	require.Len(t, told[domain.RewardGiven](h), holders)
	_, err = h.deps.Rewards.Find(h.as(h.admin), a.ID())
	require.ErrorIs(t, err, domain.ErrRewardNotFound)
	require.NoError(t, rewards.Delete(h.as(h.admin), h.admin, a.ID()), "there is none")
}

// The reward of an achievement that is gone, or of a manager who was erased, gives nothing.
func TestARewardWithoutItsManager(t *testing.T) {
	t.Parallel()
	h := newFixture(t)
	rewards, chief := h.rewarding()
	a := h.made(h.admin, published)
	_, err := rewards.Put(h.as(chief), chief, a.ID(), helpers)
	require.NoError(t, err)
	require.NoError(t, h.deps.Tx.Do(h.as(chief), func(ctx context.Context) error {
		r, err := h.deps.Rewards.Find(ctx, a.ID())
		require.NoError(t, err)
		r.DefinedBy = uuid.Nil
		return h.deps.Rewards.Put(ctx, r)
	}))
	shown, err := rewards.Get(h.as(h.admin), h.admin, a.ID())
	require.NoError(t, err)
	require.Equal(t, domain.RewardNotGrantable, shown.State)
	h.access.Fail(errs.Unavailablef("away"))
	_, err = rewards.Get(h.as(h.admin), h.admin, a.ID())
	require.Equal(t, errs.Unavailable, errs.KindOf(err))
}
