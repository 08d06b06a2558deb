package domain

import (
	"time"

	"github.com/google/uuid"
)

// AccountTokenKind is what an AccountToken is for.
type AccountTokenKind string

// The kinds of account tokens.
const (
	TokenPasswordReset AccountTokenKind = "password_reset"
	TokenEmailChange   AccountTokenKind = "email_change"
	TokenEmailUndo     AccountTokenKind = "email_undo"
)

// lifetimes are how long account tokens can be used.
var lifetimes = map[AccountTokenKind]time.Duration{
	TokenPasswordReset: time.Hour, TokenEmailChange: 24 * time.Hour, TokenEmailUndo: 7 * 24 * time.Hour,
}

// Lifetime is how long a token of the kind can be used.
func (k AccountTokenKind) Lifetime() time.Duration { return lifetimes[k] }

// AccountToken is mailed to the owner of an account and used once. One without a user was asked for an address without an account:
// it takes the same work and is never sent.
type AccountToken struct {
	ID        uuid.UUID
	Kind      AccountTokenKind
	UserID    *uuid.UUID
	SessionID *uuid.UUID // that asked, and goes on when the others end
	Email     string     // that the account gets
	TokenHash Hash
	CreatedAt time.Time
	ExpiresAt time.Time
	UsedAt    *time.Time
}

// NewAccountToken makes a token for a user; nil is for an address without an account.
func NewAccountToken(id uuid.UUID, kind AccountTokenKind, user *uuid.UUID, now time.Time) (AccountToken, Secret) {
	token := NewSecret()
	return AccountToken{ID: id, Kind: kind, UserID: user, TokenHash: token.Hash(), CreatedAt: now, ExpiresAt: now.Add(kind.Lifetime())}, token
}

// UseError says why the token cannot be used at now for what kind says, nil if it can.
func (t AccountToken) UseError(kind AccountTokenKind, now time.Time) error {
	switch {
	case t.UserID == nil, t.Kind != kind:
		return ErrLinkUnknown
	case t.UsedAt != nil:
		return ErrLinkUsed
	case !now.Before(t.ExpiresAt):
		return ErrLinkExpired
	}
	return nil
}
