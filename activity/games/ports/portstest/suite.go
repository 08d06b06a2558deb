// Package portstest holds the suite that every store of linked accounts must pass.
package portstest

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	feed "go.updspace.com/activity/domain"
	"go.updspace.com/activity/games/domain"
	"go.updspace.com/activity/games/ports"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/reqctx"
	"go.updspace.com/tools/devkit/testkit"
)

// Store is the repositories of one store.
type Store struct {
	Links  ports.Links
	Budget ports.Budget // of ten calls
	Feed   ports.Feed
	Tx     ports.Tx
}

var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// Suite tests a store.
func Suite(t *testing.T, open func(*testing.T) Store) {
	t.Helper()
	for name, test := range map[string]func(*testing.T, Store){
		"a link is stored whole":          roundTrip,
		"another user or tenant has none": others,
		"one instance reads an account":   leases,
		"what is known of an account":     knowledge,
		"items of a link":                 items,
		"a budget is one for all":         budget,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, open(t))
		})
	}
}

func as(t *testing.T, tenant uuid.UUID) context.Context {
	return reqctx.With(t.Context(), reqctx.Context{TenantID: tenant})
}

func (s Store) do(t *testing.T, ctx context.Context, fn func(ctx context.Context)) {
	t.Helper()
	require.NoError(t, s.Tx.Do(ctx, func(ctx context.Context) error {
		fn(ctx)
		return nil
	}))
}

// link stores a link that is on and due at noon.
func (s Store) link(t *testing.T, tenant, user uuid.UUID) domain.Link {
	t.Helper()
	made := domain.NewLink(tenant, user, domain.Steam, "76561197960287930", noon.Add(-time.Hour), noon)
	ctx := as(t, tenant)
	s.do(t, ctx, func(ctx context.Context) {
		require.NoError(t, s.Links.Add(ctx, made))
		require.NoError(t, s.Links.Add(ctx, made), "it may be told again")
		stored, err := s.Links.LockByProvider(ctx, user, domain.Steam)
		require.NoError(t, err)
		require.Equal(t, made.WithID(stored.ID()), stored)
		made, err = stored.Edit(domain.Edit{Enabled: new(true)}, noon)
		require.NoError(t, err)
		require.NoError(t, s.Links.Update(ctx, made))
	})
	return made
}

func roundTrip(t *testing.T, s Store) {
	tenant, user := uuid.New(), uuid.New()
	ctx := as(t, tenant)
	made := s.link(t, tenant, user)
	full := domain.LinkData{
		ID: made.ID(), TenantID: tenant, UserID: user, Provider: domain.Steam, ExternalID: "76561197960287930", Enabled: true,
		Visibility: authz.VisibilityCommunity, LinkedAt: made.Data().LinkedAt, LastSyncAt: noon.Add(time.Minute), LastError: domain.ProfilePrivate,
		ErrorAt: noon.Add(2 * time.Minute), Failures: 3, NextSyncAt: noon.Add(time.Hour), ReadUntil: noon, CreatedAt: noon, UpdatedAt: noon.Add(3 * time.Minute),
	}
	testkit.Filled(t, full)
	full.ReadUntil = time.Time{} // the lease is the store's own
	s.do(t, ctx, func(ctx context.Context) { require.NoError(t, s.Links.Update(ctx, domain.RestoreLink(full))) })
	list, err := s.Links.List(ctx, user)
	require.NoError(t, err)
	require.Equal(t, []domain.Link{domain.RestoreLink(full)}, list)
	found, err := s.Links.Find(ctx, user, made.ID())
	require.NoError(t, err)
	require.Equal(t, domain.RestoreLink(full), found)
	s.do(t, ctx, func(ctx context.Context) {
		require.NoError(t, s.Links.Delete(ctx, made.ID()))
		require.ErrorIs(t, s.Links.Delete(ctx, made.ID()), domain.ErrLinkNotFound)
		require.ErrorIs(t, s.Links.Update(ctx, made), domain.ErrLinkNotFound)
	})
}

