package app

import (
	"context"
	"net/url"
	"strings"

	"go.updspace.com/bff/domain"
	"go.updspace.com/bff/ports"
)

// Where the ID service sends browsers back to.
const (
	CallbackPath      = "/api/v1/auth/callback"
	MagicCallbackPath = "/api/v1/session/callback"
)

// Origin is the public origin of each tenant, with {tenant} for the slug:
// https://{tenant}.updspace.com. It is configured, never read from a request,
// because what a request says about itself can be forged or rewritten.
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

// SignedIn is the outcome of a login.
type SignedIn struct {
	Session domain.Session
	Token   domain.Secret // for the cookie
	Next    string        // where the browser goes
}

// Start begins a sign-in and returns the address of the ID service's page.
func (l *Logins) Start(ctx context.Context, tenant domain.Tenant, browser domain.Secret, next string) (string, error) {
	attempt, state := domain.NewAttempt(tenant.ID, browser, next, l.clock.Now())
	target, err := l.provider.AuthorizeURL(ctx, l.origin.Of(tenant)+CallbackPath, state, domain.ProofsFor(browser, state))
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
	Browser            domain.Secret // of the browser that came, empty if it has none
	Old                domain.Secret // token of the session it had, empty if none
}

// Validate refuses what cannot be an answer.
func (c Callback) Validate() error {
	switch {
	case c.Error != "":
		return domain.ErrOAuth.WithDetails(map[string]any{"error": c.Error})
	case c.Code == "" || c.State == "":
		return domain.ErrCallback
	}
	return nil
}

// Finish completes a sign-in. The state is used up whatever comes of it.
func (l *Logins) Finish(ctx context.Context, tenant domain.Tenant, in Callback) (SignedIn, error) {
	if err := in.Validate(); err != nil {
		return SignedIn{}, err
	}
	state, ok := domain.ParseSecret(in.State)
	if !ok {
		return SignedIn{}, domain.ErrInvalidState
	}
	attempt, err := l.attempts.Take(ctx, state.Hash())
	if err != nil {
		return SignedIn{}, err
	}
	if err := attempt.Accept(tenant.ID, in.Browser, l.clock.Now()); err != nil {
		return SignedIn{}, err
	}
	user, err := l.provider.Redeem(ctx, l.origin.Of(tenant)+CallbackPath, in.Code, domain.ProofsFor(in.Browser, state))
	if err != nil {
		return SignedIn{}, err
	}
	session, token, err := l.sessions.Open(ctx, tenant, user, in.Old)
	if err != nil {
		return SignedIn{}, err
	}
	return SignedIn{Session: session, Token: token, Next: attempt.Next}, nil
}

// SendLink asks for a link that signs in, to be sent by mail.
func (l *Logins) SendLink(ctx context.Context, tenant domain.Tenant, email, next string) (ports.MagicLink, error) {
	returnTo := l.origin.Of(tenant) + MagicCallbackPath
	if next = domain.SafeNext(next); next != "/" {
		returnTo += "?next=" + url.QueryEscape(next)
	}
	return l.identity.RequestMagicLink(ctx, tenant, email, returnTo)
}

// FinishLink opens a session for the one-time code at the end of a magic link.
// The link may be opened in another browser than the one that asked for it:
// people read mail where they read mail.
func (l *Logins) FinishLink(ctx context.Context, tenant domain.Tenant, code, next string, old domain.Secret) (SignedIn, error) {
	user, err := l.identity.RedeemMagicCode(ctx, tenant, code)
	if err != nil {
		return SignedIn{}, err
	}
	session, token, err := l.sessions.Open(ctx, tenant, user, old)
	if err != nil {
		return SignedIn{}, err
	}
	return SignedIn{Session: session, Token: token, Next: domain.SafeNext(next)}, nil
}
