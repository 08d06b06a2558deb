package ports

import (
	"context"

	"github.com/google/uuid"

	"go.updspace.com/libs/authz"
)

// Audience asks access about many users at once.
type Audience interface {
	// AllowedUsers returns those of at most MaxAudience users who may do something now, in the tenant of ctx. System administrators have no
	// power here.
	AllowedUsers(ctx context.Context, check authz.Check, users []uuid.UUID) ([]uuid.UUID, error)
}

// MaxAudience is how many users one question is about.
const MaxAudience = 100
