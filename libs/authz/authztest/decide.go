package authztest

import (
	"maps"
	"slices"
	"strings"

	"github.com/google/uuid"

	"go.updspace.com/api/accessapi"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/reqctx"
)

// Decision is a decision with its reason.
type Decision struct {
	Allowed bool
	Reason  accessapi.ReasonCode
}

// decider decides for the user of one request. The rules are those of access/domain/decide.go, in their order.
type decider struct {
	*Facts
	actor       authz.Actor
	suspended   bool
	systemAdmin bool
	member      bool // of the tenant
	catalogue   []authz.Permission
	teams       map[uuid.UUID]uuid.UUID
}

// named is the decider for a user who makes no request. It is called with the lock held.
func (a *Access) named(tenant, user uuid.UUID) decider {
	d := a.decider(reqctx.Context{TenantID: tenant, UserID: user})
	d.member = d.Facts.Member
	return d
}

// decider is called with the lock held.
func (a *Access) decider(rc reqctx.Context) decider {
	actor := authz.Actor{Tenant: rc.TenantID, User: rc.UserID}
	facts := a.facts[actor]
	facts.Bindings = append(slices.Clone(facts.Bindings), a.derived(actor)...)
	return decider{
		Facts: &facts, actor: actor, catalogue: a.catalogue, teams: a.teams, systemAdmin: rc.Flags.SystemAdmin,
		suspended: rc.Flags.Blocked(), member: rc.Flags.MembershipStatus == "active",
	}
}

func (d decider) decide(c authz.Check) Decision {
	switch {
	case len(d.catalogue) > 0 && !slices.Contains(d.catalogue, c.Permission):
		return Decision{Reason: accessapi.ReasonCodeUNKNOWNPERMISSION}
	case d.suspended:
		return Decision{Reason: accessapi.ReasonCodeMASTERSUSPENDED}
	case c.Scope.Type == authz.ScopeTenant && c.Scope.ID != d.actor.Tenant:
		return Decision{Reason: accessapi.ReasonCodeTENANTMISMATCH}
	case d.systemAdmin:
		return Decision{Allowed: true, Reason: accessapi.ReasonCodeMASTERSYSTEMADMIN}
	case d.overridden(false, c.Permission):
		return Decision{Reason: accessapi.ReasonCodePOLICYDENY}
	case d.overridden(true, c.Permission):
		return Decision{Allowed: true, Reason: accessapi.ReasonCodePOLICYALLOW}
	}
	roles := d.rolesIn(c.Scope, serviceOf(c.Permission))
	granted := slices.ContainsFunc(roles, func(r Role) bool { return r.All || slices.Contains(r.Permissions, c.Permission) })
	switch {
	case len(roles) == 0:
		return Decision{Reason: accessapi.ReasonCodeNOROLE}
	case !granted:
		return Decision{Reason: accessapi.ReasonCodeRBACDENY}
	case !d.shown(c):
		return Decision{Reason: accessapi.ReasonCodeVISIBILITYDENY}
	}
	return Decision{Allowed: true, Reason: accessapi.ReasonCodeRBACALLOW}
}

func (d decider) overridden(allow bool, p authz.Permission) bool {
	return slices.ContainsFunc(d.Overrides, func(o Override) bool {
		return o.Allow == allow && (o.Permission == "" || o.Permission == p)
	})
}

// rolesIn returns the roles of a service that count in a scope.
func (d decider) rolesIn(scope authz.Scope, service string) []Role {
	var roles []Role
	for _, b := range d.Bindings {
		if (b.Role.Service == service || b.Role.Service == EveryService) && d.covers(b.Scope, scope) {
			roles = append(roles, b.Role)
		}
	}
	for _, r := range d.MemberRoles {
		if d.member && r.Service == service {
			roles = append(roles, r)
		}
	}
	return roles
}

// shown reports whether a resource of the check's visibility is shown to the actor.
func (d decider) shown(c authz.Check) bool {
	switch c.Visibility {
	case "", authz.VisibilityPublic:
		return true
	case authz.VisibilityCommunity, authz.VisibilityTeam:
		return d.member && c.Scope.Type == authz.ScopeTenant ||
			slices.ContainsFunc(d.Bindings, func(b Binding) bool { return d.covers(b.Scope, c.Scope) })
	case authz.VisibilityPrivate:
		service := serviceOf(c.Permission)
		return c.Owner != uuid.Nil && c.Owner == d.actor.User || slices.ContainsFunc(d.Bindings, func(b Binding) bool {
			return b.Role.Name == RoleAdmin && (b.Role.Service == service || b.Role.Service == EveryService) && d.covers(b.Scope, c.Scope)
		})
	}
	return false
}

// covers reports whether a role in the scope held counts in the scope asked.
func (d decider) covers(held, asked authz.Scope) bool {
	switch held.Type {
	case authz.ScopeGlobal:
		return true
	case authz.ScopeTenant:
		return asked.Type != authz.ScopeGlobal
	case authz.ScopeCommunity:
		if asked.Type == authz.ScopeTeam {
			community, known := d.teams[asked.ID]
			return known && community == held.ID
		}
	}
	return held == asked
}

// allowedScopes checks every scope that is known and, for those that are not, a community and a team of fresh ids.
func (d decider) allowedScopes(q authz.ScopeQuery) authz.AllowedScopes {
	in := func(scope authz.Scope) bool {
		return d.decide(authz.Check{Permission: q.Permission, Scope: scope, Visibility: q.Visibility}).Allowed
	}
	allowed := authz.AllowedScopes{Tenant: in(authz.TenantScope(d.actor.Tenant))}
	if allowed.Tenant && in(authz.CommunityScope(uuid.New())) && in(authz.TeamScope(uuid.New())) {
		return authz.AllowedScopes{Everywhere: true}
	}
	communities, teams := map[uuid.UUID]bool{}, map[uuid.UUID]bool{}
	for _, b := range d.Bindings {
		switch b.Scope.Type {
		case authz.ScopeCommunity:
			communities[b.Scope.ID] = true
		case authz.ScopeTeam:
			teams[b.Scope.ID] = true
		}
	}
	for team := range d.teams {
		teams[team] = true
	}
	for _, id := range sorted(communities) {
		if in(authz.CommunityScope(id)) {
			allowed.Communities = append(allowed.Communities, id)
		}
	}
	for _, id := range sorted(teams) {
		community, known := d.teams[id]
		if in(authz.TeamScope(id)) && !(known && slices.Contains(allowed.Communities, community)) {
			allowed.Teams = append(allowed.Teams, id)
		}
	}
	return allowed
}

func sorted(ids map[uuid.UUID]bool) []uuid.UUID {
	return slices.SortedFunc(maps.Keys(ids), func(a, b uuid.UUID) int { return strings.Compare(a.String(), b.String()) })
}
