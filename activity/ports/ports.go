// Package ports holds the interfaces that activity needs from outside. Repositories work on the tenant of the request
// context; what another tenant owns does not exist for them.
package ports

import (
	"context"
	"time"
)

// Tx runs fn in a transaction.
type Tx interface {
	Do(ctx context.Context, fn func(ctx context.Context) error) error
}

// Clock tells the time.
type Clock interface{ Now() time.Time }
