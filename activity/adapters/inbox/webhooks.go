package inbox

import (
	"context"
	"encoding/json"

	"github.com/cloudevents/sdk-go/v2/event"
	"github.com/google/uuid"

	"go.updspace.com/activity/webhooks/app"
	"go.updspace.com/activity/webhooks/domain"
	"go.updspace.com/libs/outbox"
)

// Webhooks passes on the events that endpoints of a tenant may get. Their data is read as it is: which fields leave the platform is
// decided by domain.Told.
func Webhooks(record func(ctx context.Context, events []app.Received) error) outbox.BatchHandler {
	return func(ctx context.Context, events []event.Event) error {
		received := make([]app.Received, 0, len(events))
		for _, e := range events {
			id, err := uuid.Parse(e.ID())
			if err != nil {
				return outbox.Poison(err)
			}
			told := domain.Told{ID: id, Type: e.Type()}
			if err := json.Unmarshal(e.Data(), &told.Data); err != nil {
				return outbox.Poison(err)
			}
			received = append(received, app.Received{Told: told, At: e.Time()})
		}
		return record(ctx, received)
	}
}
