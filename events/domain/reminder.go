package domain

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/errs/why"
)

// ReminderMinutes are how long before a date members can be reminded of it, the longest first. A date is looked at for reminders at
// each of these times, so that what members choose changes no row of a date.
var ReminderMinutes = []int{7 * 1440, 3 * 1440, 2 * 1440, 1440, 720, 360, 180, 120, 60, 30, 15, 10, 5}

// defaultReminders are those of an event whose organiser has not said otherwise.
var defaultReminders = []int{1440, 60}

// maxReminders is how many times one member can be reminded of a date.
const maxReminders = 5

// Reminders brings reminders into their form: the longest first, and each once. It adds to fields what is wrong with them.
func Reminders(fields errs.Fields, field string, minutes []int) []int {
	list := append([]int{}, minutes...)
	slices.SortFunc(list, func(a, b int) int { return b - a })
	list = slices.Compact(list)
	fields.Check(len(list) <= maxReminders, field, why.TooMany(maxReminders))
	for _, m := range list {
		fields.Check(slices.Contains(ReminderMinutes, m), field, why.NotAllowed("must be of "+offered()))
	}
	return list
}

func offered() string {
	texts := make([]string, len(ReminderMinutes))
	for i, m := range ReminderMinutes {
		texts[i] = strconv.Itoa(m)
	}
	return strings.Join(texts, ", ")
}

// ReminderChoice is what a member has chosen about the reminders of an event, and what holds for the member otherwise.
type ReminderChoice struct {
	Own       *[]int // nil without a choice; empty for no reminder
	Otherwise []int
}

// before is the time of a reminder about a date that starts then.
func before(starts time.Time, minutes int) time.Time {
	return starts.Add(-time.Duration(minutes) * time.Minute)
}

// firstLook is the first time, from a moment on, at which a reminder about a date can be due; the zero time if there is none.
func firstLook(starts, from time.Time) time.Time {
	for _, m := range ReminderMinutes {
		if at := before(starts, m); !at.Before(from) {
			return at
		}
	}
	return time.Time{}
}

// LookForReminders returns which reminders about a date are due at a time and were not looked at before, and the date after this look.
// looked is false when there is nothing to look at yet. A date that does not take place, or that has begun, has none.
func (e Event) LookForReminders(o Occurrence, now time.Time) (after Occurrence, due []int, looked bool) {
	from := o.data.RemindAt
	if from.IsZero() || from.After(now) {
		return o, nil, false
	}
	for _, m := range ReminderMinutes {
		if at := before(o.data.Starts, m); e.toCome(o, now) && !at.Before(from) && !at.After(now) {
			due = append(due, m)
		}
	}
	o.data.RemindAt = firstLook(o.data.Starts, now.Add(time.Microsecond))
	return o, due, true
}

func (e Event) toCome(o Occurrence, now time.Time) bool {
	return e.Status(o) == StatusScheduled && !e.data.Hidden && now.Before(o.data.Starts)
}

// Reminds reports whether a member with an answer is still to be told of a reminder about a date that was found due: the date may have
// begun, moved or been cancelled since, and the answer may be another.
func (e Event) Reminds(o Occurrence, a Answer, minutes int, now time.Time) bool {
	comes := a.Status == AnswerGoing && !a.Waiting || a.Status == AnswerInterested
	return comes && e.toCome(o, now) && !now.Before(before(o.data.Starts, minutes))
}

// moveReminders keeps in line with a start that was another one when the date is looked at next. A date that comes sooner has the
// reminders left that were not looked at. A date that comes later has those whose time comes again.
func (d *OccurrenceData) moveReminders(was time.Time) {
	switch {
	case d.Starts.Before(was) && !d.RemindAt.IsZero():
		d.RemindAt = d.RemindAt.Add(d.Starts.Sub(was))
	case d.Starts.After(was) && d.RemindAt.IsZero():
		d.RemindAt = was
	}
}

// ReminderDue says that a member is reminded of a date. ReminderMail asks for the mail about it, to a member or to a guest.
type (
	ReminderDue struct {
		Change
		UserID  uuid.UUID
		Minutes int // before the start that the member asked for
	}
	ReminderMail struct {
		ReminderDue
		ID    uuid.UUID   // of the mail
		Guest *Invitation // with its token, of a person who is known by an address only; nil for a member
	}
)
