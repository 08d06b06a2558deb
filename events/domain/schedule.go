package domain

import (
	"errors"
	"slices"
	"time"

	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/errs/why"
	"go.updspace.com/libs/recurrence"
	"go.updspace.com/libs/valid"
)

// The bounds of a schedule.
const (
	MaxDates    = 1_000                // dates of a series that are stored
	maxYears    = 5                    // from now, or from a later start, up to which they are stored
	maxDuration = 366 * 24 * time.Hour // of one date
	maxExtra    = 366                  // extra dates, and exceptions
	leastSpan   = 120 * 24 * time.Hour // that MaxDates must last for, so that no rule fills the calendar
)

// Schedule is when an event takes place: a start on the wall clock of a zone, how long it lasts, and how it repeats
// (RFC 5545 section 3.8.5). Clock changes move the instants and never the wall clock.
type Schedule struct {
	Start    recurrence.Local   // without a time for an event of whole days
	Zone     string             // IANA name
	Duration time.Duration      // whole days, of 24 hours on the wall clock, for an event of whole days
	Rule     string             // RRULE in its canonical form, or empty
	RDates   []recurrence.Local // extra dates
	EXDates  []recurrence.Local // exceptions
}

// ScheduleDraft is a schedule as callers state it: in instants, which the zone turns into its wall clock.
type ScheduleDraft struct {
	Starts, Ends    time.Time
	Zone            string // default UTC
	AllDay          bool   // from the day that Starts shows in the zone to the day that the moment before Ends shows there
	Rule            string
	RDates, EXDates []time.Time
}

// NewSchedule returns the schedule of a draft, and adds what is wrong with it to fields, by wire name. A start that clocks show
// twice means the first time.
func NewSchedule(fields errs.Fields, d ScheduleDraft) (Schedule, error) {
	d.Starts, d.Ends = valid.Time(fields, "startsAt", d.Starts), valid.Time(fields, "endsAt", d.Ends)
	fields.Check(!d.Starts.IsZero(), "startsAt", why.Required)
	fields.Check(!d.Ends.IsZero(), "endsAt", why.Required)
	if d.Zone == "" {
		d.Zone = "UTC"
	}
	zone, err := recurrence.Zone(d.Zone)
	fields.Check(err == nil, "timeZone", why.InvalidFormat("must be the IANA name of a time zone, such as Europe/Moscow"))
	if len(fields) > 0 {
		return Schedule{}, nil
	}
	if !d.Ends.After(d.Starts) {
		return Schedule{}, ErrInvalidTimeRange
	}
	s := Schedule{Zone: d.Zone, Duration: d.Ends.Sub(d.Starts).Truncate(time.Second)}
	wall := func(t time.Time) recurrence.Local { return recurrence.Wall(t.In(zone)) }
	if d.AllDay {
		wall = func(t time.Time) recurrence.Local { return recurrence.Day(t.In(zone)) }
		last := wall(d.Ends.Add(-time.Microsecond))
		s.Duration = last.Time().Sub(wall(d.Starts).Time()) + 24*time.Hour
	}
	s.Start = wall(d.Starts)
	fields.Check(s.Duration >= time.Second && s.Duration <= maxDuration, "endsAt", why.Mismatch("must be from a second to 366 days after startsAt"))
	s.Rule = d.Rule
	s.RDates, s.EXDates = locals(fields, "rdates", d.RDates, wall), locals(fields, "exdates", d.EXDates, wall)
	return s.checked(fields), nil
}

// locals are instants on the wall clock, sorted and each once.
func locals(fields errs.Fields, field string, times []time.Time, wall func(time.Time) recurrence.Local) []recurrence.Local {
	fields.Check(len(times) <= maxExtra, field, why.TooMany(maxExtra))
	var list []recurrence.Local
	for _, t := range times {
		list = append(list, wall(valid.Time(fields, field, t)))
	}
	slices.SortFunc(list, compareLocal)
	return slices.Compact(list)
}

func compareLocal(a, b recurrence.Local) int { return a.Time().Compare(b.Time()) }

// setParts are the fields that name the parts of a recurrence set.
var setParts = map[string]string{"DTSTART": "startsAt", "RDATE": "rdates", "EXDATE": "exdates"}

// checked returns the schedule with its rule in canonical form, and adds what is wrong with it as a set.
func (s Schedule) checked(fields errs.Fields) Schedule {
	if s.Rule != "" {
		rule, err := recurrence.Parse(s.Rule)
		if err != nil {
			addRecurrence(fields, err)
			return s
		}
		s.Rule = rule.String()
	}
	if err := s.set().Check(); err != nil {
		addRecurrence(fields, err)
		return s
	}
	dates, more := s.Dates(s.Starts())
	fields.Check(len(dates) > 0, "exdates", why.Mismatch("must leave a date"))
	if more && len(dates) == MaxDates && dates[MaxDates-1].At.Sub(dates[0].At) < leastSpan {
		fields.Add("rrule", why.TooComplex("must make at most 1,000 dates in four months"))
	}
	return s
}

