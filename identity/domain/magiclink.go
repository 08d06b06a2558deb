package domain

import (
	"crypto/subtle"
	"net/url"
	"time"

	"github.com/google/uuid"
)

// Lifetimes of a sign-in link and of the code it ends in.
const (
	MagicLinkLifetime    = 15 * time.Minute
	ExchangeCodeLifetime = time.Minute
)

// MagicLink is a sign-in link on its way: mailed, clicked (Used, which makes a
// code), and the code exchanged by the gateway (CodeUsed). A link without a
// user was asked for an address that cannot sign in; it exists so that asking
// takes the same work, and nobody ever learns its token.
type MagicLink struct {
	ID            uuid.UUID
	TenantID      uuid.UUID
	UserID        *uuid.UUID
	TokenHash     Hash
	RedirectTo    string
	CreatedAt     time.Time
	ExpiresAt     time.Time
	UsedAt        *time.Time
	CodeHash      *Hash
	CodeExpiresAt *time.Time
	CodeUsedAt    *time.Time
}

// NewMagicLink makes a link of a tenant for user, or for nobody.
func NewMagicLink(id, tenant uuid.UUID, user *uuid.UUID, redirectTo string, now time.Time) (MagicLink, Secret) {
	token := NewSecret()
	return MagicLink{
		ID: id, TenantID: tenant, UserID: user, TokenHash: token.Hash(), RedirectTo: redirectTo,
		CreatedAt: now, ExpiresAt: now.Add(MagicLinkLifetime),
	}, token
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

// LeadsTo reports whether target is where the link was made to lead.
func (l MagicLink) LeadsTo(target string) bool {
	return subtle.ConstantTimeCompare([]byte(l.RedirectTo), []byte(target)) == 1
}

// WithCode adds the exchange code to the link's target.
func WithCode(target string, code Secret) (string, error) {
	return addQuery(target, url.Values{"code": {string(code)}})
}
