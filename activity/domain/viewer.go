package domain

import (
	"slices"

	"github.com/google/uuid"

	"go.updspace.com/libs/authz"
)

// Reach is where a member may read with one permission, for each visibility of what is read.
type Reach struct{ Public, Community, Team authz.AllowedScopes }

// Viewer is a member who reads, counts or answers items, with the answers of access about all scopes at once. It is the one rule of
// sight: lists are filtered by it in SQL, and Sees decides the same about one item.
type Viewer struct {
	Actor authz.Actor
	Feed  Reach
	// Sources are the reaches that differ from Feed, of the permissions that some types need besides.
	Sources map[authz.Permission]Reach
}

// sourcePermissions are the permissions that types need besides PermissionFeedRead.
var sourcePermissions = []authz.Permission{permissionPollRead, permissionEventRead, permissionPostsRead, permissionAchievementsRead}

// ViewerQueries are the questions whose answers make a Viewer.
func ViewerQueries() []authz.ScopeQuery {
	var queries []authz.ScopeQuery
	for _, permission := range append([]authz.Permission{PermissionFeedRead}, sourcePermissions...) {
		for _, visibility := range []authz.Visibility{authz.VisibilityPublic, authz.VisibilityCommunity, authz.VisibilityTeam} {
			queries = append(queries, authz.ScopeQuery{Permission: permission, Visibility: visibility})
		}
	}
	return queries
}

// NewViewer makes a viewer of the answers to ViewerQueries, or refuses one who may read the feed nowhere.
func NewViewer(actor authz.Actor, answers []authz.AllowedScopes) (Viewer, error) {
	reach := func(n int) Reach { return Reach{Public: answers[3*n], Community: answers[3*n+1], Team: answers[3*n+2]} }
	v := Viewer{Actor: actor, Feed: reach(0), Sources: map[authz.Permission]Reach{}}
	if v.Feed.Public.None() {
		return Viewer{}, authz.Denied(PermissionFeedRead)
	}
	for i, permission := range sourcePermissions {
		if r := reach(i + 1); !r.equal(v.Feed) {
			v.Sources[permission] = r
		}
	}
	return v, nil
}

// PublicViewer is a program that shows what everybody in a tenant may read. It is no member: what is for the members of the tenant, and not
// public, is for the caller to leave out.
func PublicViewer(tenant uuid.UUID) Viewer {
	return Viewer{Actor: authz.Actor{Tenant: tenant}, Feed: Reach{Public: authz.AllowedScopes{Everywhere: true}}, Sources: map[authz.Permission]Reach{}}
}

func (r Reach) equal(o Reach) bool {
	same := func(a, b authz.AllowedScopes) bool {
		return a.Everywhere == b.Everywhere && a.Tenant == b.Tenant && slices.Equal(a.Communities, b.Communities) && slices.Equal(a.Teams, b.Teams)
	}
	return same(r.Public, o.Public) && same(r.Community, o.Community) && same(r.Team, o.Team)
}

// Sees reports whether the viewer sees an item. community is the community of the item's team, if it is of one.
func (v Viewer) Sees(item Item, community uuid.UUID) bool {
	if !v.Feed.shows(v.Actor.User, item, community) {
		return false
	}
	source, ok := v.Sources[typeRules[item.data.Type].read]
	return !ok || source.shows(v.Actor.User, item, community)
}

func (r Reach) shows(user uuid.UUID, item Item, community uuid.UUID) bool {
	d := item.data
	switch d.Visibility {
	case authz.VisibilityPublic:
		return includes(r.Public, d.Scope, community)
	case authz.VisibilityCommunity: // of a tenant: its members, and only they read there
		if d.Scope.Type == authz.ScopeTenant {
			return r.Public.InTenant()
		}
		return includes(r.Community, d.Scope, community)
	case authz.VisibilityTeam:
		return includes(r.Team, d.Scope, community)
	case authz.VisibilityPrivate:
		return (d.Actor == user || d.Target == user) && includes(r.Public, d.Scope, community)
	}
	return false
}

func includes(a authz.AllowedScopes, scope authz.Scope, community uuid.UUID) bool {
	switch scope.Type {
	case authz.ScopeTenant:
		return a.InTenant()
	case authz.ScopeCommunity:
		return a.InCommunity(scope.ID)
	case authz.ScopeTeam:
		return a.InTeam(community, scope.ID)
	}
	return false
}
