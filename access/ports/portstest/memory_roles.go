package portstest

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"go.updspace.com/access/domain"
	"go.updspace.com/access/ports"
	"go.updspace.com/libs/reqctx"
)

// MemoryRoles is ports.Roles over a Memory.
type MemoryRoles struct{ *Memory }

var _ ports.Roles = MemoryRoles{}

// Find implements ports.Roles.
func (m MemoryRoles) Find(ctx context.Context, id int64) (domain.Role, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	r, ok := m.role(id)
	if !ok || !r.Template() && r.Tenant != reqctx.From(ctx).TenantID {
		return domain.Role{}, domain.ErrRoleNotFound
	}
	return r, nil
}

// Page implements ports.Roles.
func (m MemoryRoles) Page(ctx context.Context, search ports.RoleSearch) ([]domain.Role, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	compare := func(a, b ports.RoleKey) int {
		return cmp.Or(cmp.Compare(a.Service, b.Service), cmp.Compare(a.Name, b.Name), cmp.Compare(a.ID, b.ID))
	}
	var found []domain.Role
	for _, r := range m.roles {
		switch {
		case !r.Template() && r.Tenant != reqctx.From(ctx).TenantID,
			search.Service != "" && r.Service != search.Service,
			!strings.Contains(strings.ToLower(r.Name), strings.ToLower(search.Query)),
			search.Permission != "" && !slices.Contains(r.Keys, search.Permission),
			search.After != nil && compare(roleKey(r), *search.After) <= 0:
		default:
			found = append(found, r)
		}
	}
	slices.SortFunc(found, func(a, b domain.Role) int { return compare(roleKey(a), roleKey(b)) })
	return found[:min(len(found), search.Limit)], nil
}

func roleKey(r domain.Role) ports.RoleKey {
	return ports.RoleKey{Service: r.Service, Name: r.Name, ID: r.ID}
}

// Add implements ports.Roles.
func (m MemoryRoles) Add(ctx context.Context, d domain.RoleDraft, _ time.Time) (int64, error) {
	role := domain.Role{Tenant: reqctx.From(ctx).TenantID, Service: d.Service, Name: d.Name, Keys: slices.Clone(d.Keys)}
	if m.taken(role) {
		return 0, domain.ErrRoleExists
	}
	return m.AddRole(role).ID, nil
}

// Update implements ports.Roles.
func (m MemoryRoles) Update(ctx context.Context, id int64, d domain.RoleDraft, _ time.Time) error {
	role := domain.Role{ID: id, Tenant: reqctx.From(ctx).TenantID, Service: d.Service, Name: d.Name, Keys: slices.Clone(d.Keys)}
	if m.taken(role) {
		return domain.ErrRoleExists
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	i := m.own(ctx, id)
	if i < 0 {
		return domain.ErrRoleNotFound
	}
	m.roles[i] = role
	return nil
}

// Delete implements ports.Roles.
func (m MemoryRoles) Delete(ctx context.Context, id int64) ([]domain.BindingRecord, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	i := m.own(ctx, id)
	if i < 0 {
		return nil, domain.ErrRoleNotFound
	}
	var gone []domain.BindingRecord
	m.bindings = slices.DeleteFunc(m.bindings, func(b memoryBinding) bool {
		if b.Role != id {
			return false
		}
		gone = append(gone, m.record(b))
		return true
	})
	m.roles = slices.Delete(m.roles, i, i+1)
	return gone, nil
}

func (m *Memory) own(ctx context.Context, id int64) int {
	return slices.IndexFunc(m.roles, func(r domain.Role) bool {
		return r.ID == id && !r.Template() && r.Tenant == reqctx.From(ctx).TenantID
	})
}

func (m *Memory) taken(role domain.Role) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.ContainsFunc(m.roles, func(r domain.Role) bool {
		return r.Tenant == role.Tenant && r.Service == role.Service && r.Name == role.Name && r.ID != role.ID
	})
}
