package ports

import (
	"context"

	"github.com/google/uuid"

	"go.updspace.com/identity/domain"
)

// LoginHistory stores sign-ins for the owners of accounts to read.
type LoginHistory interface {
	// Add stores an event; nothing when there is no such user, with the same work.
	Add(ctx context.Context, e domain.LoginEvent) error
	// Of lists a user's, the newest first, up to a number.
	Of(ctx context.Context, user uuid.UUID, limit int) ([]domain.LoginEvent, error)
}