func others(t *testing.T, s Store) {
	tenant, user := uuid.New(), uuid.New()
	made := s.link(t, tenant, user)
	for _, other := range []struct{ tenant, user uuid.UUID }{{uuid.New(), user}, {tenant, uuid.New()}} {
		ctx := as(t, other.tenant)
		list, err := s.Links.List(ctx, other.user)
		require.NoError(t, err)
		require.Empty(t, list)
		_, err = s.Links.Find(ctx, other.user, made.ID())
		require.ErrorIs(t, err, domain.ErrLinkNotFound)
		s.do(t, ctx, func(ctx context.Context) {
			_, err = s.Links.Lock(ctx, other.user, made.ID())
			require.ErrorIs(t, err, domain.ErrLinkNotFound)
			_, err = s.Links.LockByProvider(ctx, other.user, domain.Steam)
			require.ErrorIs(t, err, domain.ErrLinkNotFound)
		})
	}
}

// claim leases the links of one tenant for a minute: stores of other tests may share a database.
func (s Store) claim(t *testing.T, tenant uuid.UUID, now time.Time) (mine []ports.Claimed) {
	claimed, err := s.Links.Claim(t.Context(), 100, time.Minute, now)
	require.NoError(t, err)
	for _, c := range claimed {
		if c.Data().TenantID == tenant {
			mine = append(mine, c)
		}
	}
	return mine
}

func leases(t *testing.T, s Store) {
	tenant, user := uuid.New(), uuid.New()
	ctx := as(t, tenant)
	made := s.link(t, tenant, user)
	require.Empty(t, s.claim(t, tenant, noon.Add(-1)), "it is not due")
	var lock sync.Mutex
	var claimed []ports.Claimed
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			mine := s.claim(t, tenant, noon)
			lock.Lock()
			defer lock.Unlock()
			claimed = append(claimed, mine...)
		})
	}
	group.Wait()
	require.Len(t, claimed, 1)
	require.Equal(t, noon.Add(time.Minute), claimed[0].Data().ReadUntil)
	again := s.claim(t, tenant, noon.Add(time.Minute))
	require.Len(t, again, 1, "the lease has ended")
	s.do(t, ctx, func(ctx context.Context) {
		_, err := s.Links.Held(ctx, claimed[0])
		require.ErrorIs(t, err, domain.ErrLinkNotFound)
		held, err := s.Links.Held(ctx, again[0])
		require.NoError(t, err)
		require.NoError(t, s.Links.Update(ctx, held.Synced(noon)))
		_, err = s.Links.Held(ctx, again[0])
		require.ErrorIs(t, err, domain.ErrLinkNotFound, "a change ends the lease")
	})
	require.Empty(t, s.claim(t, tenant, noon.Add(time.Hour)))
	require.Len(t, s.claim(t, tenant, noon.Add(domain.SyncEvery)), 1)
	off, err := made.Edit(domain.Edit{Enabled: new(false)}, noon)
	require.NoError(t, err)
	s.do(t, ctx, func(ctx context.Context) { require.NoError(t, s.Links.Update(ctx, off)) })
	require.Empty(t, s.claim(t, tenant, noon.AddDate(1, 0, 0)))
}

func knowledge(t *testing.T, s Store) {
	tenant, user := uuid.New(), uuid.New()
	ctx := as(t, tenant)
	id := s.link(t, tenant, user).ID()
	late := domain.Game{AppID: 620, Name: "Portal 2", Played: 90 * time.Minute, PlayedLately: time.Minute, LastPlayedAt: noon, Achieved: 1, Achievements: 3}
	testkit.Filled(t, late)
	never := domain.Game{AppID: 400, Name: "Portal", Played: time.Minute}
	one, two := [32]byte{1}, [32]byte{2}
	s.do(t, ctx, func(ctx context.Context) {
		require.NoError(t, s.Links.PutGames(ctx, id, []domain.Game{never}))
		require.NoError(t, s.Links.PutGames(ctx, id, []domain.Game{never, late}))
		fresh, err := s.Links.AddHashes(ctx, id, [][32]byte{one}, noon)
		require.NoError(t, err)
		require.Equal(t, map[[32]byte]bool{one: true}, fresh)
		fresh, err = s.Links.AddHashes(ctx, id, [][32]byte{one, two}, noon)
		require.NoError(t, err)
		require.Equal(t, map[[32]byte]bool{two: true}, fresh)
		fresh, err = s.Links.AddHashes(ctx, id, nil, noon)
		require.NoError(t, err)
		require.Empty(t, fresh)
	})
	games, err := s.Links.Games(ctx, id)
	require.NoError(t, err)
	require.Equal(t, []domain.Game{late, never}, games)
	none, err := s.Links.Games(as(t, uuid.New()), id)
	require.NoError(t, err)
	require.Empty(t, none)
	s.do(t, ctx, func(ctx context.Context) {
		require.NoError(t, s.Links.Forget(ctx, id))
		fresh, err := s.Links.AddHashes(ctx, id, [][32]byte{one}, noon)
		require.NoError(t, err)
		require.Len(t, fresh, 1)
		require.NoError(t, s.Links.PutGames(ctx, id, nil))
	})
	games, err = s.Links.Games(ctx, id)
	require.NoError(t, err)
	require.Empty(t, games)
}

