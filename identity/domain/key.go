package domain

import (
	"crypto"
	"time"
)

// The life of a signing key. It is published before it signs, so that whoever
// caches our keys knows it in time, and after it has stopped, until the last
// token it signed is dead.
const (
	KeyLead     = 15 * time.Minute
	KeyLifetime = 30 * 24 * time.Hour
	KeyLinger   = 24 * time.Hour // longer than any token lives and any clock errs
)

// SigningKey signs tokens. The private half is sealed wherever it is stored.
type SigningKey struct {
	ID        string
	Algorithm Algorithm
	Private   crypto.Signer
	CreatedAt time.Time
	SignsFrom time.Time
	SignsTo   time.Time
}

// NewSigningKey gives a fresh key its times. The first key of an algorithm
// signs at once; later ones are published first.
func NewSigningKey(id string, alg Algorithm, private crypto.Signer, first bool, now time.Time) SigningKey {
	from := now
	if !first {
		from = now.Add(KeyLead)
	}
	return SigningKey{ID: id, Algorithm: alg, Private: private, CreatedAt: now, SignsFrom: from, SignsTo: from.Add(KeyLifetime)}
}

// Signs reports whether the key may sign at now.
func (k SigningKey) Signs(now time.Time) bool {
	return !now.Before(k.SignsFrom) && now.Before(k.SignsTo)
}

// Published reports whether the key belongs in the key set at now.
func (k SigningKey) Published(now time.Time) bool { return now.Before(k.SignsTo.Add(KeyLinger)) }

// Current picks the key of an algorithm that signs at now: of several, the newest.
func Current(keys []SigningKey, alg Algorithm, now time.Time) (SigningKey, bool) {
	var best SigningKey
	found := false
	for _, k := range keys {
		if k.Algorithm == alg && k.Signs(now) && (!found || k.SignsFrom.After(best.SignsFrom)) {
			best, found = k, true
		}
	}
	return best, found
}

// NeedsSuccessor reports whether a new key of the algorithm must be made at
// now for signing never to stop, and whether it is to sign at once because
// nothing else can.
func NeedsSuccessor(keys []SigningKey, alg Algorithm, now time.Time) (needed, atOnce bool) {
	last := time.Time{}
	for _, k := range keys {
		if k.Algorithm == alg && k.SignsTo.After(last) {
			last = k.SignsTo
		}
	}
	_, signing := Current(keys, alg, now)
	return !now.Before(last.Add(-2 * KeyLead)), !signing
}
