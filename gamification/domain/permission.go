package domain

import "go.updspace.com/libs/authz"

// The permissions that the service checks.
const (
	PermissionRead authz.Permission = "gamification.achievements.read"
	PermissionEdit authz.Permission = "gamification.achievements.edit"
)
