package ports

import (
	"context"

	"go.updspace.com/portal/content/domain"
)

// Events publishes domain events. Publish works inside Tx.Do only, so that an event is published if and only if its
// change is committed.
type Events interface {
	Publish(ctx context.Context, events ...domain.Event) error
}
