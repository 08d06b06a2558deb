// Package inbox reads the domain events of other services.
package inbox

import (
	"context"
	"errors"

	"github.com/cloudevents/sdk-go/v2/event"
	"github.com/google/uuid"

	"go.updspace.com/gamification/ports"
	"go.updspace.com/gamification/rule"
	"go.updspace.com/libs/outbox"
	"go.updspace.com/libs/reqctx"
)

// Facts passes on the facts that events of rule.Types tell. Other events are let go.
func Facts(record func(ctx context.Context, told []ports.Told) error) outbox.BatchHandler {
	return func(ctx context.Context, events []event.Event) error {
		if reqctx.From(ctx).TenantID == uuid.Nil {
			return outbox.Poison(errors.New("an event without a tenant"))
		}
		var told []ports.Told
		for _, e := range events {
			id, err := uuid.Parse(e.ID())
			if err != nil {
				return outbox.Poison(err)
			}
			fact, ok, err := rule.FactOf(rule.Event{ID: id, Type: e.Type(), Time: e.Time(), Data: e.Data()})
			if err != nil {
				return outbox.Poison(err)
			}
			if ok {
				request, _ := e.Extensions()[outbox.ExtRequest].(string)
				told = append(told, ports.Told{Source: e.Source(), Request: request, Fact: fact})
			}
		}
		return record(ctx, told)
	}
}
