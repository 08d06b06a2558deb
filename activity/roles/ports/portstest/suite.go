// Package portstest holds the suite that every store of the synchronisation of roles must pass.
package portstest

import (
	"context"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/activity/roles/domain"
	"go.updspace.com/activity/roles/ports"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/reqctx"
)

// Store is the repositories of one store.
type Store struct {
	Syncs   ports.Syncs
	Members ports.Members
	Budget  ports.Budget // of ten calls
	Tx      ports.Tx
	// Source stores a source of Discord of a tenant, or another one, and returns its id.
	Source func(t *testing.T, tenant uuid.UUID, discord bool) int64
}

const lease = time.Minute

var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// Suite tests a store.
func Suite(t *testing.T, open func(*testing.T) Store) {
	t.Helper()
	for name, test := range map[string]func(*testing.T, Store){
		"a synchronisation is stored whole":     roundTrip,
		"pairs stay until nothing is put":       pairs,
		"one account of a person is linked":     accounts,
		"one instance looks at an account":      claims,
		"what is put belongs to an account":     holdings,
		"a budget is one for all, of each bot":  budget,
		"another tenant has nothing of a store": otherTenant,
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

func (s Store) do(t *testing.T, tenant uuid.UUID, fn func(ctx context.Context)) {
	t.Helper()
	require.NoError(t, s.Tx.Do(as(t, tenant), func(ctx context.Context) error {
		fn(ctx)
		return nil
	}))
}

// sync stores a synchronisation.
func (s Store) sync(t *testing.T, tenant uuid.UUID) domain.Sync {
	t.Helper()
	role := domain.Sync{
		SourceID: s.Source(t, tenant, true), TenantID: tenant, Guild: "81384788765712384", Token: "the-token-of-the-bot", Mode: domain.DryRun,
		UpdatedBy: uuid.New(), UpdatedAt: noon,
	}
	s.do(t, tenant, func(ctx context.Context) { require.NoError(t, s.Syncs.Put(ctx, role)) })
	return role
}

func (s Store) link(t *testing.T, tenant, user uuid.UUID, id string, at time.Time) {
	t.Helper()
	s.do(t, tenant, func(ctx context.Context) { require.NoError(t, s.Members.Link(ctx, user, id, at)) })
}

func (s Store) list(t *testing.T, role domain.Sync) []domain.Member {
	t.Helper()
	members, all, err := s.Members.List(as(t, role.TenantID), role.SourceID, 10)
	require.NoError(t, err)
	require.Len(t, members, all)
	return members
}

func (s Store) pair(t *testing.T, role domain.Sync, id int64) domain.Mapping {
	t.Helper()
	m := domain.Mapping{
		DiscordRole: "81384788765712385", DiscordName: "Scouts", Role: authz.RoleRef{ID: id, Service: "voting", Name: "scouts"},
		Scope: authz.TenantScope(role.TenantID), Direction: domain.Both, DefinedBy: uuid.New(), CreatedAt: noon,
	}
	s.do(t, role.TenantID, func(ctx context.Context) {
		made, err := s.Syncs.AddMapping(ctx, role.SourceID, m)
		require.NoError(t, err)
		m = made
	})
	return m
}

func roundTrip(t *testing.T, s Store) {
	tenant, person := uuid.New(), uuid.New()
	s.link(t, tenant, person, "1", noon)
	role := s.sync(t, tenant)
	found, err := s.Syncs.Find(as(t, tenant), role.SourceID)
	require.NoError(t, err)
	require.Equal(t, role, found)
	members := s.list(t, role)
	require.Len(t, members, 1, "a new one begins with every account")
	require.Equal(t, []any{person, "1", true, noon}, []any{members[0].UserID, members[0].DiscordID, members[0].Linked, members[0].NextAt})

	role.Token, role.Mode, role.UpdatedAt = "another-token-of-the-bot", domain.Active, noon.Add(time.Minute)
	s.do(t, tenant, func(ctx context.Context) {
		require.NoError(t, s.Syncs.Put(ctx, role))
		locked, err := s.Syncs.Lock(ctx, role.SourceID)
		require.NoError(t, err)
		require.Equal(t, role, locked)
	})
	for discord, source := range map[bool]int64{true: role.SourceID, false: s.Source(t, tenant, false)} {
		is, found, err := s.Syncs.IsDiscord(as(t, tenant), source)
		require.NoError(t, err)
		require.Equal(t, []bool{discord, true}, []bool{is, found})
	}
	_, known, err := s.Syncs.IsDiscord(as(t, tenant), role.SourceID+1000)
	require.NoError(t, err)
	require.False(t, known)
	s.do(t, tenant, func(ctx context.Context) {
		require.NoError(t, s.Syncs.Delete(ctx, role.SourceID))
		require.ErrorIs(t, s.Syncs.Delete(ctx, role.SourceID), domain.ErrSyncNotFound)
	})
	require.Empty(t, s.list(t, role))
}

func pairs(t *testing.T, s Store) {
	role := s.sync(t, uuid.New())
	s.link(t, role.TenantID, uuid.New(), "1", noon)
	account := s.list(t, role)[0].AccountID
	first, second := s.pair(t, role, 7), s.pair(t, role, 8)
	list := func() []domain.Mapping {
		mappings, err := s.Syncs.Mappings(as(t, role.TenantID), role.SourceID)
		require.NoError(t, err)
		return mappings
	}
	require.Equal(t, []domain.Mapping{first, second}, list())
	require.ErrorIs(t, s.Tx.Do(as(t, role.TenantID), func(ctx context.Context) error {
		_, err := s.Syncs.AddMapping(ctx, role.SourceID, first)
		return err
	}), domain.ErrMappingExists)
	s.do(t, role.TenantID, func(ctx context.Context) {
		require.NoError(t, s.Members.PutHolding(ctx, role.SourceID, first.ID, account, domain.Holding{ID: uuid.New(), There: true}))
		for _, m := range []domain.Mapping{first, second} {
			require.NoError(t, s.Syncs.RemoveMapping(ctx, role.SourceID, m.ID))
		}
		require.NoError(t, s.Syncs.ForgetMappings(ctx, role.SourceID))
	})
	first.Removed = true
	require.Equal(t, []domain.Mapping{first}, list(), "something is put of it")
	s.pair(t, role, 7) // in the place of the one that is removed
	s.do(t, role.TenantID, func(ctx context.Context) {
		require.NoError(t, s.Members.PutHolding(ctx, role.SourceID, first.ID, account, domain.Holding{}))
		require.NoError(t, s.Syncs.ForgetMappings(ctx, role.SourceID))
		require.ErrorIs(t, s.Syncs.RemoveMapping(ctx, role.SourceID, first.ID), domain.ErrMappingNotFound)
	})
	require.Len(t, list(), 1)
}

func budget(t *testing.T, s Store) {
	tenant := uuid.New()
	first, second := s.sync(t, tenant), s.sync(t, tenant)
	take := func(role domain.Sync, calls int, now time.Time) bool {
		ok, err := s.Budget.Take(as(t, tenant), role, calls, now)
		require.NoError(t, err)
		return ok
	}
	require.True(t, take(first, 10, noon))
	require.False(t, take(first, 1, noon))
	require.True(t, take(second, 1, noon), "each bot has its own")
	require.True(t, take(first, 1, noon.Add(time.Minute)))
	require.NoError(t, s.Budget.Block(as(t, tenant), first, noon.Add(time.Hour)))
	require.False(t, take(first, 1, noon.Add(30*time.Minute)))
	require.True(t, take(first, 1, noon.Add(time.Hour)))
}

func otherTenant(t *testing.T, s Store) {
	role, person := s.sync(t, uuid.New()), uuid.New()
	s.link(t, role.TenantID, person, "1", noon)
	mapping, other := s.pair(t, role, 7), uuid.New()
	_, err := s.Syncs.Find(as(t, other), role.SourceID)
	require.ErrorIs(t, err, domain.ErrSyncNotFound)
	mappings, err := s.Syncs.Mappings(as(t, other), role.SourceID)
	require.NoError(t, err)
	require.Empty(t, mappings)
	s.do(t, other, func(ctx context.Context) {
		require.ErrorIs(t, s.Syncs.RemoveMapping(ctx, role.SourceID, mapping.ID), domain.ErrMappingNotFound)
		require.ErrorIs(t, s.Syncs.Delete(ctx, role.SourceID), domain.ErrSyncNotFound)
		require.NoError(t, s.Members.Unlink(ctx, person, noon))
		require.NoError(t, s.Members.Due(ctx, role.SourceID, noon.Add(time.Hour)))
	})
	members := s.list(t, role)
	require.Len(t, members, 1)
	require.True(t, members[0].Linked)
	require.Equal(t, noon, members[0].NextAt)
}
