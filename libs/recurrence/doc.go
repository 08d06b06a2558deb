// Package recurrence is recurrence as RFC 5545 describes it: rules (RRULE), extra dates (RDATE) and exceptions (EXDATE),
// on the wall clock of a zone. It is pure, so domains import it.
//
//	rule, err := recurrence.Parse("FREQ=WEEKLY;INTERVAL=2;BYDAY=TU")
//	zone, err := recurrence.Zone("Europe/Moscow")
//	set := recurrence.Set{Start: start, Zone: zone, Rule: rule}
//	err = set.Check()
//	dates, more := set.Expand(time.Time{}, horizon, 1_000)
//
// What is refused is an *[Error], which names the part of the rule and has a reason for the field of the caller.
//
// Dates are computed on the wall clock and only then become instants (RFC 5545 section 3.3.5), because
// github.com/teambition/rrule-go, which finds the days of a period, is right in UTC only. It also panics, does not end or
// answers wrongly for some rules; [Parse] refuses those, and [Set] gives it nothing that it would have to conclude by itself.
package recurrence
