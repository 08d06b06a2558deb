package domain

import (
	"reflect"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/errs/why"
	"go.updspace.com/libs/recurrence"
	"go.updspace.com/libs/valid"
)

// Occurrence is one date of an event, with what is its own.
type Occurrence struct {
	data OccurrenceData
}

// OccurrenceData is all data of an occurrence, for showing and storing it.
type OccurrenceData struct {
	ID           uuid.UUID
	EventID      uuid.UUID
	RecurrenceID recurrence.Local // what the schedule gave it, which identifies it (RFC 5545 section 3.8.4.4)
	Original     time.Time        // the instant of RecurrenceID
	Starts, Ends time.Time        // where it takes place now
	Moved        bool             // has a time of its own
	Own          OwnDetails
	Cancelled    bool
	CancelReason string
	Sequence     int       // counts the changes of its own
	RemindAt     time.Time // when it is looked at next for reminders; zero for never
	Counts       Counts    // of answers; changed with the answers only
}

// OwnDetails are texts that replace those of the event on one date. nil is that of the event.
type OwnDetails struct {
	Title        *string
	Description  *string
	LocationText *string
	LocationURL  *string
}

// RestoreOccurrence returns a stored occurrence. It is for repositories only.
func RestoreOccurrence(d OccurrenceData) Occurrence { return Occurrence{data: d} }

// Data returns a copy of all data of the occurrence.
func (o Occurrence) Data() OccurrenceData { return o.data }

// ID is the occurrence's id.
func (o Occurrence) ID() uuid.UUID { return o.data.ID }

// Counting is the date with other answers.
func (o Occurrence) Counting(counts Counts) Occurrence {
	o.data.Counts = counts
	return o
}

// Changed reports whether the occurrence differs from what the schedule and the event give it.
func (o Occurrence) Changed() bool { return o.data.Moved || o.data.Own != (OwnDetails{}) }

// newOccurrence is a date of the event as the schedule gives it.
func (e Event) newOccurrence(date recurrence.Date, now time.Time) Occurrence {
	return Occurrence{OccurrenceData{
		ID: valid.NewID(), EventID: e.data.ID, RecurrenceID: date.Local, Original: date.At, Starts: date.At, Ends: e.data.Schedule.EndOf(date.Local),
		RemindAt: firstLook(date.At, now),
	}}
}

// OccurrenceEdit says what to change of one date. nil leaves a field as it is. Reset gives it back what the event has, before the
// other fields are applied.
type OccurrenceEdit struct {
	Title        *string
	Description  *string
	LocationText *string
	LocationURL  *string
	Starts       *time.Time
	Ends         *time.Time
	Reset        bool
}

// EditOccurrence returns a date of the event with the changes, and whether there were any.
func (e Event) EditOccurrence(o Occurrence, edit OccurrenceEdit) (edited Occurrence, changed bool, err error) {
	if e.Status(o) == StatusCancelled {
		return Occurrence{}, false, ErrEventCancelled
	}
	d, fields := o.data, errs.Fields{}
	if edit.Reset {
		d.Own, d.Moved = OwnDetails{}, false
		d.Starts, d.Ends = d.Original, e.data.Schedule.EndOf(d.RecurrenceID)
	}
	replace := func(field **string, to *string, of, name string, most int, check func(errs.Fields, string, string, int, int) string) {
		if to == nil {
			return
		}
		if text := check(fields, name, *to, 0, most); text == of {
			*field = nil
		} else {
			*field = &text
		}
	}
	all := e.data.Details
	replace(&d.Own.Title, edit.Title, all.Title, "title", maxTitle, valid.Line)
	replace(&d.Own.Description, edit.Description, all.Description, "description", maxDescription, valid.Text)
	replace(&d.Own.LocationText, edit.LocationText, all.LocationText, "locationText", maxLocation, valid.Line)
	replace(&d.Own.LocationURL, edit.LocationURL, all.LocationURL, "locationUrl", maxURL,
		func(fields errs.Fields, field, s string, _, _ int) string { return address(s, field, fields) })
	fields.Check(d.Own.Title == nil || *d.Own.Title != "", "title", why.Empty)
	if d, err = e.moved(d, edit, fields); err != nil {
		return Occurrence{}, false, err
	}
	if reflect.DeepEqual(d, o.data) {
		return o, false, nil
	}
	d.moveReminders(o.data.Starts)
	d.Sequence++
	return Occurrence{d}, true, nil
}

// moved applies the times of an edit. A start that moves takes its end along unless the end is named too.
func (e Event) moved(d OccurrenceData, edit OccurrenceEdit, fields errs.Fields) (OccurrenceData, error) {
	if edit.Starts != nil {
		starts := valid.Time(fields, "startsAt", edit.Starts.Truncate(time.Second))
		d.Starts, d.Ends = starts, starts.Add(d.Ends.Sub(d.Starts))
	}
	if edit.Ends != nil {
		d.Ends = edit.Ends.Truncate(time.Second)
	}
	d.Ends = valid.Time(fields, "endsAt", d.Ends)
	if err := fields.Err(); err != nil {
		return d, err
	}
	if !d.Ends.After(d.Starts) {
		return d, ErrInvalidTimeRange
	}
	fields.Check(d.Ends.Sub(d.Starts) <= maxDuration, "endsAt", why.Mismatch("must be at most 366 days after startsAt"))
	d.Moved = !d.Starts.Equal(d.Original) || !d.Ends.Equal(e.data.Schedule.EndOf(d.RecurrenceID))
	return d, fields.Err()
}

// CancelOccurrence cancels one date of the event, and says whether it was not cancelled before.
func (e Event) CancelOccurrence(o Occurrence, reason string) (cancelled Occurrence, changed bool, err error) {
	if e.Status(o) == StatusCancelled {
		return o, false, nil
	}
	fields := errs.Fields{}
	o.data.Cancelled, o.data.CancelReason = true, valid.Line(fields, "reason", reason, 0, maxReason)
	o.data.Sequence++
	return o, true, fields.Err()
}

// RestoreDate lets a cancelled date of the event take place after all, and says whether it was cancelled.
func (e Event) RestoreDate(o Occurrence) (restored Occurrence, changed bool, err error) {
	if e.data.Status == StatusCancelled {
		return Occurrence{}, false, ErrEventCancelled
	}
	if !o.data.Cancelled {
		return o, false, nil
	}
	o.data.Cancelled, o.data.CancelReason = false, ""
	o.data.Sequence++
	return o, true, nil
}
