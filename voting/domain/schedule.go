package domain

import (
	"time"

	"go.updspace.com/libs/errs"
)

// Schedule is the time during which an active poll takes ballots. A zero time leaves that end open.
type Schedule struct {
	Starts time.Time
	Ends   time.Time
}

// normal is the schedule in the precision and zone it is stored in.
func (s Schedule) normal() Schedule {
	return Schedule{Starts: Instant(s.Starts), Ends: Instant(s.Ends)}
}

func (s Schedule) check(fields errs.Fields) {
	fields.Check(s.Starts.IsZero() || s.Ends.IsZero() || s.Ends.After(s.Starts), "ends_at", "must be after starts_at")
}

// Instant brings a time into the form in which voting keeps times: UTC, in microseconds.
func Instant(t time.Time) time.Time {
	if t.IsZero() {
		return time.Time{}
	}
	return t.UTC().Truncate(time.Microsecond)
}
