// Package domain holds the rules of accounts of games that members have linked: what is read of them, when, and who sees it. It does no
// I/O and reads no clock.
package domain

import (
	"strings"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"

	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/errs/why"
)

// Provider is a system that has accounts.
type Provider string

// Steam is the provider whose accounts are read.
const Steam Provider = "steam"

// Reads tells whether accounts of a provider are read. Links to others are of no use here and are not stored.
func Reads(p Provider) bool { return p == Steam }

// The times of reading.
const (
	SyncEvery   = 6 * time.Hour    // an account that answers well is read so often
	MinInterval = 5 * time.Minute  // between two times, whatever its owner asks for
	firstRetry  = 15 * time.Minute // after a failure, doubled with each further one
	maxRetry    = 24 * time.Hour
)

// Status says how an account is.
type Status string

// The states.
const (
	Disabled Status = "disabled" // nothing is read: the owner has not switched it on
	Pending  Status = "pending"  // it has not been read yet
	Active   Status = "active"
	Failing  Status = "error" // the last try failed
)

// Why an account is not read, beside the words of egress.
const (
	ProfilePrivate = "profile_private" // its owner hides the games at the provider
	NotConfigured  = "not_configured"  // this installation has no key for the provider
	RateLimited    = "rate_limited"    // by the provider, or by us for all accounts together
)

// Link is an account that a member has proven to own. Identity tells of it; it is never typed.
type Link struct{ data LinkData }

// LinkData are the fields of a link.
type LinkData struct {
	ID         int64 // given by the store; zero before
	TenantID   uuid.UUID
	UserID     uuid.UUID
	Provider   Provider
	ExternalID string // a SteamID64; sealed in the store
	Enabled    bool   // the owner wants it read; false at first
	Visibility authz.Visibility
	LinkedAt   time.Time
	LastSyncAt time.Time // when it was read last
	LastError  string    // why the last try failed, in one word
	ErrorAt    time.Time
	Failures   int // in a row
	NextSyncAt time.Time
	ReadUntil  time.Time // an instance reads it until then, at most
	CreatedAt  time.Time
	UpdatedAt  time.Time
}

// NewLink is the link of an account that was linked: it is off, and private.
func NewLink(tenant, user uuid.UUID, provider Provider, externalID string, linkedAt, now time.Time) Link {
	return Link{LinkData{
		TenantID: tenant, UserID: user, Provider: provider, ExternalID: externalID, Visibility: authz.VisibilityPrivate,
		LinkedAt: linkedAt, CreatedAt: now, UpdatedAt: now,
	}}
}

// RestoreLink builds a link from storage.
func RestoreLink(d LinkData) Link { return Link{d} }

// Data returns the fields.
func (l Link) Data() LinkData { return l.data }

// ID returns the id.
func (l Link) ID() int64 { return l.data.ID }

// WithID returns the link with the id that the store gave it.
func (l Link) WithID(id int64) Link {
	l.data.ID = id
	return l
}

// Status returns how the account is.
func (l Link) Status() Status {
	switch {
	case !l.data.Enabled:
		return Disabled
	case l.data.LastError != "":
		return Failing
	case l.data.LastSyncAt.IsZero():
		return Pending
	}
	return Active
}

// Syncing tells whether the account is being read, or about to be.
func (l Link) Syncing(now time.Time) bool {
	return l.data.Enabled && (l.data.ReadUntil.After(now) || !l.data.NextSyncAt.After(now))
}

// Edit states the fields of a link; those that are nil stay.
type Edit struct {
	Enabled    *bool
	Visibility *authz.Visibility
}

// Edit returns the changed link, or reports the wrong field.
func (l Link) Edit(edit Edit, now time.Time) (Link, error) {
	refused := errs.Fields{}
	if edit.Visibility != nil {
		l.data.Visibility = *edit.Visibility
		known := *edit.Visibility == authz.VisibilityPrivate || *edit.Visibility == authz.VisibilityCommunity
		refused.Check(known, "visibility", why.NotAllowed("must be private or community"))
	}
	if edit.Enabled != nil && *edit.Enabled != l.data.Enabled {
		l.data.Enabled = *edit.Enabled
		l.data.LastError, l.data.ErrorAt, l.data.Failures, l.data.NextSyncAt = "", time.Time{}, 0, time.Time{}
		if l.data.Enabled {
			l.data.NextSyncAt = now
		}
	}
	l.data.UpdatedAt = now
	return l, refused.Err()
}

// Reset is the link as it was when the account was linked.
func (l Link) Reset(now time.Time) Link {
	fresh := NewLink(l.data.TenantID, l.data.UserID, l.data.Provider, l.data.ExternalID, l.data.LinkedAt, now)
	fresh.data.ID, fresh.data.CreatedAt = l.data.ID, l.data.CreatedAt
	return fresh
}

// RequestSync makes the account due, unless it was read a moment ago.
func (l Link) RequestSync(now time.Time) (Link, error) {
	if !l.data.Enabled {
		return l, ErrLinkOff
	}
	last := l.data.LastSyncAt
	if l.data.ErrorAt.After(last) {
		last = l.data.ErrorAt
	}
	if wait := last.Add(MinInterval).Sub(now); wait > 0 {
		return l, ErrSyncTooSoon.WithRetryAfter(wait)
	}
	l.data.NextSyncAt = now
	return l, nil
}

// Problem is why an account could not be read.
type Problem struct {
	Word       string        // empty for none
	RetryAfter time.Duration // what the provider asked for
}

// Synced is the link after it was read.
func (l Link) Synced(now time.Time) Link {
	l.data.LastSyncAt, l.data.LastError, l.data.ErrorAt, l.data.Failures = now, "", time.Time{}, 0
	l.data.NextSyncAt = now.Add(SyncEvery)
	return l
}

// Failed is the link after it could not be read. After failures it is tried less often.
func (l Link) Failed(p Problem, now time.Time) Link {
	l.data.LastError, l.data.ErrorAt = p.Word, now
	l.data.Failures++
	wait := min(firstRetry<<min(l.data.Failures-1, 7), maxRetry)
	l.data.NextSyncAt = now.Add(max(wait, min(p.RetryAfter, maxRetry)))
	return l
}

// shownDigits is how many characters of an external id are shown.
const shownDigits = 4

// ShownExternalID is the external id as answers have it: enough to recognise it.
func (l Link) ShownExternalID() string {
	n := utf8.RuneCountInString(l.data.ExternalID)
	if n <= shownDigits {
		return strings.Repeat("*", shownDigits)
	}
	all := []rune(l.data.ExternalID)
	return strings.Repeat("*", max(n-shownDigits, shownDigits)) + string(all[n-shownDigits:])
}
