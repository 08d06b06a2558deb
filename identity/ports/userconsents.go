package ports

import (
	"context"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/identity/domain"
)

// UserConsents stores what users have consented to, and what they let applications ask for.
type UserConsents interface {
	// Of lists a user's, the newest first, up to a number.
	Of(ctx context.Context, user uuid.UUID, limit int) ([]domain.UserConsent, error)
	// Grant stores a consent; granted is false if the user holds one of its kind.
	Grant(ctx context.Context, c domain.UserConsent) (granted bool, err error)
	// Revoke ends the consent of a kind; revoked is false if the user holds none.
	Revoke(ctx context.Context, user uuid.UUID, kind domain.ConsentKind, at time.Time) (revoked bool, err error)
	// Policies are those that a user has chosen.
	Policies(ctx context.Context, user uuid.UUID) (domain.ScopePolicies, error)
	SetPolicies(ctx context.Context, user uuid.UUID, p domain.ScopePolicies) error
}
