package domain

import "github.com/google/uuid"

// Permission is a key of the Access catalogue.
type Permission string

// The permissions around groups. Every one is declared by an operation of api/openapi/portal.yaml; a component test
// proves that what is declared is what is asked.
const (
	PermissionCommunitiesList        Permission = "portal.communities.list"
	PermissionCommunitiesCreate      Permission = "portal.communities.create"
	PermissionCommunitiesRead        Permission = "portal.communities.read"
	PermissionCommunitiesManage      Permission = "portal.communities.manage"
	PermissionCommunityMembersRead   Permission = "portal.communities.members.read"
	PermissionCommunityMembersManage Permission = "portal.communities.members.manage"
	PermissionTeamsList              Permission = "portal.teams.list"
	PermissionTeamsCreate            Permission = "portal.teams.create"
	PermissionTeamsManage            Permission = "portal.teams.manage"
	PermissionTeamMembersRead        Permission = "portal.teams.members.read"
	PermissionTeamMembersManage      Permission = "portal.teams.members.manage"
)

// PermissionAdminister is what owners hold in their group, and nobody below them: to delete it and to give it away.
const PermissionAdminister = PermissionCommunitiesManage

// ToRead is the permission to see a group of the kind.
func (t ScopeType) ToRead() Permission {
	return t.pick(PermissionCommunitiesRead, PermissionTeamsList)
}

// ToManage is the permission to change a group of the kind.
func (t ScopeType) ToManage() Permission {
	return t.pick(PermissionCommunitiesManage, PermissionTeamsManage)
}

// ToReadMembers is the permission to see who is in a group of the kind.
func (t ScopeType) ToReadMembers() Permission {
	return t.pick(PermissionCommunityMembersRead, PermissionTeamMembersRead)
}

// ToManageMembers is the permission to let people into a group of the kind, and out.
func (t ScopeType) ToManageMembers() Permission {
	return t.pick(PermissionCommunityMembersManage, PermissionTeamMembersManage)
}

func (t ScopeType) pick(community, team Permission) Permission {
	if t == ScopeTeam {
		return team
	}
	return community
}

// Ask is a question to Access about the caller. Visibility and Owner are set when the answer shall also say whether
// the caller is among those a thing is visible to.
type Ask struct {
	Permission Permission
	Scope      Scope
	Visibility Visibility
	Owner      uuid.UUID
}
