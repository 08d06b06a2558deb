// Package portstest has the suite that every store of sources must pass.
package portstest

import (
	"context"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"go.updspace.com/activity/connectors/domain"
	"go.updspace.com/activity/connectors/ports"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/reqctx"
	"go.updspace.com/libs/signature"
)

// Store is the repositories of one store.
type Store struct {
	Sources  ports.Sources
	Messages ports.Messages
	Tx       ports.Tx
}

// Suite tests a store.
func Suite(t *testing.T, open func(*testing.T) Store) {
	t.Helper()
	for name, test := range map[string]func(*testing.T, Store){
		"a source is stored whole":           roundTrip,
		"another tenant has none":            otherTenant,
		"a tenant has so many sources":       bounded,
		"one instance asks a source":         claims,
		"a message and an entry count once":  messagesOnce,
		"a source goes with what is kept it": deletion,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, open(t))
		})
	}
}

var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

func in(tenant uuid.UUID) context.Context {
	return reqctx.With(context.Background(), reqctx.Context{TenantID: tenant, TenantSlug: "aef"})
}

func (s Store) do(t require.TestingT, tenant uuid.UUID, fn func(ctx context.Context) error) {
	require.NoError(t, s.Tx.Do(in(tenant), fn))
}

func anyURL(string) error { return nil }

func newSource(t require.TestingT, tenant uuid.UUID, kind domain.Kind) domain.Source {
	edit := domain.Edit{Name: new("A source")}
	if kind == domain.RSS {
		edit.URL = new("https://example.com/feed?token=secret")
	}
	source, err := domain.NewSource(authz.Actor{Tenant: tenant, User: uuid.New()}, kind, edit, anyURL, noon)
	require.NoError(t, err)
	return source
}

func (s Store) add(t require.TestingT, source domain.Source, secrets signature.Pair) (added domain.Source) {
	s.do(t, source.Data().TenantID, func(ctx context.Context) (err error) {
		added, err = s.Sources.Add(ctx, source, secrets)
		return err
	})
	return added
}

func roundTrip(t *testing.T, s Store) {
	tenant, secrets := uuid.New(), signature.Pair{Current: signature.NewSecret(), Previous: signature.NewSecret(), PreviousUntil: noon.Add(time.Hour)}
	hook, feed := s.add(t, newSource(t, tenant, domain.Webhook), secrets), s.add(t, newSource(t, tenant, domain.RSS), signature.Pair{})
	require.Positive(t, hook.ID())
	feed = feed.Polled("", domain.Validator{ETag: `"1"`, LastModified: "yesterday"}, noon.Add(time.Minute))
	hook, err := hook.Edit(domain.Edit{Scope: new(authz.CommunityScope(uuid.New())), Visibility: new(authz.VisibilityCommunity), Active: new(false)}, anyURL, noon.Add(time.Hour))
	require.NoError(t, err)
	hook = hook.Received("type", noon.Add(time.Hour))
	for _, source := range []domain.Source{feed, hook} {
		s.do(t, tenant, func(ctx context.Context) error { return s.Sources.Update(ctx, source) })
		found, err := s.Sources.Find(in(tenant), source.ID())
		require.NoError(t, err)
		require.Equal(t, source.Data(), found.Data())
		s.do(t, tenant, func(ctx context.Context) error {
			found, err := s.Sources.LockByKey(ctx, source.Data().Key)
			require.Equal(t, source.Data(), found.Data())
			return err
		})
	}
	list, err := s.Sources.List(in(tenant))
	require.NoError(t, err)
	require.Equal(t, []domain.Source{feed, hook}, list, "by kind")
	kept, err := s.Sources.Secrets(in(tenant), hook.ID())
	require.NoError(t, err)
	require.Equal(t, secrets, kept)
	rotated := secrets.Rotate(noon.Add(domain.Overlap))
	s.do(t, tenant, func(ctx context.Context) error { return s.Sources.PutSecrets(ctx, hook.ID(), rotated) })
	kept, err = s.Sources.Secrets(in(tenant), hook.ID())
	require.NoError(t, err)
	require.Equal(t, rotated, kept)
}

func otherTenant(t *testing.T, s Store) {
	tenant := uuid.New()
	source := s.add(t, newSource(t, tenant, domain.Webhook), signature.Pair{Current: signature.NewSecret()})
	other := in(uuid.New())
	list, err := s.Sources.List(other)
	require.NoError(t, err)
	require.Empty(t, list)
	for name, try := range map[string]func(ctx context.Context) error{
		"find":        func(ctx context.Context) error { _, err := s.Sources.Find(ctx, source.ID()); return err },
		"lock":        func(ctx context.Context) error { _, err := s.Sources.Lock(ctx, source.ID()); return err },
		"lock by key": func(ctx context.Context) error { _, err := s.Sources.LockByKey(ctx, source.Data().Key); return err },
		"delete":      func(ctx context.Context) error { return s.Sources.Delete(ctx, source.ID()) },
		"secrets":     func(ctx context.Context) error { _, err := s.Sources.Secrets(ctx, source.ID()); return err },
	} {
		require.ErrorIs(t, s.Tx.Do(other, try), domain.ErrSourceNotFound, name)
	}
	_, err = s.Sources.Find(in(tenant), source.ID())
	require.NoError(t, err)
}

