// Package maildelivery consumes what became of the mails that the service has asked for.
package maildelivery

import (
	"context"

	"github.com/cloudevents/sdk-go/v2/event"

	"go.updspace.com/api/mailevents"
	"go.updspace.com/events/app"
	"go.updspace.com/events/domain"
	"go.updspace.com/libs/outbox"
	"go.updspace.com/libs/wire"
)

// Types are the events that Handler is for.
var Types = []string{mailevents.TypeMessageSent, mailevents.TypeMessageFailed}

// Handler notes what became of a mail. Mails that others asked for change nothing.
func Handler(l *app.Lifecycle) outbox.Handler {
	return func(ctx context.Context, e event.Event) error {
		outcome, err := outbox.Decode(e, mailevents.DecodeMessageOutcome)
		if err != nil {
			return err
		}
		delivery := domain.DeliverySent
		if e.Type() == mailevents.TypeMessageFailed {
			delivery = domain.DeliveryFailed
		}
		return l.MailDone(ctx, outcome.MessageID, domain.MailOutcome{
			Delivery: delivery, Failure: wire.Value(outcome.Reason), Recipient: wire.Value(outcome.Recipient),
		})
	}
}
