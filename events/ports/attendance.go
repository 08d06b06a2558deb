package ports

import (
	"context"

	"github.com/google/uuid"

	"go.updspace.com/events/domain"
)

// Attendance stores who was present.
type Attendance interface {
	// Mark stores marks of a date and returns those members who were not marked before.
	Mark(ctx context.Context, marks ...domain.Attendance) ([]uuid.UUID, error)
	// Unmark removes a mark and returns it, or nil without one.
	Unmark(ctx context.Context, occurrence, user uuid.UUID) (*domain.Attendance, error)
	// Find returns the mark of a member on a date, or nil.
	Find(ctx context.Context, occurrence, user uuid.UUID) (*domain.Attendance, error)
	// Page lists members who have a seat on a date or were present, by their id. present selects those who were, or who were not.
	Page(ctx context.Context, occurrence uuid.UUID, present *bool, after uuid.UUID, limit int) ([]domain.Attendee, error)
	// Expected lists the members who answered that they go or are interested, whose codes an organiser may read.
	Expected(ctx context.Context, occurrence uuid.UUID) ([]uuid.UUID, error)
	// Secret returns the key of the codes of an event.
	Secret(ctx context.Context, event uuid.UUID) (domain.CheckInSecret, error)
}
