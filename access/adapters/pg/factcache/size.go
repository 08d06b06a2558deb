package factcache

import "go.updspace.com/access/domain"

// largestShare bounds one entry to this fraction of the cache.
const largestShare = 8

// Estimated bytes, with the usual lengths of ids and names.
const (
	perEntry    = 400 // the entry, its list element and its map slot
	perBinding  = 200
	perOverride = 150
	perRole     = 250
	perKey      = 40
	perTeam     = 150
)

// sizeOfUser estimates the size of a user's facts without the tenant's part, which users share.
func sizeOfUser(f *domain.Facts) int {
	return perEntry + len(f.Bindings)*perBinding + len(f.Overrides)*perOverride
}

// sizeOfTenant estimates the size of a tenant's facts.
func sizeOfTenant(t *domain.TenantFacts) int {
	size := perEntry + len(t.Roles)*perRole + len(t.Teams)*perTeam
	for _, r := range t.Roles {
		size += len(r.Keys) * perKey
	}
	return size
}
