package domain

import "github.com/google/uuid"

// ScopeType says what kind of thing something belongs to.
type ScopeType string

// The kinds of scope.
const (
	ScopeTenant    ScopeType = "TENANT"
	ScopeCommunity ScopeType = "COMMUNITY"
	ScopeTeam      ScopeType = "TEAM"
)

// Scope is where a permission is asked for, and which group somebody belongs to.
type Scope struct {
	Type ScopeType
	ID   uuid.UUID
}

// TenantScope is the scope of a whole tenant.
func TenantScope(id uuid.UUID) Scope { return Scope{Type: ScopeTenant, ID: id} }

// CommunityScope is the scope of a community.
func CommunityScope(id uuid.UUID) Scope { return Scope{Type: ScopeCommunity, ID: id} }

// TeamScope is the scope of a team.
func TeamScope(id uuid.UUID) Scope { return Scope{Type: ScopeTeam, ID: id} }
