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
	return m.put(ctx, ms, at, func(known, told domain.Membership) bool { return told.Version > known.Version })
}

// Repair implements ports.Memberships.
func (m *Memory) Repair(ctx context.Context, ms []domain.Membership, at time.Time) error {
	return m.put(ctx, ms, at, func(known, told domain.Membership) bool {
		return told.Version > known.Version || told.Version == known.Version && told.Role != known.Role
	})
}

func (m *Memory) put(ctx context.Context, ms []domain.Membership, at time.Time, newer func(known, told domain.Membership) bool) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	tenant := reqctx.From(ctx).TenantID
	for _, told := range ms {
		if m.deleted[tenantID{tenant, told.Scope}] || m.deleted[tenantID{tenant, told.Community}] {
			continue
		}
		if told.Type == domain.Team {
			m.addTeam(tenant, told.Scope.String(), told.Community.String())
		}
		of := m.membersOf(tenant)
		if known, ok := of[told.MembershipKey]; !ok || newer(known.Membership, told) {
			of[told.MembershipKey] = domain.KnownMembership{Membership: told, Applied: at}
			m.derive(tenant, told)
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

// LearnTeam implements ports.Memberships.
func (m *Memory) LearnTeam(ctx context.Context, team, community uuid.UUID) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	tenant := reqctx.From(ctx).TenantID
	if !m.deleted[tenantID{tenant, team}] && !m.deleted[tenantID{tenant, community}] {
		m.addTeam(tenant, team.String(), community.String())
	}
	return nil
}

// Forget implements ports.Memberships.
func (m *Memory) Forget(ctx context.Context, scope domain.Scope, _ time.Time) ([]domain.BoundGrant, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	tenant := reqctx.From(ctx).TenantID
	if m.deleted == nil {
		m.deleted = map[tenantID]bool{}
	}
	m.deleted[tenantID{tenant, uuid.MustParse(scope.ID)}] = true
	within := func(s domain.Scope) bool {
		return s == scope || scope.Type == domain.Community && s.Type == domain.Team && m.teams[tenant][s.ID] == scope.ID
	}
	var byHand []domain.BoundGrant
	m.bindings = slices.DeleteFunc(m.bindings, func(b memoryBinding) bool {
		gone := b.tenant == tenant && within(b.Scope)
		if gone && !b.derived {
			byHand = append(byHand, domain.BoundGrant{ID: b.id, Grant: b.Grant})
		}
		return gone
	})
	of := m.membersOf(tenant)
	for key := range of {
		if within(domain.Scope{Type: key.Type, ID: key.Scope.String()}) {
			delete(of, key)
		}
	}
	for team := range m.teams[tenant] {
		if within(domain.Scope{Type: domain.Team, ID: team}) {
			delete(m.teams[tenant], team)
		}
	}
	return byHand, nil
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
