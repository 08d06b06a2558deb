package domain

import (
	"time"

	"github.com/google/uuid"
)

// Kinds of things that the journal's entries are about.
const (
	TargetRole     = "role"
	TargetBinding  = "binding"
	TargetOverride = "override"
)

// Ways by which something was done that are worth telling.
const (
	ViaSystemAdmin = "system_admin" // by that power and not by a right in the tenant
	ViaRole        = "role_deleted" // a binding that went with its role
)

// Change is who does something to the rights of a tenant, and when.
type Change struct {
	Tenant uuid.UUID
	By     uuid.UUID
	Via    string // if it is not the usual way
	At     time.Time
}

func (c Change) entry(action, targetType, targetID string, metadata map[string]string) Entry {
	if c.Via != "" {
		metadata["via"] = c.Via
	}
	return Entry{
		Tenant: c.Tenant, PerformedBy: c.By, At: c.At,
		Action: action, TargetType: targetType, TargetID: targetID, Metadata: metadata,
	}
}

// RoleCreated records a new role.
func (c Change) RoleCreated(r Role) Entry { return c.role(ActionRoleCreated, r) }

// RoleUpdated records what a role has become.
func (c Change) RoleUpdated(before, after Role) Entry {
	e := c.role(ActionRoleUpdated, after)
	if before.Service != after.Service {
		e.Metadata["was_service"] = string(before.Service)
	}
	if before.Name != after.Name {
		e.Metadata["was_name"] = before.Name
	}
	return e
}

// RoleDeleted records that a role and its bindings are gone: an entry for each.
func (c Change) RoleDeleted(r Role, bindings []BindingRecord) []Entry {
	entries := make([]Entry, 0, len(bindings)+1)
	for _, b := range bindings {
		with := c
		with.Via = ViaRole
		entries = append(entries, with.BindingDeleted(b))
	}
	return append(entries, c.role(ActionRoleDeleted, r))
}

func (c Change) role(action string, r Role) Entry {
	e := c.entry(action, TargetRole, FormatRoleID(r.ID), map[string]string{"service": string(r.Service), "name": r.Name})
	if action != ActionRoleDeleted {
		e.Keys = r.Keys
	}
	return e
}

// BindingCreated records a new binding.
func (c Change) BindingCreated(b BindingRecord) Entry {
	g := Grant{User: b.User, Role: b.Role.ID, Scope: b.Scope, Expires: b.Expires}
	return BindingCreated(c.Tenant, c.By, g, FormatRoleID(b.ID), c.Via, c.At)
}

// BindingUpdated records when a binding expires from now on.
func (c Change) BindingUpdated(before, after BindingRecord) Entry {
	e := c.binding(ActionBindingUpdated, after)
	expiry(e.Metadata, "expires_at", after.Expires)
	expiry(e.Metadata, "was_expires_at", before.Expires)
	return e
}

// BindingDeleted records that a binding is gone.
func (c Change) BindingDeleted(b BindingRecord) Entry { return c.binding(ActionBindingDeleted, b) }

// BindingExpired records that a binding that had expired is gone.
func (c Change) BindingExpired(b BindingRecord) Entry { return c.binding(ActionBindingExpired, b) }

func (c Change) binding(action string, b BindingRecord) Entry {
	return c.entry(action, TargetBinding, FormatRoleID(b.ID), map[string]string{
		"user_id": b.User.String(), "role_id": FormatRoleID(b.Role.ID),
		"scope_type": string(b.Scope.Type), "scope_id": b.Scope.ID,
	})
}

// OverrideCreated records a new override.
func (c Change) OverrideCreated(o OverrideRecord) Entry { return c.override(ActionOverrideCreated, o) }

// OverrideUpdated records what an override has become, and what it was.
func (c Change) OverrideUpdated(before, after OverrideRecord) Entry {
	e := c.override(ActionOverrideUpdated, after)
	if before.Effect != after.Effect {
		e.Metadata["was_action"] = string(before.Effect)
	}
	if before.Permission != after.Permission {
		e.Metadata["was_permission_key"] = before.Permission
	}
	if !before.Expires.Equal(after.Expires) {
		expiry(e.Metadata, "was_expires_at", before.Expires)
	}
	return e
}

// OverrideDeleted records that an override is gone.
func (c Change) OverrideDeleted(o OverrideRecord) Entry { return c.override(ActionOverrideDeleted, o) }

// OverrideExpired records that an override that had expired is gone.
func (c Change) OverrideExpired(o OverrideRecord) Entry { return c.override(ActionOverrideExpired, o) }

func (c Change) override(action string, o OverrideRecord) Entry {
	metadata := map[string]string{
		"user_id": o.User.String(), "action": string(o.Effect),
		"permission_key": o.Permission, "reason": o.Reason, // no key: every permission
	}
	expiry(metadata, "expires_at", o.Expires)
	return c.entry(action, TargetOverride, o.ID.String(), metadata)
}

// Refused records that a rule stopped somebody from doing something to a thing,
// or to a kind of things if it has no id yet.
func (c Change) Refused(operation, targetType, targetID, code, requestID string) Entry {
	return c.entry(ActionWriteRefused, targetType, targetID, map[string]string{
		"operation": operation, "code": code, "request_id": requestID,
	})
}

func expiry(metadata map[string]string, name string, t time.Time) {
	if !t.IsZero() {
		metadata[name] = t.UTC().Format(time.RFC3339)
	}
}
