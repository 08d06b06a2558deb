package domain

import (
	"github.com/google/uuid"

	"go.updspace.com/libs/authz"
)

// Person is what members of a tenant see of a user.
type Person struct {
	User        uuid.UUID
	Name        string // the shown one: see Profile.Name
	Username    string
	Avatar      uuid.UUID // the file, or uuid.Nil
	Member      bool      // of the tenant, by the last event of identity
	Communities int       // how many the user is a member of; only in lists of people
}

// Permissions of lists of the people in a group.
const (
	PermissionCommunityMembersRead authz.Permission = "portal.communities.members.read"
	PermissionTeamMembersRead      authz.Permission = "portal.teams.members.read"
)
