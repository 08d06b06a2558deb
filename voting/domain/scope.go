package domain

import (
	"github.com/google/uuid"

	"go.updspace.com/libs/authz"
)

// Polls also belong to events and posts, which are scope types of voting only: access does not know them.
const (
	ScopeEvent authz.ScopeType = "EVENT"
	ScopePost  authz.ScopeType = "POST"
)

// ScopeTypes are the types of the scopes that a poll can belong to.
var ScopeTypes = authz.ScopeTypes{authz.ScopeTenant, authz.ScopeCommunity, authz.ScopeTeam, ScopeEvent, ScopePost}

// AccessScope is the scope in which access is asked about something in scope. Access knows neither events nor posts, so
// that for them it is the tenant.
func AccessScope(scope authz.Scope, tenant uuid.UUID) authz.Scope {
	if scope.Type == ScopeEvent || scope.Type == ScopePost {
		return authz.TenantScope(tenant)
	}
	return scope
}
