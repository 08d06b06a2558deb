package domain

import "go.updspace.com/libs/authz"

// The permissions of groups. Operations of api/openapi/portal.yaml declare them; a component test holds what is declared
// against what is checked.
const (
	PermissionCommunitiesList        authz.Permission = "portal.communities.list"
	PermissionCommunitiesCreate      authz.Permission = "portal.communities.create"
	PermissionCommunitiesRead        authz.Permission = "portal.communities.read"
	PermissionCommunitiesManage      authz.Permission = "portal.communities.manage"
	PermissionCommunityMembersRead   authz.Permission = "portal.communities.members.read"
	PermissionCommunityMembersManage authz.Permission = "portal.communities.members.manage"
	PermissionTeamsList              authz.Permission = "portal.teams.list"
	PermissionTeamsCreate            authz.Permission = "portal.teams.create"
	PermissionTeamsManage            authz.Permission = "portal.teams.manage"
	PermissionTeamMembersRead        authz.Permission = "portal.teams.members.read"
	PermissionTeamMembersManage      authz.Permission = "portal.teams.members.manage"
)

// GroupPermission is one permission under the keys that it has for communities and for teams.
type GroupPermission struct {
	Community, Team authz.Permission
}

// The permissions that exist for both kinds of group. Administer is held by owners and not by moderators: to delete a
// group and to give it away.
var (
	PermissionRead          = GroupPermission{PermissionCommunitiesRead, PermissionTeamsList}
	PermissionManage        = GroupPermission{PermissionCommunitiesManage, PermissionTeamsManage}
	PermissionReadMembers   = GroupPermission{PermissionCommunityMembersRead, PermissionTeamMembersRead}
	PermissionManageMembers = GroupPermission{PermissionCommunityMembersManage, PermissionTeamMembersManage}
	PermissionAdminister    = GroupPermission{PermissionCommunitiesManage, PermissionCommunitiesManage}
)

// In returns the check of the permission in a group.
func (p GroupPermission) In(scope authz.Scope) authz.Check {
	if scope.Type == authz.ScopeTeam {
		return authz.Check{Permission: p.Team, Scope: scope}
	}
	return authz.Check{Permission: p.Community, Scope: scope}
}
