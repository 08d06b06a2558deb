package domain

import (
	"time"

	"github.com/google/uuid"
)

// Membership says what a user is in a group. It stays when he leaves: its version counts the changes, and by it others
// tell the news from what is old.
type Membership struct {
	data MembershipData
}

// MembershipData is everything there is to know about a membership, for showing and storing it.
type MembershipData struct {
	Scope       Scope
	CommunityID uuid.UUID
	UserID      uuid.UUID
	Role        Role // once he is gone, the last one
	Active      bool
	Version     int64
	JoinedAt    time.Time
	UpdatedAt   time.Time
}

// RestoreMembership takes back a membership from where it was stored.
func RestoreMembership(d MembershipData) Membership { return Membership{data: d} }

// Data returns a copy of everything about the membership.
func (m Membership) Data() MembershipData { return m.data }

// Role is what the user is in the group now.
func (m Membership) Role() Role {
	if !m.data.Active {
		return Nobody
	}
	return m.data.Role
}

// with is the membership after a change. A role of Nobody ends it.
func (m Membership) with(role Role, now time.Time) Membership {
	now = Instant(now)
	if role != Nobody {
		if !m.data.Active {
			m.data.JoinedAt = now
		}
		m.data.Role = role
	}
	m.data.Active = role != Nobody
	m.data.Version++
	m.data.UpdatedAt = now
	return m
}
