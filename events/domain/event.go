package domain

import (
	"slices"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/errs/why"
	"go.updspace.com/libs/valid"
)

const maxCoHosts = 20

// Event is a series of dates or a single one, with everything that its dates share. The zero Event is none; use NewEvent.
type Event struct {
	data EventData
}

// EventData is all data of an event, for showing and storing it.
type EventData struct {
	ID           uuid.UUID
	TenantID     uuid.UUID
	TenantSlug   string
	Details      Details
	GameID       string
	Tags         []string
	Status       Status
	CancelReason string
	Scope        authz.Scope
	Visibility   authz.Visibility
	Schedule     Schedule
	Answers      AnswerRules
	Reminders    []int // minutes before a date, the longest first, for members who chose nothing else
	Continues    bool  // the rule makes dates after those that are stored
	CoHosts      []uuid.UUID
	Hidden       bool   // its community or team was deleted
	ICalUID      string // the UID of the event in calendars (RFC 5545 section 3.8.4.7)
	ImportUID    string // of the file that the event was imported from
	Sequence     int    // counts the changes that calendars must hear of (RFC 5545 section 3.8.7.4)
	CreatedBy    uuid.UUID
	CreatedAt    time.Time
	UpdatedAt    time.Time
	Version      int // counts all changes
}

// Details are the texts of an event, which a date can replace by its own.
type Details struct {
	Title        string
	Description  string // text; line breaks count
	LocationText string
	LocationURL  string
}

// EventDraft is what the creator of an event decides. Empty enumerations mean their defaults.
type EventDraft struct {
	Details    Details
	GameID     string
	Tags       []string
	Status     Status // draft or scheduled; default scheduled
	Scope      authz.Scope
	Visibility authz.Visibility // default public
	Schedule   ScheduleDraft
	Answers    AnswerRules
	Reminders  []int // nil for a day and an hour before; empty for none
	CoHosts    []uuid.UUID
	ImportUID  string // of the file that the event comes from
}

// NewEvent makes an event with its dates. slug is that of the tenant, which the UID of the event names.
func NewEvent(creator authz.Actor, slug string, d EventDraft, now time.Time) (Event, []Occurrence, error) {
	if d.Visibility == "" {
		d.Visibility = authz.VisibilityPublic
	}
	if d.Status == "" {
		d.Status = StatusScheduled
	}
	if d.Reminders == nil {
		d.Reminders = defaultReminders
	}
	fields := errs.Fields{}
	schedule, err := NewSchedule(fields, d.Schedule)
	if err != nil {
		return Event{}, nil, err
	}
	fields.Check(d.Status == StatusDraft || d.Status == StatusScheduled, "status", why.NotAllowed("must be draft or scheduled"))
	id, now := valid.NewID(), valid.Instant(now)
	event, err := EventData{
		ID: id, TenantID: creator.Tenant, TenantSlug: slug, Details: d.Details, GameID: d.GameID, Tags: d.Tags, Status: d.Status, Scope: d.Scope,
		Visibility: d.Visibility, Schedule: schedule, Answers: d.Answers, Reminders: d.Reminders, CoHosts: d.CoHosts, ICalUID: id.String() + "@" + slug + ".updspace", ImportUID: d.ImportUID,
		CreatedBy: creator.User, CreatedAt: now, UpdatedAt: now, Version: 1,
	}.checked(fields)
	if err != nil {
		return Event{}, nil, err
	}
	event, plan := event.plan(event, nil, now)
	return event, plan.Added, nil
}

// RestoreEvent returns a stored event. It is for repositories only.
func RestoreEvent(d EventData) Event { return Event{data: d} }

// checked returns the event of d, with texts in their stored form, unless d breaks a rule.
func (d EventData) checked(fields errs.Fields) (Event, error) {
	d.Details.Title = valid.Line(fields, "title", d.Details.Title, 1, maxTitle)
	d.Details.Description = valid.Text(fields, "description", d.Details.Description, 0, maxDescription)
	d.Details.LocationText = valid.Line(fields, "locationText", d.Details.LocationText, 0, maxLocation)
	d.Details.LocationURL = address(d.Details.LocationURL, "locationUrl", fields)
	d.GameID = valid.Line(fields, "gameId", d.GameID, 0, maxGame)
	d.Tags = tags(d.Tags, fields)
	d.Answers = d.Answers.checked(fields)
	d.Reminders = Reminders(fields, "reminderMinutes", d.Reminders)
	d.CancelReason = valid.Line(fields, "reason", d.CancelReason, 0, maxReason)
	if reason := d.Visibility.Fits(d.Scope.Type); !reason.None() {
		fields.Add("visibility", reason)
	}
	d.CoHosts = slices.Clone(d.CoHosts)
	slices.SortFunc(d.CoHosts, func(a, b uuid.UUID) int { return slices.Compare(a[:], b[:]) })
	d.CoHosts = slices.Compact(d.CoHosts)
	d.CoHosts = slices.DeleteFunc(d.CoHosts, func(id uuid.UUID) bool { return id == uuid.Nil || id == d.CreatedBy })
	fields.Check(len(d.CoHosts) <= maxCoHosts, "coHosts", why.TooMany(maxCoHosts))
	if err := fields.Err(); err != nil {
		return Event{}, err
	}
	if len(d.CoHosts) == 0 {
		d.CoHosts = nil
	}
	return Event{data: d}, nil
}

// Data returns a copy of all data of the event.
func (e Event) Data() EventData { return e.data }

// ID is the event's id.
func (e Event) ID() uuid.UUID { return e.data.ID }

// Version is the number of changes up to the state that e was read in.
func (e Event) Version() int { return e.data.Version }

// HostedBy reports whether the user runs the event: its creator and the co-hosts do.
func (e Event) HostedBy(user uuid.UUID) bool {
	return user == e.data.CreatedBy || slices.Contains(e.data.CoHosts, user)
}

// Details are the texts that the event has on a date.
func (e Event) Details(o Occurrence) Details {
	d, own := e.data.Details, o.data.Own
	set(&d.Title, own.Title)
	set(&d.Description, own.Description)
	set(&d.LocationText, own.LocationText)
	set(&d.LocationURL, own.LocationURL)
	return d
}

// Status is the status that the event has on a date.
func (e Event) Status(o Occurrence) Status {
	if o.data.Cancelled {
		return StatusCancelled
	}
	return e.data.Status
}

// CancelReason is why the event does not take place on a date.
func (e Event) CancelReason(o Occurrence) string {
	if o.data.Cancelled {
		return o.data.CancelReason
	}
	return e.data.CancelReason
}
