package app

import (
	"context"

	"github.com/google/uuid"

	"go.updspace.com/libs/audit"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/page"
	"go.updspace.com/portal/groups/domain"
)

// AuditLog returns the audit log of portal to callers who administer the communities of the tenant.
func (s Groups) AuditLog(ctx context.Context, by authz.Actor, filter audit.Filter, p page.Request) (page.Page[audit.Entry], error) {
	if err := s.requireInTenant(ctx, by, domain.PermissionCommunitiesManage); err != nil {
		return page.Page[audit.Entry]{}, err
	}
	return s.Audit.List(ctx, filter, p)
}

// record writes an audit entry about a group.
func (d Deps) record(ctx context.Context, action string, scope authz.Scope, metadata map[string]any) error {
	target := "community"
	if scope.Type == authz.ScopeTeam {
		target = "team"
	}
	return d.Audit.Write(ctx, audit.Entry{
		Action: target + "." + action, TargetType: target, TargetID: scope.ID.String(), Metadata: metadata, At: d.Clock.Now(),
	})
}

// membershipEntry is the audit entry about a membership change.
func membershipEntry(change domain.MembershipChange) audit.Entry {
	d := change.Membership.Data()
	metadata := map[string]any{"scope_type": string(d.Scope.Type), "role": string(d.Role), "version": d.Version}
	if change.Happened() == domain.Changed {
		metadata["was"] = string(change.Was)
	}
	return audit.Entry{
		Action: "membership." + string(change.Happened()), TargetType: "membership", TargetID: d.Scope.ID.String() + "/" + d.UserID.String(),
		About: d.UserID, Metadata: metadata, At: d.UpdatedAt,
	}
}

// recordBan writes an audit entry about a ban of a user.
func (d Deps) recordBan(ctx context.Context, action string, scope authz.Scope, user uuid.UUID) error {
	return d.Audit.Write(ctx, audit.Entry{
		Action: "ban." + action, TargetType: "ban", TargetID: scope.ID.String() + "/" + user.String(), About: user,
		Metadata: map[string]any{"scope_type": string(scope.Type)}, At: d.Clock.Now(),
	})
}
