package domain

import "go.updspace.com/libs/authz"

// Grants are the answers of access about a caller and an event.
type Grants struct {
	Read     bool // the caller holds events.event.read in the event's scope
	Audience bool // the same, and belongs to the audience of the event's visibility
	Manage   bool // the caller holds events.event.manage in the event's scope
	Answer   bool // the caller holds events.rsvp.set there
	Guest    bool // the caller is invited, or has an answer about one of the dates
}

// EventAccess is what a caller may do with an event.
type EventAccess struct {
	CanRead   bool
	CanManage bool // texts, schedule, status, dates and co-hosts
	CanAnswer bool // holds events.rsvp.set in the event's scope, and can read the event
}

// NewEventAccess decides what a caller may do with an event.
//
// Without events.event.read in the scope the caller may do nothing. The creator and the co-hosts run the event. Drafts and hidden
// events, whose community or team was deleted, are seen only by those who manage them; so are private events, except from their
// guests, who are invited, have answered or were answered for.
func NewEventAccess(e Event, caller authz.Actor, g Grants) EventAccess {
	d := e.data
	if !g.Read || caller.Tenant != d.TenantID {
		return EventAccess{}
	}
	manage := e.HostedBy(caller.User) || g.Manage
	audience := g.Audience && d.Visibility != authz.VisibilityPrivate && d.Status != StatusDraft && !d.Hidden
	read := manage || audience || g.Guest && d.Status != StatusDraft && !d.Hidden
	return EventAccess{CanRead: read, CanManage: manage, CanAnswer: read && g.Answer}
}

// GrantsOf are the grants of a viewer of a list.
func GrantsOf(v authz.Viewer, e Event) Grants {
	scope := e.data.Scope
	return Grants{
		Read: v.Has(PermissionEventRead, scope), Audience: v.In(e.Audience()), Manage: v.Has(PermissionEventManage, scope),
		Answer: v.Has(PermissionRSVPSet, scope),
	}
}

// Audience is whom the event is shown to.
func (e Event) Audience() authz.Audience {
	return authz.Audience{Scope: e.data.Scope, Visibility: e.data.Visibility}
}

// Check checks a permission in the event's scope.
func (e Event) Check(permission authz.Permission) authz.Check {
	return authz.Check{Permission: permission, Scope: e.data.Scope}
}

// ScopeTypes are what an event can belong to.
var ScopeTypes = authz.ScopeTypes{authz.ScopeTenant, authz.ScopeCommunity, authz.ScopeTeam}
