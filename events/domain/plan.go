package domain

import (
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/libs/recurrence"
	"go.updspace.com/libs/valid"
)

// Plan is what a new schedule means for the stored dates of an event.
type Plan struct {
	Added   []Occurrence
	Changed []Occurrence
	Removed []uuid.UUID
}

// plan brings the stored dates of was in line with the schedule of e. Dates are matched by what the wall clock shows, moved as far
// as the first date moved, so that a series that begins an hour later keeps its dates with their answers; extra dates, which need not
// move with it, also by their instant. Dates of a series that have begun stay as they are: they took place. What a date has of its own
// stays, too.
func (e Event) plan(was Event, stored []Occurrence, now time.Time) (Event, Plan) {
	dates, more := e.data.Schedule.Dates(now)
	e.data.Continues = more
	shift := e.data.Schedule.Start.Time().Sub(was.data.Schedule.Start.Time())
	taken := make(map[recurrence.Local]Occurrence, len(stored))
	past := map[recurrence.Local]bool{}
	var plan Plan
	for _, o := range stored {
		if was.data.Schedule.Recurs() && o.data.Original.Before(now) {
			past[e.shifted(o.data.RecurrenceID, shift)] = true
			continue
		}
		taken[e.shifted(o.data.RecurrenceID, shift)] = o
	}
	keep := func(o Occurrence, date recurrence.Date) {
		if moved := e.at(o, date); !reflect.DeepEqual(moved, o) {
			plan.Changed = append(plan.Changed, moved)
		}
	}
	var others []recurrence.Date
	for _, date := range dates {
		if o, ok := taken[date.Local]; ok {
			delete(taken, date.Local)
			keep(o, date)
		} else if !past[date.Local] && (len(past) == 0 || !date.At.Before(now)) {
			others = append(others, date)
		}
	}
	left := make(map[time.Time]Occurrence, len(taken))
	for _, o := range taken {
		left[o.data.Original] = o
	}
	for _, date := range others {
		if o, ok := left[date.At]; ok {
			delete(left, date.At)
			keep(o, date)
		} else {
			plan.Added = append(plan.Added, e.newOccurrence(date, now))
		}
	}
	for _, o := range left {
		plan.Removed = append(plan.Removed, o.data.ID)
	}
	slices.SortFunc(plan.Removed, func(a, b uuid.UUID) int { return slices.Compare(a[:], b[:]) })
	return e, plan
}

// shifted is a date of the former schedule on the wall clock of the new one.
func (e Event) shifted(l recurrence.Local, by time.Duration) recurrence.Local {
	if e.data.Schedule.AllDay() {
		return recurrence.Day(l.Time().Add(by))
	}
	return recurrence.Wall(l.Time().Add(by))
}

// at is a stored date that the schedule now puts elsewhere. A time of its own stays.
func (e Event) at(o Occurrence, date recurrence.Date) Occurrence {
	o.data.RecurrenceID, o.data.Original = date.Local, date.At
	if !o.data.Moved {
		was := o.data.Starts
		o.data.Starts, o.data.Ends = date.At, e.data.Schedule.EndOf(date.Local)
		o.data.moveReminders(was)
	}
	return o
}

// Extend returns further dates of a series that goes on after those that are stored, and whether the event is another with them: it
// has dates to add, or its rule makes no more.
func (e Event) Extend(stored []Occurrence, now time.Time) (extended Event, added []Occurrence, changed bool) {
	extended, plan := e.plan(e, stored, now)
	if len(plan.Added) == 0 && extended.data.Continues == e.data.Continues {
		return e, nil, false
	}
	return extended.changed(now), plan.Added, true
}

// Split divides the event before one of its dates: "this and following". The first event keeps the dates before it, and the
// second one, a copy with an id of its own, takes the dates from it on, with what they have of their own. stored are the dates
// that are stored; those that the second event takes over are in moved.
func (e Event) Split(o Occurrence, stored []Occurrence, now time.Time) (first, second Event, moved []Occurrence, err error) {
	if e.data.Status == StatusCancelled {
		return Event{}, Event{}, nil, ErrEventCancelled
	}
	before, after, ok := e.data.Schedule.split(o.data.RecurrenceID)
	if !ok {
		return Event{}, Event{}, nil, ErrNotRecurring
	}
	first, second = e.changed(now), e
	first.data.Schedule, first.data.Continues = before, false
	first.data.Sequence++
	d := &second.data
	d.ID, d.Schedule, d.Sequence, d.Version, d.ImportUID = valid.NewID(), after, 0, 1, ""
	d.CreatedAt, d.UpdatedAt = first.data.UpdatedAt, first.data.UpdatedAt
	d.ICalUID = d.ID.String() + d.ICalUID[strings.LastIndex(d.ICalUID, "@"):]
	for _, other := range stored {
		if !other.data.RecurrenceID.Before(o.data.RecurrenceID) {
			other.data.EventID = d.ID
			moved = append(moved, other)
		}
	}
	return first, second, moved, nil
}
