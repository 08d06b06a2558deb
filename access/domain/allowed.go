package domain

import (
	"cmp"
	"slices"
)

// ScopeQuery asks in which scopes the subject is allowed to do something to resources of a visibility that another user owns.
type ScopeQuery struct {
	Permission string
	Visibility Visibility
}

// AllowedScopes are the TENANT, COMMUNITY and TEAM scopes in which Decide allows something.
type AllowedScopes struct {
	Everywhere  bool
	Tenant      bool
	Communities []string // with all their teams; sorted
	Teams       []string // besides; sorted
}

// AllowedScopes answers a query about all scopes at once. The facts must contain the teams of every community in which a
// role is bound.
//
// Communities and teams differ only in the bindings that name them. So it is enough to decide in the scopes of the bindings
// and in a community that no binding names: what is allowed there is allowed everywhere.
func (c Catalogue) AllowedScopes(s Subject, q ScopeQuery, f *Facts) AllowedScopes {
	allowed := func(scope Scope) bool {
		return c.Decide(s, Check{Permission: q.Permission, Scope: scope, Visibility: q.Visibility}, f).Allowed
	}
	if allowed(Scope{Type: Community}) {
		return AllowedScopes{Everywhere: true}
	}
	scopes := make([]Scope, len(f.Bindings))
	for i := range f.Bindings {
		scopes[i] = f.Bindings[i].Scope
	}
	slices.SortFunc(scopes, func(a, b Scope) int { return cmp.Or(cmp.Compare(a.Type, b.Type), cmp.Compare(a.ID, b.ID)) })
	a := AllowedScopes{Tenant: allowed(TenantScope(s.Tenant))}
	for _, scope := range slices.Compact(scopes) { // communities before teams
		switch {
		case scope.Type == Community && allowed(scope):
			a.Communities = append(a.Communities, scope.ID)
		case scope.Type == Team && allowed(scope) && !slices.Contains(a.Communities, f.Teams[scope.ID]):
			a.Teams = append(a.Teams, scope.ID)
		}
	}
	return a
}
