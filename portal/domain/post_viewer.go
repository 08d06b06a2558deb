package domain

import "github.com/google/uuid"

// PostViewer is somebody who looks at posts, with where he may read which of them.
type PostViewer struct {
	User      uuid.UUID
	Public    Reach
	Community Reach
	Team      Reach
	Private   Reach // private posts of others
}

// AsksToRead are the questions whose answers make a PostViewer, in the order of its fields.
func AsksToRead() []Ask {
	return []Ask{
		{Permission: PermissionPostsRead, Visibility: VisibilityPublic},
		{Permission: PermissionPostsRead, Visibility: VisibilityCommunity},
		{Permission: PermissionPostsRead, Visibility: VisibilityTeam},
		{Permission: PermissionPostsReadPrivate},
	}
}

// ReadsNothing reports whether there is no post the viewer could see.
func (v PostViewer) ReadsNothing() bool {
	return v.Public.None() && v.Community.None() && v.Team.None() && v.Private.None()
}

// ReadsAt reports whether posts for those who belong to a place are shown to the viewer.
func (v PostViewer) ReadsAt(p PostPlace) bool {
	switch p.audience() {
	case VisibilityTeam:
		return v.Team.Covers(p)
	case VisibilityCommunity:
		return v.Community.Covers(p)
	}
	return v.Public.InTenant()
}

// Sees reports whether the viewer sees a post: what a list of posts has in SQL.
func (v PostViewer) Sees(post Post) bool {
	d := post.data
	switch d.Visibility {
	case VisibilityPublic:
		return v.Public.InTenant()
	case VisibilityCommunity:
		return v.Community.Covers(d.Place)
	case VisibilityTeam:
		return v.Team.Covers(d.Place)
	}
	return v.SeesOwnPrivate() && d.CreatedBy == v.User || v.Private.Covers(d.Place)
}

// SeesOwnPrivate reports whether the viewer sees the private posts he wrote: whoever may read in the tenant.
func (v PostViewer) SeesOwnPrivate() bool { return v.Public.InTenant() }
