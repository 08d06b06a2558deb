package ports

import (
	"context"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/identity/domain"
)

// AccountFilter selects accounts. Zero fields select all.
type AccountFilter struct {
	Text         string // a part of the address, of the username or of a name, or an id
	Status       domain.Status
	SystemAdmin  *bool
	SecondFactor *bool
	// Before and BeforeID are when the account was made that the page follows, and its id.
	Before   time.Time
	BeforeID uuid.UUID
}

// ListedAccount is an account in a list.
type ListedAccount struct {
	domain.User
	SecondFactor bool // it has an authenticator app or a passkey
}

// Accounts finds accounts for system administrators.
type Accounts interface {
	List(ctx context.Context, f AccountFilter, limit int) ([]ListedAccount, error) // newest first
	// Restrict stores status, reason and end.
	Restrict(ctx context.Context, u domain.User) error
	// Over returns accounts whose suspension or ban is over, and keeps others from changing them until the transaction ends. It leaves out
	// those that others are changing.
	Over(ctx context.Context, now time.Time, limit int) ([]domain.User, error)
	// LockSystemAdmins returns all system administrators and keeps others from changing them until the transaction ends.
	LockSystemAdmins(ctx context.Context) ([]domain.User, error)
}
