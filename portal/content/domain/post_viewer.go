package domain

import (
	"github.com/google/uuid"

	"go.updspace.com/libs/authz"
)

// PostViewer is a user who reads posts, with the scopes in which the user may read which of them.
type PostViewer struct {
	User      uuid.UUID
	Public    authz.AllowedScopes
	Community authz.AllowedScopes
	Team      authz.AllowedScopes
	Private   authz.AllowedScopes // private posts of others
}

// ReadQueries are the queries whose answers make a PostViewer, in the order of its fields.
func ReadQueries() []authz.ScopeQuery {
	return []authz.ScopeQuery{
		{Permission: PermissionPostsRead, Visibility: authz.VisibilityPublic},
		{Permission: PermissionPostsRead, Visibility: authz.VisibilityCommunity},
		{Permission: PermissionPostsRead, Visibility: authz.VisibilityTeam},
		{Permission: PermissionPostsReadPrivate},
	}
}

// NewPostViewer makes a viewer of the answers to ReadQueries.
func NewPostViewer(user uuid.UUID, answers []authz.AllowedScopes) PostViewer {
	return PostViewer{User: user, Public: answers[0], Community: answers[1], Team: answers[2], Private: answers[3]}
}

// WriteQueries ask where a user may write posts, in the order in which createPost declares the permissions.
func WriteQueries() []authz.ScopeQuery {
	return []authz.ScopeQuery{
		{Permission: PermissionPostsCreatePublic}, {Permission: PermissionPostsCreateCommunity}, {Permission: PermissionPostsCreateTeam},
		{Permission: PermissionPostsCreatePrivate},
	}
}

// ReadsNothing reports whether there is no post the viewer could see.
func (v PostViewer) ReadsNothing() bool {
	return v.Public.None() && v.Community.None() && v.Team.None() && v.Private.None()
}

// ReadsAt reports whether posts for those who belong to a scope are shown to the viewer.
func (v PostViewer) ReadsAt(s PostScope) bool {
	switch s.audience() {
	case authz.VisibilityTeam:
		return v.Team.InTeam(s.CommunityID, s.TeamID)
	case authz.VisibilityCommunity:
		return v.Community.InCommunity(s.CommunityID)
	}
	return v.Public.InTenant()
}

// SeesOwnPrivate reports whether the viewer sees the viewer's own private posts: any user who may read in the tenant.
func (v PostViewer) SeesOwnPrivate() bool { return v.Public.InTenant() }
