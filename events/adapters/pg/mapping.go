package pg

import (
	"database/sql/driver"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"go.updspace.com/events/domain"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/pg"
	"go.updspace.com/libs/recurrence"
	"go.updspace.com/libs/valid"
)

type eventRow struct {
	bun.BaseModel `bun:"table:events,alias:e"`
	pg.Tenanted

	ID              uuid.UUID   `bun:"id,pk,type:uuid"`
	Title           string      `bun:"title"`
	Description     string      `bun:"description"`
	LocationText    string      `bun:"location_text"`
	LocationURL     string      `bun:"location_url"`
	GameID          string      `bun:"game_id"`
	Tags            []string    `bun:"tags,array"`
	Status          string      `bun:"status"`
	CancelReason    string      `bun:"cancel_reason"`
	ScopeType       string      `bun:"scope_type"`
	ScopeID         uuid.UUID   `bun:"scope_id,type:uuid"`
	Visibility      string      `bun:"visibility"`
	Starts          wall        `bun:"starts"`
	Zone            string      `bun:"zone"`
	DurationSeconds int64       `bun:"duration_seconds"`
	Rule            string      `bun:"rule"`
	RDates          []wall      `bun:"rdates,array"`
	EXDates         []wall      `bun:"exdates,array"`
	Continues       bool        `bun:"continues"`
	CoHosts         []uuid.UUID `bun:"co_hosts,array"`
	Hidden          bool        `bun:"hidden"`
	Capacity        int         `bun:"capacity,nullzero"`
	PlusOnes        int         `bun:"plus_ones"`
	CloseMinutes    *int        `bun:"close_minutes"`
	Reminders       []int       `bun:"reminders,array"`
	TenantSlug      string      `bun:"tenant_slug"`
	ICalUID         string      `bun:"ical_uid"`
	ImportUID       string      `bun:"import_uid,nullzero"`
	Sequence        int         `bun:"sequence"`
	CreatedBy       uuid.UUID   `bun:"created_by,type:uuid"`
	CreatedAt       time.Time   `bun:"created_at"`
	UpdatedAt       time.Time   `bun:"updated_at"`
	Version         int         `bun:"version"`
}

func toRowEvent(e domain.Event) *eventRow {
	d := e.Data()
	return &eventRow{
		Tenanted: pg.Tenanted{TenantID: d.TenantID}, ID: d.ID, Title: d.Details.Title, Description: d.Details.Description,
		LocationText: d.Details.LocationText, LocationURL: d.Details.LocationURL, GameID: d.GameID, Tags: column(d.Tags, same),
		Status: string(d.Status), CancelReason: d.CancelReason, ScopeType: string(d.Scope.Type), ScopeID: d.Scope.ID, Visibility: string(d.Visibility),
		Starts: wall{d.Schedule.Start}, Zone: d.Schedule.Zone, DurationSeconds: int64(d.Schedule.Duration / time.Second), Rule: d.Schedule.Rule,
		RDates: column(d.Schedule.RDates, toWall), EXDates: column(d.Schedule.EXDates, toWall), Continues: d.Continues,
		CoHosts: column(d.CoHosts, same), Hidden: d.Hidden, ICalUID: d.ICalUID, ImportUID: d.ImportUID, Sequence: d.Sequence,
		Capacity: d.Answers.Capacity, PlusOnes: d.Answers.PlusOnes, CloseMinutes: d.Answers.CloseMinutes,
		Reminders: column(d.Reminders, same), TenantSlug: d.TenantSlug,
		CreatedBy: d.CreatedBy, CreatedAt: d.CreatedAt, UpdatedAt: d.UpdatedAt, Version: d.Version,
	}
}

func (r *eventRow) toDomain() domain.Event {
	return domain.RestoreEvent(domain.EventData{
		ID: r.ID, TenantID: r.TenantID, TenantSlug: r.TenantSlug,
		Details: domain.Details{Title: r.Title, Description: r.Description, LocationText: r.LocationText, LocationURL: r.LocationURL},
		GameID:  r.GameID, Tags: each(r.Tags, same), Status: domain.Status(r.Status), CancelReason: r.CancelReason,
		Scope: authz.Scope{Type: authz.ScopeType(r.ScopeType), ID: r.ScopeID}, Visibility: authz.Visibility(r.Visibility),
		Schedule: domain.Schedule{
			Start: r.Starts.Local, Zone: r.Zone, Duration: time.Duration(r.DurationSeconds) * time.Second, Rule: r.Rule,
			RDates: each(r.RDates, wall.local), EXDates: each(r.EXDates, wall.local),
		},
		Answers:   domain.AnswerRules{Capacity: r.Capacity, PlusOnes: r.PlusOnes, CloseMinutes: r.CloseMinutes},
		Reminders: column(r.Reminders, same),
		Continues: r.Continues, CoHosts: each(r.CoHosts, same), Hidden: r.Hidden, ICalUID: r.ICalUID, ImportUID: r.ImportUID, Sequence: r.Sequence,
		CreatedBy: r.CreatedBy, CreatedAt: valid.Instant(r.CreatedAt), UpdatedAt: valid.Instant(r.UpdatedAt), Version: r.Version,
	})
}

