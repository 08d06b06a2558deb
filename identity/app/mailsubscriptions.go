package app

import (
	"context"
	"net/url"

	"go.updspace.com/identity/domain"
	"go.updspace.com/libs/audit"
	"go.updspace.com/libs/reqctx"
)

// MailSubscriptions are what the links in mails of other services unsubscribe from.
type MailSubscriptions struct{ *Deps }

// PathUnsubscribe is where the links lead that unsubscribe: a GET asks, a POST does it.
const PathUnsubscribe = "/unsubscribe"

const purposeUnsubscribe = "unsubscribe"

// unsubscribeLink is the address that unsubscribes.
func (d *Deps) unsubscribeLink(s domain.MailSubscription) string {
	return d.Issuer + PathUnsubscribe + "?" + url.Values{"token": {d.LinkTokens.Issue(purposeUnsubscribe, s.Encode())}}.Encode()
}

// MailSubscription is what a link in a mail unsubscribes from.
type MailSubscription struct {
	domain.MailSubscription
	From  domain.Tenant
	Ended bool
}

// Find returns what a link unsubscribes from, or ErrLinkUnknown. It changes nothing.
func (m *MailSubscriptions) Find(ctx context.Context, token string) (MailSubscription, error) {
	ctx, found, err := m.open(ctx, token)
	if err != nil {
		return MailSubscription{}, err
	}
	found.Ended, err = m.Unsubscribed.Ended(ctx, found.MailSubscription)
	return found, err
}

// End unsubscribes from the mails that a link is about. A link may be used more than once.
func (m *MailSubscriptions) End(ctx context.Context, token string) (MailSubscription, error) {
	return m.change(ctx, token, true)
}

// Renew subscribes again to the mails that a link is about.
func (m *MailSubscriptions) Renew(ctx context.Context, token string) (MailSubscription, error) {
	return m.change(ctx, token, false)
}

func (m *MailSubscriptions) change(ctx context.Context, token string, end bool) (MailSubscription, error) {
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
func (m *MailSubscriptions) open(ctx context.Context, token string) (context.Context, MailSubscription, error) {
	data, ok := m.LinkTokens.Open(token, purposeUnsubscribe)
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
