package ports

import (
	"context"
	"time"
)

// Tx makes several calls to repositories and events one: all happen, or none.
type Tx interface {
	Do(ctx context.Context, fn func(ctx context.Context) error) error
	// AfterCommit runs fn when the transaction of ctx is committed, before Do returns.
	AfterCommit(ctx context.Context, fn func())
}

// Clock tells the time.
type Clock interface {
	Now() time.Time
}
