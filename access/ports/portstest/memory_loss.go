package portstest

import (
	"bytes"
	"context"
	"slices"

	"github.com/google/uuid"

	"go.updspace.com/access/domain"
	"go.updspace.com/access/ports"
	"go.updspace.com/libs/reqctx"
)

// Loss implements ports.Roles by the definition: it decides before and after.
func (m MemoryRoles) Loss(ctx context.Context, q ports.LossQuery) (loss domain.RoleLoss, err error) {
	tenant := reqctx.From(ctx).TenantID
	members := m.activeMembers(tenant)
	held := map[uuid.UUID][]domain.Scope{}
	for _, b := range m.boundWhere(ctx, func(b domain.BindingRecord) bool { return b.Role.ID == q.Role.ID && b.InForce(q.At) }) {
		scope := b.Scope
		if scope.Type == domain.Global { // reaches no more of a tenant
			scope = domain.TenantScope(tenant)
		}
		held[b.User] = append(held[b.User], scope)
	}
	if q.Role.Name == domain.RoleMember {
		for user := range members {
			held[user] = append(held[user], domain.TenantScope(tenant))
		}
	}
	loss.Holders = len(held)
	for _, key := range q.Removed {
		loss.Keys = append(loss.Keys, domain.KeyLoss{Key: key})
	}
	users := make([]uuid.UUID, 0, len(held))
	for user := range held {
		users = append(users, user)
	}
	slices.SortFunc(users, func(a, b uuid.UUID) int { return bytes.Compare(a[:], b[:]) })
	for _, user := range users {
		s := domain.Subject{Tenant: tenant, User: user, Member: members[user]}
		before, err := m.Load(ctx, s, q.At)
		if err != nil {
			return loss, err
		}
		loser, after := domain.Loser{User: user}, without(before, q)
		for i := range loss.Keys {
			key := &loss.Keys[i]
			decide := func(f *domain.Facts) func(domain.Scope) bool {
				return func(scope domain.Scope) bool {
					return domain.Platform.Decide(s, domain.Check{Permission: key.Key, Scope: scope}, f).Allowed
				}
			}
			switch {
			case !slices.ContainsFunc(held[user], decide(before)): // denied
			case slices.ContainsFunc(held[user], func(scope domain.Scope) bool { return !decide(after)(scope) }):
				key.Lost++
				loser.Keys = append(loser.Keys, key.Key)
			default:
				key.Kept++
			}
		}
		if len(loser.Keys) == 0 {
			continue
		}
		if loss.Losers++; loss.Losers <= domain.MaxLosers {
			loss.First = append(loss.First, loser)
		}
	}
	return loss, nil
}

// without returns the facts after a change.
func without(f *domain.Facts, q ports.LossQuery) *domain.Facts {
	after := *f
	removed := func(r domain.Role) domain.Role {
		if r.ID == q.Role.ID {
			r.Keys = slices.DeleteFunc(slices.Clone(r.Keys), func(key string) bool { return slices.Contains(q.Removed, key) })
		}
		return r
	}
	after.Bindings, after.MemberRoles = nil, nil
	for _, b := range f.Bindings {
		if !q.Deleted || b.Role.ID != q.Role.ID {
			b.Role = removed(b.Role)
			after.Bindings = append(after.Bindings, b)
		}
	}
	for _, r := range f.MemberRoles {
		if !q.Deleted || r.ID != q.Role.ID {
			after.MemberRoles = append(after.MemberRoles, removed(r))
		}
	}
	return &after
}

func (m *Memory) activeMembers(tenant uuid.UUID) map[uuid.UUID]bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	active := map[uuid.UUID]bool{}
	for id, member := range m.tenantMembers {
		if id.tenant == tenant && member.active {
			active[id.id] = true
		}
	}
	return active
}
