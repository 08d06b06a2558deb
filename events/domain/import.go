package domain

import (
	"errors"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/libs/errs"
)

// The bounds of an import.
const (
	MaxImportEvents = 200
	MaxImportDates  = 20_000
	MaxImportUID    = 255
)

// FileEvent is an event as a calendar file has it.
type FileEvent struct {
	Line  int // of the file, where it begins
	UID   string
	Draft EventDraft // its texts, tags and schedule
	Dates []FileDate // what differs from the series
	Wrong Unfit      // why it cannot be taken over
}

// FileDate is a date of a series that differs from it.
type FileDate struct {
	Line      int
	At        time.Time // which date it is: where the schedule puts it
	Edit      OccurrenceEdit
	Cancelled bool
	Wrong     Unfit
}

// Unfit is why something in a file is not taken over. The zero Unfit is no reason.
type Unfit struct {
	Reason   UnfitReason
	Property string // of the file that it is about, or empty
}

// UnfitReason is why something in a file is not taken over.
type UnfitReason string

// The reasons.
const (
	UnfitPast          UnfitReason = "PAST"
	UnfitCancelled     UnfitReason = "CANCELLED"
	UnfitCancelledHere UnfitReason = "CANCELLED_HERE"
	UnfitNoUID         UnfitReason = "NO_UID"
	UnfitNoStart       UnfitReason = "NO_START"
	UnfitNoTitle       UnfitReason = "NO_TITLE"
	UnfitDuplicate     UnfitReason = "DUPLICATE"
	UnfitTime          UnfitReason = "BAD_TIME"
	UnfitZone          UnfitReason = "UNKNOWN_ZONE"
	UnfitRule          UnfitReason = "BAD_RULE"
	UnfitDates         UnfitReason = "TOO_MANY_DATES"
	UnfitEvents        UnfitReason = "TOO_MANY_EVENTS"
	UnfitNoDate        UnfitReason = "NO_SUCH_DATE"
	UnfitUnsupported   UnfitReason = "UNSUPPORTED"
	UnfitInvalid       UnfitReason = "INVALID"
)

// fileProperties are the properties of a file that the fields of an event come from.
var fileProperties = map[string]string{
	"title": "SUMMARY", "description": "DESCRIPTION", "locationText": "LOCATION", "locationUrl": "URL", "tags": "CATEGORIES",
	"startsAt": "DTSTART", "endsAt": "DTEND", "timeZone": "DTSTART", "rrule": "RRULE", "rdates": "RDATE", "exdates": "EXDATE",
}

// NewUnfit is the reason for which the rules of events refuse what a file has. Other errors are no reason: ok is false.
func NewUnfit(err error) (unfit Unfit, ok bool) {
	if errors.Is(err, ErrInvalidTimeRange) {
		return Unfit{UnfitInvalid, "DTEND"}, true
	}
	refused, ok := errors.AsType[*errs.Error](err)
	if !ok || len(refused.Reasons) == 0 {
		return Unfit{}, false
	}
	first := refused.Reasons[0]
	unfit = Unfit{UnfitInvalid, fileProperties[first.Field]}
	switch {
	case unfit.Property == "":
		return Unfit{}, false
	case first.Field == "title" && first.Code() == "REQUIRED":
		unfit.Reason = UnfitNoTitle
	case first.Field == "rrule" && first.Code() == "TOO_COMPLEX":
		unfit.Reason = UnfitDates
	case first.Field == "rrule":
		unfit.Reason = UnfitRule
	}
	return unfit, true
}

// FileEdit is what an imported event is changed to when its file is imported again.
func (d EventDraft) FileEdit() EventEdit {
	s := d.Schedule
	return EventEdit{
		Title: &d.Details.Title, Description: &d.Details.Description, LocationText: &d.Details.LocationText, LocationURL: &d.Details.LocationURL,
		Tags: &d.Tags, Starts: &s.Starts, Ends: &s.Ends, Zone: &s.Zone, AllDay: &s.AllDay, Rule: &s.Rule, RDates: &s.RDates, EXDates: &s.EXDates,
	}
}

// After are the stored dates after the plan.
func (p Plan) After(stored []Occurrence) []Occurrence {
	changed := make(map[uuid.UUID]Occurrence, len(p.Changed))
	for _, o := range p.Changed {
		changed[o.data.ID] = o
	}
	removed := make(map[uuid.UUID]bool, len(p.Removed))
	for _, id := range p.Removed {
		removed[id] = true
	}
	var after []Occurrence
	for _, o := range stored {
		if moved, ok := changed[o.data.ID]; ok {
			o = moved
		}
		if !removed[o.data.ID] {
			after = append(after, o)
		}
	}
	return append(after, p.Added...)
}

// ChangeByFile returns a date of the event with what a file says about it alone, and whether that changes it.
func (e Event) ChangeByFile(o Occurrence, file FileDate) (changed Occurrence, differs bool, err error) {
	if file.Cancelled {
		return e.CancelOccurrence(o, "")
	}
	return e.EditOccurrence(o, file.Edit)
}
