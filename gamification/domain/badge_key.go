package domain

import (
	"slices"
	"time"

	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/valid"
)

// MaxBadgeKeys is how many keys a tenant may have published. Readers of DID documents look at a bounded number.
const MaxBadgeKeys = 50

// BadgeKey is a key that a tenant signs, or has signed, badges with. Its halves are kept by the repository.
type BadgeKey struct {
	ID          string // its thumbprint
	Public      []byte // PKIX
	CreatedAt   time.Time
	RetiredAt   time.Time // since then another one signs; zero for the one that does
	WithdrawnAt time.Time // zero unless it was stolen
}

// NewBadgeKey makes a key, which signs from now on.
func NewBadgeKey(id string, public []byte, now time.Time) BadgeKey {
	return BadgeKey{ID: id, Public: public, CreatedAt: valid.Instant(now)}
}

// Signs reports whether badges are signed with the key.
func (k BadgeKey) Signs() bool { return k.RetiredAt.IsZero() && k.WithdrawnAt.IsZero() }

// Published reports whether what the key signed is valid.
func (k BadgeKey) Published() bool { return k.WithdrawnAt.IsZero() }

// Retire ends signing with the key.
func (k BadgeKey) Retire(now time.Time) BadgeKey {
	k.RetiredAt = valid.Instant(now)
	return k
}

// Withdraw ends the validity of what the key signed. changed is false for one that is withdrawn.
func (k BadgeKey) Withdraw(reason string, now time.Time) (withdrawn BadgeKey, cleaned string, changed bool, err error) {
	fields := errs.Fields{}
	cleaned = valid.Text(fields, "reason", reason, 1, maxReason)
	if err := fields.Err(); err != nil || !k.Published() {
		return k, cleaned, false, err
	}
	k.WithdrawnAt = valid.Instant(now)
	return k, cleaned, true, nil
}

// BadgeKeys are the keys of a tenant, newest first.
type BadgeKeys []BadgeKey

// Signing returns the key that signs. found is false before the first badge.
func (k BadgeKeys) Signing() (key BadgeKey, found bool) {
	if i := slices.IndexFunc(k, BadgeKey.Signs); i >= 0 {
		return k[i], true
	}
	return key, false
}

// Published are the keys whose badges are valid.
func (k BadgeKeys) Published() BadgeKeys {
	return slices.DeleteFunc(slices.Clone(k), func(key BadgeKey) bool { return !key.Published() })
}

// Find returns a key by its id.
func (k BadgeKeys) Find(id string) (key BadgeKey, found bool) {
	if i := slices.IndexFunc(k, func(key BadgeKey) bool { return key.ID == id }); i >= 0 {
		return k[i], true
	}
	return key, false
}
