package app

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"html"
	"regexp"
	"strings"

	"github.com/google/uuid"

	"go.updspace.com/identity/domain"
	"go.updspace.com/identity/ports"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/errs/why"
	"go.updspace.com/libs/ical"
	"go.updspace.com/libs/mail"
	"go.updspace.com/libs/mail/recipient"
	"go.updspace.com/libs/reqctx"
)

// MailRequests are the mails that other services ask for.
type MailRequests struct{ *Deps }

// Queue queues a mail on behalf of the tenant of the request, in the transaction in ctx. A mail that its recipient must not
// get is not queued: an event says why, and that is no error. An error of the kind errs.Invalid means that the request can
// never be carried out.
func (m *MailRequests) Queue(ctx context.Context, r domain.MailRequest) error {
	now := m.Clock.Now()
	r, err := r.Checked(now, m.ReplyDomain)
	if err != nil {
		return err
	}
	tenant, err := m.Tenants.ByID(ctx, reqctx.From(ctx).TenantID)
	if errors.Is(err, domain.ErrTenantUnknown) {
		return m.refuse(ctx, r, domain.MailNoRecipient)
	}
	if err != nil {
		return err
	}
	asked := r.Subscription(tenant.ID)
	if r, err = m.toMember(ctx, r); err != nil {
		return err
	}
	address, language, err := m.recipient(ctx, r)
	if err != nil {
		return err
	}
	if address == "" {
		return m.refuse(ctx, r, domain.MailNoRecipient)
	}
	subscription := r.Subscription(tenant.ID)
	ended, err := m.Unsubscribed.Ended(ctx, subscription)
	if err == nil && !ended && subscription != asked {
		ended, err = m.Unsubscribed.Ended(ctx, asked)
	}
	switch {
	case err != nil:
		return err
	case ended:
		return m.refuse(ctx, r, domain.MailUnsubscribed)
	case !r.ExpiresAt.After(now):
		return m.refuse(ctx, r, domain.MailNotAccepted)
	}
	message, err := m.compose(r, address, tenant, language, subscription)
	if err != nil {
		return err
	}
	queued := requested(ctx, r)
	message.ID = m.LinkTokens.Issue(purposeMailID, domain.EncodeMailID(tenant.ID, r.ID, r.Kind))
	if r.ReplyTo != "" {
		queued.Recipient = recipient.Digest(r.ReplyTo, address)
	}
	return m.Mails.Add(ctx, ports.QueuedMail{ID: newID(), Message: message, ExpiresAt: r.ExpiresAt, Requested: &queued}, false)
}

// toMember makes the mail to an address that a member of the tenant has one to the member, who may have unsubscribed.
func (m *MailRequests) toMember(ctx context.Context, r domain.MailRequest) (domain.MailRequest, error) {
	if r.Address == "" {
		return r, nil
	}
	user, err := m.Users.ByEmail(ctx, r.Address)
	if errors.Is(err, domain.ErrUserUnknown) {
		return r, nil
	}
	if err != nil {
		return r, err
	}
	membership, err := m.Memberships.Of(ctx, user.ID)
	if err == nil && membership != nil && membership.Active() && user.CanSignIn() {
		r.User, r.Address = user.ID, ""
	}
	return r, err
}

// recipient is the address that gets the mail, empty if none does, and the language of the account that it belongs to.
func (m *MailRequests) recipient(ctx context.Context, r domain.MailRequest) (address, language string, err error) {
	if r.User == uuid.Nil {
		return r.Address, "", nil
	}
	user, err := m.Users.ByID(ctx, r.User)
	if errors.Is(err, domain.ErrUserUnknown) {
		return "", "", nil
	}
	if err != nil {
		return "", "", err
	}
	membership, err := m.Memberships.Of(ctx, user.ID)
	if err != nil || membership == nil || !membership.Active() || !user.CanSignIn() {
		return "", "", err
	}
	return user.Email, user.Language, nil
}

func (m *MailRequests) refuse(ctx context.Context, r domain.MailRequest, outcome domain.MailOutcome) error {
	m.Log.InfoContext(ctx, "a mail that a service asked for is not sent", "message", r.ID, "kind", r.Kind, "service", reqctx.From(ctx).Caller, "reason", outcome)
	return m.Events.MailDone(ctx, requested(ctx, r), outcome)
}

func requested(ctx context.Context, r domain.MailRequest) ports.RequestedMail {
	return ports.RequestedMail{Tenant: reqctx.From(ctx).TenantID, Message: r.ID, Kind: r.Kind}
}

var endOfBody = regexp.MustCompile(`(?i)</body\s*>`)

// compose writes the mail in the language of its recipient, with a link that unsubscribes.
func (m *MailRequests) compose(r domain.MailRequest, to string, tenant domain.Tenant, language string, subscription domain.MailSubscription) (mail.Message, error) {
	content := r.In(language, tenant.DefaultLanguage)
	address := m.unsubscribeLink(subscription)
	reason, link := "You get this mail from "+tenant.Name+" on UpdSpace.", "No more mails of this kind"
	if content.Language == "ru" {
		reason, link = "Это письмо от сообщества «"+tenant.Name+"» в UpdSpace.", "Больше не получать такие письма"
	}
	message := mail.Message{
		To: to, ReplyTo: r.ReplyTo, Subject: content.Subject, Unsubscribe: address,
		Text: strings.TrimRight(content.Text, "\n") + "\n\n-- \n" + reason + "\n" + link + ": " + address + "\n",
	}
	if content.HTML != "" {
		foot := fmt.Sprintf("<hr><p><small>%s <a href=\"%s\">%s</a></small></p>", html.EscapeString(reason), html.EscapeString(address), html.EscapeString(link))
		end := len(content.HTML)
		if tags := endOfBody.FindAllStringIndex(content.HTML, -1); len(tags) > 0 {
			end = tags[len(tags)-1][0]
		}
		message.HTML = content.HTML[:end] + foot + content.HTML[end:]
	}
	for _, a := range r.Attachments {
		if a.Attendee {
			var err error
			if a.Content, err = addressed(a.Content, to); err != nil {
				return mail.Message{}, err
			}
		}
		message.Attachments = append(message.Attachments, mail.Attachment{Name: a.Name, ContentType: a.ContentType, Content: a.Content, Alternative: a.Alternative})
	}
	return message, nil
}

// addressed is a calendar whose attendee is the recipient of the mail: the service that asks for an invitation (RFC 6047) does not know
// the address.
func addressed(calendar []byte, to string) ([]byte, error) {
	calendars, err := ical.Parse(bytes.NewReader(calendar))
	if err != nil {
		return nil, errs.Field("attachments.content", why.InvalidFormat("must be a calendar")).Wrap(err)
	}
	for _, c := range calendars {
		for _, component := range c.Components {
			for i := range component.Properties {
				if component.Properties[i].Name == "ATTENDEE" {
					component.Properties[i].Value = "mailto:" + to
				}
			}
		}
	}
	var out bytes.Buffer
	if err := ical.Write(&out, calendars...); err != nil {
		return nil, errs.Field("attachments.content", why.InvalidFormat("must be a calendar")).Wrap(err)
	}
	return out.Bytes(), nil
}
