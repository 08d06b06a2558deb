package domain

// Role is what a member is in a group.
type Role string

// The roles, highest first. RoleNone means not a member.
const (
	RoleOwner     Role = "owner"
	RoleModerator Role = "moderator"
	RoleMember    Role = "member"
	RoleNone      Role = ""
)

// Valid reports whether r is the role of a member.
func (r Role) Valid() bool { return r == RoleOwner || r == RoleModerator || r == RoleMember }

// AtLeast reports whether r is the given role or a higher one. A user acting as r may give, change and take away the roles
// that r is at least.
func (r Role) AtLeast(other Role) bool { return r.Rank() >= other.Rank() }

// Rank orders the roles: higher is more, and 0 is RoleNone.
func (r Role) Rank() int {
	switch r {
	case RoleOwner:
		return 3
	case RoleModerator:
		return 2
	case RoleMember:
		return 1
	}
	return 0
}

// ActingRole is the role implied by the caller's permissions in a group: permission to administer the group acts as owner,
// permission to manage its members as moderator. The caller need not be a member: administrators of a tenant are none.
func ActingRole(managesMembers, administers bool) Role {
	switch {
	case administers:
		return RoleOwner
	case managesMembers:
		return RoleModerator
	}
	return RoleNone
}
