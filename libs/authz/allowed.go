package authz

import (
	"slices"

	"github.com/google/uuid"
)

// ScopeQuery asks in which scopes the caller holds a permission on resources of a visibility that other users own.
type ScopeQuery struct {
	Permission Permission
	Visibility Visibility // empty means public
}

// AllowedScopes is the set of scopes in which a Check would be allowed. A list is filtered by it in SQL instead of
// checking row by row.
type AllowedScopes struct {
	Everywhere  bool        // in the tenant and in every community and team; the other fields are then empty
	Tenant      bool        // in the TENANT scope
	Communities []uuid.UUID // in these communities and all their teams
	Teams       []uuid.UUID // in these teams as well
}

// None reports whether no scope is allowed.
func (a AllowedScopes) None() bool {
	return !a.Everywhere && !a.Tenant && len(a.Communities) == 0 && len(a.Teams) == 0
}

// InTenant reports whether the TENANT scope is allowed.
func (a AllowedScopes) InTenant() bool { return a.Everywhere || a.Tenant }

// InCommunity reports whether the scope of a community is allowed.
func (a AllowedScopes) InCommunity(community uuid.UUID) bool {
	return a.Everywhere || slices.Contains(a.Communities, community)
}

// InTeam reports whether the scope of a team is allowed. community is the community of the team; uuid.Nil means that it
// is not known, and then only the team itself counts.
func (a AllowedScopes) InTeam(community, team uuid.UUID) bool {
	return a.Everywhere || slices.Contains(a.Teams, team) || community != uuid.Nil && slices.Contains(a.Communities, community)
}

// Effective is everything that the caller may do in a scope.
type Effective struct {
	Permissions []string
	Roles       []string // service:name
}
