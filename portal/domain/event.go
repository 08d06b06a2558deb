package domain

import "github.com/google/uuid"

// Event is something that happened in portal and that others may want to know. Its implementations are the events of
// api/events/portal.yaml.
type Event interface{ event() }

// What can happen to a community or a team.
type (
	// GroupCreated says that there is a new group.
	GroupCreated struct{ GroupEvent }
	// GroupUpdated says that its name, description or join policy were changed.
	GroupUpdated struct{ GroupEvent }
	// GroupArchived says that it is no longer in use.
	GroupArchived struct{ GroupEvent }
	// GroupRestored says that it is in use again.
	GroupRestored struct{ GroupEvent }
	// GroupDeleted says that it is gone, with everything in it.
	GroupDeleted struct{ GroupEvent }
)

// GroupEvent is what the events of a group have in common: the group afterwards, and who did it.
type GroupEvent struct {
	Group Group
	By    uuid.UUID
}

// What can happen to a membership.
type (
	// MembershipAdded says that somebody has become a member.
	MembershipAdded struct{ MembershipEvent }
	// MembershipChanged says that a member has another role.
	MembershipChanged struct{ MembershipEvent }
	// MembershipRemoved says that somebody is no longer a member.
	MembershipRemoved struct{ MembershipEvent }
)

// MembershipEvent is what the events of a membership have in common.
type MembershipEvent struct {
	Group      Group
	Membership Membership // afterwards
	By         uuid.UUID
}

// Event is what others are told of a move.
func (m Move) Event(by uuid.UUID) Event {
	e := MembershipEvent{Group: m.Group, Membership: m.Membership, By: by}
	switch {
	case m.Was == Nobody:
		return MembershipAdded{e}
	case m.Membership.Role() == Nobody:
		return MembershipRemoved{e}
	}
	return MembershipChanged{e}
}

func (GroupEvent) event()      {}
func (MembershipEvent) event() {}
