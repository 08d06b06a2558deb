package domain

import (
	"time"

	"github.com/google/uuid"
)

// MagicLinkLifetime is how long a sign-in link can be used.
const MagicLinkLifetime = 15 * time.Minute

// MagicLink is a sign-in link of one tenant. Its token is the code in the mailed address and is exchanged once. A link
// without a user was requested for an address that cannot sign in: it takes the same work, and its token is never sent.
type MagicLink struct {
	ID        uuid.UUID
	TenantID  uuid.UUID
	UserID    *uuid.UUID
	TokenHash Hash
	CreatedAt time.Time
	ExpiresAt time.Time
	UsedAt    *time.Time
}

// NewMagicLink makes a link of a tenant; user is nil for an address that cannot sign in.
func NewMagicLink(id, tenant uuid.UUID, user *uuid.UUID, now time.Time) (MagicLink, Secret) {
	token := NewSecret()
	return MagicLink{ID: id, TenantID: tenant, UserID: user, TokenHash: token.Hash(), CreatedAt: now, ExpiresAt: now.Add(MagicLinkLifetime)}, token
}

// UseError says why the link cannot be used at now, nil if it can.
func (l MagicLink) UseError(now time.Time) error {
	switch {
	case l.UserID == nil:
		return ErrLinkUnknown
	case l.UsedAt != nil:
		return ErrLinkUsed
	case !now.Before(l.ExpiresAt):
		return ErrLinkExpired
	}
	return nil
}
