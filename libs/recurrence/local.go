package recurrence

import (
	"slices"
	"strings"
	"time"

	"go.updspace.com/libs/errs/why"
)

// Forms of RFC 5545, sections 3.3.4 (DATE) and 3.3.5 (DATE-TIME, form 1).
const (
	dateForm = "20060102"
	wallForm = "20060102T150405"
)

// Local is what a clock and a calendar on the wall show, in whole seconds: a date with a time, or a date only for what lasts
// all day. It has no zone. Equal values compare equal with ==.
type Local struct {
	wall   time.Time // in UTC
	allDay bool
}

// Wall returns the date and time that t shows in its own zone: Wall(instant.In(zone)).
func Wall(t time.Time) Local {
	year, month, day := t.Date()
	hour, minute, second := t.Clock()
	return Local{wall: time.Date(year, month, day, hour, minute, second, 0, time.UTC)}
}

// Day returns the date that t shows in its own zone, for what lasts all day.
func Day(t time.Time) Local {
	year, month, day := t.Date()
	return Local{wall: time.Date(year, month, day, 0, 0, 0, 0, time.UTC), allDay: true}
}

// ParseLocal reads a date (20260310) or a date with a time (20260310T193000), as iCalendar writes them.
func ParseLocal(text string) (Local, error) {
	if t, err := time.Parse(wallForm, text); err == nil && len(text) == len(wallForm) {
		return Wall(t), nil
	}
	if t, err := time.Parse(dateForm, text); err == nil {
		return Day(t), nil
	}
	return Local{}, &Error{Why: why.InvalidFormat("must be a date such as 20260310, or with a time such as 20260310T193000")}
}

// String returns the form that [ParseLocal] reads.
func (l Local) String() string {
	if l.allDay {
		return l.wall.Format(dateForm)
	}
	return l.wall.Format(wallForm)
}

// AllDay reports whether l is a date only.
func (l Local) AllDay() bool { return l.allDay }

// Time returns what l shows as a time in UTC, which is the instant only in UTC.
func (l Local) Time() time.Time { return l.wall }

// IsZero reports whether l is the zero Local.
func (l Local) IsZero() bool { return l.wall.IsZero() }

// Before reports whether the wall shows l before other. A date is midnight.
func (l Local) Before(other Local) bool { return l.wall.Before(other.wall) }

// like returns what t shows in the form of l.
func (l Local) like(t time.Time) Local {
	if l.allDay {
		return Day(t)
	}
	return Wall(t)
}

// Resolve returns the instant, in UTC, at which clocks in the zone show l (RFC 5545 section 3.3.5). When they show it twice,
// because they are turned back, it is the first time. When they never show it, because they are turned forward, the UTC offset
// before the gap counts, so the instant lies as far after the gap as l lies in it. A date is its midnight. The nil zone is UTC.
//
// time.Date is not used for this: its choice is "not guaranteed", and differs from the RFC in both cases.
func (l Local) Resolve(zone *time.Location) time.Time {
	near := time.Date(l.wall.Year(), l.wall.Month(), l.wall.Day(), l.wall.Hour(), l.wall.Minute(), l.wall.Second(), 0, orUTC(zone))
	start, end := near.ZoneBounds()
	// A bound may be missing, be no change of the offset, or lie before the time itself (golang/go#81583: on 31 December of leap
	// years, past the zone's last explicit transition). None does harm, because an offset counts only where it is in force.
	before, at, after := offset(start.Add(-time.Second)), offset(near), offset(end)
	offsets := []time.Duration{before, at, after}
	slices.Sort(offsets)
	for _, candidate := range slices.Backward(offsets) { // the larger the offset, the earlier the instant
		if t := l.wall.Add(-candidate); offset(t.In(near.Location())) == candidate {
			return t
		}
	}
	if l.wall.Before(start.UTC().Add(at)) {
		return l.wall.Add(-before) // in the gap at start
	}
	return l.wall.Add(-at) // in the gap at end
}

func orUTC(zone *time.Location) *time.Location {
	if zone == nil {
		return time.UTC
	}
	return zone
}

func offset(t time.Time) time.Duration {
	_, seconds := t.Zone()
	return time.Duration(seconds) * time.Second
}

// Error says which part of a rule, or which property of a set, is refused and why.
type Error struct {
	Part string // such as FREQ, BYDAY, DTSTART and EXDATE; "" for the whole
	Why  why.Reason
}

func (e *Error) Error() string { return strings.TrimSpace(e.Part + " " + e.Why.String()) }

// Reason returns the reason with a sentence that names the part, for the field of the input that has the rule.
func (e *Error) Reason() why.Reason { return e.Why.Saying(e.Error()) }
