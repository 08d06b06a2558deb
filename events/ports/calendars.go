package ports

import (
	"context"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/events/domain"
)

// CalendarAddresses stores the addresses that calendar programs read.
type CalendarAddresses interface {
	// Find returns an address of a user, or domain.ErrAddressNotFound.
	Find(ctx context.Context, user, id uuid.UUID) (domain.CalendarAddress, error)
	// List lists the addresses of a user, the newest first.
	List(ctx context.Context, user uuid.UUID) ([]domain.CalendarAddress, error)
	Add(ctx context.Context, address domain.CalendarAddress) error
	// Renew stores the secret of an address.
	Renew(ctx context.Context, address domain.CalendarAddress) error
	// Remove removes an address of a user, or returns domain.ErrAddressNotFound.
	Remove(ctx context.Context, user, id uuid.UUID) error
	// Use stores the day on which an address was used.
	Use(ctx context.Context, id uuid.UUID, day time.Time) error
	// Open finds the address of a secret whose owner is an active member with an account in good standing, or returns domain.ErrCalendarNotFound.
	Open(ctx context.Context, token domain.CalendarToken) (OpenedCalendar, error)
}

// OpenedCalendar is an address with what tells whether its calendar has changed.
type OpenedCalendar struct {
	Address    domain.CalendarAddress
	Version    int64     // counts the changes of events in the tenant
	ChangedAt  time.Time // the last of them; zero without one
	AnsweredAt time.Time // the owner's latest answer; zero without one
}

// TenantMembers stores who is a member of the tenant, as identity tells.
type TenantMembers interface {
	// Put stores whether a user is an active member.
	Put(ctx context.Context, user uuid.UUID, active bool) error
	// Lock makes a user a member who is not known yet, and keeps others from doing the same until the transaction ends.
	Lock(ctx context.Context, user uuid.UUID) error
}
