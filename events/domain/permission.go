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
