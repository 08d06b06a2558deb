package domain

import (
	"time"

	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/errs/why"
	"go.updspace.com/libs/valid"
)

// Schedule is the time during which an active poll accepts ballots. A zero time leaves that end open.
type Schedule struct {
	Starts time.Time
	Ends   time.Time
}

// checked returns the schedule in the form in which times are stored.
func (s Schedule) checked(fields errs.Fields) Schedule {
	s = Schedule{Starts: valid.Time(fields, "starts_at", s.Starts), Ends: valid.Time(fields, "ends_at", s.Ends)}
	fields.Check(s.Starts.IsZero() || s.Ends.IsZero() || s.Ends.After(s.Starts), "ends_at", why.Mismatch("must be after starts_at"))
	return s
}

// ended reports whether the end has passed.
func (s Schedule) ended(now time.Time) bool { return !s.Ends.IsZero() && now.After(s.Ends) }

// endsEarlierThan reports whether s takes time away from voters who relied on other.
func (s Schedule) endsEarlierThan(other Schedule) bool {
	return !s.Ends.IsZero() && (other.Ends.IsZero() || s.Ends.Before(other.Ends))
}
