package ports

import (
	"context"

	"go.updspace.com/portal/groups/domain"
	"go.updspace.com/portal/ports"
)

// What the parts of portal share.
type (
	Tx       = ports.Tx
	Clock    = ports.Clock
	AuditLog = ports.AuditLog
)

// Events publishes domain events in the transaction of the change.
type Events interface {
	Publish(ctx context.Context, events ...domain.Event) error
}
