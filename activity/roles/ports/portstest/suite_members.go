package portstest

import (
	"context"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/activity/roles/domain"
	"go.updspace.com/activity/roles/ports"
)

func accounts(t *testing.T, s Store) {
	role, person := s.sync(t, uuid.New()), uuid.New()
	states := func() map[string]bool {
		found := map[string]bool{}
		for _, m := range s.list(t, role) {
			require.Equal(t, person, m.UserID)
			found[m.DiscordID] = m.Linked
		}
		return found
	}
	s.link(t, role.TenantID, person, "1", noon)
	s.link(t, role.TenantID, person, "1", noon)
	require.Equal(t, map[string]bool{"1": true}, states())
	s.link(t, role.TenantID, person, "2", noon.Add(time.Minute))
	require.Equal(t, map[string]bool{"1": false, "2": true}, states())
	for _, m := range s.list(t, role) {
		require.Equal(t, noon.Add(time.Minute), m.NextAt, "both are due")
	}
	s.link(t, role.TenantID, person, "1", noon)
	require.Equal(t, map[string]bool{"1": true, "2": false}, states())
	s.do(t, role.TenantID, func(ctx context.Context) { require.NoError(t, s.Members.Unlink(ctx, person, noon)) })
	require.Equal(t, map[string]bool{"1": false, "2": false}, states())
	for _, m := range s.list(t, role) {
		s.do(t, role.TenantID, func(ctx context.Context) { require.NoError(t, s.Members.Forget(ctx, m)) })
	}
	require.Empty(t, states())

	other := uuid.New() // of a tenant without synchronisations nothing is kept
	s.link(t, other, person, "1", noon)
	s.do(t, other, func(ctx context.Context) { require.NoError(t, s.Members.Unlink(ctx, person, noon)) })
	require.Empty(t, s.list(t, s.sync(t, other)))
}

func (s Store) claim(t *testing.T, now time.Time) []ports.Claimed {
	t.Helper()
	claimed, err := s.Members.Claim(t.Context(), 10, lease, now)
	require.NoError(t, err)
	return claimed
}

func (s Store) held(t *testing.T, claimed ports.Claimed) (held bool) {
	t.Helper()
	s.do(t, claimed.TenantID, func(ctx context.Context) {
		var err error
		held, err = s.Members.Held(ctx, claimed)
		require.NoError(t, err)
	})
	return held
}

func claims(t *testing.T, s Store) {
	role := s.sync(t, uuid.New())
	for range 5 {
		s.link(t, role.TenantID, uuid.New(), uuid.NewString(), noon)
	}
	require.Empty(t, s.claim(t, noon.Add(-time.Second)), "not before their time")
	var mu sync.Mutex
	var claimed []ports.Claimed
	var instances sync.WaitGroup
	for range 4 {
		instances.Go(func() {
			some, err := s.Members.Claim(t.Context(), 10, lease, noon)
			mu.Lock()
			defer mu.Unlock()
			if err == nil {
				claimed = append(claimed, some...)
			}
		})
	}
	instances.Wait()
	require.Len(t, claimed, 5)
	require.Len(t, slices.CompactFunc(slices.SortedFunc(slices.Values(claimed), func(a, b ports.Claimed) int {
		return slices.Compare(a.AccountID[:], b.AccountID[:])
	}), func(a, b ports.Claimed) bool { return a.AccountID == b.AccountID }), 5, "each by one instance")
	first := claimed[0]
	require.True(t, s.held(t, first))
	require.Empty(t, s.claim(t, noon.Add(lease-time.Second)))
	again := s.claim(t, noon.Add(lease))
	require.Len(t, again, 5, "an instance that has ended gives them up")
	require.False(t, s.held(t, first))

	one := again[0].Seen(true, []domain.Action{{Mapping: 1, Kind: "give_there"}}, noon)
	one.Failures, one.LastError = 2, domain.Forbidden
	s.do(t, role.TenantID, func(ctx context.Context) { require.NoError(t, s.Members.Update(ctx, one)) })
	require.False(t, s.held(t, again[0]), "the lease has ended")
	require.Equal(t, one, s.list(t, role)[0], "those with a failure come first")
	s.do(t, role.TenantID, func(ctx context.Context) { require.NoError(t, s.Members.Due(ctx, role.SourceID, noon)) })
	require.Len(t, s.claim(t, noon), 5)
}

func holdings(t *testing.T, s Store) {
	role, person := s.sync(t, uuid.New()), uuid.New()
	s.link(t, role.TenantID, person, "1", noon)
	s.link(t, role.TenantID, person, "2", noon)
	members, mapping := s.list(t, role), s.pair(t, role, 7)
	of := func(account uuid.UUID) map[int64]domain.Holding {
		found, err := s.Members.Holdings(as(t, role.TenantID), role.SourceID, account)
		require.NoError(t, err)
		return found
	}
	put := func(account uuid.UUID, h domain.Holding) {
		s.do(t, role.TenantID, func(ctx context.Context) {
			require.NoError(t, s.Members.PutHolding(ctx, role.SourceID, mapping.ID, account, h))
		})
	}
	there := domain.Holding{ID: uuid.New(), Version: 1, There: true}
	both := domain.Holding{ID: uuid.New(), Version: 2, Here: true, There: true}
	put(members[0].AccountID, there)
	put(members[1].AccountID, there)
	put(members[1].AccountID, both)
	require.Equal(t, map[int64]domain.Holding{mapping.ID: there}, of(members[0].AccountID))
	require.Equal(t, map[int64]domain.Holding{mapping.ID: both}, of(members[1].AccountID))
	put(members[0].AccountID, domain.Holding{ID: there.ID, Version: 3})
	require.Empty(t, of(members[0].AccountID))
}
