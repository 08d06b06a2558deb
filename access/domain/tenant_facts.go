package domain

import (
	"slices"
	"time"

	"github.com/google/uuid"
)

// TenantFacts is the part of the facts that all users of a tenant share.
type TenantFacts struct {
	Roles map[int64]Role // the templates and the tenant's own
	Teams Teams
	// MemberRoles are those of Roles that members hold without a binding.
	MemberRoles []Role
}

// UserFacts is the part of the facts that concerns one user.
type UserFacts struct {
	Bound     []Bound
	Overrides []Override
}

// Bound is a binding that names its role.
type Bound struct {
	Scope   Scope
	Role    int64
	Expires time.Time // zero: never

	Achievement uuid.UUID // whose reward it is, if it is one
}

// Join joins the parts. It fails if a binding names a role that the tenant's part lacks: then the parts are of different
// states.
func Join(t *TenantFacts, u *UserFacts) (*Facts, bool) {
	f := &Facts{Overrides: u.Overrides, MemberRoles: t.MemberRoles, Teams: t.Teams}
	if len(u.Bound) > 0 {
		f.Bindings = make([]Binding, len(u.Bound))
	}
	for i, b := range u.Bound {
		role, known := t.Roles[b.Role]
		if !known {
			return nil, false
		}
		f.Bindings[i] = Binding{Scope: b.Scope, Role: role, Expires: b.Expires, Achievement: b.Achievement}
	}
	return f, true
}

// JoinKnown joins parts of one state. It drops bindings whose role the tenant's part lacks: those are of another tenant's
// role.
func JoinKnown(t *TenantFacts, u *UserFacts) *Facts {
	u.Bound = slices.DeleteFunc(u.Bound, func(b Bound) bool { _, known := t.Roles[b.Role]; return !known })
	f, _ := Join(t, u)
	return f
}
