package domain

import (
	"crypto"
	"time"
)

// The life of a signing key. It is published before it signs, so that caches of the key set have it
// in time, and after it has stopped, until the last token it signed is dead.
const (
	KeyLead     = 15 * time.Minute
	KeyLifetime = 30 * 24 * time.Hour
	KeyLinger   = 24 * time.Hour // longer than any token lives
	// RemovableChecks is how many checks in a row, one a minute, must find a key removable before it is deleted, so that a clock
	// that is wrong for less than an hour deletes none.
	RemovableChecks = 60
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

// Current picks the key of an algorithm that signs at now: of several, the newest. A clock that was set back or forward must
// not stop sign-ins: when no key's time covers now, it is the key that signed last, else the first that will.
func Current(keys []SigningKey, alg Algorithm, now time.Time) (SigningKey, bool) {
	var best SigningKey
	found := false
	for _, k := range keys {
		if k.Algorithm == alg && (!found || k.before(best, now)) {
			best, found = k, true
		}
	}
	return best, found
}

// before reports whether k is the better key to sign with at now.
func (k SigningKey) before(other SigningKey, now time.Time) bool {
	if k.Signs(now) != other.Signs(now) {
		return k.Signs(now)
	}
	began, otherBegan := !now.Before(k.SignsFrom), !now.Before(other.SignsFrom)
	if began != otherBegan {
		return began
	}
	return k.SignsFrom.After(other.SignsFrom) == began
}

// NeedsSuccessor reports whether a new key of the algorithm must be made at now, so that one signs when it is needed. It
// signs at once if there is no other.
func NeedsSuccessor(keys []SigningKey, alg Algorithm, now time.Time) (needed, atOnce bool) {
	needed, atOnce = true, true
	for _, k := range keys {
		if k.Algorithm == alg {
			atOnce = false
			needed = needed && !k.Signs(now.Add(2*KeyLead))
		}
	}
	return needed, atOnce
}

// Removable reports whether a key can be deleted: its last token is dead, and another key has signed for as long as a token
// could live.
func (k SigningKey) Removable(keys []SigningKey, now time.Time) bool {
	if now.Before(k.PublishedTo()) {
		return false
	}
	for _, other := range keys {
		if other.Algorithm == k.Algorithm && other.Signs(now) && !now.Before(other.SignsFrom.Add(KeyLinger)) {
			return true
		}
	}
	return false
}

// KeyState is where in its life a signing key is.
type KeyState string

// The states of a signing key.
const (
	KeyNext    KeyState = "next"    // published, and not signing yet
	KeyActive  KeyState = "active"  // signs
	KeyRetired KeyState = "retired" // signs no more, and its tokens are still taken
)

// State is that of one of the keys at now.
func (k SigningKey) State(keys []SigningKey, now time.Time) KeyState {
	switch current, _ := Current(keys, k.Algorithm, now); {
	case current.ID == k.ID:
		return KeyActive
	case now.Before(k.SignsFrom):
		return KeyNext
	default:
		return KeyRetired
	}
}

// PublishedTo is how long the key is in the key set at least.
func (k SigningKey) PublishedTo() time.Time { return k.SignsTo.Add(KeyLinger) }

// Pending returns the key of an algorithm that will sign, if there is one.
func Pending(keys []SigningKey, alg Algorithm, now time.Time) (SigningKey, bool) {
	for _, k := range keys {
		if k.Algorithm == alg && k.State(keys, now) == KeyNext {
			return k, true
		}
	}
	return SigningKey{}, false
}

// EndFor ends the time of a key when its successor signs, if that is earlier.
func (k *SigningKey) EndFor(successor SigningKey) (changed bool) {
	if k.ID == successor.ID || k.Algorithm != successor.Algorithm || !k.SignsTo.After(successor.SignsFrom) {
		return false
	}
	k.SignsTo = successor.SignsFrom
	return true
}

// SealKeyState is what a seal key is good for.
type SealKeyState string

// The states of a seal key.
const (
	SealKeyNewest  SealKeyState = "newest"  // seals
	SealKeyOld     SealKeyState = "old"     // opens only
	SealKeyMissing SealKeyState = "missing" // is not in the settings
)

// SealKey is a key that seals secrets, and how many lasting secrets are sealed with it.
type SealKey struct {
	ID      string
	State   SealKeyState
	Secrets int
}
