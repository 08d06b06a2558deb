package app

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/identity/domain"
	"go.updspace.com/identity/ports"
	"go.updspace.com/libs/audit"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/errs/why"
	"go.updspace.com/libs/mail"
	"go.updspace.com/libs/reqctx"
)

// GatewaySessionLifetime is how long the gateway's session of a user of a link may live.
const GatewaySessionLifetime = 14 * 24 * time.Hour

// MagicLinks signs people in through a link in an e-mail, for one tenant.
type MagicLinks struct {
	*Deps
	Clients *Clients
}

// LinkRequest asks for a link.
type LinkRequest struct {
	Email      string
	RedirectTo string
	Browser    domain.Secret // what the gateway knows the browser by that asks
}

// Validate reports every field that is wrong.
func (r LinkRequest) Validate() error {
	f := errs.Fields{}
	_, err := domain.NormalizeEmail(r.Email)
	f.Check(err == nil, "email", why.NotFormat("email", "is not an e-mail address"))
	f.Check(r.RedirectTo != "", "redirect_to", why.Empty)
	f.Check(r.Browser != "", "browser", why.Empty)
	return f.Err()
}

// Request mails a link if the address belongs to a member of the tenant who can sign in. Neither the answer nor the work tells
// whether it does: else a link is stored that cannot be used, with a mail that is never sent. It returns the link, for
// development only, or nothing.
func (s *MagicLinks) Request(ctx context.Context, in LinkRequest, from domain.Origin) (string, error) {
	tenant := reqctx.From(ctx)
	if tenant.TenantID == uuid.Nil {
		return "", domain.ErrNoTenant
	}
	if err := in.Validate(); err != nil {
		return "", err
	}
	if err := s.Clients.CheckTarget(ctx, s.GatewayID, in.RedirectTo, tenant.TenantSlug); err != nil {
		return "", err
	}
	email, err := domain.NormalizeEmail(in.Email)
	if err != nil {
		return "", err
	}
	if err := Limited(s.Limiter.Take(ctx, limitLinks, tenant.TenantID.String()+" "+email, 1), domain.ErrRateLimited); err != nil {
		return "", err
	}
	user, err := s.Users.ByEmail(ctx, email)
	if err != nil && !errors.Is(err, domain.ErrUserUnknown) {
		return "", err
	}
	membership, err := s.Memberships.Of(ctx, user.ID)
	if err != nil {
		return "", err
	}
	var owner *uuid.UUID
	if user.ID != uuid.Nil && user.CanSignIn() && membership != nil && membership.Active() {
		owner = &user.ID
	}

	now := s.Clock.Now()
	link, token := domain.NewMagicLink(newID(), tenant.TenantID, owner, in.Browser, now)
	address, err := domain.WithQuery(in.RedirectTo, url.Values{"code": {string(token)}})
	if err != nil {
		return "", err
	}
	queued := ports.QueuedMail{ID: newID(), Message: linkMail(email, user.Language, address), ExpiresAt: link.ExpiresAt}
	err = s.Tx.Do(ctx, func(ctx context.Context) error {
		if err := s.Links.Insert(ctx, link); err != nil {
			return err
		}
		if err := s.Mails.Add(ctx, queued, owner == nil); err != nil {
			return err
		}
		return s.Recorder.add(ctx, audit.Entry{
			Action: domain.ActionLinkRequested, TargetType: "magic_link", TargetID: link.ID.String(), IP: from.IP,
			Metadata: map[string]any{"tenant_id": tenant.TenantID.String()},
		})
	})
	if err != nil || owner == nil {
		return "", err
	}
	return address, nil
}

// Preview returns the user whom a link signs in. It changes nothing, so that a page can ask before it signs the user in.
func (s *MagicLinks) Preview(ctx context.Context, token, browser domain.Secret) (domain.User, error) {
	_, user, err := s.find(ctx, token, browser)
	return user, err
}

func (s *MagicLinks) find(ctx context.Context, token, browser domain.Secret) (domain.MagicLink, domain.User, error) {
	if reqctx.From(ctx).TenantID == uuid.Nil {
		return domain.MagicLink{}, domain.User{}, domain.ErrNoTenant
	}
	link, err := s.Links.ByToken(ctx, token.Hash())
	if err != nil {
		return domain.MagicLink{}, domain.User{}, err
	}
	if err := link.UseError(browser, s.Clock.Now()); err != nil {
		return domain.MagicLink{}, domain.User{}, err
	}
	user, err := s.Users.ByID(ctx, *link.UserID)
	if err != nil {
		return domain.MagicLink{}, domain.User{}, err
	}
	if err := user.SignInError(); err != nil {
		return link, user, err
	}
	factors, err := s.Factors.Of(ctx, user.ID)
	if err == nil && factors.SecondStep() { // a mailbox is one step
		err = domain.ErrSecondStepLink
	}
	return link, user, err
}

// Exchange uses a link of the signed tenant, in the browser that asked for it, and begins the session that the gateway's session belongs to. Of several
// attempts at once one succeeds.
func (s *MagicLinks) Exchange(ctx context.Context, token, browser domain.Secret, from domain.Origin) (SignedIn, error) {
	link, user, err := s.find(ctx, token, browser)
	if err != nil {
		return SignedIn{}, notExchanged(err)
	}
	now := s.Clock.Now()
	session, _ := domain.NewSession(newID(), user.ID, domain.MethodMagicLink, from, now)
	err = s.Tx.Do(ctx, func(ctx context.Context) error {
		if err := s.Links.Use(ctx, link.ID, now); err != nil {
			return err
		}
		if err := s.Sessions.Insert(ctx, session); err != nil {
			return err
		}
		// The mark of the browser stays at this host, and the mail that it opened has told the owner.
		if err := s.History.Add(ctx, domain.NewLoginEvent(newID(), user.ID, session.Method, "", from, now)); err != nil {
			return err
		}
		if err := s.Recorder.add(ctx, audit.Entry{
			Actor: by(user.ID), Action: domain.ActionLinkUsed, TargetType: "magic_link", TargetID: link.ID.String(), IP: from.IP,
			Metadata: map[string]any{"tenant_id": link.TenantID.String(), "session_id": session.ID.String()},
		}); err != nil {
			return err
		}
		return s.Events.SessionCreated(ctx, session)
	})
	return SignedIn{Session: session, User: user}, notExchanged(err)
}

// notExchanged is one answer for every code that cannot be exchanged.
func notExchanged(err error) error {
	for _, gone := range []error{domain.ErrLinkUnknown, domain.ErrLinkUsed, domain.ErrLinkExpired} {
		if errors.Is(err, gone) {
			return domain.ErrExchange
		}
	}
	return err
}

func linkMail(to, language, address string) mail.Message {
	minutes := int(domain.MagicLinkLifetime / time.Minute)
	if language == "ru" {
		return mail.Message{
			To: to, Subject: "Вход в UpdSpace",
			Text: fmt.Sprintf("Откройте эту ссылку, чтобы войти. Она действует %d минут и только один раз.\n\n%s\n\nЕсли вы не просили её, просто не открывайте.\n", minutes, address),
		}
	}
	return mail.Message{
		To: to, Subject: "Sign in to UpdSpace",
		Text: fmt.Sprintf("Open this link to sign in. It works once, within %d minutes.\n\n%s\n\nIf you did not ask for it, do not open it.\n", minutes, address),
	}
}
