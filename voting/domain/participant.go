package domain

import (
	"time"

	"github.com/google/uuid"

	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/errs/why"
	"go.updspace.com/libs/valid"
)

// Role is what a participant is in one poll.
type Role string

// The roles. What each may do is decided by NewPollAccess.
const (
	RoleNone        Role = ""
	RoleOwner       Role = "owner"
	RoleAdmin       Role = "admin"       // manages the poll, cannot delete it
	RoleModerator   Role = "moderator"   // edits questions and options
	RoleObserver    Role = "observer"    // reads the results at any time, does not vote
	RoleParticipant Role = "participant" // belongs to the audience of a private poll
)

// Valid reports whether r is a role that a participant can have.
func (r Role) Valid() bool {
	switch r {
	case RoleOwner, RoleAdmin, RoleModerator, RoleObserver, RoleParticipant:
		return true
	}
	return false
}

// InviteStatus says whether a participant agreed to the role.
type InviteStatus string

// The statuses. A role that was given without asking is accepted.
const (
	InviteAccepted InviteStatus = ""
	InvitePending  InviteStatus = "pending"
	InviteDeclined InviteStatus = "declined"
)

// Participant is a user with a role in a poll, or with an invite to one: that role does not count.
type Participant struct {
	PollID    uuid.UUID
	UserID    uuid.UUID
	Role      Role
	InvitedBy uuid.UUID
	AddedAt   time.Time
	Status    InviteStatus
}

// Invited returns the participant with an invite to the role.
func (m Participant) Invited() Participant {
	m.Status = InvitePending
	return m
}

// Accept returns the participant with the role.
func (m Participant) Accept(now time.Time) (Participant, error) {
	if m.Status != InvitePending {
		return m, ErrInviteNotFound
	}
	m.Status, m.AddedAt = InviteAccepted, valid.Instant(now)
	return m, nil
}

// Decline returns the participant with the invite declined.
func (m Participant) Decline() Participant {
	m.Status = InviteDeclined
	return m
}

// NewParticipant gives a user a role in a poll. Owners are made by owners only, and the creator stays one.
func NewParticipant(p Poll, by authz.Actor, access PollAccess, user uuid.UUID, role Role, now time.Time) (Participant, error) {
	switch {
	case user == uuid.Nil:
		return Participant{}, errs.Fields{"user_id": why.Required}.Err()
	case !role.Valid():
		return Participant{}, ErrInvalidRole
	case !access.CanManage, role == RoleOwner && !access.CanDelete:
		return Participant{}, ErrForbidden
	case user == p.data.CreatedBy && role != RoleOwner:
		return Participant{}, ErrCreatorIsOwner
	}
	return Participant{PollID: p.data.ID, UserID: user, Role: role, InvitedBy: by.User, AddedAt: valid.Instant(now)}, nil
}

// Creator is the creator of a poll as its owner.
func Creator(p Poll) Participant {
	return Participant{PollID: p.data.ID, UserID: p.data.CreatedBy, Role: RoleOwner, InvitedBy: p.data.CreatedBy, AddedAt: p.data.CreatedAt}
}

// CanRemove says whether the participant's role may be taken away, from all participants of the poll. A poll whose creator
// was erased keeps another owner.
func (m Participant) CanRemove(p Poll, access PollAccess, present []Participant) error {
	owners := 0
	for _, other := range present {
		if other.Role == RoleOwner && other.UserID != m.UserID {
			owners++
		}
	}
	switch {
	case !access.CanManage, m.Role == RoleOwner && !access.CanDelete:
		return ErrForbidden
	case m.UserID == p.data.CreatedBy:
		return ErrCreatorIsOwner
	case m.Role == RoleOwner && owners == 0:
		return ErrLastOwner
	}
	return nil
}
