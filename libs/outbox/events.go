package outbox

import "context"

// Events publishes the domain events of a service in the form that toWire gives them. It is for ports of services that publish any
// of their events by one method.
type Events[E any] struct {
	publisher *Publisher
	toWire    func(E) (Event, error)
}

// NewEvents publishes through publisher.
func NewEvents[E any](publisher *Publisher, toWire func(E) (Event, error)) *Events[E] {
	return &Events[E]{publisher, toWire}
}

// Publish stores events in the transaction of the change they describe, as [Publisher.Publish] does.
func (e *Events[E]) Publish(ctx context.Context, events ...E) error {
	wire := make([]Event, len(events))
	for i, event := range events {
		var err error
		if wire[i], err = e.toWire(event); err != nil {
			return err
		}
	}
	return e.publisher.Publish(ctx, wire...)
}
