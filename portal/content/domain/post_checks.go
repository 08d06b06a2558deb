package domain

import "go.updspace.com/libs/authz"

// Permissions of posts.
const (
	PermissionPostsRead            authz.Permission = "portal.posts.read"
	PermissionPostsReadPrivate     authz.Permission = "portal.posts.read_private"
	PermissionPostsManage          authz.Permission = "portal.posts.manage"
	PermissionPostsCreatePublic    authz.Permission = "portal.posts.create_public"
	PermissionPostsCreateCommunity authz.Permission = "portal.posts.create_community"
	PermissionPostsCreateTeam      authz.Permission = "portal.posts.create_team"
	PermissionPostsCreatePrivate   authz.Permission = "portal.posts.create_private"
)

// WriteCheck checks whether the caller may write the post. Community and team posts are written by members, so the check
// carries the visibility.
func (d PostDraft) WriteCheck(by authz.Actor) authz.Check {
	switch d.Visibility {
	case authz.VisibilityCommunity:
		return authz.Check{Permission: PermissionPostsCreateCommunity, Scope: authz.CommunityScope(d.Scope.CommunityID), Visibility: authz.VisibilityCommunity}
	case authz.VisibilityTeam:
		return authz.Check{Permission: PermissionPostsCreateTeam, Scope: authz.TeamScope(d.Scope.TeamID), Visibility: authz.VisibilityTeam}
	case authz.VisibilityPrivate:
		return authz.Check{Permission: PermissionPostsCreatePrivate, Scope: authz.TenantScope(by.Tenant)}
	}
	return authz.Check{Permission: PermissionPostsCreatePublic, Scope: authz.TenantScope(by.Tenant)}
}

// ReadCheck checks whether the caller can read the post.
func (p Post) ReadCheck() authz.Check {
	check := authz.Check{Permission: PermissionPostsRead, Scope: p.AuthzScope(), Visibility: p.data.Visibility}
	if p.data.Visibility == authz.VisibilityPrivate {
		check.Owner = p.data.CreatedBy
	}
	return check
}

// ReadPrivateCheck checks whether the caller can read private posts of others in the scope of the post.
func (p Post) ReadPrivateCheck() authz.Check {
	return authz.Check{Permission: PermissionPostsReadPrivate, Scope: p.AuthzScope()}
}

// ManageCheck checks whether the caller may change posts of others in the scope of the post.
func (p Post) ManageCheck() authz.Check {
	return authz.Check{Permission: PermissionPostsManage, Scope: p.AuthzScope()}
}

// ShowCheck checks whether the caller may give the post another visibility.
func (p Post) ShowCheck(v authz.Visibility) authz.Check {
	return PostDraft{Visibility: v, Scope: p.data.Scope}.WriteCheck(authz.Actor{Tenant: p.data.TenantID})
}
