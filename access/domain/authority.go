package domain

import (
	"slices"
	"time"
)

// Authority is what a user may grant to others: only what the user holds, in the scopes in which the user holds it. System
// administrators may grant everything.
//
// A role's permissions (which may be bound anywhere), an override (which holds everywhere) and a GLOBAL binding (which
// reaches no more of a tenant than a TENANT one) must be held in the TENANT scope.
type Authority struct {
	catalogue Catalogue
	subject   Subject
	facts     *Facts
}

// Authority returns the authority of s, who is not suspended, from the facts in force.
func (c Catalogue) Authority(s Subject, f *Facts) Authority {
	return Authority{catalogue: c, subject: s, facts: f}
}

// Holds reports whether the user holds a permission in a scope.
func (a Authority) Holds(key string, scope Scope) bool {
	return a.catalogue.Decide(a.subject, Check{Permission: key, Scope: a.asked(scope)}, a.facts).Allowed
}

// MayBind returns why the user may not bind the role in a scope. A role named admin also opens private resources, so it can
// be granted only by users for whom they are open.
func (a Authority) MayBind(r Role, scope Scope) error {
	return a.refuse(scope, r.Keys, r.Name == RoleAdmin, r.Service)
}

// MayChangeRole returns why the user may not change a role of the tenant; nil before or after stands for creating or
// deleting it. Existing bindings grant at once what is added to their role. A role named member is held by all members of
// the tenant in place of the template, which they hold again when the role is deleted or renamed.
func (a Authority) MayChangeRole(before, after *Role, memberTemplate Role) error {
	var gained []string
	same := func(of func(*Role) string) bool { return before != nil && after != nil && of(before) == of(after) }
	sameService := same(func(r *Role) string { return string(r.Service) })
	sameName := same(func(r *Role) string { return r.Name })
	if after != nil {
		gained = after.Keys
		if sameService && (sameName || after.Name != RoleMember) {
			gained = without(after.Keys, before.Keys)
		}
	}
	if before != nil && before.Name == RoleMember && !(sameService && sameName) {
		gained = append(slices.Clone(gained), without(memberTemplate.Keys, before.Keys)...)
	}
	becomesAdmin := after != nil && after.Name == RoleAdmin && !(sameService && sameName)
	var service Service
	if after != nil {
		service = after.Service
	}
	return a.refuse(TenantScope(a.subject.Tenant), gained, becomesAdmin, service)
}

// MayOverride returns why the user may not change an override; nil before or after stands for creating or deleting it.
// Ending a denial grants the permission again.
func (a Authority) MayOverride(before, after *Override, at time.Time) error {
	var gained []string
	if after != nil && after.Effect == Allow && (before == nil || before.Effect != Allow ||
		before.Permission != after.Permission || later(after.Expires, before.Expires)) {
		gained = a.keys(*after)
	}
	if before != nil && before.Effect == Deny && before.InForce(at) {
		stays := after != nil && after.Effect == Deny && (after.Permission == "" || after.Permission == before.Permission)
		if !stays || later(before.Expires, after.Expires) {
			gained = append(gained, a.keys(*before)...)
		}
	}
	return a.refuse(TenantScope(a.subject.Tenant), gained, false, "")
}

func (a Authority) keys(o Override) []string {
	if o.Permission != "" {
		return []string{o.Permission}
	}
	all := a.catalogue.All()
	keys := make([]string, len(all))
	for i, p := range all {
		keys[i] = p.Key
	}
	return keys
}

func (a Authority) asked(scope Scope) Scope {
	if scope.Type == Global {
		return TenantScope(a.subject.Tenant)
	}
	return scope
}

// refuse returns an error that names what the user does not hold, if anything.
func (a Authority) refuse(scope Scope, keys []string, admin bool, service Service) error {
	if a.subject.SystemAdmin {
		return nil
	}
	var lacks []string
	for _, key := range keys {
		if !a.Holds(key, scope) {
			lacks = append(lacks, key)
		}
	}
	if admin && !a.facts.administers(service, a.asked(scope)) {
		lacks = append(lacks, string(service)+":"+RoleAdmin)
	}
	if len(lacks) == 0 {
		return nil
	}
	slices.Sort(lacks)
	return missing(ErrNotHeld, slices.Compact(lacks))
}

func without(keys, others []string) []string {
	return slices.DeleteFunc(slices.Clone(keys), func(key string) bool { return slices.Contains(others, key) })
}
