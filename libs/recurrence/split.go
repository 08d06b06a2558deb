package recurrence

import (
	"slices"
	"time"
)

// Split divides the set before a date of it: "this and following". The first set has what lies before at on the wall, and the
// second one the rest, so that together they have the dates of the set. The second one starts at at, unless this is an
// extra date: then it starts at the next date that the rule makes, if any, and at stays an extra date.
//
// ok is false when at is no date of the set, or the first one.
func (s Set) Split(at Local) (first, second Set, ok bool) {
	instant := at.Resolve(s.Zone)
	dates, _ := s.Expand(instant, instant.Add(time.Second), 1)
	earlier, _ := s.Expand(time.Time{}, instant, 1)
	if len(dates) == 0 || dates[0].Local != at || len(earlier) == 0 {
		return Set{}, Set{}, false
	}
	first, second = s, s
	first.RDates, second.RDates = divide(s.RDates, at)
	first.EXDates, second.EXDates = divide(s.EXDates, at)
	if !s.Start.Before(at) { // only extra dates lie before
		first.Start, first.Rule = slices.MinFunc(first.RDates, compare), nil
		return first, second, true
	}
	second.Start, second.Rule = at, nil
	for date := range s.dates(at) {
		if !date.Before(at) {
			second.Start = date
			first.Rule, second.Rule = s.divideRule(at)
			break
		}
	}
	return first, second, true
}

// divideRule returns the rule for what it makes before at and for the rest. Both are some dates.
func (s Set) divideRule(at Local) (before, after *Rule) {
	first, second := *s.Rule, *s.Rule
	if s.Rule.parts.Count == 0 {
		last := at.wall.Add(-time.Second)
		first.until = &until{Local: s.Start.like(last)}
		return &first, &second
	}
	first.parts.Count = 0
	for date := range s.dates(s.Start) {
		if !date.Before(at) {
			break
		}
		first.parts.Count++
	}
	second.parts.Count -= first.parts.Count
	return &first, &second
}

func divide(dates []Local, at Local) (before, after []Local) {
	for _, date := range dates {
		if date.Before(at) {
			before = append(before, date)
		} else {
			after = append(after, date)
		}
	}
	return before, after
}

func compare(a, b Local) int { return a.wall.Compare(b.wall) }
