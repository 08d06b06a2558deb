package domain

import (
	"time"

	"github.com/google/uuid"
)

// Flags are the platform-wide facts about a user.
type Flags struct {
	Suspended     bool
	Banned        bool
	SystemAdmin   bool
	EmailVerified bool
	Status        string
}

// Membership is what a user is in one tenant.
type Membership struct {
	TenantID   uuid.UUID
	TenantSlug string
	Status     string // active, disabled
	BaseRole   string
}

// MembershipActive is the status of members in good standing.
const MembershipActive = "active"

// Principal is what identity says about a user in a tenant, at one moment.
type Principal struct {
	UserID            uuid.UUID
	Flags             Flags
	Membership        *Membership // nil for those who are not members
	SessionsValidFrom time.Time   // sessions opened earlier are over
}

// Standing says whether the user may act in the tenant at all.
func (p Principal) Standing() error {
	switch {
	case p.Flags.Banned:
		return ErrAccountBanned
	case p.Flags.Suspended:
		return ErrAccountSuspended
	case p.Membership == nil || p.Membership.Status != MembershipActive:
		return ErrTenantForbidden
	}
	return nil
}

// Covers reports whether the session was opened after the user last ended all
// sessions (password change, "sign out everywhere").
func (p Principal) Covers(s Session) bool { return !s.CreatedAt.Before(p.SessionsValidFrom) }

// How long the answer of identity may be used.
const (
	PrincipalFresh = 30 * time.Second // asked again after this
	PrincipalStale = 60 * time.Second // refused after this, even when identity is away
)
