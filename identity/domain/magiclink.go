package domain

import (
	"crypto/subtle"
	"time"

	"github.com/google/uuid"
)

// MagicLinkLifetime is how long a sign-in link can be used.
const MagicLinkLifetime = 15 * time.Minute

// MagicLink is a sign-in link of one tenant and one browser. Its token is the code in the mailed address and is exchanged once, by the browser
// that asked for the link: another one may be that of a person who got hold of the mail, or has sent a link of an account of their own. A link
// without a user was requested for an address that cannot sign in: it takes the same work, and its token is never sent.
type MagicLink struct {
	ID        uuid.UUID
	TenantID  uuid.UUID
	UserID    *uuid.UUID
	TokenHash Hash
	Browser   Hash // of what the gateway knows the browser by
	CreatedAt time.Time
	ExpiresAt time.Time
	UsedAt    *time.Time
}

// NewMagicLink makes a link of a tenant; user is nil for an address that cannot sign in.
func NewMagicLink(id, tenant uuid.UUID, user *uuid.UUID, browser Secret, now time.Time) (MagicLink, Secret) {
	token := NewSecret()
	return MagicLink{
		ID: id, TenantID: tenant, UserID: user, TokenHash: token.Hash(), Browser: browser.Hash(), CreatedAt: now, ExpiresAt: now.Add(MagicLinkLifetime),
	}, token
}

// UseError says why a browser cannot use the link at now, nil if it can.
func (l MagicLink) UseError(browser Secret, now time.Time) error {
	opened := browser.Hash()
	switch {
	case l.UserID == nil:
		return ErrLinkUnknown
	case l.UsedAt != nil:
		return ErrLinkUsed
	case !now.Before(l.ExpiresAt):
		return ErrLinkExpired
	case subtle.ConstantTimeCompare(l.Browser[:], opened[:]) != 1:
		return ErrLinkBrowser
	}
	return nil
}
