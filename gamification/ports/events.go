package ports

import (
	"context"

	"go.updspace.com/gamification/domain"
)

// Events publishes domain events, in the transaction of the change that they tell of: Publish works inside Tx.Do only.
type Events interface {
	Publish(ctx context.Context, events ...domain.Event) error
}
