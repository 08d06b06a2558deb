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
	r := domain.MailRequest{ID: d.MessageID, User: value(d.ToUser), Address: value(d.ToAddress), Kind: d.Kind, ExpiresAt: value(d.ExpiresAt)}
	for _, c := range d.Contents {
		r.Contents = append(r.Contents, domain.MailContent{Language: c.Language, Subject: c.Subject, Text: c.Text, HTML: value(c.HTML)})
	}
	for _, a := range d.Attachments {
		r.Attachments = append(r.Attachments, domain.MailAttachment{
			Name: a.Name, ContentType: a.ContentType, Content: a.Content, Alternative: value(a.Alternative),
		})
	}
	return r
}

// value is what p points at, or the zero value.
func value[T any](p *T) (v T) {
	if p != nil {
		v = *p
	}
	return v
}
