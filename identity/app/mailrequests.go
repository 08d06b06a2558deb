package app

import (
	"context"
	"errors"
	"fmt"
	"html"
	"net/url"
	"strings"

	"github.com/google/uuid"

	"go.updspace.com/identity/domain"
	"go.updspace.com/identity/ports"
	"go.updspace.com/libs/audit"
	"go.updspace.com/libs/mail"
	"go.updspace.com/libs/reqctx"
)

// MailRequests are the mails that other services ask for, and the links in them that unsubscribe.
type MailRequests struct{ *Deps }

// PathUnsubscribe is where the links lead that unsubscribe: a GET asks, a POST does it.
const PathUnsubscribe = "/unsubscribe"

const purposeUnsubscribe = "unsubscribe"

// Queue queues a mail on behalf of the tenant of the request, in the transaction in ctx. A mail that its recipient must not
// get is not queued: an event says why, and that is no error. An error of the kind errs.Invalid means that the request can
// never be carried out.
func (m *MailRequests) Queue(ctx context.Context, r domain.MailRequest) error {
	now := m.Clock.Now()
	r, err := r.Checked(now)
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
	address, language, err := m.recipient(ctx, r)
	if err != nil {
		return err
	}
	subscription := r.Subscription(tenant.ID)
	ended, err := m.Unsubscribed.Ended(ctx, subscription)
	switch {
	case err != nil:
		return err
	case address == "":
		return m.refuse(ctx, r, domain.MailNoRecipient)
	case ended:
		return m.refuse(ctx, r, domain.MailUnsubscribed)
	case !r.ExpiresAt.After(now):
		return m.refuse(ctx, r, domain.MailNotAccepted)
	}
	return m.Mails.Add(ctx, ports.QueuedMail{
		ID: newID(), Message: m.compose(r, address, tenant, language, subscription), ExpiresAt: r.ExpiresAt,
		Requested: new(requested(ctx, r)),
	}, false)
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

// compose writes the mail in the language of its recipient, with a link that unsubscribes.
func (m *MailRequests) compose(r domain.MailRequest, to string, tenant domain.Tenant, language string, subscription domain.MailSubscription) mail.Message {
	content := r.In(language, tenant.DefaultLanguage)
	address := m.Issuer + PathUnsubscribe + "?" + url.Values{"token": {m.Tokens.Issue(purposeUnsubscribe, subscription.Encode())}}.Encode()
	reason, link := "You get this mail from "+tenant.Name+" on UpdSpace.", "No more mails of this kind"
	if content.Language == "ru" {
		reason, link = "Это письмо от сообщества «"+tenant.Name+"» в UpdSpace.", "Больше не получать такие письма"
	}
	message := mail.Message{
		To: to, Subject: content.Subject, Unsubscribe: address,
		Text: strings.TrimRight(content.Text, "\n") + "\n\n-- \n" + reason + "\n" + link + ": " + address + "\n",
	}
	if content.HTML != "" {
		foot := fmt.Sprintf("<hr><p><small>%s <a href=\"%s\">%s</a></small></p>", html.EscapeString(reason), html.EscapeString(address), html.EscapeString(link))
		end := strings.LastIndex(strings.ToLower(content.HTML), "</body>")
		if end < 0 {
			end = len(content.HTML)
		}
		message.HTML = content.HTML[:end] + foot + content.HTML[end:]
	}
	for _, a := range r.Attachments {
		message.Attachments = append(message.Attachments, mail.Attachment(a))
	}
	return message
}

// MailSubscription is what a link in a mail unsubscribes from.
type MailSubscription struct {
	domain.MailSubscription
	From  domain.Tenant
	Ended bool
}

// Subscription returns what a link unsubscribes from; ErrLinkUnknown if it is none of ours. It changes nothing.
func (m *MailRequests) Subscription(ctx context.Context, token string) (MailSubscription, error) {
	ctx, found, err := m.open(ctx, token)
	if err != nil {
		return MailSubscription{}, err
	}
	found.Ended, err = m.Unsubscribed.Ended(ctx, found.MailSubscription)
	return found, err
}

// Unsubscribe ends the mails that a link is about. A link may be used again and again.
func (m *MailRequests) Unsubscribe(ctx context.Context, token string) (MailSubscription, error) {
	return m.change(ctx, token, true)
}

// Resubscribe brings back the mails that a link is about.
func (m *MailRequests) Resubscribe(ctx context.Context, token string) (MailSubscription, error) {
	return m.change(ctx, token, false)
}

func (m *MailRequests) change(ctx context.Context, token string, end bool) (MailSubscription, error) {
	ctx, found, err := m.open(ctx, token)
	if err != nil {
		return MailSubscription{}, err
	}
	action, set := domain.ActionMailsRenewed, m.Unsubscribed.Renew
	if end {
		action, set = domain.ActionMailsEnded, func(ctx context.Context, s domain.MailSubscription) (bool, error) {
			return m.Unsubscribed.End(ctx, s, m.Clock.Now())
		}
	}
	found.Ended = end
	return found, m.Tx.Do(ctx, func(ctx context.Context) error {
		changed, err := set(ctx, found.MailSubscription)
		if err != nil || !changed {
			return err
		}
		return m.Recorder.add(ctx, audit.Entry{Actor: by(found.User), Action: action, TargetType: "mail_kind", TargetID: found.Kind, About: found.User})
	})
}

// open reads a link, and returns the context of the tenant that it is of.
func (m *MailRequests) open(ctx context.Context, token string) (context.Context, MailSubscription, error) {
	data, ok := m.Tokens.Open(token, purposeUnsubscribe)
	if !ok {
		return ctx, MailSubscription{}, domain.ErrLinkUnknown
	}
	subscription, ok := domain.DecodeMailSubscription(data)
	if !ok {
		return ctx, MailSubscription{}, domain.ErrLinkUnknown
	}
	from, err := m.Tenants.ByID(ctx, subscription.Tenant)
	rc := reqctx.From(ctx)
	rc.TenantID, rc.TenantSlug = subscription.Tenant, from.Slug
	return reqctx.With(ctx, rc), MailSubscription{MailSubscription: subscription, From: from}, err
}
