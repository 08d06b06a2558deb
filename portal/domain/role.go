package domain

// Role is what somebody is in a group, and how far his hand reaches there.
type Role string

// The roles, highest first. Nobody is the role of whoever has none.
const (
	RoleOwner     Role = "owner"
	RoleModerator Role = "moderator"
	RoleMember    Role = "member"
	Nobody        Role = ""
)

// Valid reports whether r is a role one can have.
func (r Role) Valid() bool { return r == RoleOwner || r == RoleModerator || r == RoleMember }

// Reaches reports whether whoever acts as r may give, change and take away a role: his own and those below.
func (r Role) Reaches(other Role) bool { return r.rank() >= other.rank() }

func (r Role) rank() int {
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

// Hand is what somebody acts as in a group, by what Access lets him do there: who administers the group acts as an
// owner, who manages its members as a moderator. It need not be the role he has: administrators of a tenant have none.
func Hand(managesMembers, managesGroup bool) Role {
	switch {
	case managesGroup:
		return RoleOwner
	case managesMembers:
		return RoleModerator
	}
	return Nobody
}
