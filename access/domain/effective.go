package domain

import (
	"cmp"
	"slices"

	"github.com/google/uuid"
)

// Effective is everything a subject may do in a scope.
type Effective struct {
	Keys  []string // sorted
	Roles []Role   // that reach the scope; by service, name and id, each once
}

// Effective lists the permissions that Decide allows in the scope for a public resource.
func (c Catalogue) Effective(s Subject, scope Scope, f *Facts) Effective {
	e := Effective{Keys: []string{}}
	for _, p := range c.All() {
		if c.Decide(s, Check{Permission: p.Key, Scope: scope}, f).Allowed {
			e.Keys = append(e.Keys, p.Key)
		}
	}
	slices.Sort(e.Keys)
	if s.Suspended || s.foreign(scope) {
		return e
	}
	for _, service := range Services() {
		for role := range f.rolesIn(s, service, scope) {
			e.Roles = append(e.Roles, *role)
		}
	}
	slices.SortFunc(e.Roles, func(a, b Role) int {
		return cmp.Or(cmp.Compare(a.Service, b.Service), cmp.Compare(a.Name, b.Name), cmp.Compare(a.ID, b.ID))
	})
	e.Roles = slices.CompactFunc(e.Roles, func(a, b Role) bool { return a.ID == b.ID })
	return e
}

// OriginKind says what grants a permission.
type OriginKind string

// The kinds.
const (
	FromBinding  OriginKind = "binding"    // a role bound to the user in a scope
	FromMember   OriginKind = "membership" // the role that every active member of the tenant holds
	FromOverride OriginKind = "override"   // an exception made for the user
)

// Origin is one reason why a user holds a permission.
type Origin struct {
	Kind  OriginKind
	Role  *Role // not of an override
	Scope Scope // of a binding

	Achievement uuid.UUID // of a binding that is its reward
}

// Held is a permission that a user holds in a scope, with all its origins.
type Held struct {
	Key     string
	Origins []Origin
}

// Trace lists the permissions that Decide allows the subject in the scope for a public resource, with their origins, and
// the permissions that are granted but denied by an override. Both are sorted by key.
func (c Catalogue) Trace(s Subject, scope Scope, f *Facts) (held []Held, denied []string) {
	for _, p := range c.All() {
		d := c.Decide(s, Check{Permission: p.Key, Scope: scope}, f)
		if !d.Allowed && d.Reason != PolicyDeny {
			continue
		}
		origins := originsOf(s, p, scope, f)
		switch {
		case d.Allowed:
			held = append(held, Held{Key: p.Key, Origins: origins})
		case len(origins) > 0:
			denied = append(denied, p.Key)
		}
	}
	slices.SortFunc(held, func(a, b Held) int { return cmp.Compare(a.Key, b.Key) })
	slices.Sort(denied)
	return held, denied
}

// originsOf ignores what denies the permission.
func originsOf(s Subject, p Permission, scope Scope, f *Facts) []Origin {
	var origins []Origin
	if slices.ContainsFunc(f.Overrides, func(o Override) bool { return o.Effect == Allow && o.matches(p) }) {
		origins = append(origins, Origin{Kind: FromOverride})
	}
	for role, bound := range f.rolesIn(s, p.Service, scope) {
		switch {
		case !role.Grants(p):
		case bound == nil:
			origins = append(origins, Origin{Kind: FromMember, Role: role})
		default:
			origins = append(origins, Origin{Kind: FromBinding, Role: role, Scope: bound.Scope, Achievement: bound.Achievement})
		}
	}
	return origins
}
