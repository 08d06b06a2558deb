package portstest

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/activity/roles/domain"
	"go.updspace.com/tools/devkit/testkit/memory"
)

// NewMemory is a store in memory. It passes the same suite as PostgreSQL does.
func NewMemory() Store {
	db := memory.New()
	m := &memoryRoles{
		DB: db, sources: memory.NewTable[int64, bool](db), syncs: memory.NewTable[int64, domain.Sync](db),
		mappings: memory.NewTable[int64, keptMapping](db), accounts: memory.NewTable[uuid.UUID, account](db),
		members: memory.NewTable[memberKey, keptMember](db), holdings: memory.NewTable[holdingKey, keptHolding](db),
		taken: memory.NewTable[int64, taken](db),
	}
	return Store{Syncs: memorySyncs{m}, Members: memoryMembers{m}, Budget: memoryBudget{m}, Tx: db, Source: m.source}
}

type memoryRoles struct {
	*memory.DB

	sources  *memory.Table[int64, bool] // whether it is one of Discord
	syncs    *memory.Table[int64, domain.Sync]
	mappings *memory.Table[int64, keptMapping]
	accounts *memory.Table[uuid.UUID, account]
	members  *memory.Table[memberKey, keptMember]
	holdings *memory.Table[holdingKey, keptHolding]
	taken    *memory.Table[int64, taken]
	last     int64
}

func (m *memoryRoles) next() int64 {
	m.last++
	return m.last
}

func (m *memoryRoles) source(t *testing.T, tenant uuid.UUID, discord bool) int64 {
	id := m.next()
	m.sources.Put(as(t, tenant), id, discord)
	return id
}

type keptMapping struct {
	domain.Mapping
	source int64
}

type memorySyncs struct{ *memoryRoles }

func (m memorySyncs) IsDiscord(ctx context.Context, source int64) (discord, found bool, err error) {
	discord, found = m.sources.Get(ctx, source)
	return discord, found, nil
}

func (m memorySyncs) Find(ctx context.Context, source int64) (domain.Sync, error) {
	s, ok := m.syncs.Get(ctx, source)
	if !ok {
		return domain.Sync{}, domain.ErrSyncNotFound
	}
	return s, nil
}

func (m memorySyncs) Lock(ctx context.Context, source int64) (domain.Sync, error) {
	if err := m.RequireTx(ctx, "Lock"); err != nil {
		return domain.Sync{}, err
	}
	return m.Find(ctx, source)
}

func (m memorySyncs) Put(ctx context.Context, sync domain.Sync) error {
	m.syncs.Put(ctx, sync.SourceID, sync)
	for _, a := range m.accounts.All(ctx, func(a account) bool { return a.linked }) {
		if _, known := m.members.Get(ctx, memberKey{sync.SourceID, a.id}); !known {
			m.join(ctx, sync, a, sync.UpdatedAt)
		}
	}
	return nil
}

func (m memorySyncs) Delete(ctx context.Context, source int64) error {
	if m.syncs.Delete(ctx, func(s domain.Sync) bool { return s.SourceID == source }) == 0 {
		return domain.ErrSyncNotFound
	}
	m.holdings.Delete(ctx, func(h keptHolding) bool { return h.source == source })
	m.mappings.Delete(ctx, func(k keptMapping) bool { return k.source == source })
	m.members.Delete(ctx, func(k keptMember) bool { return k.SourceID == source })
	return nil
}

func (m memorySyncs) Mappings(ctx context.Context, source int64) (mappings []domain.Mapping, err error) {
	for _, k := range m.mappings.All(ctx, func(k keptMapping) bool { return k.source == source }) {
		mappings = append(mappings, k.Mapping)
	}
	slices.SortFunc(mappings, func(a, b domain.Mapping) int { return cmp.Compare(a.ID, b.ID) })
	return mappings, nil
}

func (m memorySyncs) AddMapping(ctx context.Context, source int64, added domain.Mapping) (domain.Mapping, error) {
	known, err := m.Mappings(ctx, source)
	if err != nil {
		return added, err
	}
	if len(known) >= domain.MaxMappings {
		return added, domain.ErrTooManyMappings
	}
	for _, k := range known {
		if !k.Removed && k.DiscordRole == added.DiscordRole && k.Role.ID == added.Role.ID && k.Scope == added.Scope {
			return added, domain.ErrMappingExists
		}
	}
	added.ID = m.next()
	m.mappings.Put(ctx, added.ID, keptMapping{added, source})
	return added, nil
}

func (m memorySyncs) RemoveMapping(ctx context.Context, source, id int64) error {
	k, ok := m.mappings.Get(ctx, id)
	if !ok || k.source != source {
		return domain.ErrMappingNotFound
	}
	k.Removed = true
	m.mappings.Put(ctx, id, k)
	return nil
}

func (m memorySyncs) ForgetMappings(ctx context.Context, source int64) error {
	put := map[int64]bool{}
	for _, h := range m.holdings.All(ctx, nil) {
		put[h.mapping] = true
	}
	m.mappings.Delete(ctx, func(k keptMapping) bool { return k.source == source && k.Removed && !put[k.ID] })
	return nil
}

type holdingKey struct {
	mapping int64
	account uuid.UUID
}

type keptHolding struct {
	domain.Holding
	holdingKey

	source int64
}

func (m memoryMembers) Holdings(ctx context.Context, source int64, account uuid.UUID) (map[int64]domain.Holding, error) {
	found := map[int64]domain.Holding{}
	for _, h := range m.holdings.All(ctx, func(h keptHolding) bool { return h.source == source && h.account == account }) {
		found[h.mapping] = h.Holding
	}
	return found, nil
}

func (m memoryMembers) PutHolding(ctx context.Context, source, mapping int64, account uuid.UUID, h domain.Holding) error {
	key := holdingKey{mapping, account}
	if h.Empty() {
		m.holdings.Delete(ctx, func(k keptHolding) bool { return k.holdingKey == key })
		return nil
	}
	m.holdings.Put(ctx, key, keptHolding{h, key, source})
	return nil
}

// taken is what is taken of a budget, by minute, and until when it is blocked.
type taken struct {
	minutes map[time.Time]int
	until   time.Time
}

const callsAMinute = 10

type memoryBudget struct{ *memoryRoles }

func (m memoryBudget) Take(ctx context.Context, s domain.Sync, calls int, now time.Time) (ok bool, err error) {
	err = m.Do(ctx, func(ctx context.Context) error {
		budget, _ := m.taken.Get(ctx, s.SourceID)
		minute := now.Truncate(time.Minute)
		if ok = !now.Before(budget.until) && budget.minutes[minute]+calls <= callsAMinute; ok {
			budget.minutes = maps.Clone(budget.minutes)
			if budget.minutes == nil {
				budget.minutes = map[time.Time]int{}
			}
			budget.minutes[minute] += calls
			m.taken.Put(ctx, s.SourceID, budget)
		}
		return nil
	})
	return ok, err
}

func (m memoryBudget) Block(ctx context.Context, s domain.Sync, until time.Time) error {
	return m.Do(ctx, func(ctx context.Context) error {
		budget, _ := m.taken.Get(ctx, s.SourceID)
		budget.until = until
		m.taken.Put(ctx, s.SourceID, budget)
		return nil
	})
}