func addRecurrence(fields errs.Fields, err error) {
	field, reason := "rrule", why.InvalidFormat("must be a recurrence rule of RFC 5545")
	if wrong, ok := errors.AsType[*recurrence.Error](err); ok {
		reason = wrong.Reason()
		if named, ok := setParts[wrong.Part]; ok {
			field = named
		}
	}
	fields.Add(field, reason)
}

// AllDay reports whether the event lasts whole days.
func (s Schedule) AllDay() bool { return s.Start.AllDay() }

// Recurs reports whether the event can have more than one date.
func (s Schedule) Recurs() bool { return s.Rule != "" || len(s.RDates) > 0 }

func (s Schedule) location() *time.Location {
	zone, err := recurrence.Zone(s.Zone)
	if err != nil {
		return time.UTC // only for a zone that the database of zones has no more
	}
	return zone
}

func (s Schedule) set() recurrence.Set {
	set := recurrence.Set{Start: s.Start, Zone: s.location(), RDates: s.RDates, EXDates: s.EXDates}
	if s.Rule != "" {
		set.Rule, _ = recurrence.Parse(s.Rule) // accepted before
	}
	return set
}

// Dates returns the dates that are stored at a time: at most MaxDates, from a month ago to five years ahead of now or of a later
// start. A schedule without a rule has all its dates, and one whose dates are all older has them too. more reports that the
// rule makes further dates later.
func (s Schedule) Dates(now time.Time) (dates []recurrence.Date, more bool) {
	set, begin := s.set(), now
	if start := s.Start.Resolve(s.location()); start.After(begin) {
		begin = start
	}
	horizon := begin.AddDate(maxYears, 0, 0)
	if s.Rule == "" {
		dates, _ = set.Expand(time.Time{}, time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC), MaxDates)
		return dates, false
	}
	if dates, more = set.Expand(now.AddDate(0, -1, 0), horizon, MaxDates); len(dates) == 0 && !more {
		dates, _ = set.Expand(time.Time{}, horizon, MaxDates)
	}
	return dates, more
}

// Starts is the instant of the first date.
func (s Schedule) Starts() time.Time { return s.Start.Resolve(s.location()) }

// EndOf returns the end of the date that starts with l on the wall clock. Whole days end with a midnight of the zone.
func (s Schedule) EndOf(l recurrence.Local) time.Time {
	if s.AllDay() {
		return recurrence.Day(l.Time().Add(s.Duration)).Resolve(s.location())
	}
	return l.Resolve(s.location()).Add(s.Duration)
}

// Instants returns dates on the wall clock as instants.
func (s Schedule) Instants(list []recurrence.Local) []time.Time {
	times := make([]time.Time, len(list))
	for i, l := range list {
		times[i] = l.Resolve(s.location())
	}
	return times
}

// draft is the schedule as a caller would state it.
func (s Schedule) draft() ScheduleDraft {
	return ScheduleDraft{
		Starts: s.Starts(), Ends: s.EndOf(s.Start), Zone: s.Zone, AllDay: s.AllDay(), Rule: s.Rule,
		RDates: s.Instants(s.RDates), EXDates: s.Instants(s.EXDates),
	}
}

// following are dates of the schedule as instants of a changed one: those at the clock of the start stay on their days, at the clock of
// the new start, and the others where they are.
func (s Schedule) following(list []recurrence.Local, changed ScheduleDraft) []time.Time {
	times := s.Instants(list)
	zone, err := recurrence.Zone(changed.Zone)
	if err != nil {
		return times // NewSchedule says so
	}
	was, is := clockOf(s.Start), clockOf(recurrence.Wall(changed.Starts.In(zone)))
	for i, l := range list {
		if clockOf(l) == was {
			times[i] = recurrence.Wall(midnightOf(l).Add(is)).Resolve(zone)
		}
	}
	return times
}

func midnightOf(l recurrence.Local) time.Time { return l.Time().Truncate(24 * time.Hour) }

func clockOf(l recurrence.Local) time.Duration { return l.Time().Sub(midnightOf(l)) }

// split divides the schedule before one of its dates.
func (s Schedule) split(at recurrence.Local) (before, after Schedule, ok bool) {
	first, second, ok := s.set().Split(at)
	if !ok {
		return Schedule{}, Schedule{}, false
	}
	return s.with(first), s.with(second), true
}

func (s Schedule) with(set recurrence.Set) Schedule {
	s.Start, s.RDates, s.EXDates, s.Rule = set.Start, set.RDates, set.EXDates, ""
	if set.Rule != nil {
		s.Rule = set.Rule.String()
	}
	return s
}

func (s Schedule) equal(other Schedule) bool {
	return s.Start == other.Start && s.Zone == other.Zone && s.Duration == other.Duration && s.Rule == other.Rule &&
		slices.Equal(s.RDates, other.RDates) && slices.Equal(s.EXDates, other.EXDates)
}
