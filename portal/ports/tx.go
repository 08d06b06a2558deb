package ports

import (
	"context"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/portal/domain"
)

// Tx makes several calls to repositories and Events one: all happen, or none.
type Tx interface {
	Do(ctx context.Context, fn func(ctx context.Context) error) error
}

// Once makes creates idempotent: the same request of the same user gets the id that its first try got. It opens a
// transaction, so that the thing made and the memory of it are one.
type Once interface {
	Once(ctx context.Context, operation string, input any, create func(ctx context.Context) (uuid.UUID, error)) (uuid.UUID, error)
}

// Events takes what happened to whoever wants to know. Publish works inside Tx.Do only, so that nothing is told that
// did not happen and nothing happens untold.
type Events interface {
	Publish(ctx context.Context, events ...domain.Event) error
}

// Clock tells the time.
type Clock interface {
	Now() time.Time
}
