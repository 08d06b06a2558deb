package snapshot

import (
	"slices"
	"unsafe"

	"go.updspace.com/access/domain"
)

// largestShare of the memory is the most that one user may take.
const largestShare = 16

// perEntry is what an entry takes besides its facts: itself, its place in the
// list and in the map.
const perEntry = 400

// sizeOf estimates the bytes that facts take. The keys of roles are shared and
// counted nowhere: there are few roles.
func sizeOf(f *domain.Facts) int {
	size := perEntry + int(unsafe.Sizeof(*f))
	for i := range f.Bindings {
		size += int(unsafe.Sizeof(f.Bindings[i])) + len(f.Bindings[i].Scope.ID)
	}
	for i := range f.Overrides {
		size += int(unsafe.Sizeof(f.Overrides[i])) + len(f.Overrides[i].Permission) + len(f.Overrides[i].Reason)
	}
	size += len(f.MemberRoles) * int(unsafe.Sizeof(domain.Role{}))
	const perTeam = 64 // two strings and their share of the map's buckets
	for team, community := range f.Teams {
		size += perTeam + len(team) + len(community)
	}
	return size
}

// mostRoles bounds the shared roles; beyond it they are collected anew.
const mostRoles = 4096

// roles keeps one copy of each role's texts for all users who hold it.
type roles map[int64]domain.Role

// share returns the facts with texts that are kept already.
func (r *roles) share(f *domain.Facts) *domain.Facts {
	if *r == nil || len(*r) > mostRoles {
		*r = roles{}
	}
	for i := range f.Bindings {
		f.Bindings[i].Role = r.one(f.Bindings[i].Role)
		f.Bindings[i].Scope.Type = typeOf(f.Bindings[i].Scope.Type)
	}
	for i := range f.MemberRoles {
		f.MemberRoles[i] = r.one(f.MemberRoles[i])
	}
	return f
}

func (r *roles) one(role domain.Role) domain.Role {
	known, ok := (*r)[role.ID]
	if ok && known.Name == role.Name && known.Service == role.Service && known.Tenant == role.Tenant && slices.Equal(known.Keys, role.Keys) {
		return known
	}
	(*r)[role.ID] = role
	return role
}

// typeOf returns the constant of a scope's type, so that the text that came
// with the row can go.
func typeOf(t domain.ScopeType) domain.ScopeType {
	for _, known := range []domain.ScopeType{domain.Global, domain.Tenant, domain.Community, domain.Team, domain.InService} {
		if t == known {
			return known
		}
	}
	return t
}
