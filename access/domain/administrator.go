package domain

import (
	"slices"
	"time"
)

// Permissions that Access itself requires.
const (
	ReadPermissions = "portal.permissions.read"
	ReadRoles       = "portal.roles.read"
	WriteRoles      = "portal.roles.write"
	WriteBindings   = "portal.role_bindings.write"
	WriteOverrides  = "portal.policy_overrides.write"
)

// AdministratorKeys are the permissions of an administrator, who can obtain all others with them.
func AdministratorKeys() []string { return []string{WriteRoles, WriteBindings} }

// IsAdministrator reports whether a user administers the tenant: while one such user is left, the tenant can administer
// itself. It takes all bindings and overrides of the user in the tenant, and whether the user has left the tenant.
//
// An administrator holds every key of AdministratorKeys in the whole tenant (TENANT or GLOBAL scope), through manual
// bindings that never expire, and no override in force denies one of the keys. Permissions held through an allowing
// override, a membership or a binding that expires do not count: they can end without a decision of an administrator.
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
