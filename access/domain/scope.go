package domain

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/google/uuid"

	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/errs/why"
)

// ScopeType says what kind of thing a scope is.
type ScopeType string

// The scope types, from the widest to the narrowest. A service scope stands beside communities and teams: TENANT and GLOBAL
// reach it, and it reaches only itself.
const (
	Global    ScopeType = "GLOBAL"
	Tenant    ScopeType = "TENANT"
	Community ScopeType = "COMMUNITY"
	Team      ScopeType = "TEAM"
	InService ScopeType = "SERVICE"
)

// MaxScopeID bounds the length of a scope's id, in characters.
const MaxScopeID = 128

// Scope is where a role is bound or a permission is checked. Values made by NewScope compare with ==.
type Scope struct {
	Type ScopeType
	ID   string
}

// NewScope makes a scope of a tenant in its canonical form, so that equal scopes are equal values: UUIDs in lower case, no id
// on GLOBAL, and on TENANT the tenant's id when none is given. Field names in the error start with prefix.
func NewScope(tenant uuid.UUID, typ ScopeType, id, prefix string) (Scope, error) {
	fields := errs.Fields{}
	switch typ {
	case Global:
		id = ""
	case Tenant:
		if id == "" {
			id = tenant.String()
		}
	case Community, Team, InService:
		if id == "" {
			fields.Add(prefix+"id", why.Required)
		}
	default:
		fields.Add(prefix+"type", why.NotAllowed("must be GLOBAL, TENANT, COMMUNITY, TEAM or SERVICE"))
	}
	switch {
	case isUUID(id): // as nearly all are
	case utf8.RuneCountInString(id) > MaxScopeID:
		fields.Add(prefix+"id", why.TooLong(128))
	case !utf8.ValidString(id) || strings.ContainsFunc(id, unicode.IsControl):
		fields.Add(prefix+"id", why.InvalidCharacters("must not contain control characters"))
	}
	if err := fields.Err(); err != nil {
		return Scope{}, err
	}
	return Scope{Type: typ, ID: CanonicalID(id)}, nil
}

// TenantScope is the scope of a whole tenant.
func TenantScope(tenant uuid.UUID) Scope { return Scope{Type: Tenant, ID: tenant.String()} }

// CanonicalID changes UUIDs to lower case and leaves other ids as they are.
func CanonicalID(id string) string {
	if len(id) != 36 || isUUID(id) {
		return id
	}
	if u, err := uuid.Parse(id); err == nil {
		return u.String()
	}
	return id
}

// isUUID reports whether id is a UUID in its canonical form.
func isUUID(id string) bool {
	if len(id) != 36 {
		return false
	}
	for i := range len(id) {
		b := id[i]
		if i == 8 || i == 13 || i == 18 || i == 23 {
			if b != '-' {
				return false
			}
		} else if (b < '0' || b > '9') && (b < 'a' || b > 'f') {
			return false
		}
	}
	return true
}

func (s Scope) String() string {
	if s.ID == "" {
		return string(s.Type)
	}
	return string(s.Type) + " " + s.ID
}

// Teams maps teams to their communities. It comes from Portal's events; an unknown team belongs to no community.
type Teams map[string]string

// Reaches reports whether a grant in s covers the asked scope. Grants reach downwards: GLOBAL > TENANT > COMMUNITY > TEAM.
// Both scopes are of one tenant, so TENANT grants are not compared by id.
func (s Scope) Reaches(asked Scope, teams Teams) bool {
	switch s.Type {
	case Global:
		return true
	case Tenant:
		return asked.Type != Global
	case Community:
		if asked.Type == Team {
			community, known := teams[asked.ID]
			return known && community == s.ID
		}
		return s == asked
	default:
		return s == asked
	}
}
