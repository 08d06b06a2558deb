package portstest

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/access/domain"
	"go.updspace.com/access/ports"
	"go.updspace.com/libs/reqctx"
)

// MemoryBindings is ports.Bindings over a Memory.
type MemoryBindings struct{ *Memory }

var _ ports.Bindings = MemoryBindings{}

func (m *Memory) record(b memoryBinding) domain.BindingRecord {
	role, _ := m.role(b.Role)
	record := domain.BindingRecord{
		ID: b.id, Tenant: b.tenant, User: b.User, Scope: b.Scope, Role: role, Expires: b.Expires,
		CreatedAt: b.created, By: b.By, Source: domain.Manual,
	}
	switch {
	case b.derived:
		record.Source = domain.FromMembership
	case b.reward != "":
		record.Source, record.Achievement = b.reward, b.badge
	}
	return record
}

func (m *Memory) boundWhere(ctx context.Context, match func(domain.BindingRecord) bool) []domain.BindingRecord {
	m.mu.Lock()
	defer m.mu.Unlock()
	var found []domain.BindingRecord
	for _, b := range m.bindings {
		if record := m.record(b); b.tenant == reqctx.From(ctx).TenantID && match(record) {
			found = append(found, record)
		}
	}
	slices.SortFunc(found, func(a, b domain.BindingRecord) int { return cmp.Compare(b.ID, a.ID) })
	return found
}

func firstBinding(found []domain.BindingRecord) (domain.BindingRecord, error) {
	if len(found) == 0 {
		return domain.BindingRecord{}, domain.ErrBindingNotFound
	}
	return found[0], nil
}

// Find implements ports.Bindings.
func (m MemoryBindings) Find(ctx context.Context, id int64) (domain.BindingRecord, error) {
	return firstBinding(m.boundWhere(ctx, func(b domain.BindingRecord) bool { return b.ID == id }))
}

// Same implements ports.Bindings.
func (m MemoryBindings) Same(ctx context.Context, user uuid.UUID, role int64, scope domain.Scope) (domain.BindingRecord, error) {
	return firstBinding(m.boundWhere(ctx, func(b domain.BindingRecord) bool {
		return b.Source == domain.Manual && b.User == user && b.Role.ID == role && b.Scope == scope
	}))
}

// Page implements ports.Bindings.
func (m MemoryBindings) Page(ctx context.Context, search ports.BindingSearch) ([]domain.BindingRecord, error) {
	words := strings.ToLower(strings.TrimSpace(search.Query))
	found := m.boundWhere(ctx, func(b domain.BindingRecord) bool {
		user, err := uuid.Parse(words)
		return (strings.Contains(strings.ToLower(b.Role.Name), words) || strings.Contains(string(b.Role.Service), words) || err == nil && b.User == user) &&
			(search.ScopeType == "" || b.Scope.Type == search.ScopeType) &&
			(search.ScopeID == "" || b.Scope.ID == search.ScopeID) &&
			(search.User == uuid.Nil || b.User == search.User) &&
			(search.Role == 0 || b.Role.ID == search.Role) &&
			(search.Before == 0 || b.ID < search.Before)
	})
	return found[:min(len(found), search.Limit)], nil
}

// Add implements ports.Bindings.
func (m MemoryBindings) Add(ctx context.Context, g domain.Grant, at time.Time) (int64, error) {
	if _, err := m.Same(ctx, g.User, g.Role, g.Scope); err == nil {
		return 0, domain.ErrBindingExists
	}
	return m.add(memoryBinding{tenant: reqctx.From(ctx).TenantID, Grant: g, created: at}), nil
}

// AddDerived stores a binding that follows from a membership.
func (m *Memory) AddDerived(tenant uuid.UUID, g domain.Grant) int64 {
	return m.add(memoryBinding{tenant: tenant, Grant: g, derived: true})
}

func (m *Memory) add(b memoryBinding) int64 {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.nextBinding++
	b.id = m.nextBinding
	m.bindings = append(m.bindings, b)
	return b.id
}

// Expire implements ports.Bindings.
func (m MemoryBindings) Expire(ctx context.Context, id int64, at time.Time) error {
	return m.at(ctx, id, func(i int) { m.bindings[i].Expires = at })
}

// Delete implements ports.Bindings.
func (m MemoryBindings) Delete(ctx context.Context, id int64) error {
	return m.at(ctx, id, func(i int) { m.bindings = slices.Delete(m.bindings, i, i+1) })
}

func (m MemoryBindings) at(ctx context.Context, id int64, do func(i int)) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	i := slices.IndexFunc(m.bindings, func(b memoryBinding) bool { return b.id == id && b.tenant == reqctx.From(ctx).TenantID })
	if i < 0 {
		return domain.ErrBindingNotFound
	}
	do(i)
	return nil
}

// Administrators is ports.Administrators over a Memory.
type Administrators struct{ *Memory }

var _ ports.Administrators = Administrators{}

// Lock implements ports.Administrators: there is one caller at a time.
func (Administrators) Lock(context.Context) error { return nil }

// Any implements ports.Administrators.
func (m Administrators) Any(ctx context.Context, at time.Time) (bool, error) {
	bindings := map[uuid.UUID][]domain.BindingRecord{}
	for _, b := range m.boundWhere(ctx, func(domain.BindingRecord) bool { return true }) {
		bindings[b.User] = append(bindings[b.User], b)
	}
	for user, held := range bindings {
		overrides := m.overriddenWhere(ctx, func(o domain.OverrideRecord) bool { return o.User == user })
		if domain.IsAdministrator(held, overrides, m.left(reqctx.From(ctx).TenantID, user), at) {
			return true, nil
		}
	}
	return false, nil
}

// Holders implements ports.Administrators.
func (m Administrators) Holders(ctx context.Context, permission string, at time.Time, limit int) (users []uuid.UUID, err error) {
	bound := m.boundWhere(ctx, func(b domain.BindingRecord) bool {
		return b.Source == domain.Manual && b.InForce(at) && (b.Scope.Type == domain.Tenant || b.Scope.Type == domain.Global) &&
			b.Role.Service == domain.Portal && slices.Contains(b.Role.Keys, permission)
	})
	slices.SortFunc(bound, func(a, b domain.BindingRecord) int { return int(a.ID - b.ID) })
	for _, b := range bound {
		denied := m.overriddenWhere(ctx, func(o domain.OverrideRecord) bool {
			return o.User == b.User && o.Effect == domain.Deny && (o.Permission == "" || o.Permission == permission) && o.InForce(at)
		})
		if len(denied) == 0 && !m.left(reqctx.From(ctx).TenantID, b.User) && !slices.Contains(users, b.User) && len(users) < limit {
			users = append(users, b.User)
		}
	}
	return users, nil
}

func (m *Memory) left(tenant, user uuid.UUID) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	member, known := m.tenantMembers[tenantID{tenant, user}]
	return known && !member.active
}

// SetTenantMember implements ports.Administrators.
func (m Administrators) SetTenantMember(ctx context.Context, user uuid.UUID, active bool, at time.Time) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	id := tenantID{reqctx.From(ctx).TenantID, user}
	if member, known := m.tenantMembers[id]; known && member.at.After(at) {
		return nil
	}
	if m.tenantMembers == nil {
		m.tenantMembers = map[tenantID]tenantMember{}
	}
	m.tenantMembers[id] = tenantMember{active: active, at: at}
	return nil
}
