package domain

import "github.com/google/uuid"

// MaxFaces is how many members a card shows.
const MaxFaces = 9

// Card is what the card of a group shows a user, besides the group.
type Card struct {
	CommunityName string
	Role          Role      // of the user
	JoinRequest   uuid.UUID // the user's pending one, or uuid.Nil
	Invite        uuid.UUID // that the user can accept, or uuid.Nil
	Faces         []Face    // the members who joined first
}

// Face is a member as a card shows one.
type Face struct {
	User   uuid.UUID
	Name   string    // empty if there is none
	Avatar uuid.UUID // the file, or uuid.Nil
}

// CardState says what a user is to a group.
type CardState string

// The states. A user with a join request and an invitation is invited.
const (
	StateMember    CardState = "member"
	StateRequested CardState = "requested"
	StateInvited   CardState = "invited"
	StateNone      CardState = "none"
)

// State returns what the user is to the group.
func (c Card) State() CardState {
	switch {
	case c.Role != RoleNone:
		return StateMember
	case c.Invite != uuid.Nil:
		return StateInvited
	case c.JoinRequest != uuid.Nil:
		return StateRequested
	}
	return StateNone
}
