package domain

import (
	"cmp"
	"slices"
)

// Effective is everything a subject may do in a scope.
type Effective struct {
	Keys  []string // sorted
	Roles []Role   // that reach the scope; by service, name and id, each once
}

// Effective lists the permissions that Decide would allow in the scope for a
// public resource, by asking it: the two cannot disagree.
func (c Catalogue) Effective(s Subject, scope Scope, f *Facts) Effective {
	e := Effective{Keys: []string{}}
	for _, p := range c.All() {
		if c.Decide(s, Question{Permission: p.Key, Scope: scope}, f).Allowed {
			e.Keys = append(e.Keys, p.Key)
		}
	}
	slices.Sort(e.Keys)
	if !s.Suspended {
		e.Roles = rolesIn(s, scope, f)
	}
	return e
}

func rolesIn(s Subject, scope Scope, f *Facts) []Role {
	if scope.Type == Tenant && scope != TenantScope(s.Tenant) {
		return nil
	}
	var roles []Role
	for _, b := range f.Bindings {
		if b.Scope.Reaches(scope, f.Teams) {
			roles = append(roles, b.Role)
		}
	}
	if s.Member {
		for _, service := range Services() {
			if r := f.memberRole(service); r != nil {
				roles = append(roles, *r)
			}
		}
	}
	slices.SortFunc(roles, func(a, b Role) int {
		return cmp.Or(cmp.Compare(a.Service, b.Service), cmp.Compare(a.Name, b.Name), cmp.Compare(a.ID, b.ID))
	})
	return slices.CompactFunc(roles, func(a, b Role) bool { return a.ID == b.ID })
}
