package portstest

import (
	"context"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/gamification/domain"
	"go.updspace.com/gamification/ports"
	"go.updspace.com/libs/authz"
)

func rewards(t *testing.T, w world) {
	a := w.achievement(t, w.category(t, "skill", 0), func(*domain.AchievementData) {})
	_, err := w.Rewards.Find(w.ctx, a.ID())
	require.ErrorIs(t, err, domain.ErrRewardNotFound)
	r := domain.NewReward(a, authz.RoleRef{ID: 7, Service: "voting", Name: "helpers"}, w.by, Noon)
	put := func(r domain.Reward) {
		t.Helper()
		w.do(t, func(ctx context.Context) error { return w.Rewards.Put(ctx, r) })
		got, err := w.Rewards.Find(w.ctx, a.ID())
		require.NoError(t, err)
		require.Equal(t, r, got)
	}
	put(r)
	_, err = w.Rewards.Find(w.another, a.ID())
	require.ErrorIs(t, err, domain.ErrRewardNotFound)
	due, err := w.Rewards.ToSettle(w.ctx, 10)
	require.NoError(t, err)
	require.Equal(t, []ports.OfTenant{{Tenant: w.by.Tenant, Achievement: a.ID()}}, due)

	first, second := w.grant(t, a, uuid.New(), domain.GrantPublic), w.grant(t, a, uuid.New(), domain.GrantPublic)
	gone := w.grant(t, a, uuid.New(), domain.GrantPublic)
	revoked, _, err := gone.Revoke(w.by.User, "", Noon)
	require.NoError(t, err)
	given, changed := domain.GivenReward{Grant: second.ID()}.Give(r)
	require.True(t, changed)
	w.do(t, func(ctx context.Context) error {
		require.NoError(t, w.Grants.Update(ctx, revoked))
		return w.Rewards.PutGiven(ctx, given)
	})
	w.do(t, func(ctx context.Context) error {
		all, err := w.Rewards.Holdings(ctx, a.ID(), uuid.Nil, 10)
		require.NoError(t, err)
		require.Equal(t, []ports.Holding{{Grant: first, Given: domain.GivenReward{Grant: first.ID()}}, {Grant: second, Given: given}}, all)
		rest, err := w.Rewards.Holdings(ctx, a.ID(), first.ID(), 10)
		require.NoError(t, err)
		require.Equal(t, all[1:], rest)
		return nil
	})
	taken, changed := given.Take()
	require.True(t, changed)
	w.do(t, func(ctx context.Context) error { return w.Rewards.PutGiven(ctx, taken) })
	got, err := w.Rewards.Given(w.ctx, second.ID())
	require.NoError(t, err)
	require.Equal(t, taken, got)

	r = r.Remove()
	r.SettledTo = first.ID()
	put(r)
	r.Settled = true
	put(r)
	due, err = w.Rewards.ToSettle(w.ctx, 10)
	require.NoError(t, err)
	require.Empty(t, due)
	for range 2 {
		err = w.Tx.Do(w.ctx, func(ctx context.Context) error { return w.Rewards.Delete(ctx, a.ID()) })
	}
	require.ErrorIs(t, err, domain.ErrRewardNotFound)
}
