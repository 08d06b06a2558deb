// Package ports holds the interfaces that activity needs from outside. Repositories work on the tenant of the request
// context; what another tenant owns does not exist for them.
package ports

import (
	"context"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/activity/domain"
	"go.updspace.com/libs/page"
)

// Items stores items.
type Items interface {
	// Find returns an item, or domain.ErrItemNotFound.
	Find(ctx context.Context, id uuid.UUID) (domain.Item, error)
	// Lock is Find, and makes other changes of the item wait until Tx.Do ends.
	Lock(ctx context.Context, id uuid.UUID) (domain.Item, error)
	// Page lists items, newest first.
	Page(ctx context.Context, request page.Request) (page.Page[domain.Item], error)
	Add(ctx context.Context, item domain.Item) error
	Update(ctx context.Context, item domain.Item) error
	Delete(ctx context.Context, id uuid.UUID) error
}

// Tx runs fn in a transaction.
type Tx interface {
	Do(ctx context.Context, fn func(ctx context.Context) error) error
}

// Events stores events in the outbox, in the transaction of Tx.Do.
type Events interface {
	Publish(ctx context.Context, events ...domain.Event) error
}

// Clock tells the time.
type Clock interface{ Now() time.Time }
