package domain

import (
	"cmp"
	"slices"
)

// OriginKind says what sort of thing a permission comes from.
type OriginKind string

// The kinds.
const (
	FromBinding  OriginKind = "binding"    // a role bound to the user in a scope
	FromMember   OriginKind = "membership" // the role that every active member of the tenant holds
	FromOverride OriginKind = "override"   // an exception made for the user
)

// Origin is one reason why somebody holds a permission.
type Origin struct {
	Kind  OriginKind
	Role  *Role // not of an override
	Scope Scope // of a binding
}

// Held is a permission somebody holds in a scope, with all its origins.
type Held struct {
	Key     string
	Origins []Origin
}

// Trace lists, sorted by key, what Decide would allow the subject in the scope
// for a public resource, with where each comes from; and the keys that would be
// among them, did an override not deny them.
func (c Catalogue) Trace(s Subject, scope Scope, f *Facts) (held []Held, denied []string) {
	for _, p := range c.All() {
		d := c.Decide(s, Question{Permission: p.Key, Scope: scope}, f)
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

// originsOf looks at what grants the permission and not at what denies it.
func originsOf(s Subject, p Permission, scope Scope, f *Facts) []Origin {
	var origins []Origin
	if slices.ContainsFunc(f.Overrides, func(o Override) bool { return o.Effect == Allow && o.matches(p) }) {
		origins = append(origins, Origin{Kind: FromOverride})
	}
	for i := range f.Bindings {
		if b := &f.Bindings[i]; b.Scope.Reaches(scope, f.Teams) && b.Role.Grants(p) {
			origins = append(origins, Origin{Kind: FromBinding, Role: &b.Role, Scope: b.Scope})
		}
	}
	if s.Member {
		if r := f.memberRole(p.Service); r != nil && r.Grants(p) {
			origins = append(origins, Origin{Kind: FromMember, Role: r})
		}
	}
	return origins
}
