package ports

import (
	"context"
	"time"

	"go.updspace.com/libs/audit"
	"go.updspace.com/libs/page"
)

// Tx makes one transaction of several calls to repositories, Events and AuditLog.
type Tx interface {
	Do(ctx context.Context, fn func(ctx context.Context) error) error
}

// AuditLog stores what managers of achievements do. Write works inside Tx.Do only.
type AuditLog interface {
	Write(ctx context.Context, entries ...audit.Entry) error
	List(ctx context.Context, filter audit.Filter, p page.Request) (page.Page[audit.Entry], error)
}

// Clock returns the current time.
type Clock interface {
	Now() time.Time
}
