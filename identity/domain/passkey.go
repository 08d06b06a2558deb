package domain

import (
	"crypto/rand"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/valid"
)

// MaxPasskeys is how many passkeys an account may have.
const MaxPasskeys = 20

// longestPasskeyName is how many characters the name of a passkey may have.
const longestPasskeyName = 64

// Passkey is a credential of WebAuthn that a user has registered.
type Passkey struct {
	ID           uuid.UUID
	UserID       uuid.UUID
	CredentialID []byte
	Name         string
	Alone        bool   // it signs in without a password: it is discoverable and verifies its user
	Record       []byte // what its answers are verified with
	SignCount    uint32
	CreatedAt    time.Time
	LastUsedAt   *time.Time
}

// PasskeyName is the name of a passkey as its owner has typed it, else fallback.
func PasskeyName(field, name, fallback string) (string, error) {
	f := errs.Fields{}
	if name = valid.Line(f, field, name, 0, longestPasskeyName); name == "" {
		name = fallback
	}
	return name, f.Err()
}

// PasskeyOwner is a user as authenticators know them.
type PasskeyOwner struct {
	User     User
	Handle   []byte
	Passkeys []Passkey
}

// NewHandle draws what authenticators know a user by. It says nothing about the user.
func NewHandle() []byte {
	handle := make([]byte, 64)
	_, _ = rand.Read(handle) // never fails, says its documentation
	return handle
}
