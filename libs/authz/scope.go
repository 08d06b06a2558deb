package authz

import "github.com/google/uuid"

// ScopeType is the kind of a scope.
type ScopeType string

// The scope types, from the widest to the narrowest. A permission held in a wider scope is held in the narrower scopes
// within it. A SERVICE scope stands beside communities and teams: no narrower scope lies within it.
const (
	ScopeGlobal    ScopeType = "GLOBAL"
	ScopeTenant    ScopeType = "TENANT"
	ScopeCommunity ScopeType = "COMMUNITY"
	ScopeTeam      ScopeType = "TEAM"
	ScopeService   ScopeType = "SERVICE"
)

// Valid reports whether t is one of the scope types.
func (t ScopeType) Valid() bool {
	switch t {
	case ScopeGlobal, ScopeTenant, ScopeCommunity, ScopeTeam, ScopeService:
		return true
	}
	return false
}

// Scope is where a permission is held and what a resource belongs to. Equal scopes are equal values.
type Scope struct {
	Type ScopeType
	ID   uuid.UUID // uuid.Nil for GLOBAL
}

// TenantScope is the scope of a whole tenant.
func TenantScope(tenant uuid.UUID) Scope { return Scope{Type: ScopeTenant, ID: tenant} }

// CommunityScope is the scope of a community.
func CommunityScope(community uuid.UUID) Scope { return Scope{Type: ScopeCommunity, ID: community} }

// TeamScope is the scope of a team.
func TeamScope(team uuid.UUID) Scope { return Scope{Type: ScopeTeam, ID: team} }

// String returns the type and the id, separated by a space.
func (s Scope) String() string {
	if s.ID == uuid.Nil {
		return string(s.Type)
	}
	return string(s.Type) + " " + s.ID.String()
}
