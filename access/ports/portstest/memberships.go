package portstest

import (
	"context"
	"slices"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/access/domain"
	"go.updspace.com/libs/reqctx"
)

// Put implements ports.Memberships.
func (m *Memory) Put(ctx context.Context, ms []domain.Membership, at time.Time) error {
	return m.put(ctx, ms, at, func(known, reported domain.Membership) bool { return reported.Version > known.Version })
}

// Repair implements ports.Memberships.
func (m *Memory) Repair(ctx context.Context, ms []domain.Membership, at time.Time) error {
	return m.put(ctx, ms, at, func(known, reported domain.Membership) bool {
		return reported.Version > known.Version || reported.Version == known.Version && reported.Role != known.Role
	})
}

func (m *Memory) put(ctx context.Context, ms []domain.Membership, at time.Time, newer func(known, reported domain.Membership) bool) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	tenant := reqctx.From(ctx).TenantID
	for _, reported := range ms {
		if !m.putScope(tenant, reported.In()) {
			continue
		}
		of := m.membersOf(tenant)
		if known, ok := of[reported.MembershipKey]; !ok || newer(known.Membership, reported) {
			of[reported.MembershipKey] = domain.KnownMembership{Membership: reported, Applied: at}
			m.derive(tenant, reported)
		}
	}
	return nil
}

// Between implements ports.Memberships.
func (m *Memory) Between(ctx context.Context, r domain.MembershipRange) ([]domain.KnownMembership, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	known := []domain.KnownMembership{}
	for key, k := range m.membersOf(reqctx.From(ctx).TenantID) {
		if r.Contains(key) {
			known = append(known, k)
		}
	}
	slices.SortFunc(known, func(a, b domain.KnownMembership) int { return a.Compare(b.MembershipKey) })
	return known, nil
}

// Derive implements ports.Memberships.
func (m *Memory) Derive(ctx context.Context, r domain.MembershipRange) error {
	known, err := m.Between(ctx, r)
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, k := range known {
		m.derive(reqctx.From(ctx).TenantID, k.Membership)
	}
	return err
}

// derive makes the bindings of a member what follows from the membership.
func (m *Memory) derive(tenant uuid.UUID, of domain.Membership) {
	scope := domain.Scope{Type: of.Type, ID: of.Scope.String()}
	m.bindings = slices.DeleteFunc(m.bindings, func(b memoryBinding) bool {
		return b.derived && b.tenant == tenant && b.User == of.User && b.Scope == scope
	})
	for _, ref := range of.Role.Grants() {
		for _, r := range m.roles {
			if r.Template() && r.Service == ref.Service && r.Name == ref.Name {
				m.nextBinding++
				g := domain.Grant{User: of.User, Role: r.ID, Scope: scope}
				m.bindings = append(m.bindings, memoryBinding{tenant: tenant, id: m.nextBinding, Grant: g, derived: true})
			}
		}
	}
}

// PutScope implements ports.Memberships.
func (m *Memory) PutScope(ctx context.Context, s domain.MemberScope, status domain.ScopeStatus, _ time.Time) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.putScope(reqctx.From(ctx).TenantID, s) && status != domain.ScopeUnknown {
		m.scopes[tenantID{reqctx.From(ctx).TenantID, s.ID}] = status
	}
	return nil
}

// putScope stores a scope with its community, and reports whether neither is deleted.
func (m *Memory) putScope(tenant uuid.UUID, s domain.MemberScope) bool {
	if m.scopes == nil {
		m.scopes = map[tenantID]domain.ScopeStatus{}
	}
	ids := []tenantID{{tenant, s.ID}, {tenant, s.Community}}
	for _, id := range ids {
		if m.scopes[id] == domain.ScopeDeleted {
			return false
		}
	}
	for _, id := range ids {
		if m.scopes[id] == domain.ScopeUnknown {
			m.scopes[id] = domain.ScopeOpen
		}
	}
	if s.Type == domain.Team {
		m.addTeam(tenant, s.ID.String(), s.Community.String())
	}
	return true
}

// DeleteScope implements ports.Memberships.
func (m *Memory) DeleteScope(ctx context.Context, scope domain.Scope, _ time.Time) ([]domain.BindingRecord, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	tenant := reqctx.From(ctx).TenantID
	if m.scopes == nil {
		m.scopes = map[tenantID]domain.ScopeStatus{}
	}
	m.scopes[tenantID{tenant, uuid.MustParse(scope.ID)}] = domain.ScopeDeleted
	within := func(s domain.Scope) bool {
		return s == scope || scope.Type == domain.Community && s.Type == domain.Team && m.teams[tenant][s.ID] == scope.ID
	}
	var manual []domain.BindingRecord
	m.bindings = slices.DeleteFunc(m.bindings, func(b memoryBinding) bool {
		gone := b.tenant == tenant && within(b.Scope)
		if gone && !b.derived {
			record := m.record(b)
			record.Role = domain.Role{ID: b.Role}
			manual = append(manual, record)
		}
		return gone
	})
	for id, r := range m.rewards {
		if id.tenant == tenant && within(r.Scope) {
			r.Refused = domain.ErrScopeNotFound.Code
			m.rewards[id] = r
		}
	}
	of := m.membersOf(tenant)
	for key := range of {
		if within(domain.Scope{Type: key.Type, ID: key.Scope.String()}) {
			delete(of, key)
		}
	}
	for team := range m.teams[tenant] {
		if within(domain.Scope{Type: domain.Team, ID: team}) {
			m.scopes[tenantID{tenant, uuid.MustParse(team)}] = domain.ScopeDeleted
			delete(m.teams[tenant], team)
		}
	}
	return manual, nil
}

func (m *Memory) membersOf(tenant uuid.UUID) map[domain.MembershipKey]domain.KnownMembership {
	if m.members == nil {
		m.members = map[uuid.UUID]map[domain.MembershipKey]domain.KnownMembership{}
	}
	if m.members[tenant] == nil {
		m.members[tenant] = map[domain.MembershipKey]domain.KnownMembership{}
	}
	return m.members[tenant]
}

// References implements ports.Memberships.
func (m *Memory) References(ctx context.Context, user uuid.UUID, scope domain.Scope) (refs domain.References, _ error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	tenant := reqctx.From(ctx).TenantID
	if member, known := m.tenantMembers[tenantID{tenant, user}]; known {
		refs.Member = member.active
	} else {
		for key, k := range m.membersOf(tenant) {
			refs.Member = refs.Member || key.User == user && k.Role != domain.NotMember
		}
	}
	id, err := uuid.Parse(scope.ID)
	community, isTeam := m.teams[tenant][scope.ID]
	deleted := m.scopes[tenantID{tenant, id}] == domain.ScopeDeleted
	if err != nil || !deleted && (scope.Type == domain.Team) != isTeam {
		return refs, nil
	}
	refs.Scope = m.scopes[tenantID{tenant, id}]
	if isTeam && refs.Scope == domain.ScopeOpen {
		refs.Scope = m.scopes[tenantID{tenant, uuid.MustParse(community)}]
	}
	return refs, nil
}
