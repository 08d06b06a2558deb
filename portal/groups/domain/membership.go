package domain

import (
	"time"

	"github.com/google/uuid"

	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/valid"
)

// Membership is what a user is in a group. It is kept after the user has left: its version counts the changes, so that
// other services can tell a newer state from an older one.
type Membership struct {
	data MembershipData
}

// MembershipData is the content of a Membership, for showing and storing it.
type MembershipData struct {
	Scope       authz.Scope
	CommunityID uuid.UUID
	UserID      uuid.UUID
	Role        Role // of a former member, the last one
	Status      MembershipStatus
	Version     int64
	JoinedAt    time.Time
	UpdatedAt   time.Time
}

// MembershipStatus says whether a user is a member, and how a former member ceased to be one.
type MembershipStatus string

// The statuses. A removed member comes back by an invitation or an approved join request only.
const (
	MembershipActive  MembershipStatus = "active"
	MembershipLeft    MembershipStatus = "left"
	MembershipRemoved MembershipStatus = "removed"
)

// RestoreMembership returns a stored membership.
func RestoreMembership(d MembershipData) Membership { return Membership{data: d} }

// Data returns a copy of the membership's content.
func (m Membership) Data() MembershipData { return m.data }

// Scope is the group that the membership is for.
func (m Membership) Scope() authz.Scope { return m.data.Scope }

// Role is the user's role in the group now.
func (m Membership) Role() Role {
	if m.data.Status != MembershipActive {
		return RoleNone
	}
	return m.data.Role
}

func (m Membership) with(role Role, status MembershipStatus, now time.Time) Membership {
	now = valid.Instant(now)
	if status == MembershipActive {
		if m.data.Status != MembershipActive {
			m.data.JoinedAt = now
		}
		m.data.Role = role
	}
	m.data.Status = status
	m.data.Version++
	m.data.UpdatedAt = now
	return m
}

// MembershipChange is a change of one membership.
type MembershipChange struct {
	Group      Group
	Membership Membership // after the change
	Was        Role
}
