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

// MemoryRoles is ports.TenantRoles over a Memory.
type MemoryRoles struct{ *Memory }

var _ ports.TenantRoles = MemoryRoles{}

// Find implements ports.TenantRoles.
func (m MemoryRoles) Find(ctx context.Context, id int64) (domain.Role, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	r, ok := m.role(id)
	if !ok || !r.Template() && r.Tenant != reqctx.From(ctx).TenantID {
		return domain.Role{}, domain.ErrRoleNotFound
	}
	return r, nil
}

// Page implements ports.TenantRoles.
func (m MemoryRoles) Page(ctx context.Context, search ports.RoleSearch) ([]domain.Role, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	compare := func(a, b ports.RolePosition) int {
		byOwner := 0
		if search.Order == ports.ByOwner && a.Template != b.Template {
			byOwner = -1
			if a.Template {
				byOwner = 1
			}
		}
		return cmp.Or(cmp.Compare(a.Service, b.Service), byOwner, cmp.Compare(a.Name, b.Name), cmp.Compare(a.ID, b.ID))
	}
	var found []domain.Role
	for _, r := range m.roles {
		switch {
		case !r.Template() && r.Tenant != reqctx.From(ctx).TenantID,
			search.Service != "" && r.Service != search.Service,
			!strings.Contains(strings.ToLower(r.Name), strings.ToLower(search.Words)),
			search.After != nil && compare(positionOf(r), *search.After) <= 0:
		default:
			found = append(found, r)
		}
	}
	slices.SortFunc(found, func(a, b domain.Role) int { return compare(positionOf(a), positionOf(b)) })
	return found[:min(len(found), search.Limit)], nil
}

func positionOf(r domain.Role) ports.RolePosition {
	return ports.RolePosition{Service: r.Service, Template: r.Template(), Name: r.Name, ID: r.ID}
}

// Add implements ports.TenantRoles.
func (m MemoryRoles) Add(ctx context.Context, d domain.RoleDraft, _ time.Time) (int64, error) {
	role := domain.Role{Tenant: reqctx.From(ctx).TenantID, Service: d.Service, Name: d.Name, Keys: slices.Clone(d.Keys)}
	if m.taken(role) {
		return 0, domain.ErrRoleExists
	}
	return m.AddRole(role).ID, nil
}

// Update implements ports.TenantRoles.
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

// Delete implements ports.TenantRoles.
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