// Racing calls make no more sources than a tenant may have.
func bounded(t *testing.T, s Store) {
	tenant := uuid.New()
	var added, refused atomic.Int32
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			for range domain.MaxSources/4 + 2 {
				source := newSource(t, tenant, domain.Webhook)
				err := s.Tx.Do(in(tenant), func(ctx context.Context) error {
					_, err := s.Sources.Add(ctx, source, signature.Pair{Current: signature.NewSecret()})
					return err
				})
				if err == nil {
					added.Add(1)
				} else if assert.ErrorIs(t, err, domain.ErrTooManySources) {
					refused.Add(1)
				}
			}
		})
	}
	all.Wait()
	require.EqualValues(t, domain.MaxSources, added.Load())
	require.Positive(t, refused.Load())
	s.add(t, newSource(t, uuid.New(), domain.Webhook), signature.Pair{Current: signature.NewSecret()})
}

func claims(t *testing.T, s Store) {
	one, two := s.add(t, newSource(t, uuid.New(), domain.RSS), signature.Pair{}), s.add(t, newSource(t, uuid.New(), domain.RSS), signature.Pair{})
	paused, err := s.add(t, newSource(t, uuid.New(), domain.RSS), signature.Pair{}).Edit(domain.Edit{Active: new(false)}, anyURL, noon)
	require.NoError(t, err)
	s.do(t, paused.Data().TenantID, func(ctx context.Context) error { return s.Sources.Update(ctx, paused) })
	s.add(t, newSource(t, uuid.New(), domain.Webhook), signature.Pair{Current: signature.NewSecret()})
	claim := func(at time.Time) (ids []int64) {
		found, err := s.Sources.Claim(context.Background(), 10, time.Minute, at)
		require.NoError(t, err)
		for _, source := range found {
			ids = append(ids, source.ID())
		}
		return ids
	}
	require.Empty(t, claim(noon.Add(-time.Second)), "none is due")
	var mu sync.Mutex
	var got []int64
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			ids := claim(noon)
			mu.Lock()
			defer mu.Unlock()
			got = append(got, ids...)
		})
	}
	all.Wait()
	require.ElementsMatch(t, []int64{one.ID(), two.ID()}, got, "each by one")
	require.Len(t, claim(noon.Add(time.Minute)), 2, "the lease has ended")
}

func messagesOnce(t *testing.T, s Store) {
	tenant := uuid.New()
	source := s.add(t, newSource(t, tenant, domain.Webhook), signature.Pair{Current: signature.NewSecret()}).ID()
	remember := func(nonce byte, at time.Time) (fresh bool) {
		s.do(t, tenant, func(ctx context.Context) (err error) {
			fresh, err = s.Messages.Remember(ctx, source, [32]byte{nonce}, at)
			return err
		})
		return fresh
	}
	count := func(since time.Time) int {
		n, err := s.Messages.Count(in(tenant), source, since)
		require.NoError(t, err)
		return n
	}
	require.True(t, remember(1, noon))
	require.False(t, remember(1, noon.Add(time.Second)))
	require.True(t, remember(2, noon.Add(time.Minute)))
	require.Equal(t, []int{2, 1}, []int{count(noon.Add(-time.Second)), count(noon.Add(30 * time.Second))})
	require.NoError(t, s.Messages.Forget(context.Background(), noon.Add(30*time.Second)))
	require.Equal(t, 1, count(noon))
	add := func(hashes ...[32]byte) (fresh map[[32]byte]bool) {
		s.do(t, tenant, func(ctx context.Context) (err error) {
			fresh, err = s.Messages.AddHashes(ctx, source, hashes, noon)
			return err
		})
		return fresh
	}
	require.Equal(t, map[[32]byte]bool{{1}: true, {2}: true}, add([32]byte{1}, [32]byte{2}, [32]byte{1}))
	require.Equal(t, map[[32]byte]bool{{3}: true}, add([32]byte{2}, [32]byte{3}))
	require.Empty(t, add())
}

func deletion(t *testing.T, s Store) {
	tenant := uuid.New()
	source := s.add(t, newSource(t, tenant, domain.Webhook), signature.Pair{Current: signature.NewSecret()})
	s.do(t, tenant, func(ctx context.Context) error {
		_, err := s.Messages.Remember(ctx, source.ID(), [32]byte{1}, noon)
		return err
	})
	s.do(t, tenant, func(ctx context.Context) error { return s.Sources.Delete(ctx, source.ID()) })
	_, err := s.Sources.Find(in(tenant), source.ID())
	require.ErrorIs(t, err, domain.ErrSourceNotFound)
	n, err := s.Messages.Count(in(tenant), source.ID(), noon.Add(-time.Hour))
	require.NoError(t, err)
	require.Zero(t, n)
}
