package portstest

import (
	"context"
	"slices"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/access/domain"
	"go.updspace.com/access/ports"
	"go.updspace.com/libs/reqctx"
)

// MemoryRewards is ports.Rewards over a Memory.
type MemoryRewards struct{ *Memory }

var _ ports.Rewards = MemoryRewards{}

// Rewarded implements FactStore.
func (m *Memory) Rewarded() ports.Rewards { return MemoryRewards{m} }

// Find implements ports.Rewards.
func (m MemoryRewards) Find(ctx context.Context, grant uuid.UUID) (domain.Reward, bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	r, found := m.rewards[tenantID{reqctx.From(ctx).TenantID, grant}]
	return r, found, nil
}

// Put implements ports.Rewards.
func (m MemoryRewards) Put(ctx context.Context, r domain.Reward, at time.Time) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.rewards == nil {
		m.rewards, m.rewardsEnded = map[tenantID]domain.Reward{}, map[tenantID]time.Time{}
	}
	id := tenantID{reqctx.From(ctx).TenantID, r.Grant}
	ends := r.Expires
	if _, given := r.Key(); !given {
		ends = at
	}
	r.Responsible = nil
	m.rewards[id], m.rewardsEnded[id] = r, ends
	return nil
}

// Derive implements ports.Rewards.
func (m MemoryRewards) Derive(ctx context.Context, key domain.RewardKey, at time.Time) (before, after domain.BindingRecord, err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	tenant := reqctx.From(ctx).TenantID
	is := func(b memoryBinding) bool {
		return b.tenant == tenant && b.reward != "" && domain.RewardKey{Source: b.reward, User: b.User, Role: b.Role, Scope: b.Scope} == key
	}
	var wanted *domain.Reward
	for id, r := range m.rewards {
		of, given := r.Key()
		role, known := m.role(r.Role)
		if id.tenant != tenant || !given || of != key || !known || !role.Template() && role.Tenant != tenant || r.Refused != "" || !r.Expires.IsZero() && !r.Expires.After(at) {
			continue
		}
		if wanted == nil || lasts(r, *wanted) {
			wanted = &r
		}
	}
	i := slices.IndexFunc(m.bindings, is)
	if i >= 0 {
		before = m.record(m.bindings[i])
	}
	switch {
	case wanted == nil:
		m.bindings = slices.DeleteFunc(m.bindings, is)
		return before, after, nil
	case i < 0:
		m.nextBinding++
		m.bindings = append(m.bindings, memoryBinding{
			tenant: tenant, id: m.nextBinding, created: at, Grant: domain.Grant{User: key.User, Role: key.Role, Scope: key.Scope},
		})
		i = len(m.bindings) - 1
	}
	m.bindings[i].reward, m.bindings[i].badge, m.bindings[i].Expires = key.Source, wanted.Achievement, wanted.Expires
	return before, m.record(m.bindings[i]), nil
}

// lasts reports whether a reward lasts longer than another; of two that last alike, whether its grant is the first.
func lasts(a, b domain.Reward) bool {
	if !a.Expires.Equal(b.Expires) {
		return a.Expires.IsZero() || !b.Expires.IsZero() && a.Expires.After(b.Expires)
	}
	return a.Grant.String() < b.Grant.String()
}

// Forget implements ports.Rewards.
func (m MemoryRewards) Forget(_ context.Context, before time.Time) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	for id, ended := range m.rewardsEnded {
		if !ended.IsZero() && ended.Before(before) {
			delete(m.rewards, id)
			delete(m.rewardsEnded, id)
		}
	}
	return nil
}
