package ports

import (
	"context"

	"github.com/google/uuid"

	"go.updspace.com/activity/domain"
)

// Profiles knows the profiles of users.
type Profiles interface {
	// Lookup returns the profiles of those of the users, at most 200, that have one.
	Lookup(ctx context.Context, users []uuid.UUID) (map[uuid.UUID]domain.Profile, error)
}
