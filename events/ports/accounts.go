package ports

import (
	"context"

	"github.com/google/uuid"
)

// Accounts stores what identity tells of accounts. An account belongs to no tenant.
type Accounts interface {
	// Standing returns what is known of an account; of an unknown one the zero value.
	Standing(ctx context.Context, user uuid.UUID) (Standing, error)
	// SetSuspended stores whether an account is suspended or banned.
	SetSuspended(ctx context.Context, user uuid.UUID, suspended bool) error
	// SetSystemAdmin stores whether an account is that of a system administrator.
	SetSystemAdmin(ctx context.Context, user uuid.UUID, admin bool) error
}

// Standing is the state of an account.
type Standing struct {
	Suspended   bool // or banned
	SystemAdmin bool
	Left        bool // is no active member of the tenant any more
}
