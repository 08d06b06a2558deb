package domain

import (
	"reflect"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/valid"
)

// EventEdit says what to change of an event and all its dates. nil leaves a field as it is, a pointer to a zero value clears it.
type EventEdit struct {
	Title        *string
	Description  *string
	LocationText *string
	LocationURL  *string
	GameID       *string
	Tags         *[]string
	Visibility   *authz.Visibility
	Starts       *time.Time // of the first date
	Ends         *time.Time
	Zone         *string
	AllDay       *bool
	Rule         *string
	RDates       *[]time.Time
	EXDates      *[]time.Time
	Capacity     *int // 0 for any number
	PlusOnes     *int
	CloseMinutes **int // a pointer to nil lets answers close with the end
	Reminders    *[]int
	CoHosts      *[]uuid.UUID
}

// Empty reports whether the edit names no field.
func (e EventEdit) Empty() bool { return reflect.ValueOf(e).IsZero() }

// Reschedules reports whether the edit names a field of the schedule, so that it can change the dates.
func (e EventEdit) Reschedules() bool {
	return e.Starts != nil || e.Ends != nil || e.Zone != nil || e.AllDay != nil || e.Rule != nil || e.RDates != nil || e.EXDates != nil
}

// schedule returns the schedule with the changes. A start that moves takes its end along unless the end is named too. So it does with
// the extra dates and the exceptions at its clock: an exception that did not follow would be a date of the rule no more, and the date that
// was left out would take place.
func (e EventEdit) schedule(s Schedule) ScheduleDraft {
	d := s.draft()
	if e.Starts != nil && e.Ends == nil {
		d.Ends = e.Starts.Add(d.Ends.Sub(d.Starts))
	}
	set(&d.Starts, e.Starts)
	set(&d.Ends, e.Ends)
	set(&d.Zone, e.Zone)
	set(&d.AllDay, e.AllDay)
	set(&d.Rule, e.Rule)
	d.RDates, d.EXDates = s.following(s.RDates, d), s.following(s.EXDates, d)
	set(&d.RDates, e.RDates)
	set(&d.EXDates, e.EXDates)
	return d
}

// Edit returns the event with the changes, what they mean for its stored dates, and whether there were any. stored counts only for an
// edit that reschedules. A cancelled event keeps its schedule.
func (e Event) Edit(edit EventEdit, stored []Occurrence, now time.Time) (edited Event, plan Plan, changed bool, err error) {
	d, fields := e.data, errs.Fields{}
	set(&d.Details.Title, edit.Title)
	set(&d.Details.Description, edit.Description)
	set(&d.Details.LocationText, edit.LocationText)
	set(&d.Details.LocationURL, edit.LocationURL)
	set(&d.GameID, edit.GameID)
	set(&d.Tags, edit.Tags)
	set(&d.Visibility, edit.Visibility)
	set(&d.CoHosts, edit.CoHosts)
	set(&d.Answers.Capacity, edit.Capacity)
	set(&d.Answers.PlusOnes, edit.PlusOnes)
	set(&d.Answers.CloseMinutes, edit.CloseMinutes)
	set(&d.Reminders, edit.Reminders)
	if edit.Reschedules() {
		schedule, err := NewSchedule(fields, edit.schedule(d.Schedule))
		if err != nil {
			return Event{}, Plan{}, false, err
		}
		if !schedule.equal(d.Schedule) {
			d.Schedule = schedule
		}
	}
	if edited, err = d.checked(fields); err != nil {
		return Event{}, Plan{}, false, err
	}
	if reflect.DeepEqual(edited.data, e.data) {
		return e, Plan{}, false, nil
	}
	rescheduled := !edited.data.Schedule.equal(e.data.Schedule)
	if rescheduled && d.Status == StatusCancelled {
		return Event{}, Plan{}, false, ErrEventCancelled
	}
	if rescheduled {
		edited, plan = edited.plan(e, stored, now)
	}
	if rescheduled || edited.data.Details != e.data.Details {
		edited.data.Sequence++
	}
	return edited.changed(now), plan, true, nil
}

// Publish makes a draft a scheduled event, and says whether it was a draft.
func (e Event) Publish(now time.Time) (published Event, changed bool, err error) {
	switch e.data.Status {
	case StatusCancelled:
		return Event{}, false, ErrEventCancelled
	case StatusScheduled:
		return e, false, nil
	}
	e.data.Status = StatusScheduled
	return e.changed(now), true, nil
}

// Cancel cancels the event with all its dates, and says whether it was not cancelled before.
func (e Event) Cancel(reason string, now time.Time) (cancelled Event, changed bool, err error) {
	if e.data.Status == StatusCancelled {
		return e, false, nil
	}
	e.data.Status, e.data.CancelReason = StatusCancelled, reason
	e.data.Sequence++
	if cancelled, err = e.data.checked(errs.Fields{}); err != nil {
		return Event{}, false, err
	}
	return cancelled.changed(now), true, nil
}

// Hide hides an event whose community or team was deleted from all but those who manage it, and says whether it did.
func (e Event) Hide(now time.Time) (Event, bool) {
	if e.data.Hidden {
		return e, false
	}
	e.data.Hidden = true
	return e.changed(now), true
}

// Touch is the event after a change of one of its dates.
func (e Event) Touch(now time.Time) Event { return e.changed(now) }

// Copy returns the draft of a copy of the event, which begins at starts and has no co-hosts, extra dates and exceptions.
func (e Event) Copy(starts time.Time) EventDraft {
	d := e.data
	schedule := d.Schedule.draft()
	schedule.Ends = starts.Add(schedule.Ends.Sub(schedule.Starts))
	schedule.Starts, schedule.RDates, schedule.EXDates = starts, nil, nil
	return EventDraft{
		Details: d.Details, GameID: d.GameID, Tags: d.Tags, Status: StatusDraft, Scope: d.Scope, Visibility: d.Visibility, Schedule: schedule,
		Answers: d.Answers, Reminders: d.Reminders,
	}
}

func (e Event) changed(now time.Time) Event {
	e.data.UpdatedAt = valid.Instant(now)
	e.data.Version++
	return e
}
