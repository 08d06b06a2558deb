package ports

import (
	"context"

	"go.updspace.com/activity/domain"
)

// Events stores events in the outbox, in the transaction of Tx.Do.
type Events interface {
	Publish(ctx context.Context, events ...domain.Event) error
}
