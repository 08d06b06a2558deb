package ports

import (
	"context"

	"go.updspace.com/portal/domain"
)

// Access decides about the caller of the request context. No answer is an error, never a decision.
type Access interface {
	Allowed(ctx context.Context, ask domain.Ask) (bool, error)
	// AllowedEach answers any number of questions at once, in their order.
	AllowedEach(ctx context.Context, asks []domain.Ask) ([]bool, error)
}
