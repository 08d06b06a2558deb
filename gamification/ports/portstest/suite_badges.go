package portstest

import (
	"context"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/gamification/domain"
	"go.updspace.com/gamification/openbadge"
	"go.updspace.com/gamification/ports"
	"go.updspace.com/libs/reqctx"
	"go.updspace.com/tools/devkit/testkit"
)

// badge stores one of a new grant.
func (w world) badge(t *testing.T, a domain.Achievement, recipient uuid.UUID, change func(*domain.BadgeData)) domain.Badge {
	t.Helper()
	d := domain.NewBadge(w.grant(t, a, recipient, domain.GrantPublic), Noon).Data()
	d.Digest = []byte{}
	change(&d)
	made := domain.RestoreBadge(d)
	w.do(t, func(ctx context.Context) (err error) {
		made, err = w.Badges.Add(ctx, made)
		return err
	})
	return made
}

func shared(d *domain.BadgeData) { d.Token, d.SharedAt = domain.NewBadgeToken(), Noon }

func badges(t *testing.T, w world) {
	a, user := w.repeatable(t), uuid.New()
	plain := w.badge(t, a, user, func(*domain.BadgeData) {})
	full := w.badge(t, a, user, func(d *domain.BadgeData) {
		shared(d)
		d.Name, d.Language, d.Credential, d.Digest, d.KeyID, d.IssuedAt = "Mika", "ru", "e.y.J", []byte{1}, "key", Noon
	})
	other := w.badge(t, a, uuid.New(), shared)
	testkit.Filled(t, full.Data(), "List")
	got, err := w.Badges.OfGrant(w.ctx, full.Data().GrantID)
	require.NoError(t, err)
	require.Equal(t, full, got)
	got, err = w.Badges.OfToken(w.ctx, full.Data().Token)
	require.NoError(t, err)
	require.Equal(t, full, got)
	of, err := w.Badges.OfGrants(w.ctx, []uuid.UUID{plain.Data().GrantID, full.Data().GrantID, uuid.New()})
	require.NoError(t, err)
	require.Equal(t, map[uuid.UUID]domain.Badge{plain.Data().GrantID: plain, full.Data().GrantID: full}, of)
	for _, err := range []error{
		second(w.Badges.OfGrant(w.another, full.Data().GrantID)), second(w.Badges.OfToken(w.another, full.Data().Token)),
		second(w.Badges.OfToken(w.ctx, domain.NewBadgeToken())),
	} {
		require.ErrorIs(t, err, domain.ErrBadgeNotFound)
	}
	for achievement, want := range map[uuid.UUID]bool{a.ID(): true, uuid.New(): false} {
		found, err := w.Badges.AnyOf(w.ctx, achievement)
		require.NoError(t, err)
		require.Equal(t, want, found)
	}

	newer := w.badge(t, a, user, shared)
	listed := func(before uuid.UUID, limit int) []domain.Badge {
		found, err := w.Badges.SharedOf(w.ctx, user, before, limit)
		require.NoError(t, err)
		return found
	}
	require.Equal(t, []domain.Badge{newer, full}, listed(uuid.Nil, 10), "not "+plain.ID().String()+" or "+other.ID().String())
	require.Equal(t, []domain.Badge{newer}, listed(uuid.Nil, 1))
	require.Equal(t, []domain.Badge{full}, listed(newer.ID(), 10))
	d := full.Data()
	d.Token, d.SharedAt, d.Name = "", time.Time{}, "Mika M."
	w.do(t, func(ctx context.Context) error { return w.Badges.Update(ctx, domain.RestoreBadge(d)) })
	got, err = w.Badges.OfGrant(w.ctx, d.GrantID)
	require.NoError(t, err)
	require.Equal(t, domain.RestoreBadge(d), got)
	require.Equal(t, []domain.Badge{newer}, listed(uuid.Nil, 10))
	require.Error(t, w.Tx.Do(w.another, func(ctx context.Context) error { return w.Badges.Update(ctx, full) }))
}

func second[T any](_ T, err error) error { return err }

