package domain

import (
	"slices"

	"github.com/google/uuid"
)

// ScopeQuestion asks in which scopes the subject may do something to resources
// of a visibility that somebody else owns.
type ScopeQuestion struct {
	Permission string
	Visibility Visibility
}

// AllowedScopes are the scopes of a tenant in which Decide allows something: a
// TENANT, COMMUNITY or TEAM scope is one of them if Everywhere says so, or the
// part about its type.
type AllowedScopes struct {
	Everywhere  bool
	Tenant      bool
	Communities []string // with all their teams; sorted
	Teams       []string // besides; sorted
}

// AllowedScopes answers a question about all scopes at once. The facts must
// know the community of every team in a community to which a role is bound.
func (c Catalogue) AllowedScopes(s Subject, q ScopeQuestion, f *Facts) AllowedScopes {
	whole := Question{Permission: q.Permission, Scope: TenantScope(s.Tenant), Visibility: q.Visibility}
	if d, decided := c.byContext(s, whole, nil); decided {
		return AllowedScopes{Everywhere: d.Allowed}
	}
	p, _ := c.Find(q.Permission)
	if d, decided := byOverrides(p, f, nil); decided {
		return AllowedScopes{Everywhere: d.Allowed}
	}
	return granting(s, p, f).and(showing(s, p, q.Visibility, f), f.Teams).wire(f.Teams)
}

// region is a set of scopes that contains the teams of its communities.
type region struct {
	all         bool
	tenant      bool
	communities map[string]bool
	teams       map[string]bool
}

// add takes in what a binding in the scope reaches.
func (r *region) add(s Scope) {
	switch s.Type {
	case Global, Tenant:
		r.all = true
	case Community:
		if r.communities == nil {
			r.communities = map[string]bool{}
		}
		r.communities[s.ID] = true
	case Team:
		if r.teams == nil {
			r.teams = map[string]bool{}
		}
		r.teams[s.ID] = true
	case InService: // reaches none of the scopes that are told about
	}
}

func (r *region) hasTeam(id string, teams Teams) bool {
	if r.all || r.teams[id] {
		return true
	}
	community, known := teams[id]
	return known && r.communities[community]
}

// and is what lies in both.
func (r region) and(o region, teams Teams) region {
	switch {
	case r.all:
		return o
	case o.all:
		return r
	}
	both := region{tenant: r.tenant && o.tenant}
	for id := range r.communities {
		if o.communities[id] {
			both.add(Scope{Type: Community, ID: id})
		}
	}
	for id := range r.teams {
		if o.hasTeam(id, teams) {
			both.add(Scope{Type: Team, ID: id})
		}
	}
	for id := range o.teams {
		if r.hasTeam(id, teams) {
			both.add(Scope{Type: Team, ID: id})
		}
	}
	return both
}

func (r region) wire(teams Teams) AllowedScopes {
	if r.all {
		return AllowedScopes{Everywhere: true}
	}
	a := AllowedScopes{Tenant: r.tenant}
	for id := range r.communities {
		a.Communities = append(a.Communities, id)
	}
	for id := range r.teams {
		if community, known := teams[id]; !known || !r.communities[community] {
			a.Teams = append(a.Teams, id)
		}
	}
	slices.Sort(a.Communities)
	slices.Sort(a.Teams)
	return a
}

// granting is where the roles grant the permission: byRoles for all scopes.
func granting(s Subject, p Permission, f *Facts) region {
	var r region
	if s.Member {
		if role := f.memberRole(p.Service); role != nil && role.Grants(p) {
			r.all = true
		}
	}
	for i := range f.Bindings {
		if b := &f.Bindings[i]; b.Role.Grants(p) {
			r.add(b.Scope)
		}
	}
	return r
}

// showing is where the visibility admits the subject: byVisibility for all scopes.
func showing(s Subject, p Permission, v Visibility, f *Facts) region {
	var r region
	switch v {
	case "", Public:
		r.all = true
	case VisibleCommunity, VisibleTeam:
		r.tenant = s.Member
		for i := range f.Bindings {
			r.add(f.Bindings[i].Scope)
		}
	case Private:
		for i := range f.Bindings {
			if f.Bindings[i].Role.administers(p.Service) {
				r.add(f.Bindings[i].Scope)
			}
		}
	}
	return r
}

// administers reports whether holders of the role see private resources of the service.
func (r *Role) administers(service Service) bool { return r.Service == service && r.Name == RoleAdmin }

// owned reports whether the subject is the owner, who has to be somebody.
func (s Subject) owns(owner uuid.UUID) bool { return owner != uuid.Nil && owner == s.User }
