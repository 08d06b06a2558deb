// Package mailrequests consumes the mails that services ask for.
package mailrequests

import (
	"context"
	"errors"

	"github.com/cloudevents/sdk-go/v2/event"
	"github.com/google/uuid"

	"go.updspace.com/api/mailevents"
	"go.updspace.com/identity/app"
	"go.updspace.com/identity/domain"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/outbox"
	"go.updspace.com/libs/reqctx"
	"go.updspace.com/libs/wire"
)

// Types are the events that Handler is for.
var Types = []string{mailevents.TypeMessageRequested}

var errNoTenant = errors.New("the event names no tenant")

// Handler queues the mail of an event, in its transaction. A request that can never be carried out is poison.
func Handler(a *app.App) outbox.Handler {
	return func(ctx context.Context, e event.Event) error {
		data, err := outbox.Decode(e, mailevents.DecodeMessageRequest)
		if err != nil {
			return err
		}
		if reqctx.From(ctx).TenantID == uuid.Nil {
			return outbox.Poison(errNoTenant)
		}
		err = a.MailRequests.Queue(ctx, toRequest(data))
		if errs.KindOf(err) == errs.Invalid {
			return outbox.Poison(err)
		}
		return err
	}
}

func toRequest(d mailevents.MessageRequest) domain.MailRequest {
	r := domain.MailRequest{ID: d.MessageID, User: wire.Value(d.ToUser), Address: wire.Value(d.ToAddress), ReplyTo: wire.Value(d.ReplyTo), Kind: d.Kind, ExpiresAt: wire.Value(d.ExpiresAt)}
	for _, c := range d.Contents {
		r.Contents = append(r.Contents, domain.MailContent{Language: c.Language, Subject: c.Subject, Text: c.Text, HTML: wire.Value(c.HTML)})
	}
	for _, a := range d.Attachments {
		r.Attachments = append(r.Attachments, domain.MailAttachment{
			Name: a.Name, ContentType: a.ContentType, Content: a.Content, Alternative: wire.Value(a.Alternative), Attendee: wire.Value(a.Attendee),
		})
	}
	return r
}
