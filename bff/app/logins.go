package app

import (
	"cmp"
	"context"
	"errors"
	"net/url"
	"strings"

	"go.updspace.com/bff/domain"
	"go.updspace.com/bff/ports"
)

// Where the ID service sends browsers back to, and where its logout tokens go.
const (
	CallbackPath      = "/api/v1/auth/callback"
	MagicCallbackPath = "/api/v1/session/callback"
	BackChannelPath   = "/api/v1/auth/backchannel-logout"
	InboundMailPath   = "/api/v1/events/inbound-mail" // where mail servers pass on mails
	DIDDocumentPath   = "/.well-known/did.json"       // where the keys of a tenant's badges are published (did:web)
)

// Origin is the public origin of each tenant, with {tenant} for the slug: https://{tenant}.updspace.com. It is
// configured, never read from a request, because what a request says about itself can be forged or rewritten.
type Origin string

// Of returns a tenant's origin.
func (o Origin) Of(tenant domain.Tenant) string {
	return strings.ReplaceAll(string(o), "{tenant}", tenant.Slug)
}

// Logins signs users in, through the ID service's pages or a link in a mail.
type Logins struct {
	origin   Origin
	provider ports.Provider
	identity ports.Identity
	attempts ports.Attempts
	sessions *Sessions
	clock    ports.Clock
}

// NewLogins makes the use case.
func NewLogins(origin Origin, provider ports.Provider, identity ports.Identity, attempts ports.Attempts, sessions *Sessions, clock ports.Clock) *Logins {
	return &Logins{origin: origin, provider: provider, identity: identity, attempts: attempts, sessions: sessions, clock: clock}
}

// SignedIn is the outcome of a login. Next is set also when the login fails, if it is known.
type SignedIn struct {
	Session domain.Session
	Token   domain.Secret // for the cookie
	Next    string        // where the browser goes
}

// Start begins a sign-in and returns the address of the ID service's page.
func (l *Logins) Start(ctx context.Context, tenant domain.Tenant, browser domain.Secret, next string, ask ports.Authorize) (string, error) {
	attempt, state := domain.NewAttempt(tenant.ID, browser, next, l.clock.Now())
	target, err := l.provider.AuthorizeURL(ctx, l.origin.Of(tenant)+CallbackPath, state, domain.ProofsFor(browser, state), ask)
	if err != nil {
		return "", err
	}
	if err := l.attempts.Save(ctx, attempt); err != nil {
		return "", err
	}
	return target, nil
}

// Callback is what the ID service sent the browser back with.
type Callback struct {
	Code, State, Error string
	Issuer             string        // who answers (RFC 9207)
	Browser            domain.Secret // of the browser that came, empty if it has none
	Old                domain.Secret // token of the session it had, empty if none
}

// Validate refuses what cannot be an answer.
func (c Callback) Validate() error {
	switch {
	case c.Error != "":
		return domain.ErrOAuth.WithDetails(map[string]any{"error": c.Error})
	case c.Code == "":
		return domain.ErrCallback
	}
	return nil
}

// Finish completes a sign-in. The state is used up whatever comes of it, but only by the browser it was issued to.
func (l *Logins) Finish(ctx context.Context, tenant domain.Tenant, in Callback) (SignedIn, error) {
	if in.State == "" {
		return SignedIn{}, cmp.Or(in.Validate(), error(domain.ErrCallback))
	}
	attempt, state, err := l.take(ctx, tenant, in.State, in.Browser)
	out := SignedIn{Next: attempt.Next}
	if err != nil {
		return out, err
	}
	if err := in.Validate(); err != nil {
		return out, err
	}
	user, err := l.provider.Redeem(ctx, l.origin.Of(tenant)+CallbackPath, in.Code, in.Issuer, domain.ProofsFor(in.Browser, state))
	if err != nil {
		return out, err
	}
	out.Session, out.Token, err = l.sessions.Open(ctx, tenant, user, in.Old)
	return out, err
}

// take uses up an attempt. It is returned also when it cannot be used any more, for where it should have led.
func (l *Logins) take(ctx context.Context, tenant domain.Tenant, state string, browser domain.Secret) (domain.Attempt, domain.Secret, error) {
	secret, ok := domain.ParseSecret(state)
	if !ok || browser == "" {
		return domain.Attempt{}, "", domain.ErrInvalidState
	}
	attempt, err := l.attempts.Take(ctx, secret.Hash(), browser.Hash())
	if err != nil {
		return domain.Attempt{}, "", err
	}
	return attempt, secret, attempt.Check(tenant.ID, l.clock.Now())
}

// SendLink asks for a link that signs in, to be sent by mail.
func (l *Logins) SendLink(ctx context.Context, tenant domain.Tenant, browser domain.Secret, email, next string) (ports.MagicLink, error) {
	returnTo := l.origin.Of(tenant) + MagicCallbackPath
	if next = domain.SafeNext(next); next != "/" {
		returnTo += "?" + url.Values{"next": {next}}.Encode()
	}
	return l.identity.RequestMagicLink(ctx, tenant, domain.LinkBrowser(browser), email, returnTo)
}

// PreviewLink finds the user whom a link signs in. It changes nothing: links are opened by programs, too.
func (l *Logins) PreviewLink(ctx context.Context, tenant domain.Tenant, browser domain.Secret, code string) (domain.LinkPreview, error) {
	return l.identity.PreviewMagicCode(ctx, tenant, domain.LinkBrowser(browser), code)
}

// FinishLink opens a session for the code of a link, in the browser that asked for it. The browser's old session is signed out, at the ID host, too: the
// browser does not come by there, so nothing else would end it.
func (l *Logins) FinishLink(ctx context.Context, tenant domain.Tenant, browser domain.Secret, code, next string, old domain.Secret) (SignedIn, error) {
	out := SignedIn{Next: domain.SafeNext(next)}
	user, err := l.identity.RedeemMagicCode(ctx, tenant, domain.LinkBrowser(browser), code)
	if err != nil {
		return out, err
	}
	in, err := l.enter(ctx, tenant, user, old)
	in.Next = out.Next
	return in, err
}

// enter opens the session of a user who came by a mail, and signs the browser's old session out.
func (l *Logins) enter(ctx context.Context, tenant domain.Tenant, user domain.SignIn, old domain.Secret) (out SignedIn, err error) {
	if old != "" {
		err := l.sessions.SignOut(ctx, old)
		if err != nil && !errors.Is(err, domain.ErrUnauthenticated) && !errors.Is(err, domain.ErrSignOutUnconfirmed) {
			return out, err
		}
	}
	out.Session, out.Token, err = l.sessions.Open(ctx, tenant, user, "")
	return out, err
}
