// Package domain holds the types and rules of events: series and single events, their dates and who may see them. It does no
// I/O and reads no clock.
//
// An [Event] is a series or a single event. Its dates are [Occurrence]s; a single event has one. Lists, counts and the calendar
// are made of occurrences. What happens to an event and is told to other services is a [DomainEvent].
package domain