type occurrenceRow struct {
	bun.BaseModel `bun:"table:occurrences,alias:o"`
	pg.Tenanted

	ID           uuid.UUID `bun:"id,pk,type:uuid"`
	EventID      uuid.UUID `bun:"event_id,type:uuid"`
	RecurrenceID wall      `bun:"recurrence_id"`
	OriginalAt   time.Time `bun:"original_at"`
	StartsAt     time.Time `bun:"starts_at"`
	EndsAt       time.Time `bun:"ends_at"`
	Moved        bool      `bun:"moved"`
	Title        *string   `bun:"title"`
	Description  *string   `bun:"description"`
	LocationText *string   `bun:"location_text"`
	LocationURL  *string   `bun:"location_url"`
	Cancelled    bool      `bun:"cancelled"`
	CancelReason string    `bun:"cancel_reason"`
	Sequence     int       `bun:"sequence"`
	RemindAt     time.Time `bun:"remind_at,nullzero"`
	SeatsTaken   int       `bun:"seats_taken"` // this and the following are changed by SQL functions only
	Going        int       `bun:"going"`
	Interested   int       `bun:"interested"`
	NotGoing     int       `bun:"not_going"`
	Waiting      int       `bun:"waiting"`
}

func toRowOccurrence(o domain.Occurrence) *occurrenceRow {
	d := o.Data()
	return &occurrenceRow{
		ID: d.ID, EventID: d.EventID, RecurrenceID: wall{d.RecurrenceID}, OriginalAt: d.Original, StartsAt: d.Starts, EndsAt: d.Ends, Moved: d.Moved,
		Title: d.Own.Title, Description: d.Own.Description, LocationText: d.Own.LocationText, LocationURL: d.Own.LocationURL,
		Cancelled: d.Cancelled, CancelReason: d.CancelReason, Sequence: d.Sequence, RemindAt: d.RemindAt,
	}
}

func (r *occurrenceRow) toDomain() domain.Occurrence {
	return domain.RestoreOccurrence(domain.OccurrenceData{
		ID: r.ID, EventID: r.EventID, RecurrenceID: r.RecurrenceID.Local, Original: valid.Instant(r.OriginalAt),
		Starts: valid.Instant(r.StartsAt), Ends: valid.Instant(r.EndsAt), Moved: r.Moved,
		Own:       domain.OwnDetails{Title: r.Title, Description: r.Description, LocationText: r.LocationText, LocationURL: r.LocationURL},
		Cancelled: r.Cancelled, CancelReason: r.CancelReason, Sequence: r.Sequence, RemindAt: orZero(r.RemindAt),
		Counts: domain.Counts{Seats: r.SeatsTaken, Going: r.Going, Interested: r.Interested, NotGoing: r.NotGoing, Waiting: r.Waiting},
	})
}

// orZero is a stored time that may be null.
func orZero(t time.Time) time.Time {
	if t.IsZero() {
		return t
	}
	return valid.Instant(t)
}

// wall is a time on the wall clock as a column or an element of a column has it: in the form of iCalendar.
type wall struct{ recurrence.Local }

// Scan reads the stored form. A damaged one is an error of the query.
func (w *wall) Scan(src any) error {
	text, ok := src.(string)
	if bytes, isBytes := src.([]byte); isBytes {
		text, ok = string(bytes), true
	}
	if !ok {
		return errs.Internalf("events: a time on the wall clock is stored as %T", src)
	}
	local, err := recurrence.ParseLocal(text)
	if err != nil {
		return errs.Internalf("events: the stored time on the wall clock %q: %w", text, err)
	}
	w.Local = local
	return nil
}

// Value returns the stored form.
func (w wall) Value() (driver.Value, error) { return w.String(), nil }

func (w wall) local() recurrence.Local { return w.Local }

func toWall(l recurrence.Local) wall { return wall{l} }

func same[T any](v T) T { return v }

// each converts a list. An empty one becomes nil.
func each[A, B any](list []A, convert func(A) B) (converted []B) {
	for _, item := range list {
		converted = append(converted, convert(item))
	}
	return converted
}

// column is each for a column that is an array, which is empty and not null where there is nothing.
func column[A, B any](list []A, convert func(A) B) []B {
	return append([]B{}, each(list, convert)...)
}
