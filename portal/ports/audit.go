package ports

import (
	"context"

	"github.com/google/uuid"

	"go.updspace.com/libs/audit"
	"go.updspace.com/libs/page"
)

// AuditLog stores what was changed by whom: audit.Log.
type AuditLog interface {
	// Write works inside Tx.Do, with the change that it describes. The actor is the one of the context.
	Write(ctx context.Context, entries ...audit.Entry) error
	List(ctx context.Context, filter audit.Filter, p page.Request) (page.Page[audit.Entry], error)
	RedactUser(ctx context.Context, user uuid.UUID, limit int) (int, error)
}
