package domain

import (
	"time"

	"github.com/google/uuid"
)

// Entry is a line of the journal: who did what to the rights of a tenant, or
// what a system administrator did there by that power alone.
type Entry struct {
	Tenant      uuid.UUID
	PerformedBy uuid.UUID // uuid.Nil: the platform itself
	Action      string
	TargetType  string
	TargetID    string
	Metadata    map[string]string // ids as text
	Keys        []string          // the permissions that this is about, if it is about several
	At          time.Time
}

// Recorded is an entry that was stored.
type Recorded struct {
	ID uuid.UUID
	Entry
}

// Actions of the journal.
const (
	ActionRoleCreated         = "role_created"
	ActionRoleUpdated         = "role_updated"
	ActionRoleDeleted         = "role_deleted"
	ActionBindingCreated      = "binding_created"
	ActionBindingUpdated      = "binding_updated"
	ActionBindingDeleted      = "binding_deleted"
	ActionBindingExpired      = "binding_expired" // and was tidied away
	ActionOverrideCreated     = "override_created"
	ActionOverrideUpdated     = "override_updated"
	ActionOverrideDeleted     = "override_deleted"
	ActionOverrideExpired     = "override_expired" // and was tidied away
	ActionWriteRefused        = "write_refused"
	ActionSystemAdminDecision = "system_admin_decision"
)

// SystemAdminDecision records that the subject was allowed something for being
// a system administrator.
func SystemAdminDecision(s Subject, q Question, requestID string, at time.Time) Entry {
	return Entry{
		Tenant: s.Tenant, PerformedBy: s.User, At: at,
		Action: ActionSystemAdminDecision, TargetType: "permission", TargetID: q.Permission,
		Metadata: map[string]string{
			"scope_type": string(q.Scope.Type), "scope_id": q.Scope.ID, "request_id": requestID,
		},
	}
}

// BindingCreated records a new grant.
func BindingCreated(tenant, by uuid.UUID, g Grant, id, via string, at time.Time) Entry {
	return bindingEntry(ActionBindingCreated, tenant, by, g, id, via, at)
}

// BindingDeleted records the end of a grant.
func BindingDeleted(tenant, by uuid.UUID, g Grant, id, via string, at time.Time) Entry {
	return bindingEntry(ActionBindingDeleted, tenant, by, g, id, via, at)
}

func bindingEntry(action string, tenant, by uuid.UUID, g Grant, id, via string, at time.Time) Entry {
	e := Entry{
		Tenant: tenant, PerformedBy: by, At: at,
		Action: action, TargetType: "binding", TargetID: id,
		Metadata: map[string]string{
			"user_id": g.User.String(), "role_id": FormatRoleID(g.Role),
			"scope_type": string(g.Scope.Type), "scope_id": g.Scope.ID,
		},
	}
	expiry(e.Metadata, "expires_at", g.Expires)
	if via != "" {
		e.Metadata["via"] = via
	}
	return e
}
