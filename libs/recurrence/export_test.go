package recurrence

import "github.com/teambition/rrule-go"

// Work returns in how many years the library looks for dates from begin on, and how many dates it makes before begin.
func (s Set) Work(begin Local) (years, skipped int) {
	parts, shift := s.library(begin)
	library, err := rrule.NewRRule(parts)
	if err != nil {
		panic(err)
	}
	next := library.Iterator()
	for t, ok := next(); ok && t.Before(begin.wall.AddDate(shift, 0, 0)); t, ok = next() {
		skipped++
	}
	return 9999 - parts.Dtstart.Year(), skipped
}
