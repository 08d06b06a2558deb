package ports

import (
	"context"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/events/domain"
	"go.updspace.com/libs/authz"
)

// Events stores events.
type Events interface {
	// Find returns an event, or domain.ErrEventNotFound.
	Find(ctx context.Context, id uuid.UUID) (domain.Event, error)
	// Lock is Find, and keeps others from changing the event and its dates until the transaction ends.
	Lock(ctx context.Context, id uuid.UUID) (domain.Event, error)
	Add(ctx context.Context, event domain.Event) error
	// Update stores a changed event over the version that it was changed from.
	Update(ctx context.Context, event domain.Event) error
	// Delete removes an event with its dates.
	Delete(ctx context.Context, id uuid.UUID) error

	// Audiences lists the audiences of the events that have dates that match, each once.
	Audiences(ctx context.Context, filter Filter) ([]authz.Audience, error)
	// Page lists the dates that match and that the viewer sees, by their start.
	Page(ctx context.Context, filter Filter, viewer authz.Viewer, part Range) ([]Dated, error)
	// Count counts the dates that match and that the viewer sees.
	Count(ctx context.Context, filter Filter, viewer authz.Viewer) (int, error)
	// FindImported returns the event that a user has imported into a scope from a file that calls it uid, or nil.
	FindImported(ctx context.Context, user uuid.UUID, scope authz.Scope, uid string) (*domain.Event, error)
	// ListForCalendar lists the events that have dates that match and that the viewer sees, without drafts: series first, then single
	// events by their start.
	ListForCalendar(ctx context.Context, filter Filter, viewer authz.Viewer, limit int) ([]domain.Event, error)
	// ListByGroup lists the events of a community with its teams, or of a team.
	ListByGroup(ctx context.Context, group authz.Scope) ([]uuid.UUID, error)
	// ListContinuing lists series of all tenants that go on after their stored dates, of which the last starts before a time.
	ListContinuing(ctx context.Context, before time.Time, limit int) ([]EventOfTenant, error)
}

// Occurrences stores the dates of events.
type Occurrences interface {
	// Find returns a date of an event, or domain.ErrOccurrenceNotFound.
	Find(ctx context.Context, event, id uuid.UUID) (domain.Occurrence, error)
	// Lock is Find, and keeps others from changing the date until the transaction ends.
	Lock(ctx context.Context, event, id uuid.UUID) (domain.Occurrence, error)
	// Shown returns the date that is on at a time or comes next, else the last one.
	Shown(ctx context.Context, event uuid.UUID, now time.Time) (domain.Occurrence, error)
	// First returns the first date of an event.
	First(ctx context.Context, event uuid.UUID) (domain.Occurrence, error)
	// List returns all dates of an event, by their start.
	List(ctx context.Context, event uuid.UUID) ([]domain.Occurrence, error)
	// Page returns dates of an event that end at a time or later, by their start.
	Page(ctx context.Context, event uuid.UUID, from time.Time, after *Position, limit int) ([]domain.Occurrence, error)
	// ListForCalendar lists the dates of single events, and of series those that differ from the series or that a user has answered in
	// the window of the filter; by the id of the event, then by their start.
	ListForCalendar(ctx context.Context, singles, series []uuid.UUID, user uuid.UUID, window Filter, limit int) ([]domain.Occurrence, error)
	Add(ctx context.Context, occurrences ...domain.Occurrence) error
	// Update stores changed dates.
	Update(ctx context.Context, occurrences ...domain.Occurrence) error
	Remove(ctx context.Context, ids ...uuid.UUID) error
}

// Dated is an event on one of its dates.
type Dated struct {
	Event      domain.Event
	Occurrence domain.Occurrence
}

// Filter selects dates. Zero fields match everything.
type Filter struct {
	From, To   time.Time // takes place in between, even in part
	ScopeType  authz.ScopeType
	ScopeID    uuid.UUID
	Query      string // text that title, description, place or tags of the event contain, in any case
	Tag        string
	GameID     string
	Visibility authz.Visibility
	Status     domain.Status
	Host       uuid.UUID           // created the event or is a co-host of it
	Answered   domain.AnswerStatus // was answered so by AnsweredBy
	AnsweredBy uuid.UUID
	Waiting    *bool // only answers that wait for a seat, or that do not
}

// Range is the part of a list that is read: Limit dates after a place, or after the first Offset dates.
type Range struct {
	After      *Position
	Offset     int
	Limit      int
	Descending bool // latest start first
}

// Position is the place of a date in a list.
type Position struct {
	Starts time.Time
	ID     uuid.UUID
}

// PositionOf is the place of a date.
func PositionOf(o domain.Occurrence) Position { return Position{Starts: o.Data().Starts, ID: o.ID()} }

// EventOfTenant names an event outside of a request.
type EventOfTenant struct {
	Tenant uuid.UUID
	Event  uuid.UUID
}
