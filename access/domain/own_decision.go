package domain

import "slices"

// Decider is the kind of fact that decided a check.
type Decider string

// The deciders.
const (
	DecidedByCatalogue  Decider = "catalogue"  // there is no such permission
	DecidedByFlag       Decider = "flag"       // suspended, or a system administrator
	DecidedByTenant     Decider = "tenant"     // the scope is another tenant
	DecidedByOverride   Decider = "override"   // an exception made for the user
	DecidedByRole       Decider = "role"       // a role grants it, or no role does
	DecidedByVisibility Decider = "visibility" // the resource is not shown to the user
)

// OwnDecision is a decision as it is told to its own subject. It names facts about the subject only.
type OwnDecision struct {
	Decision
	Decider  Decider
	Override *Override // that decided
	Role     *HeldRole // that granted
	Roles    []HeldRole
}

// HeldRole is a role that the subject holds and that reaches the scope of a check.
type HeldRole struct {
	Role   Role
	Bound  *Scope // where it is bound; nil for the role that members of the tenant hold
	Grants bool   // the permission that was asked about
}

// MaxHeldRoles bounds the roles of an OwnDecision. Those that grant the permission come first.
const MaxHeldRoles = 20

var deciders = map[Reason]Decider{
	UnknownPermission: DecidedByCatalogue, MasterSuspended: DecidedByFlag, MasterSystemAdmin: DecidedByFlag, TenantMismatch: DecidedByTenant,
	PolicyDeny: DecidedByOverride, PolicyAllow: DecidedByOverride, NoRole: DecidedByRole, RBACDeny: DecidedByRole, RBACAllow: DecidedByRole,
	VisibilityDeny: DecidedByVisibility,
}

// OwnDecision is Decide with the facts that decided.
func (c Catalogue) OwnDecision(s Subject, q Check, f *Facts) OwnDecision {
	own := OwnDecision{Decision: c.Decide(s, q, f)}
	own.Decider = deciders[own.Reason]
	p, known := c.Find(q.Permission)
	if !known || s.foreign(q.Scope) {
		return own
	}
	if own.Decider == DecidedByOverride {
		effect := Deny
		if own.Allowed {
			effect = Allow
		}
		i := slices.IndexFunc(f.Overrides, func(o Override) bool { return o.Effect == effect && o.matches(p) })
		own.Override = &f.Overrides[i]
	}
	var others []HeldRole
	for role, bound := range f.rolesIn(s, p.Service, q.Scope) {
		held := HeldRole{Role: *role, Grants: role.Grants(p)}
		if bound != nil {
			held.Bound = &bound.Scope
		}
		if held.Grants {
			own.Roles = append(own.Roles, held)
		} else {
			others = append(others, held)
		}
	}
	if own.Reason == RBACAllow {
		own.Role = &own.Roles[0]
	}
	own.Roles = append(own.Roles, others...)
	own.Roles = own.Roles[:min(len(own.Roles), MaxHeldRoles)]
	return own
}

// AdministeredBy is the permission that a user needs to change the decision: to make overrides where one decided, else to
// bind roles. It is empty where only the platform can change it.
func (d OwnDecision) AdministeredBy() string {
	switch d.Decider {
	case DecidedByOverride:
		return WriteOverrides
	case DecidedByRole, DecidedByVisibility:
		return WriteBindings
	}
	return ""
}