func statusLists(t *testing.T, w world) {
	_, err := w.Badges.Ended(w.ctx, 0)
	require.ErrorIs(t, err, domain.ErrStatusListNotFound)
	a, user := w.repeatable(t), uuid.New()
	places := map[int]bool{}
	var all []domain.Badge
	for range 5 {
		b := w.badge(t, a, user, shared)
		require.Zero(t, b.Data().List)
		places[b.Data().Index] = true
		all = append(all, b)
	}
	require.Len(t, places, 5, "each has a place of its own")
	ended := func() []int {
		found, err := w.Badges.Ended(w.ctx, 0)
		require.NoError(t, err)
		return found
	}
	require.Empty(t, ended())
	w.do(t, func(ctx context.Context) error {
		g, err := w.Grants.Lock(ctx, all[0].Data().GrantID)
		require.NoError(t, err)
		revoked, _, err := g.Revoke(w.by.User, "", Noon)
		require.NoError(t, err)
		return w.Grants.Update(ctx, revoked)
	})
	require.Equal(t, []int{all[0].Data().Index}, ended())
	require.NoError(t, w.Grants.Forget(w.ctx, Noon.Add(time.Hour)))
	require.Equal(t, []int{all[0].Data().Index}, ended(), "without the grant, too")
	require.NoError(t, w.Badges.Forget(w.ctx))
	_, err = w.Badges.OfToken(w.ctx, all[0].Data().Token)
	require.ErrorIs(t, err, domain.ErrBadgeNotFound)
	require.Equal(t, []int{all[0].Data().Index}, ended())
	_, err = w.Badges.OfToken(w.ctx, all[1].Data().Token)
	require.NoError(t, err)
	for _, of := range []context.Context{w.another, w.ctx} {
		_, err = w.Badges.Ended(of, 1)
		require.ErrorIs(t, err, domain.ErrStatusListNotFound)
	}
}

func badgeKeys(t *testing.T, w world) {
	key, err := openbadge.GenerateKey(openbadge.ES256)
	require.NoError(t, err)
	add := func(id string, at time.Time) domain.BadgeKey {
		made := domain.NewBadgeKey(id, []byte("public "+id), at)
		w.do(t, func(ctx context.Context) error {
			require.NoError(t, w.BadgeKeys.Lock(ctx))
			return w.BadgeKeys.Add(ctx, made, key)
		})
		return made
	}
	list := func(ctx context.Context) domain.BadgeKeys {
		keys, err := w.BadgeKeys.List(ctx)
		require.NoError(t, err)
		return keys
	}
	require.Empty(t, list(w.ctx))
	older := add("a", Noon)
	private, err := w.BadgeKeys.Private(w.ctx, "a")
	require.NoError(t, err)
	require.Equal(t, key, private)
	require.Error(t, w.Tx.Do(w.ctx, func(ctx context.Context) error {
		return w.BadgeKeys.Add(ctx, domain.NewBadgeKey("c", []byte("public c"), Noon), key)
	}), "one key signs")
	retired := older.Retire(Noon.Add(time.Hour))
	w.do(t, func(ctx context.Context) error { return w.BadgeKeys.Update(ctx, retired) })
	newer := add("b", Noon.Add(time.Hour))
	require.Equal(t, domain.BadgeKeys{newer, retired}, list(w.ctx))
	require.Empty(t, list(w.another))
	withdrawn, _, _, err := newer.Withdraw("stolen", Noon.Add(2*time.Hour))
	require.NoError(t, err)
	w.do(t, func(ctx context.Context) error { return w.BadgeKeys.Update(ctx, withdrawn) })
	require.Equal(t, domain.BadgeKeys{withdrawn, retired}, list(w.ctx))
	for _, id := range []string{"a", "b", "unknown"} {
		_, err = w.BadgeKeys.Private(w.ctx, id)
		require.Error(t, err, "the private half of %s is gone", id)
	}
	require.ErrorIs(t, w.Tx.Do(w.another, func(ctx context.Context) error { return w.BadgeKeys.Update(ctx, retired) }), domain.ErrBadgeKeyNotFound)
}

func issuers(t *testing.T, w world) {
	find := func(ctx context.Context) ports.Issuer {
		issuer, err := w.Issuers.Find(ctx)
		require.NoError(t, err)
		return issuer
	}
	require.Equal(t, ports.Issuer{DID: "did:web:aef.updspace.test", Origin: "https://aef.updspace.test", Name: "aef"}, find(w.ctx))
	for _, name := range []string{"AEF", "Aether"} {
		w.do(t, func(ctx context.Context) error { return w.Issuers.PutName(ctx, name) })
		require.Equal(t, name, find(w.ctx).Name)
	}
	require.Equal(t, "aef", find(w.another).Name)
	elsewhere := reqctx.With(w.ctx, reqctx.Context{TenantID: uuid.New(), TenantSlug: "raiders"})
	require.Equal(t, "did:web:raiders.updspace.test", find(elsewhere).DID)
}
