package domain

import (
	"crypto/sha256"
	"encoding/binary"
	"slices"
	"time"

	"github.com/google/uuid"
)

// maxKnown is how many accounts a browser is known to.
const maxKnown = 5

// knownSize is the length of one KnownBrowser in a mark.
const knownSize = 48

// KnownBrowser says that a browser has signed an account in. The browser keeps it, sealed; nothing is stored here.
type KnownBrowser struct {
	UserID   uuid.UUID
	DeviceID uuid.UUID
	Since    time.Time
	address  [8]byte
}

// KnownBrowsers are the accounts that a browser has signed in, the latest first.
type KnownBrowsers []KnownBrowser

func digest(email string) (d [8]byte) {
	sum := sha256.Sum256([]byte(email))
	copy(d[:], sum[:])
	return d
}

// KnowsAddress reports whether the browser has signed in an account with an address, which the account may have left.
func (k KnownBrowsers) KnowsAddress(email string) bool {
	return slices.ContainsFunc(k, func(b KnownBrowser) bool { return b.address == digest(email) })
}

// Of finds the browser as the account knows it. An account that has ended all its sessions knows no browser from before.
func (k KnownBrowsers) Of(u User) (KnownBrowser, bool) {
	i := slices.IndexFunc(k, func(b KnownBrowser) bool {
		return b.UserID == u.ID && !b.Since.Before(u.SessionsValidFrom.Truncate(time.Second))
	})
	if i < 0 {
		return KnownBrowser{}, false
	}
	return k[i], true
}

// With adds an account that the browser signs in now.
func (k KnownBrowsers) With(u User, device uuid.UUID, now time.Time) KnownBrowsers {
	next := KnownBrowsers{{UserID: u.ID, DeviceID: device, Since: now, address: digest(u.Email)}}
	for _, b := range k {
		if b.UserID != u.ID && len(next) < maxKnown {
			next = append(next, b)
		}
	}
	return next
}

// Encode is the reverse of DecodeKnownBrowsers.
func (k KnownBrowsers) Encode() []byte {
	out := make([]byte, 0, knownSize*len(k))
	for _, b := range k {
		out = append(out, b.UserID[:]...)
		out = append(out, b.DeviceID[:]...)
		out = append(out, b.address[:]...)
		out = binary.BigEndian.AppendUint64(out, uint64(b.Since.Unix())) //nolint:gosec // after 1970
	}
	return out
}

// DecodeKnownBrowsers reads what Encode wrote.
func DecodeKnownBrowsers(data []byte) KnownBrowsers {
	var known KnownBrowsers
	for ; len(data) >= knownSize && len(known) < maxKnown; data = data[knownSize:] {
		known = append(known, KnownBrowser{
			UserID: uuid.UUID(data[:16]), DeviceID: uuid.UUID(data[16:32]), address: [8]byte(data[32:40]),
			Since: time.Unix(int64(binary.BigEndian.Uint64(data[40:])), 0).UTC(), //nolint:gosec // as above
		})
	}
	return known
}
