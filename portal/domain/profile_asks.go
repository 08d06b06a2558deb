package domain

// The permissions around profiles.
const (
	PermissionProfileEdit  Permission = "portal.profile.edit_self"
	PermissionProfilesRead Permission = "portal.profiles.read"
	// Either of these opens the directory: those who administer people need it, and those who give achievements to them.
	PermissionRolesRead          Permission = "portal.roles.read"
	PermissionAchievementsAssign Permission = "gamification.achievements.assign"
)
