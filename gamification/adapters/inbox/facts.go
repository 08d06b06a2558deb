// Package inbox reads the domain events of other services.
package inbox

import (
	"context"
	"errors"

	"github.com/cloudevents/sdk-go/v2/event"
	"github.com/google/uuid"

	"go.updspace.com/gamification/rule"
	"go.updspace.com/libs/outbox"
	"go.updspace.com/libs/reqctx"
)

// Facts passes on the facts that events of rule.Types tell, with the sources of the events. Other events are let go.
func Facts(record func(ctx context.Context, source string, f rule.Fact) error) outbox.Handler {
	return func(ctx context.Context, e event.Event) error {
		id, err := uuid.Parse(e.ID())
		if err != nil {
			return outbox.Poison(err)
		}
		fact, ok, err := rule.FactOf(rule.Event{ID: id, Type: e.Type(), Time: e.Time(), Data: e.Data()})
		if err != nil {
			return outbox.Poison(err)
		}
		if !ok {
			return nil
		}
		if reqctx.From(ctx).TenantID == uuid.Nil {
			return outbox.Poison(errors.New("an event without a tenant"))
		}
		return record(ctx, e.Source(), fact)
	}
}
