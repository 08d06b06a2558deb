// Package outbox tells other services what happened in portal, in the words of api/events/portal.yaml.
package outbox

import (
	"context"

	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/outbox"
	"go.updspace.com/portal/domain"
	"go.updspace.com/portal/ports"
)

// Events is ports.Events.
type Events struct {
	publisher *outbox.Publisher
}

var _ ports.Events = (*Events)(nil)

// New writes events through publisher.
func New(publisher *outbox.Publisher) *Events { return &Events{publisher: publisher} }

// Publish writes events into the outbox, with the change they tell of.
func (e *Events) Publish(ctx context.Context, events ...domain.Event) error {
	wire := make([]outbox.Event, 0, len(events))
	for _, event := range events {
		w, err := toWire(event)
		if err != nil {
			return err
		}
		wire = append(wire, w)
	}
	return e.publisher.Publish(ctx, wire...)
}

func toWire(event domain.Event) (outbox.Event, error) {
	return outbox.Event{}, errs.Internalf("portal: no wire form of %T", event)
}
