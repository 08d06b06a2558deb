package memory

import (
	"context"
	"slices"
)

// Events notes published events, for example the types of a service's domain.
type Events[E any] struct {
	db        *DB
	published []E
}

// NewEvents adds events to a DB.
func NewEvents[E any](db *DB) *Events[E] {
	e := &Events[E]{db: db}
	db.stores = append(db.stores, e)
	return e
}

func (e *Events[E]) snapshot() (restore func()) {
	before := len(e.published)
	return func() { e.published = e.published[:before:before] }
}

// Publish notes events, in a transaction only.
func (e *Events[E]) Publish(ctx context.Context, events ...E) error {
	if len(events) == 0 {
		return nil
	}
	if err := e.db.RequireTx(ctx, "Publish"); err != nil {
		return err
	}
	e.published = append(e.published, events...)
	return nil
}

// Published returns the events of committed transactions, in their order.
func (e *Events[E]) Published() (events []E) {
	e.db.locked(context.Background(), func() { events = slices.Clone(e.published) })
	return events
}
