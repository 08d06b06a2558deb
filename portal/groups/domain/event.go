package domain

import "github.com/google/uuid"

// Event is a domain event of groups: a GroupEvent or a MembershipEvent.
type Event interface{ groupsEvent() }

// Happened says what happened to the subject of an event.
type Happened string

// What happens to groups and to memberships.
const (
	Created  Happened = "created"
	Updated  Happened = "updated" // name, description or join policy
	Archived Happened = "archived"
	Restored Happened = "restored"
	Deleted  Happened = "deleted" // with everything in it

	Added   Happened = "added"
	Changed Happened = "changed" // the role
	Removed Happened = "removed" // by leaving, too
)

// GroupEvent says what happened to a community or a team.
type GroupEvent struct {
	Happened Happened
	Group    Group // afterwards
	By       uuid.UUID
}

// MembershipEvent says what happened to a membership.
type MembershipEvent struct {
	Happened   Happened
	Group      Group
	Membership Membership // afterwards
	By         uuid.UUID
}

// Happened says what the change is for events and the audit log.
func (c MembershipChange) Happened() Happened {
	switch {
	case c.Was == RoleNone:
		return Added
	case c.Membership.Role() == RoleNone:
		return Removed
	}
	return Changed
}

func (GroupEvent) groupsEvent()      {}
func (MembershipEvent) groupsEvent() {}
