// Package outbox writes the events of activity as api/events/activity.yaml describes them.
package outbox

import (
	"context"

	"go.updspace.com/activity/domain"
	"go.updspace.com/activity/ports"
	"go.updspace.com/api/activityevents"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/outbox"
)

// Events implements ports.Events.
type Events struct{ publisher *outbox.Publisher }

var _ ports.Events = (*Events)(nil)

// New writes events through publisher.
func New(publisher *outbox.Publisher) *Events { return &Events{publisher} }

// Publish stores events in the outbox, in the transaction of the change.
func (e *Events) Publish(ctx context.Context, events ...domain.Event) error {
	for _, event := range events {
		payload, err := toEvent(event)
		if err != nil {
			return err
		}
		if err := e.publisher.Publish(ctx, payload); err != nil {
			return err
		}
	}
	return nil
}

func toEvent(event domain.Event) (outbox.Event, error) {
	switch e := event.(type) {
	case domain.ItemCreated:
		return about(activityevents.TypeItemCreated, e.Item), nil
	case domain.ItemUpdated:
		return about(activityevents.TypeItemUpdated, e.Item), nil
	case domain.ItemDeleted:
		return about(activityevents.TypeItemDeleted, e.Item), nil
	}
	return outbox.Event{}, errs.Internalf("activity: no event type for %T", event)
}

func about(kind string, item domain.Item) outbox.Event {
	d := item.Data()
	return outbox.Event{Type: kind, Subject: "item/" + d.ID.String(), Data: activityevents.Item{
		ItemID: d.ID, Title: d.Title, CreatedBy: d.CreatedBy, SourceRef: "item:" + d.ID.String(),
	}}
}
