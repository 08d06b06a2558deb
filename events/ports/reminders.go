package ports

import (
	"context"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/events/domain"
)

// Reminders stores which reminders members have chosen, and those that are due.
type Reminders interface {
	// ListLooks lists dates of all tenants that are to be looked at for reminders at a time, the longest due first.
	ListLooks(ctx context.Context, now time.Time, limit int) ([]OccurrenceOfTenant, error)
	// Queue queues a reminder about a date for each member who comes or is interested and has chosen one of those that are due; the
	// shortest, of several. It replaces one that is queued. It works in the caller's transaction.
	Queue(ctx context.Context, event domain.Event, o domain.Occurrence, due []int) error
	// ListDue lists queued reminders of all tenants, oldest first.
	ListDue(ctx context.Context, limit int) ([]DueReminder, error)
	// Take removes a queued reminder, and reports whether it was still there.
	Take(ctx context.Context, due DueReminder) (bool, error)

	// Settings returns what a member has chosen for all events, or nil.
	Settings(ctx context.Context, user uuid.UUID) (*[]int, error)
	// SetSettings stores what a member has chosen for all events; nil removes it.
	SetSettings(ctx context.Context, user uuid.UUID, minutes *[]int) error
	// Choice returns what a member has chosen for an event, or nil.
	Choice(ctx context.Context, event, user uuid.UUID) (*[]int, error)
	// SetChoice stores what a member has chosen for an event; nil removes it.
	SetChoice(ctx context.Context, event, user uuid.UUID, minutes *[]int) error
	// CopyChoices gives the choices about one event to another.
	CopyChoices(ctx context.Context, from, to uuid.UUID) error
}

// OccurrenceOfTenant names a date outside of a request.
type OccurrenceOfTenant struct {
	EventOfTenant
	Occurrence uuid.UUID
}

// DueReminder is a reminder that is queued.
type DueReminder struct {
	OccurrenceOfTenant
	User    uuid.UUID
	Minutes int
	Due     time.Time // by the start that the date had when it was queued
}
