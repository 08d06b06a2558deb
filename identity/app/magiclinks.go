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
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/reqctx"
)

// GatewaySessionLifetime is how long the gateway's session of somebody who
// came through a link may live.
const GatewaySessionLifetime = 14 * 24 * time.Hour

var limitLinks = ports.Limit{Name: "magic-link", Events: 5, Window: 15 * time.Minute}

// MagicLinks signs people in through a link in an e-mail, for one tenant.
type MagicLinks struct {
	Tx          ports.Tx
	Users       ports.Users
	Memberships ports.Memberships
	Links       ports.MagicLinks
	Clients     *Clients
	Mails       ports.MailQueue
	Limiter     ports.Limiter
	Recorder    Recorder
	Clock       ports.Clock

	PublicURL string // of this service, as browsers see it
	ClientID  string // of the gateway, whose callbacks links may lead to
}

// LinkRequest asks for a link.
type LinkRequest struct {
	Email      string
	RedirectTo string
}

// Validate reports every field that is wrong.
func (r LinkRequest) Validate() error {
	f := errs.Fields{}
	_, err := domain.NormalizeEmail(r.Email)
	f.Check(err == nil, "email", "is not an e-mail address")
	f.Check(r.RedirectTo != "", "redirect_to", "must not be empty")
	return f.Err()
}

// Request mails a link if the address belongs to a member of the tenant who can
// sign in. Whether it does shows neither in the answer nor in the work: else a
// link is made all the same that nobody can use, with a mail that nobody sends.
// It returns the link, for development only, or nothing.
func (s *MagicLinks) Request(ctx context.Context, in LinkRequest, from domain.Origin) (string, error) {
	tenant := reqctx.From(ctx)
	if tenant.TenantID == uuid.Nil {
		return "", domain.ErrNoTenant
	}
	if err := in.Validate(); err != nil {
		return "", err
	}
	if err := s.Clients.CheckTarget(ctx, s.ClientID, in.RedirectTo, tenant.TenantSlug); err != nil {
		return "", err
	}
	email, err := domain.NormalizeEmail(in.Email)
	if err != nil {
		return "", err
	}
	if wait := s.Limiter.Count(ctx, limitLinks, tenant.TenantID.String()+" "+email); wait > 0 {
		return "", domain.ErrRateLimited.WithRetryAfter(wait).WithDetails(map[string]any{"retry_after_seconds": seconds(wait)})
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
	link, token := domain.NewMagicLink(newID(), tenant.TenantID, owner, in.RedirectTo, now)
	address := s.address(token, in.RedirectTo)
	mail := domain.QueuedMail{ID: newID(), Mail: linkMail(email, user.Language, address), ExpiresAt: link.ExpiresAt}
	err = s.Tx.Do(ctx, func(ctx context.Context) error {
		if err := s.Links.Insert(ctx, link); err != nil {
			return err
		}
		if err := s.Mails.Add(ctx, mail, owner == nil); err != nil {
			return err
		}
		return s.Recorder.add(ctx, entry{
			action: domain.ActionLinkRequested, targetType: "magic_link", targetID: link.ID.String(), ip: from.IP,
			meta: map[string]string{"tenant_id": tenant.TenantID.String()},
		})
	})
	if err != nil || owner == nil {
		return "", err
	}
	return address, nil
}

func (s *MagicLinks) address(token domain.Secret, redirectTo string) string {
	q := url.Values{"token": {string(token)}, "redirect_to": {redirectTo}}
	return s.PublicURL + "/api/v1/auth/magic-link/consume?" + q.Encode()
}

// Consume uses a link and returns where to send the browser, with a code that
// the gateway exchanges. Of any number of clicks at once one succeeds.
func (s *MagicLinks) Consume(ctx context.Context, token domain.Secret, redirectTo string, from domain.Origin) (string, error) {
	link, err := s.Links.ByToken(ctx, token.Hash())
	if err != nil {
		return "", err
	}
	now := s.Clock.Now()
	if err := link.UseError(now); err != nil {
		return "", err
	}
	if !link.LeadsTo(redirectTo) {
		return "", domain.ErrRedirectTarget
	}
	user, err := s.Users.ByID(ctx, *link.UserID)
	if err != nil {
		return "", err
	}
	if err := user.SignInError(); err != nil {
		return "", err
	}
	code := domain.NewSecret()
	target, err := domain.WithCode(redirectTo, code)
	if err != nil {
		return "", err
	}
	err = s.Tx.Platform(ctx, func(ctx context.Context) error {
		if err := s.Links.Use(ctx, link.ID, code.Hash(), now); err != nil {
			return err
		}
		return s.Recorder.add(ctx, entry{
			actor: user.ID, action: domain.ActionLinkUsed, targetType: "magic_link", targetID: link.ID.String(), ip: from.IP,
			meta: map[string]string{"tenant_id": link.TenantID.String()},
		})
	})
	return target, err
}

// Exchange uses up a code of the tenant that asks and returns whose it was.
func (s *MagicLinks) Exchange(ctx context.Context, code domain.Secret) (domain.User, error) {
	if reqctx.From(ctx).TenantID == uuid.Nil {
		return domain.User{}, domain.ErrNoTenant
	}
	id, err := s.Links.Exchange(ctx, code.Hash(), s.Clock.Now())
	if err != nil {
		return domain.User{}, err
	}
	user, err := s.Users.ByID(ctx, id)
	if err != nil {
		return domain.User{}, err
	}
	return user, user.SignInError()
}

func linkMail(to, language, address string) domain.Mail {
	minutes := int(domain.MagicLinkLifetime / time.Minute)
	if language == "ru" {
		return domain.Mail{
			To: to, Subject: "Вход в UpdSpace",
			Text: fmt.Sprintf("Откройте эту ссылку, чтобы войти. Она действует %d минут и только один раз.\n\n%s\n\nЕсли вы не просили её, просто не открывайте.\n", minutes, address),
		}
	}
	return domain.Mail{
		To: to, Subject: "Sign in to UpdSpace",
		Text: fmt.Sprintf("Open this link to sign in. It works once, within %d minutes.\n\n%s\n\nIf you did not ask for it, do not open it.\n", minutes, address),
	}
}
