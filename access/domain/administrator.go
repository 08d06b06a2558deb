package domain

import (
	"slices"
	"time"
)

// Permissions over rights, which Access itself asks for.
const (
	ReadPermissions = "portal.permissions.read"
	ReadRoles       = "portal.roles.read"
	WriteRoles      = "portal.roles.write"
	WriteBindings   = "portal.role_bindings.write"
	WriteOverrides  = "portal.policy_overrides.write"
)

// AdministratorKeys are the permissions that make an administrator: with them
// all the others can be had.
func AdministratorKeys() []string { return []string{WriteRoles, WriteBindings} }

// IsAdministrator reports whether somebody administers the tenant, so that as
// long as one such user is left, the tenant can help itself. It looks at all
// bindings and overrides of one user in the tenant.
//
// An administrator holds every key of AdministratorKeys in the whole tenant
// (TENANT or GLOBAL scope), through bindings that somebody made and that never
// expire, and no override that is in force denies one of the keys. What is held
// through an allowing override, a membership or for a time does not count: it
// may be gone tomorrow without anybody having decided so. Who has left the
// tenant helps nobody.
func IsAdministrator(bindings []BindingRecord, overrides []OverrideRecord, left bool, at time.Time) bool {
	if left {
		return false
	}
	for _, key := range AdministratorKeys() {
		held := slices.ContainsFunc(bindings, func(b BindingRecord) bool {
			return b.Source == Manual && b.Expires.IsZero() && (b.Scope.Type == Tenant || b.Scope.Type == Global) &&
				b.Role.Service == Portal && slices.Contains(b.Role.Keys, key)
		})
		denied := slices.ContainsFunc(overrides, func(o OverrideRecord) bool {
			return o.Effect == Deny && (o.Permission == "" || o.Permission == key) && o.InForce(at)
		})
		if !held || denied {
			return false
		}
	}
	return true
}
