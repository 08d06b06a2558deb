package app

import (
	"reflect"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/access/domain"
	"go.updspace.com/libs/audit"
)

// Actions of the audit log.
const (
	ActionRoleCreated         = "role_created"
	ActionRoleUpdated         = "role_updated"
	ActionRoleDeleted         = "role_deleted"
	ActionBindingCreated      = "binding_created"
	ActionBindingUpdated      = "binding_updated"
	ActionBindingDeleted      = "binding_deleted"
	ActionBindingExpired      = "binding_expired"     // deleted after it had expired
	ActionRewardRefused       = "reward_refused"      // a role that a member did not get
	ActionRoleFollowRefused   = "role_follow_refused" // a role that does not follow one at Discord
	ActionOverrideCreated     = "override_created"
	ActionOverrideUpdated     = "override_updated"
	ActionOverrideDeleted     = "override_deleted"
	ActionOverrideExpired     = "override_expired" // deleted after it had expired
	ActionWriteRefused        = "write_refused"
	ActionSystemAdminDecision = "system_admin_decision"
)

// Target types of the audit log.
const (
	TargetRole       = "role"
	TargetBinding    = "binding"
	TargetOverride   = "override"
	TargetUser       = "user"
	TargetPermission = "permission"
)

// Values of "via" in the metadata of entries: how a change came about, if not through a permission in the tenant.
const (
	viaSystemAdmin  = "system_admin"  // the caller is a system administrator
	viaRoleDeleted  = "role_deleted"  // a binding that ended with its role
	viaScopeDeleted = "scope_deleted" // a binding that ended with its community or team
	viaAchievement  = "achievement"   // a binding that is the reward of an achievement
	viaDiscord      = "discord"       // a binding that follows a role at Discord
	viaBootstrap    = "bootstrap"     // the first administrator of a tenant
)

var viaReward = map[domain.Source]string{domain.FromAchievement: viaAchievement, domain.FromDiscord: viaDiscord}

// auditEntries builds the entries of a change.
type auditEntries struct {
	via string
	at  time.Time
}

func (a auditEntries) entry(action, targetType, targetID string, metadata map[string]any) audit.Entry {
	if a.via != "" {
		metadata["via"] = a.via
	}
	return audit.Entry{At: a.at, Action: action, TargetType: targetType, TargetID: targetID, Metadata: metadata}
}

func (a auditEntries) role(action string, r domain.Role) audit.Entry {
	metadata := map[string]any{"service": string(r.Service), "name": r.Name}
	if action != ActionRoleDeleted {
		metadata["permission_keys"] = append([]string{}, r.Keys...)
	}
	return a.entry(action, TargetRole, domain.FormatID(r.ID), metadata)
}

// updated adds to the entry of an updated object what its metadata were before, where they differ.
func updated(before, after audit.Entry) audit.Entry {
	for name, was := range before.Metadata {
		if name != "via" && !reflect.DeepEqual(was, after.Metadata[name]) {
			after.Metadata["was_"+name] = was
		}
	}
	return after
}

// bindings returns an entry of the same action for each binding.
func (a auditEntries) bindings(action string, bindings ...domain.BindingRecord) []audit.Entry {
	entries := make([]audit.Entry, len(bindings))
	for i, b := range bindings {
		entries[i] = a.entry(action, TargetBinding, domain.FormatID(b.ID), map[string]any{
			"user_id": b.User.String(), "role_id": domain.FormatID(b.Role.ID),
			"scope_type": string(b.Scope.Type), "scope_id": b.Scope.ID,
		})
		entries[i].Tenant, entries[i].About = b.Tenant, b.User
		setExpiry(entries[i], b.Expires)
		if b.Achievement != uuid.Nil {
			entries[i].Metadata["achievement_id"] = b.Achievement.String()
		}
	}
	return entries
}

// rewardRefused records that a member does not get the role of a reward, and why.
func (a auditEntries) rewardRefused(r domain.Reward) audit.Entry {
	e := a.entry(ActionRewardRefused, TargetUser, r.User.String(), map[string]any{
		"user_id": r.User.String(), "role_id": domain.FormatID(r.Role), "scope_type": string(r.Scope.Type), "scope_id": r.Scope.ID, "code": r.Refused,
	})
	e.About = r.User
	if r.Source == domain.FromAchievement {
		e.Metadata["achievement_id"] = r.Achievement.String()
	} else {
		e.Action = ActionRoleFollowRefused
	}
	return e
}

// override records the reason of the override as the reason of the entry, which is erased with the user.
func (a auditEntries) override(action string, o domain.OverrideRecord) audit.Entry {
	e := a.entry(action, TargetOverride, o.ID.String(), map[string]any{
		"user_id": o.User.String(), "action": string(o.Effect), "permission_key": o.Permission, // empty: every permission
	})
	e.Tenant, e.About, e.Reason = o.Tenant, o.User, o.Reason
	setExpiry(e, o.Expires)
	return e
}

// refused records that a rule refused an operation.
func (a auditEntries) refused(op operation, code string) audit.Entry {
	return a.entry(ActionWriteRefused, op.targetType, op.targetID, map[string]any{"operation": op.id, "code": code})
}

// systemAdminDecision records that the subject was allowed something as a system administrator.
func systemAdminDecision(check domain.Check, at time.Time) audit.Entry {
	return auditEntries{at: at}.entry(ActionSystemAdminDecision, TargetPermission, check.Permission, map[string]any{
		"scope_type": string(check.Scope.Type), "scope_id": check.Scope.ID,
	})
}

func setExpiry(e audit.Entry, t time.Time) {
	if !t.IsZero() {
		e.Metadata["expires_at"] = t.UTC().Format(time.RFC3339)
	}
}
