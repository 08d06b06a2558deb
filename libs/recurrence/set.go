package recurrence

import (
	"cmp"
	"iter"
	"slices"
	"time"

	"github.com/teambition/rrule-go"

	"go.updspace.com/libs/errs/why"
)

// Set is a recurrence set (RFC 5545 section 3.8.5): the start, which always is its first date, the dates of the rule, and
// extra dates, without the exceptions. All of them are on the wall of one zone.
type Set struct {
	Start   Local          // DTSTART
	Zone    *time.Location // TZID; nil means UTC
	Rule    *Rule          // RRULE; nil for none
	RDates  []Local        // extra dates
	EXDates []Local        // exceptions
}

// Date is a date of a set: what the wall shows, which identifies it (RECURRENCE-ID), and the instant, in UTC.
type Date struct {
	Local Local
	At    time.Time
}

const (
	firstYear, lastYear = 1900, 2199
	mostDates           = 1_000
	// patience is for how many years from the start a rule may make no date.
	patience = 100
	// slack is more than clocks are ever set forward, so that what is this far apart on the wall is in the same order in time.
	slack = 48 * time.Hour
)

// Check refuses a set that starts in a far year, has more than 1,000 extra dates or exceptions, mixes dates with and without
// a time, ends before it starts, or has a rule that makes no date. [Set.Expand] copes with such sets too; they are no use.
func (s Set) Check() error {
	if year := s.Start.wall.Year(); year < firstYear || year > lastYear {
		return &Error{"DTSTART", why.Outside(firstYear, lastYear).Saying("must lie in the years 1900 to 2199")}
	}
	for _, list := range []struct {
		name  string
		dates []Local
	}{{"RDATE", s.RDates}, {"EXDATE", s.EXDates}} {
		if len(list.dates) > mostDates {
			return &Error{list.name, why.TooMany(mostDates)}
		}
		if slices.ContainsFunc(list.dates, func(l Local) bool { return l.allDay != s.Start.allDay }) {
			return &Error{list.name, why.Mismatch("must have times exactly when the start has one")}
		}
	}
	switch r := s.Rule; {
	case r == nil:
	case s.Start.allDay && len(r.parts.Byhour)+len(r.parts.Byminute) > 0:
		return &Error{"BYHOUR", why.Mismatch("does not go with a start without a time")}
	case r.ended(s.Start, s.Zone):
		return &Error{"UNTIL", why.Mismatch("must not lie before the start")}
	case !s.fires():
		return &Error{"", why.NotAllowed("never makes a date")}
	}
	return nil
}

func (s Set) fires() bool {
	for date := range s.ruled(s.Start) {
		return date.wall.Before(s.Start.wall.AddDate(patience, 0, 0))
	}
	return false
}

// Expand returns the dates whose instants lie in [from, to), in order, at most most of them. The zero from is the
// beginning. Of dates with one instant, as 30 and 31 December 2011 in Apia, which had no 30 December, there is the first; an
// exception removes all of them. more reports that the rule or the extra dates go on after the last date returned.
//
// The cost does not grow with the time from the start, except for COUNT, which at most 1,000 dates can satisfy.
func (s Set) Expand(from, to time.Time, most int) (dates []Date, more bool) {
	begin := s.Start.like(from.In(orUTC(s.Zone)).Add(-slack))
	excepted := make(map[time.Time]bool, len(s.EXDates))
	for _, l := range s.EXDates {
		excepted[l.Resolve(s.Zone)] = true
	}
	add := func(l Local) (at time.Time, added bool) {
		at = l.Resolve(s.Zone)
		if excepted[at] || at.Before(from) {
			return at, false
		}
		dates = append(dates, Date{l, at})
		return at, true
	}
	for _, l := range s.RDates {
		add(l)
	}
	left := most + 2*mostTimes // enough to have the first ones in time, too, where the order on the wall is another
	for l := range s.dates(begin) {
		at, added := add(l)
		if added {
			left--
		}
		if more = left < 0 || at.After(to.Add(slack)); more {
			break
		}
	}
	slices.SortStableFunc(dates, func(a, b Date) int { return cmp.Or(a.At.Compare(b.At), compare(a.Local, b.Local)) })
	dates = slices.CompactFunc(dates, func(a, b Date) bool { return a.At.Equal(b.At) })
	end, _ := slices.BinarySearchFunc(dates, to, func(d Date, t time.Time) int { return d.At.Compare(t) })
	end = min(end, max(most, 0))
	return slices.Clip(dates[:end]), more || end < len(dates)
}

// dates yields the start and what the rule makes after it and not before begin, in the order of the wall. COUNT and UNTIL
// are obeyed (RFC 5545 section 3.3.10: "The DTSTART property value always counts as the first occurrence").
func (s Set) dates(begin Local) iter.Seq[Local] {
	return func(yield func(Local) bool) {
		if !yield(s.Start) || s.Rule == nil {
			return
		}
		left := s.Rule.parts.Count - 1
		if s.Rule.parts.Count > 0 {
			begin = s.Start // to count
		}
		for date := range s.ruled(begin) {
			switch {
			case !s.Start.Before(date):
				continue
			case s.Rule.parts.Count > 0 && left == 0:
				return
			case s.Rule.ended(date, s.Zone):
				if s.Rule.until.wall.Add(2 * slack).Before(date.wall) {
					return
				}
				continue // in UTC, a later one on the wall may still be earlier
			}
			left--
			if !yield(date) {
				return
			}
		}
	}
}

// ruled yields the dates that the rule makes, not before begin, without regard for COUNT and UNTIL.
func (s Set) ruled(begin Local) iter.Seq[Local] {
	return func(yield func(Local) bool) {
		parts, years := s.library(begin)
		library, err := rrule.NewRRule(parts)
		if err != nil {
			return // only for values out of range, which Parse refuses
		}
		next := library.Iterator()
		for t, ok := next(); ok; t, ok = next() {
			date := s.Start.like(t.AddDate(-years, 0, 0))
			if !date.Before(begin) && !yield(date) {
				return
			}
		}
	}
}

// library returns the parts with which the library makes dates from begin on, and by how many years later these are.
//
// It begins with the first day of a period: with any other it would number the days of the first week from there (BYSETPOS).
// It counts in years that are later by whole cycles of the calendar, 400 years, because a rule that makes no more dates keeps
// it busy until the year 9999.
func (s Set) library(begin Local) (parts rrule.ROption, years int) {
	parts = s.Rule.from(s.Start)
	first := s.Rule.skip(s.Rule.period(s.Start.wall), begin.wall)
	years = (9899 - first.Year()) / 400 * 400
	parts.Dtstart = first.AddDate(years, 0, 0)
	return parts, years
}
