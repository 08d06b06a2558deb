package domain

import (
	"strings"

	"github.com/google/uuid"

	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/errs/why"
)

// Polls also belong to events and posts, which are scope types of voting only: access does not know them.
const (
	ScopeEvent authz.ScopeType = "EVENT"
	ScopePost  authz.ScopeType = "POST"
)

// ValidScopeType reports whether a poll can belong to a scope of type t.
func ValidScopeType(t authz.ScopeType) bool {
	switch t {
	case authz.ScopeTenant, authz.ScopeCommunity, authz.ScopeTeam, ScopeEvent, ScopePost:
		return true
	}
	return false
}

// NewScope returns the scope that type and id name within a tenant. Without a type it is the tenant. The tenant's id may
// be left out.
func NewScope(tenant uuid.UUID, kind authz.ScopeType, id string) (authz.Scope, error) {
	if kind == "" {
		kind = authz.ScopeTenant
	}
	id = strings.TrimSpace(id)
	if !ValidScopeType(kind) {
		return authz.Scope{}, errs.Fields{"scope_type": why.NotAllowed("must be TENANT, COMMUNITY, TEAM, EVENT or POST")}.Err()
	}
	if id == "" {
		if kind != authz.ScopeTenant {
			return authz.Scope{}, ErrScopeRequired
		}
		return authz.TenantScope(tenant), nil
	}
	named, err := uuid.Parse(id)
	switch {
	case kind == authz.ScopeTenant && (err != nil || named != tenant):
		return authz.Scope{}, errs.Fields{"scope_id": why.Mismatch("must be the id of the tenant, or left out")}.Err()
	case err != nil || named == uuid.Nil:
		return authz.Scope{}, errs.Fields{"scope_id": why.NotFormat("uuid", "must be a UUID")}.Err()
	}
	return authz.Scope{Type: kind, ID: named}, nil
}

// AccessScope is the scope in which access is asked about something in scope. Access knows neither events nor posts, so
// that for them it is the tenant.
func AccessScope(scope authz.Scope, tenant uuid.UUID) authz.Scope {
	if scope.Type == ScopeEvent || scope.Type == ScopePost {
		return authz.TenantScope(tenant)
	}
	return scope
}

// AudienceCheck checks a permission, and that the caller belongs to the audience of something with the visibility. For
// the members of a tenant no visibility is sent: only they can read in its scope. Nor is it for private polls, whose
// audience only voting knows: see PollAccess.
func AudienceCheck(permission authz.Permission, scope authz.Scope, v authz.Visibility) authz.Check {
	check := authz.Check{Permission: permission, Scope: scope}
	if v == authz.VisibilityTeam || v == authz.VisibilityCommunity && scope.Type != authz.ScopeTenant {
		check.Visibility = v
	}
	return check
}
