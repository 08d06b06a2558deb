package portstest

import (
	"context"
	"slices"

	"github.com/google/uuid"

	"go.updspace.com/libs/accessclient"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/authz/authztest"
	"go.updspace.com/libs/wire"
	groupsdomain "go.updspace.com/portal/groups/domain"
	groupsports "go.updspace.com/portal/groups/ports"
)

// MemberPermissions are what the platform's templates give members of the tenant for the work with groups.
var MemberPermissions = []authz.Permission{
	groupsdomain.PermissionCommunitiesList, groupsdomain.PermissionCommunitiesRead, groupsdomain.PermissionCommunityMembersRead,
	groupsdomain.PermissionTeamsList, groupsdomain.PermissionTeamMembersRead,
}

var moderatorPermissions = append(slices.Clone(MemberPermissions),
	groupsdomain.PermissionTeamsCreate, groupsdomain.PermissionTeamsManage, groupsdomain.PermissionTeamMembersManage, groupsdomain.PermissionCommunityMembersManage)

// NewAccess returns an access service in memory. Moderators of a community or team hold there what the platform's templates
// give them.
func NewAccess() *authztest.Access {
	a := &authztest.Access{}
	a.MembershipRoles(moderatorPermissions, nil)
	return a
}

// AccessSync is groupsports.AccessSync of an access service in memory.
type AccessSync struct{ *authztest.Access }

// Sync sends changed memberships. An error of access is not reported.
func (s AccessSync) Sync(ctx context.Context, memberships ...groupsdomain.Membership) {
	_ = s.SyncMemberships(ctx, wire.Each(memberships, AccessMembership))
}

// Reconcile compares a range of memberships with those in access.
func (s AccessSync) Reconcile(ctx context.Context, r groupsports.MembershipRange) (groupsports.Drift, error) {
	key := func(k groupsports.MembershipKey) *accessclient.MembershipKey {
		if k == (groupsports.MembershipKey{}) {
			return nil
		}
		return &accessclient.MembershipKey{Scope: k.Scope, UserID: k.User}
	}
	drift, err := s.ReconcileMemberships(ctx, accessclient.MembershipPage{
		After: key(r.After), Until: key(r.Until), Memberships: wire.Each(r.Memberships, AccessMembership),
	})
	return groupsports.Drift(drift), err
}

// AccessMembership is a membership as access knows it.
func AccessMembership(m groupsdomain.Membership) accessclient.Membership {
	d := m.Data()
	return accessclient.Membership{
		MembershipKey: accessclient.MembershipKey{Scope: d.Scope, UserID: d.UserID},
		CommunityID:   d.CommunityID, Role: string(m.Role()), Version: d.Version,
	}
}

// KnownRoles are the roles of all members of a tenant's groups that access knows.
func KnownRoles(a *authztest.Access, tenant uuid.UUID) map[groupsports.MembershipKey]groupsdomain.Role {
	roles := map[groupsports.MembershipKey]groupsdomain.Role{}
	for key, role := range a.Memberships(tenant) {
		roles[groupsports.MembershipKey{Scope: key.Scope, User: key.UserID}] = groupsdomain.Role(role)
	}
	return roles
}
