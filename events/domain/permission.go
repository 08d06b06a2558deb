package domain

import "go.updspace.com/libs/authz"

// The permissions that the service checks. Each is declared by an operation of api/openapi/events.yaml; a component test
// compares what is declared with what is checked.
const (
	PermissionEventRead      authz.Permission = "events.event.read"
	PermissionEventCreate    authz.Permission = "events.event.create"
	PermissionEventManage    authz.Permission = "events.event.manage"
	PermissionAttendanceMark authz.Permission = "events.attendance.mark"
	PermissionRSVPSet        authz.Permission = "events.rsvp.set"
)

// PermissionListMembers is the permission to list the members of a group, by the type of its scope.
var PermissionListMembers = map[authz.ScopeType]authz.Permission{
	authz.ScopeCommunity: "portal.communities.members.read", authz.ScopeTeam: "portal.teams.members.read",
}
