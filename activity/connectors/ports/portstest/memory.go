package portstest

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/activity/connectors/domain"
	"go.updspace.com/libs/reqctx"
	"go.updspace.com/libs/signature"
	"go.updspace.com/tools/devkit/testkit/memory"
)

// NewMemory is a store in memory. It passes the same suite as PostgreSQL does.
func NewMemory() Store {
	db := memory.New()
	m := &memorySources{
		DB: db, sources: memory.NewTable[int64, keptSource](db), nonces: memory.NewTable[messageKey, keptNonce](db),
		hashes: memory.NewTable[messageKey, int64](db),
	}
	return Store{Sources: m, Messages: memoryMessages{m}, Tx: db}
}

type memorySources struct {
	*memory.DB

	sources *memory.Table[int64, keptSource]
	nonces  *memory.Table[messageKey, keptNonce]
	hashes  *memory.Table[messageKey, int64]
	last    int64
}

type keptSource struct {
	domain.Source
	secrets     signature.Pair
	leasedUntil time.Time
}

type messageKey struct {
	source int64
	hash   [32]byte
}

type keptNonce struct {
	source int64
	at     time.Time
}

func (m *memorySources) List(ctx context.Context) ([]domain.Source, error) {
	list := plain(m.sources.All(ctx, nil))
	slices.SortFunc(list, func(a, b domain.Source) int {
		return cmp.Or(strings.Compare(string(a.Data().Kind), string(b.Data().Kind)), cmp.Compare(a.ID(), b.ID()))
	})
	return list, nil
}

func plain(kept []keptSource) []domain.Source {
	sources := make([]domain.Source, len(kept))
	for i, s := range kept {
		sources[i] = s.Source
	}
	return sources
}

func (m *memorySources) kept(ctx context.Context, id int64) (keptSource, error) {
	s, ok := m.sources.Get(ctx, id)
	if !ok {
		return keptSource{}, domain.ErrSourceNotFound
	}
	return s, nil
}

func (m *memorySources) Find(ctx context.Context, id int64) (domain.Source, error) {
	s, err := m.kept(ctx, id)
	return s.Source, err
}

func (m *memorySources) Lock(ctx context.Context, id int64) (domain.Source, error) {
	if err := m.RequireTx(ctx, "Lock"); err != nil {
		return domain.Source{}, err
	}
	return m.Find(ctx, id)
}

func (m *memorySources) LockByKey(ctx context.Context, key uuid.UUID) (domain.Source, error) {
	if err := m.RequireTx(ctx, "LockByKey"); err != nil {
		return domain.Source{}, err
	}
	s, ok := m.sources.First(ctx, func(s keptSource) bool { return s.Data().Key == key })
	if !ok {
		return domain.Source{}, domain.ErrSourceNotFound
	}
	return s.Source, nil
}

func (m *memorySources) Add(ctx context.Context, source domain.Source, secrets signature.Pair) (domain.Source, error) {
	if err := m.RequireTx(ctx, "Add"); err != nil {
		return source, err
	}
	if len(m.sources.All(ctx, nil)) >= domain.MaxSources {
		return source, domain.ErrTooManySources
	}
	m.last++
	source = source.WithID(m.last)
	m.sources.Put(ctx, source.ID(), keptSource{Source: source, secrets: secrets})
	return source, nil
}

func (m *memorySources) change(ctx context.Context, id int64, change func(*keptSource)) error {
	s, err := m.kept(ctx, id)
	if err == nil {
		change(&s)
		m.sources.Put(ctx, id, s)
	}
	return err
}

func (m *memorySources) Update(ctx context.Context, source domain.Source) error {
	return m.change(ctx, source.ID(), func(s *keptSource) { s.Source, s.leasedUntil = source, time.Time{} })
}

func (m *memorySources) Delete(ctx context.Context, id int64) error {
	if m.sources.Delete(ctx, func(s keptSource) bool { return s.ID() == id }) == 0 {
		return domain.ErrSourceNotFound
	}
	m.nonces.Delete(ctx, func(n keptNonce) bool { return n.source == id })
	m.hashes.Delete(ctx, func(source int64) bool { return source == id })
	return nil
}

func (m *memorySources) Secrets(ctx context.Context, id int64) (signature.Pair, error) {
	s, err := m.kept(ctx, id)
	return s.secrets, err
}

func (m *memorySources) PutSecrets(ctx context.Context, id int64, secrets signature.Pair) error {
	return m.change(ctx, id, func(s *keptSource) { s.secrets = secrets })
}

func (m *memorySources) Claim(ctx context.Context, limit int, lease time.Duration, now time.Time) (claimed []domain.Source, err error) {
	err = m.Do(ctx, func(ctx context.Context) error {
		found := m.sources.AllTenants(ctx, func(s keptSource) bool {
			d := s.Data()
			return d.Active && !d.NextAt.IsZero() && !d.NextAt.After(now) && !s.leasedUntil.After(now)
		})
		slices.SortFunc(found, func(a, b keptSource) int {
			return cmp.Or(a.Data().NextAt.Compare(b.Data().NextAt), cmp.Compare(a.ID(), b.ID()))
		})
		found = found[:min(limit, len(found))]
		for _, s := range found {
			s.leasedUntil = now.Add(lease)
			m.sources.Put(reqctx.With(ctx, reqctx.Context{TenantID: s.Data().TenantID}), s.ID(), s)
		}
		claimed = plain(found)
		return nil
	})
	return claimed, err
}

type memoryMessages struct{ *memorySources }

func (m memoryMessages) Remember(ctx context.Context, source int64, nonce [32]byte, now time.Time) (fresh bool, err error) {
	key := messageKey{source, nonce}
	if _, known := m.nonces.Get(ctx, key); known {
		return false, nil
	}
	m.nonces.Put(ctx, key, keptNonce{source, now})
	return true, nil
}

func (m memoryMessages) Count(ctx context.Context, source int64, since time.Time) (int, error) {
	return len(m.nonces.All(ctx, func(n keptNonce) bool { return n.source == source && n.at.After(since) })), nil
}

func (m memoryMessages) AddHashes(ctx context.Context, source int64, hashes [][32]byte, _ time.Time) (map[[32]byte]bool, error) {
	fresh := map[[32]byte]bool{}
	for _, hash := range hashes {
		key := messageKey{source, hash}
		if _, known := m.hashes.Get(ctx, key); !known {
			m.hashes.Put(ctx, key, source)
			fresh[hash] = true
		}
	}
	return fresh, nil
}

func (m memoryMessages) Forget(ctx context.Context, before time.Time) error {
	return m.Do(ctx, func(ctx context.Context) error {
		tenants := map[uuid.UUID]bool{}
		for _, s := range m.sources.AllTenants(ctx, nil) {
			tenants[s.Data().TenantID] = true
		}
		for tenant := range tenants {
			m.nonces.Delete(reqctx.With(ctx, reqctx.Context{TenantID: tenant}), func(n keptNonce) bool { return n.at.Before(before) })
		}
		return nil
	})
}
