package domain

import (
	"time"

	"github.com/google/uuid"
)

// InvitationKind is what an invitation was made for.
type InvitationKind string

// The kinds of invitations.
const (
	InvitedByApproval InvitationKind = "application" // an application was approved
	InvitedByMember   InvitationKind = "invitation"  // a member has invited the address
)

// InvitationStatus is how an invitation stands.
type InvitationStatus string

// The statuses of an invitation.
const (
	InvitationSent     InvitationStatus = "sent"
	InvitationExpired  InvitationStatus = "expired"
	InvitationAccepted InvitationStatus = "accepted"
	InvitationRevoked  InvitationStatus = "revoked"
)

const (
	// InvitationLifetime is how long the link of an invitation can be used.
	InvitationLifetime = 7 * 24 * time.Hour
	// InvitationRetention is how long an invitation is kept after its link has ended.
	InvitationRetention = 30 * 24 * time.Hour
)

// Invitation lets the reader of a mail activate an account and become a member of a tenant, once.
type Invitation struct {
	ID          uuid.UUID
	TenantID    uuid.UUID
	Kind        InvitationKind
	Email       string
	DisplayName string // what the person is called, if it is known
	Language    string // of the mail
	Application *int64 // that was approved
	InvitedBy   *uuid.UUID
	TokenHash   Hash
	CreatedAt   time.Time
	SentAt      time.Time
	ExpiresAt   time.Time
	AcceptedAt  *time.Time
	RevokedAt   *time.Time
}

// NewInvitation makes an invitation of an address, as NormalizeEmail returns it.
func NewInvitation(id, tenant uuid.UUID, kind InvitationKind, email, displayName, language string, now time.Time) (Invitation, Secret) {
	i := Invitation{ID: id, TenantID: tenant, Kind: kind, Email: email, DisplayName: displayName, Language: language, CreatedAt: now}
	token := i.renew(now)
	return i, token
}

// Renew replaces the link. The one before it ends.
func (i *Invitation) Renew(now time.Time) (Secret, error) {
	if i.AcceptedAt != nil || i.RevokedAt != nil {
		return "", ErrInvitationStatus
	}
	return i.renew(now), nil
}

func (i *Invitation) renew(now time.Time) Secret {
	token := NewSecret()
	i.TokenHash, i.SentAt, i.ExpiresAt = token.Hash(), now, now.Add(InvitationLifetime)
	return token
}

// Revoke ends the link of an invitation that was not accepted.
func (i *Invitation) Revoke(now time.Time) error {
	if i.AcceptedAt != nil {
		return ErrInvitationStatus
	}
	if i.RevokedAt == nil {
		i.RevokedAt = &now
	}
	return nil
}

// Status is how the invitation stands at now.
func (i Invitation) Status(now time.Time) InvitationStatus {
	switch {
	case i.AcceptedAt != nil:
		return InvitationAccepted
	case i.RevokedAt != nil:
		return InvitationRevoked
	case !now.Before(i.ExpiresAt):
		return InvitationExpired
	}
	return InvitationSent
}

// UseError says why the link cannot be used at now, nil if it can.
func (i Invitation) UseError(now time.Time) error {
	switch i.Status(now) {
	case InvitationAccepted:
		return ErrLinkUsed
	case InvitationRevoked:
		return ErrLinkUnknown
	case InvitationExpired:
		return ErrLinkExpired
	}
	return nil
}

// Claimable reports whether an account waits for its owner: the reader of a mail to its address activates it.
func (u User) Claimable() bool {
	return u.Status == StatusMigrated || u.Status == StatusActive && !u.EmailVerified
}

// Claim activates the account for the reader of a mail to its address. Sessions and a password from before the address was confirmed
// count no more: another person may have set it.
func (u *User) Claim(passwordHash string, now time.Time) {
	if !u.EmailVerified || passwordHash != "" {
		u.PasswordHash = passwordHash
	}
	u.EmailVerified, u.Status, u.SessionsValidFrom = true, StatusActive, now
}
