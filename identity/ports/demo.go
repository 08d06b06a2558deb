package ports

import (
	"context"

	"github.com/google/uuid"
)

// DemoData knows which accounts were made for demonstration.
type DemoData interface {
	Mark(ctx context.Context, user uuid.UUID) error
	Exists(ctx context.Context) (bool, error)
}
