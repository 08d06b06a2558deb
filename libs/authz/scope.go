package authz

import (
	"slices"
	"strings"

	"github.com/google/uuid"

	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/errs/why"
)

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

// ErrScopeRequired says that a scope has a type but no id.
var ErrScopeRequired = errs.New(errs.BadRequest, "SCOPE_REQUIRED", "Say which community, team or other scope is meant.")

// ScopeTypes are the types of the scopes that resources of one kind can belong to. A service may have types of its own
// besides those that access knows.
type ScopeTypes []ScopeType

// Has reports whether t is one of the types.
func (s ScopeTypes) Has(t ScopeType) bool { return slices.Contains(s, t) }

// NotAllowed is the reason for refusing another type.
func (s ScopeTypes) NotAllowed() why.Reason {
	names := make([]string, len(s))
	for i, t := range s {
		names[i] = string(t)
	}
	last := len(names) - 1
	return why.NotAllowed("must be " + strings.Join(names[:last], ", ") + " or " + names[last])
}

// Parse returns the scope that type and id name within a tenant. Without a type it is the tenant. The tenant's id may be
// left out.
func (s ScopeTypes) Parse(tenant uuid.UUID, kind ScopeType, id string) (Scope, error) {
	return s.ParseFields(tenant, kind, id, "scope_type", "scope_id")
}

// ParseFields is Parse for input whose fields have other names, which refusals are to name.
func (s ScopeTypes) ParseFields(tenant uuid.UUID, kind ScopeType, id, kindField, idField string) (Scope, error) {
	if kind == "" {
		kind = ScopeTenant
	}
	id = strings.TrimSpace(id)
	if !s.Has(kind) {
		return Scope{}, errs.Field(kindField, s.NotAllowed())
	}
	if id == "" {
		if kind != ScopeTenant {
			return Scope{}, ErrScopeRequired
		}
		return TenantScope(tenant), nil
	}
	named, err := uuid.Parse(id)
	switch {
	case kind == ScopeTenant && (err != nil || named != tenant):
		return Scope{}, errs.Field(idField, why.Mismatch("must be the id of the tenant, or left out"))
	case err != nil || named == uuid.Nil:
		return Scope{}, errs.Field(idField, why.NotFormat("uuid", "must be a UUID"))
	}
	return Scope{Type: kind, ID: named}, nil
}
