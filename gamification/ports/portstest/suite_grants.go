package portstest

import (
	"context"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/gamification/domain"
	"go.updspace.com/gamification/ports"
	"go.updspace.com/libs/authz"
	"go.updspace.com/tools/devkit/testkit"
)

// grant stores one.
func (w world) grant(t *testing.T, a domain.Achievement, to uuid.UUID, visibility domain.GrantVisibility) domain.Grant {
	t.Helper()
	d := a.Data()
	d.Status, d.Removed = domain.StatusPublished, false
	draft := domain.GrantDraft{Recipient: to, Reason: "For the cup", Visibility: visibility}
	g, err := domain.NewGrant(domain.RestoreAchievement(d), w.by, draft, domain.Standing{Member: true}, Noon)
	require.NoError(t, err)
	w.do(t, func(ctx context.Context) error { return w.Grants.Add(ctx, g) })
	return g
}

func grantRoundTrip(t *testing.T, w world) {
	a := w.achievement(t, w.category(t, "skill", 0), func(d *domain.AchievementData) { d.Rules.ExpiresAfterDays = 7 })
	user := uuid.New()
	g := w.grant(t, a, user, domain.GrantPrivate)
	w.do(t, func(ctx context.Context) error {
		current, err := w.Grants.Current(ctx, a.ID(), user)
		require.NoError(t, err)
		require.Equal(t, g, current)
		_, err = w.Grants.Current(ctx, a.ID(), uuid.New())
		require.ErrorIs(t, err, domain.ErrGrantNotFound)
		return nil
	})
	holds, err := w.Grants.Holds(w.ctx, a.ID(), user)
	require.NoError(t, err)
	require.True(t, holds)
	revoked, changed, err := g.Revoke(w.by.User, "By mistake", Noon.Add(time.Hour))
	require.NoError(t, err)
	require.True(t, changed)
	w.do(t, func(ctx context.Context) error {
		locked, err := w.Grants.Lock(ctx, g.ID())
		require.NoError(t, err)
		require.Equal(t, g, locked)
		return w.Grants.Update(ctx, revoked)
	})
	got, err := w.Grants.Find(w.ctx, g.ID())
	require.NoError(t, err)
	testkit.Filled(t, got.Data(), "Batch")
	require.Equal(t, revoked, got)
	w.do(t, func(ctx context.Context) error {
		_, err := w.Grants.Current(ctx, a.ID(), user)
		require.ErrorIs(t, err, domain.ErrGrantNotFound)
		return nil
	})
	holds, err = w.Grants.Holds(w.ctx, a.ID(), user)
	require.NoError(t, err)
	require.False(t, holds)
	_, err = w.Grants.Find(w.another, g.ID())
	require.ErrorIs(t, err, domain.ErrGrantNotFound)
	require.Error(t, w.Tx.Do(w.another, func(ctx context.Context) error { return w.Grants.Update(ctx, revoked) }))
}

func listedGrants(t *testing.T, w world) {
	in := w.category(t, "skill", 0)
	open, hidden := w.achievement(t, in, func(*domain.AchievementData) {}), w.achievement(t, in, func(d *domain.AchievementData) { d.Status = domain.StatusHidden })
	user, other := uuid.New(), uuid.New()
	public, private, quiet := w.grant(t, open, user, domain.GrantPublic), w.grant(t, open, other, domain.GrantPrivate), w.grant(t, hidden, user, domain.GrantPrivate)
	ids := func(list []domain.Grant, err error) (ids []uuid.UUID) {
		t.Helper()
		require.NoError(t, err)
		for _, g := range list {
			ids = append(ids, g.ID())
		}
		return ids
	}
	of := func(f ports.GrantFilter) []uuid.UUID {
		f.Achievement = open.ID()
		return ids(w.Grants.Page(w.ctx, f, nil, 10))
	}
	require.Equal(t, []uuid.UUID{private.ID(), public.ID()}, of(ports.GrantFilter{}))
	require.Equal(t, []uuid.UUID{public.ID()}, of(ports.GrantFilter{SeenBy: user}))
	require.Equal(t, []uuid.UUID{private.ID(), public.ID()}, of(ports.GrantFilter{SeenBy: other}))
	require.Equal(t, []uuid.UUID{private.ID()}, of(ports.GrantFilter{Visibility: domain.GrantPrivate}))
	after := &ports.GrantKey{CreatedAt: private.Data().CreatedAt, ID: private.ID()}
	require.Equal(t, []uuid.UUID{public.ID()}, ids(w.Grants.Page(w.ctx, ports.GrantFilter{Achievement: open.ID()}, after, 10)))
	require.Len(t, ids(w.Grants.Page(w.ctx, ports.GrantFilter{Achievement: open.ID()}, nil, 1)), 1)
	require.Empty(t, ids(w.Grants.Page(w.another, ports.GrantFilter{Achievement: open.ID()}, nil, 10)))

	tenant := authz.TenantScope(w.by.Tenant)
	viewer := func(user uuid.UUID, also ...authz.Permission) authz.Viewer {
		v := authz.Viewer{
			Actor: authz.Actor{Tenant: w.by.Tenant, User: user}, Holds: map[authz.Permission][]authz.Scope{domain.PermissionRead: {tenant}},
			Audiences: []authz.Audience{{Scope: tenant, Visibility: domain.VisibilityOf(tenant)}},
		}
		for _, p := range also {
			v.Holds[p] = []authz.Scope{tenant}
		}
		return v
	}
	require.Equal(t, []uuid.UUID{quiet.ID(), public.ID()}, ids(w.Grants.PageOf(w.ctx, user, viewer(user), nil, 10)))
	require.Equal(t, []uuid.UUID{public.ID()}, ids(w.Grants.PageOf(w.ctx, user, viewer(other), nil, 10)))
	require.Equal(t, []uuid.UUID{quiet.ID(), public.ID()}, ids(w.Grants.PageOf(w.ctx, user, viewer(other, domain.PermissionViewPrivate), nil, 10)))
	require.Empty(t, ids(w.Grants.PageOf(w.ctx, other, viewer(user), nil, 10)))
}

func endedGrants(t *testing.T, w world) {
	a := w.achievement(t, w.category(t, "skill", 0), func(d *domain.AchievementData) { d.Rules.ExpiresAfterDays = 7 })
	for range 3 {
		w.grant(t, a, uuid.New(), domain.GrantPublic)
	}
	end := Noon.AddDate(0, 0, 7)
	for _, step := range []struct {
		now  time.Time
		want int
	}{{end.Add(-time.Second), 0}, {end, 2}, {end, 1}, {end, 0}} {
		n, err := w.Grants.Expire(w.ctx, step.now, 2)
		require.NoError(t, err)
		require.Equal(t, step.want, n)
	}
	left := func() int {
		list, err := w.Grants.Page(w.ctx, ports.GrantFilter{Achievement: a.ID(), Ended: true}, nil, 10)
		require.NoError(t, err)
		return len(list)
	}
	require.NoError(t, w.Grants.Forget(w.ctx, end))
	require.Equal(t, 3, left())
	w.grant(t, a, uuid.New(), domain.GrantPublic)
	require.NoError(t, w.Grants.Forget(w.ctx, end.Add(time.Second)))
	require.Equal(t, 1, left(), "what has not ended stays")
}
