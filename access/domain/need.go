package domain

import "slices"

// Need says which facts the answers to some questions depend on.
type Need struct {
	Services []Service // whose member roles count
	Scopes   []Scope   // in which bindings count, besides the communities of teams
}

// NeedOf returns what the answers to questions about s depend on. It may be
// called with unknown permissions, which depend on nothing.
func (c Catalogue) NeedOf(s Subject, questions ...Question) Need {
	n := Need{
		Services: make([]Service, 0, 2),
		Scopes:   make([]Scope, 2, len(questions)+2),
	}
	n.Scopes[0], n.Scopes[1] = Scope{Type: Global}, TenantScope(s.Tenant)
	for _, q := range questions {
		p, known := c.Find(q.Permission)
		if !known {
			continue
		}
		if !slices.Contains(n.Services, p.Service) {
			n.Services = append(n.Services, p.Service)
		}
		if !slices.Contains(n.Scopes, q.Scope) {
			n.Scopes = append(n.Scopes, q.Scope)
		}
	}
	return n
}

// NeedIn returns what everything that s may do in a scope depends on.
func (c Catalogue) NeedIn(s Subject, scope Scope) Need {
	n := Need{Services: Services(), Scopes: []Scope{{Type: Global}, TenantScope(s.Tenant)}}
	if !slices.Contains(n.Scopes, scope) {
		n.Scopes = append(n.Scopes, scope)
	}
	return n
}
