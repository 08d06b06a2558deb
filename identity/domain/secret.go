package domain

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
)

const secretSize = 32

// Secret is an opaque bearer value: a session token, a code, the token of a link. It leaves the service once, and only its
// [Hash] is stored.
type Secret string

// NewSecret draws 256 random bits.
func NewSecret() Secret {
	var b [secretSize]byte
	_, _ = rand.Read(b[:]) // never fails, says its documentation
	return Secret(base64.RawURLEncoding.EncodeToString(b[:]))
}

// Hash is what is stored of a Secret. Secrets are random and long, so a fast hash without salt gives nothing away.
type Hash [sha256.Size]byte

// Hash returns what is stored of s.
func (s Secret) Hash() Hash { return sha256.Sum256([]byte(s)) }

// Looks reports whether s has the form of a Secret, for those that are looked up as they are.
func (s Secret) Looks() bool {
	b, err := base64.RawURLEncoding.DecodeString(string(s))
	return err == nil && len(b) == secretSize
}
