package domain

import (
	"time"

	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/errs/why"
	"go.updspace.com/libs/valid"
)

// Reasons of what is done to an account, and the longest time for which one is suspended or banned. Longer is for ever.
const (
	MinReason      = 3
	MaxReason      = 500
	MaxRestriction = 10 * 365 * 24 * time.Hour
)

// Restriction says that an account is suspended or banned, or that it is neither.
type Restriction struct {
	Status Status
	Reason string
	Until  *time.Time // when it ends by itself; nil: it does not
}

// NewRestriction checks a restriction. Operators need give no reason.
func NewRestriction(status Status, reason string, until *time.Time, now time.Time, operator bool) (Restriction, error) {
	f := errs.Fields{}
	f.Check(status == StatusActive || status == StatusSuspended || status == StatusBanned, "status", why.NotAllowed("must be active, suspended or banned"))
	reason = CheckReason(f, reason, operator)
	if until != nil {
		f.Check(status != StatusActive, "until", why.NotAllowed("is for a suspension or a ban"))
		f.Check(until.After(now), "until", why.NotAllowed("must be in the future"))
		f.Check(until.Before(now.Add(MaxRestriction)), "until", why.NotAllowed("must be within ten years"))
		at := valid.Instant(*until)
		until = &at
	}
	return Restriction{status, reason, until}, f.Err()
}

// CheckReason is the reason of what is done to an account.
func CheckReason(f errs.Fields, reason string, operator bool) string {
	least := MinReason
	if operator {
		least = 0
	}
	return valid.Line(f, "reason", reason, least, MaxReason)
}

// Restrict applies a restriction. changed is false when the account is just so.
func (u *User) Restrict(r Restriction) (changed bool) {
	reason := r.Reason
	if r.Status == StatusActive {
		reason = ""
	}
	same := u.StatusUntil == nil && r.Until == nil || u.StatusUntil != nil && r.Until != nil && u.StatusUntil.Equal(*r.Until)
	if u.Status == r.Status && same && u.StatusReason == reason {
		return false
	}
	u.Status, u.StatusReason, u.StatusUntil = r.Status, reason, r.Until
	return true
}
