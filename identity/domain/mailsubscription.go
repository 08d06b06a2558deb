package domain

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"

	"github.com/google/uuid"
)

// MailSubscription is what a recipient can unsubscribe from: mails of a kind from a tenant. Of an address without an account
// only a hash is kept: it tells whether an address is meant, and not which one.
type MailSubscription struct {
	Tenant  uuid.UUID
	User    uuid.UUID
	Address Hash // when User is uuid.Nil
	Kind    string
}

// Subscription is what the recipient of the mail can unsubscribe from.
func (r MailRequest) Subscription(tenant uuid.UUID) MailSubscription {
	s := MailSubscription{Tenant: tenant, User: r.User, Kind: r.Kind}
	if r.User == uuid.Nil {
		s.Address = sha256.Sum256([]byte(tenant.String() + " " + r.Address))
	}
	return s
}

// Encode writes the subscription as a text, for a token.
func (s MailSubscription) Encode() []byte {
	who := "user " + s.User.String()
	if s.User == uuid.Nil {
		who = "address " + hex.EncodeToString(s.Address[:])
	}
	return []byte(s.Tenant.String() + " " + s.Kind + " " + who)
}

// DecodeMailSubscription is the reverse of Encode.
func DecodeMailSubscription(text []byte) (s MailSubscription, ok bool) {
	parts := strings.Split(string(text), " ")
	if len(parts) != 4 {
		return MailSubscription{}, false
	}
	tenant, err := uuid.Parse(parts[0])
	if err != nil {
		return MailSubscription{}, false
	}
	s = MailSubscription{Tenant: tenant, Kind: parts[1]}
	if parts[2] == "user" {
		s.User, err = uuid.Parse(parts[3])
		return s, err == nil
	}
	hash, err := hex.DecodeString(parts[3])
	if err != nil || len(hash) != len(s.Address) || parts[2] != "address" {
		return MailSubscription{}, false
	}
	s.Address = Hash(hash)
	return s, true
}
