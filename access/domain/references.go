package domain

import "slices"

// ScopeStatus is the state of a community or team, from Portal's events.
type ScopeStatus string

// The states. A scope is unknown until the first event or membership of it arrives.
const (
	ScopeUnknown  ScopeStatus = ""
	ScopeOpen     ScopeStatus = "open"
	ScopeArchived ScopeStatus = "archived"
	ScopeDeleted  ScopeStatus = "deleted"
)

// References is what Access knows of the user and the scope that a new binding or override names.
type References struct {
	Member bool        // the user is an active member of the tenant
	Scope  ScopeStatus // of a COMMUNITY or TEAM scope
}

// Check returns why nothing new may be granted to the user in the scope, if so.
func (r References) Check(scope Scope) error {
	if !r.Member {
		return ErrMemberNotFound
	}
	switch scope.Type {
	case Community, Team:
		switch r.Scope {
		case ScopeOpen:
			return nil
		case ScopeArchived:
			return ErrScopeArchived
		default:
			return ErrScopeNotFound
		}
	case InService:
		if !slices.Contains(Services(), Service(scope.ID)) {
			return ErrScopeNotFound
		}
	}
	return nil
}
