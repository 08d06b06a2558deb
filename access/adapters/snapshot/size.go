package snapshot

import (
	"unsafe"

	"go.updspace.com/access/domain"
)

// largestShare of the memory is the most that one entry may take.
const largestShare = 8

// perEntry is what an entry takes besides its facts: itself, its place in the
// list and in the map.
const perEntry = 400

// sizeOfUser estimates the bytes that a user's facts take besides the tenant's,
// which they share.
func sizeOfUser(f *domain.Facts) int {
	size := perEntry + int(unsafe.Sizeof(*f))
	for i := range f.Bindings {
		size += int(unsafe.Sizeof(f.Bindings[i])) + len(f.Bindings[i].Scope.ID) + len(f.Bindings[i].Scope.Type)
	}
	for i := range f.Overrides {
		size += int(unsafe.Sizeof(f.Overrides[i])) + len(f.Overrides[i].Permission) + len(f.Overrides[i].Reason)
	}
	return size
}

// sizeOfTenant estimates the bytes that a tenant's facts take.
func sizeOfTenant(t *domain.TenantFacts) int {
	const (
		perString = int(unsafe.Sizeof(""))
		perRole   = 2 * int(unsafe.Sizeof(domain.Role{})) // and its share of the map's buckets
		perTeam   = 4 * perString                         // likewise
	)
	size := perEntry
	for _, r := range t.Roles {
		size += perRole + len(r.Name) + len(r.Service)
		for _, key := range r.Keys {
			size += perString + len(key)
		}
	}
	for team, community := range t.Teams {
		size += perTeam + len(team) + len(community)
	}
	return size
}
