package ports

import (
	"context"

	"github.com/google/uuid"

	"go.updspace.com/activity/domain"
)

// MaxProfiles is how many profiles are asked for at once.
const MaxProfiles = 200

// Profiles knows the profiles of users.
type Profiles interface {
	// Lookup returns the profiles of those of the users, at most MaxProfiles, that have one.
	Lookup(ctx context.Context, users []uuid.UUID) (map[uuid.UUID]domain.Profile, error)
}
