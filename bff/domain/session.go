package domain

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"time"

	"github.com/google/uuid"
)

// SessionTTL is how long a session lasts. It is fixed, not sliding.
const SessionTTL = 14 * 24 * time.Hour

// Secret is 256 random bits in the form they travel in. Session tokens, browser
// secrets and login states are secrets; only their hashes are stored.
type Secret string

// secretSize is the length in bytes, secretLen in base64url characters.
const (
	secretSize = 32
	secretLen  = 43
)

// NewSecret draws a secret.
func NewSecret() Secret {
	var b [secretSize]byte
	_, _ = rand.Read(b[:]) // never fails: crypto/rand aborts the process instead
	return Secret(base64.RawURLEncoding.EncodeToString(b[:]))
}

// ParseSecret returns the secret in a cookie or parameter, if it has the form of one.
func ParseSecret(s string) (Secret, bool) {
	if len(s) != secretLen {
		return "", false
	}
	for _, c := range []byte(s) {
		switch {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9', c == '-', c == '_':
		default:
			return "", false
		}
	}
	return Secret(s), true
}

// Hash is what is stored of a secret. The input has full entropy, so a plain digest cannot be reversed by guessing.
type Hash [sha256.Size]byte

// Hash returns the stored form.
func (s Secret) Hash() Hash { return sha256.Sum256([]byte(s)) }

// Session is one browser signed in to one tenant.
type Session struct {
	ID        Hash // hash of the token in the cookie
	TenantID  uuid.UUID
	UserID    uuid.UUID
	SID       uuid.UUID // the session at the ID host that the user signed in with
	CreatedAt time.Time
	ExpiresAt time.Time
}

// SignIn is what the ID host says about a sign-in: the user, and the session there that it belongs to.
type SignIn struct {
	UserID uuid.UUID
	SID    uuid.UUID
}

// NewSession opens a session and returns the token for the cookie. Only its hash is stored.
func NewSession(tenant uuid.UUID, in SignIn, now time.Time) (Session, Secret) {
	token := NewSecret()
	return Session{
		ID: token.Hash(), TenantID: tenant, UserID: in.UserID, SID: in.SID,
		CreatedAt: now, ExpiresAt: now.Add(SessionTTL),
	}, token
}

// Live reports whether the session has not expired.
func (s Session) Live(now time.Time) bool { return now.Before(s.ExpiresAt) }