func items(t *testing.T, s Store) {
	tenant, user := uuid.New(), uuid.New()
	ctx := as(t, tenant)
	link := s.link(t, tenant, user)
	game := domain.Game{AppID: 620, Name: "Portal 2", Played: 90 * time.Minute, LastPlayedAt: noon}
	played, ok := domain.PlayedGame(game)
	require.True(t, ok)
	var refs []string
	s.do(t, ctx, func(ctx context.Context) {
		for _, find := range []domain.Find{played, domain.Achieved(game, domain.Unlocked{Key: "a", At: noon}, domain.Words{})} {
			item, err := link.Item(find, noon)
			require.NoError(t, err)
			refs = append(refs, item.Data().SourceRef)
			require.NoError(t, s.Feed.Apply(ctx, feed.Put(item)))
		}
		other, err := link.WithID(link.ID()+1_000_000).Item(played, noon)
		require.NoError(t, err)
		require.NoError(t, s.Feed.Apply(ctx, feed.Put(other)))
	})
	first, err := s.Links.Items(ctx, link, 0, 1)
	require.NoError(t, err)
	require.Len(t, first, 1)
	second, err := s.Links.Items(ctx, link, first[0].Data().ID, 10)
	require.NoError(t, err)
	require.Len(t, second, 1)
	require.ElementsMatch(t, refs, []string{first[0].Data().SourceRef, second[0].Data().SourceRef})
	s.do(t, ctx, func(ctx context.Context) {
		require.NoError(t, s.Feed.Apply(ctx, feed.Retract(tenant, refs[0], noon), feed.Retract(tenant, refs[1], noon)))
	})
	none, err := s.Links.Items(ctx, link, 0, 10)
	require.NoError(t, err)
	require.Empty(t, none)
}

func budget(t *testing.T, s Store) {
	provider := domain.Provider("p-" + uuid.NewString()) // stores of other tests may share a database
	take := func(calls int, at time.Time) bool {
		ok, err := s.Budget.Take(t.Context(), provider, calls, at)
		require.NoError(t, err)
		return ok
	}
	var lock sync.Mutex
	var group sync.WaitGroup
	taken := 0
	for range 15 {
		group.Go(func() {
			if take(1, noon) {
				lock.Lock()
				defer lock.Unlock()
				taken++
			}
		})
	}
	group.Wait()
	require.Equal(t, 10, taken)
	require.False(t, take(1, noon.Add(59*time.Second)))
	require.True(t, take(9, noon.Add(time.Minute)))
	require.False(t, take(2, noon.Add(time.Minute)))
	require.True(t, take(1, noon.Add(time.Minute)))
	require.NoError(t, s.Budget.Block(t.Context(), provider, noon.Add(time.Hour)))
	require.NoError(t, s.Budget.Block(t.Context(), provider, noon.Add(time.Minute)), "the longest counts")
	require.False(t, take(1, noon.Add(time.Hour-1)))
	require.True(t, take(1, noon.Add(time.Hour)))
	fresh := domain.Provider("p-" + uuid.NewString())
	require.NoError(t, s.Budget.Block(t.Context(), fresh, noon.Add(time.Hour)))
	ok, err := s.Budget.Take(t.Context(), fresh, 1, noon)
	require.NoError(t, err)
	require.False(t, ok)
}
