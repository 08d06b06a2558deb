package domain

import "go.updspace.com/libs/authz"

// ScopeTypes are what an achievement can belong to.
var ScopeTypes = authz.ScopeTypes{authz.ScopeTenant, authz.ScopeCommunity, authz.ScopeTeam}

// Held are the permissions that a caller holds in the scope of an achievement, and how else the caller may see it.
type Held struct {
	Read, ViewPrivate, Create, Edit, Publish, Hide, Assign, Revoke bool

	Audience bool
	Holder   bool // the caller has the achievement
}

// Checked are the permissions of Held, in its order, after that of reading.
var Checked = []authz.Permission{PermissionViewPrivate, PermissionCreate, PermissionEdit, PermissionPublish, PermissionHide, PermissionAssign, PermissionRevoke}

// HeldOf is what has reports about the permissions of Checked.
func HeldOf(read, audience bool, has func(authz.Permission) bool) Held {
	return Held{
		Read: read, Audience: audience, ViewPrivate: has(PermissionViewPrivate), Create: has(PermissionCreate), Edit: has(PermissionEdit),
		Publish: has(PermissionPublish), Hide: has(PermissionHide), Assign: has(PermissionAssign), Revoke: has(PermissionRevoke),
	}
}

// AchievementAccess is what a caller may do with an achievement.
type AchievementAccess struct {
	CanRead        bool
	CanEdit        bool
	CanPublish     bool
	CanHide        bool
	CanAssign      bool
	CanRevoke      bool
	CanViewPrivate bool // private grants, those that have ended, and evidence
}

// NewAchievementAccess decides what a caller may do with an achievement. Without the right to read in its scope the caller may do
// nothing.
func NewAchievementAccess(a Achievement, caller authz.Actor, h Held) AchievementAccess {
	d := a.data
	if !h.Read || caller.Tenant != d.TenantID {
		return AchievementAccess{}
	}
	own := caller.User == d.CreatedBy
	edit := h.Edit && (own && d.Status == StatusDraft || h.Publish || h.Hide)
	return AchievementAccess{
		CanRead: own || h.ViewPrivate || h.Audience && a.Shown() || h.Holder && d.Status != StatusDraft, CanEdit: edit,
		CanPublish: h.Publish && d.Status.CanBecome(StatusPublished), CanHide: h.Hide && d.Status.CanBecome(StatusHidden),
		CanAssign: h.Assign && a.Grantable(), CanRevoke: h.Revoke, CanViewPrivate: h.ViewPrivate,
	}
}

// Shown reports whether the audience of the achievement sees it.
func (a Achievement) Shown() bool {
	return a.data.Status == StatusPublished && !a.data.Rules.Secret && !a.data.Removed
}

// Grantable reports whether members can get the achievement.
func (a Achievement) Grantable() bool { return a.data.Status == StatusPublished && !a.data.Removed }

// Audience is whom the achievement is shown to: all who may read in the tenant, or the members of its community or team.
func (a Achievement) Audience() authz.Audience {
	return authz.Audience{Scope: a.data.Scope, Visibility: VisibilityOf(a.data.Scope)}
}

// VisibilityOf is the visibility of achievements of a scope.
func VisibilityOf(scope authz.Scope) authz.Visibility {
	switch scope.Type {
	case authz.ScopeCommunity:
		return authz.VisibilityCommunity
	case authz.ScopeTeam:
		return authz.VisibilityTeam
	}
	return authz.VisibilityPublic
}

// Needed is the permission that a status needs to be given, beside that of editing; none is for drafts.
func (s Status) Needed() authz.Permission {
	switch s {
	case StatusPublished:
		return PermissionPublish
	case StatusHidden, StatusArchived:
		return PermissionHide
	}
	return ""
}

// Has reports whether a permission is among those that are held.
func (h Held) Has(permission authz.Permission) bool {
	switch permission {
	case "":
		return true
	case PermissionPublish:
		return h.Publish
	case PermissionHide:
		return h.Hide
	case PermissionEdit:
		return h.Edit
	case PermissionCreate:
		return h.Create
	}
	return false
}

// HeldBy is what the viewer of a list holds in the scope of an achievement.
func HeldBy(v authz.Viewer, a Achievement) Held {
	scope := a.data.Scope
	return HeldOf(v.Has(PermissionRead, scope), v.In(a.Audience()), func(p authz.Permission) bool { return v.Has(p, scope) })
}
