package domain

import (
	"slices"

	"github.com/google/uuid"
)

// Reach is where somebody holds a permission: what a list is filtered by.
type Reach struct {
	Everywhere  bool        // in every scope of the tenant
	Tenant      bool        // in the scope of the tenant itself
	Communities []uuid.UUID // in these communities and all their teams
	Teams       []uuid.UUID // in these teams besides
}

// None reports whether it is nowhere.
func (r Reach) None() bool {
	return !r.Everywhere && !r.Tenant && len(r.Communities) == 0 && len(r.Teams) == 0
}

// InTenant reports whether it is held in the scope of the tenant itself.
func (r Reach) InTenant() bool { return r.Everywhere || r.Tenant }

// Covers reports whether it is held at a place.
func (r Reach) Covers(p PostPlace) bool {
	switch {
	case r.Everywhere:
		return true
	case p.TeamID != uuid.Nil && slices.Contains(r.Teams, p.TeamID):
		return true
	case p.CommunityID != uuid.Nil:
		return slices.Contains(r.Communities, p.CommunityID)
	case p.TeamID != uuid.Nil: // whose community is not known
		return false
	}
	return r.Tenant
}
