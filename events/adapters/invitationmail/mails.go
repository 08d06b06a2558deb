// Package invitationmail writes the mails of invitations, in the languages of the platform and as iCalendar (RFC 6047), and asks
// identity to send them.
package invitationmail

import (
	"context"
	"strings"
	"time"

	"go.updspace.com/api/mailevents"
	"go.updspace.com/events/domain"
	"go.updspace.com/events/ports"
	"go.updspace.com/libs/outbox"
)

const (
	kind     = "events.invitation" // what recipients unsubscribe from
	lifetime = 6 * 24 * time.Hour  // after which a mail is of no more use; identity takes at most 7 days
)

// Mails is ports.InvitationMails.
type Mails struct {
	publisher *outbox.Publisher
	cfg       Config
}

var _ ports.InvitationMails = (*Mails)(nil)

// Config says where the links of the mails lead, and where answers go.
type Config struct {
	Origin      string // of the portal's pages, with {tenant}
	ReplyDomain string // whose mails come back to the service; empty: mails are answered by their links only
}

// New asks for mails through publisher.
func New(publisher *outbox.Publisher, cfg Config) *Mails {
	return &Mails{publisher: publisher, cfg: cfg}
}

// Ask publishes the mails in one statement.
func (m *Mails) Ask(ctx context.Context, about domain.MailSubject, mails ...domain.InvitationMail) error {
	if len(mails) == 0 {
		return nil
	}
	w, err := newWriter(about)
	if err != nil {
		return err
	}
	requests := make([]outbox.Event, len(mails))
	for n, mail := range mails {
		request, err := m.request(w, mail)
		if err != nil {
			return err
		}
		requests[n] = outbox.Event{Type: mailevents.TypeMessageRequested, Subject: request.Subject(), Data: request}
	}
	return m.publisher.Publish(ctx, requests...)
}

func (m *Mails) request(w writer, mail domain.InvitationMail) (mailevents.MessageRequest, error) {
	i := mail.Invitation
	request := mailevents.MessageRequest{MessageID: mail.ID, Kind: kind, ExpiresAt: new(w.about.Now.Add(lifetime))}
	if i.Guest {
		request.ToAddress = &i.Address
	} else {
		request.ToUser = &i.UserID
	}
	by := organiser{name: i.Slug + " (UpdSpace)", address: "no-reply@" + i.Slug + ".invalid"}
	if m.cfg.ReplyDomain != "" {
		by.answers, by.address = true, domain.ReplyAddress(i.Token, m.cfg.ReplyDomain)
		request.ReplyTo = &by.address
	}
	for _, in := range languages {
		content, err := w.content(in, mail, m.page(i))
		if err != nil {
			return request, err
		}
		request.Contents = append(request.Contents, content)
	}
	method, file, err := w.calendar(mail, by)
	if err != nil || file == nil {
		return request, err
	}
	request.Attachments = []mailevents.Attachment{{
		Name: "invite.ics", ContentType: "text/calendar; method=" + method, Content: file, Alternative: new(true), Attendee: new(true),
	}}
	return request, nil
}

// page is the address of the page where an invitation is answered.
func (m *Mails) page(i domain.Invitation) string {
	return strings.TrimSuffix(strings.Replace(m.cfg.Origin, "{tenant}", i.Slug, 1), "/") + i.Page()
}
