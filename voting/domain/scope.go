package domain

import (
	"strings"
	"unicode/utf8"

	"github.com/google/uuid"

	"go.updspace.com/libs/errs"
)

// ScopeType says what kind of thing a poll belongs to.
type ScopeType string

// The kinds of scope.
const (
	ScopeTenant    ScopeType = "TENANT"
	ScopeCommunity ScopeType = "COMMUNITY"
	ScopeTeam      ScopeType = "TEAM"
	ScopeEvent     ScopeType = "EVENT"
	ScopePost      ScopeType = "POST"
)

// Valid reports whether t is one of the kinds.
func (t ScopeType) Valid() bool {
	switch t {
	case ScopeTenant, ScopeCommunity, ScopeTeam, ScopeEvent, ScopePost:
		return true
	}
	return false
}

const maxScopeID = 128

// Scope is the thing a poll belongs to. It never changes.
type Scope struct {
	Type ScopeType
	ID   string
}

// TenantScope is the scope of a whole tenant.
func TenantScope(tenant uuid.UUID) Scope { return Scope{Type: ScopeTenant, ID: tenant.String()} }

// NewScope returns the scope named by type and id within a tenant. Without a type it is the tenant; the tenant's id
// may be left out, and cannot be another's.
func NewScope(tenant uuid.UUID, kind ScopeType, id string) (Scope, error) {
	if kind == "" {
		kind = ScopeTenant
	}
	id = strings.TrimSpace(id)
	fields := errs.Fields{}
	switch {
	case !kind.Valid():
		fields.Add("scope_type", "must be TENANT, COMMUNITY, TEAM, EVENT or POST")
	case kind == ScopeTenant:
		if named, err := uuid.Parse(id); id != "" && (err != nil || named != tenant) {
			fields.Add("scope_id", "must be the id of the tenant, or left out")
		}
		id = tenant.String()
	case id == "":
		return Scope{}, ErrScopeRequired
	default:
		fields.Check(utf8.RuneCountInString(id) <= maxScopeID, "scope_id", "must be at most 128 characters long")
		fields.Check(printable(id), "scope_id", "must not contain control characters")
	}
	if err := fields.Err(); err != nil {
		return Scope{}, err
	}
	return Scope{Type: kind, ID: id}, nil
}

// ForAccess is the scope in which Access is asked about s. Access knows neither events nor posts, so what belongs to
// one of them is a matter of the tenant.
func (s Scope) ForAccess(tenant uuid.UUID) Scope {
	if s.Type == ScopeEvent || s.Type == ScopePost {
		return TenantScope(tenant)
	}
	return s
}
