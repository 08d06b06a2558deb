package domain

import "go.updspace.com/libs/authz"

// The permissions that the service checks: those of categories in the scope of the tenant, all others in that of the
// achievement.
const (
	PermissionRead         authz.Permission = "gamification.achievements.read"
	PermissionCreate       authz.Permission = "gamification.achievements.create"
	PermissionEdit         authz.Permission = "gamification.achievements.edit"
	PermissionPublish      authz.Permission = "gamification.achievements.publish"
	PermissionHide         authz.Permission = "gamification.achievements.hide"
	PermissionAssign       authz.Permission = "gamification.achievements.assign"
	PermissionRevoke       authz.Permission = "gamification.achievements.revoke"
	PermissionViewPrivate  authz.Permission = "gamification.achievements.view_private"
	PermissionManageBadges authz.Permission = "gamification.badges.manage"

	// PermissionManagePoints is to change levels and seasons, in the scope of the tenant.
	PermissionManagePoints authz.Permission = "gamification.points.manage"

	// PermissionAttendanceMark is that of the events service to see who was present, in the scope of an event.
	PermissionAttendanceMark authz.Permission = "events.attendance.mark"
)
