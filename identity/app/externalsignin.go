package app

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"

	"github.com/google/uuid"

	"go.updspace.com/identity/domain"
)

// ExternalSignIn signs people in with accounts at other services that they have linked. It makes no accounts here, and such an account is one step: a
// second one is asked for as after a password.
type ExternalSignIn struct {
	*Deps
	SignIn *SignIn
}

// Begin returns the address at which a browser proves to hold an account of a provider, and comes back to next. browser is the secret of the
// browser's earlier ways, if it has one; it is to keep the one that is returned, so that the answer counts in this browser only.
func (e *ExternalSignIn) Begin(ctx context.Context, browser domain.Secret, provider, next string, from domain.Origin) (string, domain.Secret, error) {
	if _, known := e.provider(provider); !known {
		return "", "", domain.ErrProviderUnknown
	}
	if err := Limited(e.Limiter.Take(ctx, limitExternal, from.IP, 1), domain.ErrRateLimited); err != nil {
		return "", "", err
	}
	if !browser.Looks() {
		browser = domain.NewSecret()
	}
	flow, state := domain.NewSignInFlow(browser, provider, next, e.Clock.Now())
	address, err := e.Providers.Begin(ctx, provider, state, flow.Proof)
	if err != nil {
		return "", "", err
	}
	return address, browser, e.Tx.Platform(ctx, func(ctx context.Context) error { return e.Flows.Insert(ctx, flow) })
}

// proven is an account at another service whose holder has yet to show a second factor.
type proven struct{ Provider, Subject string }

// Finish begins a session for the user who has linked the account with which a browser comes back. When a second step is to follow there is none
// yet, and pending is what the browser is to keep for [ExternalSignIn.SecondStep].
func (e *ExternalSignIn) Finish(
	ctx context.Context, flow domain.ProviderFlow, answer url.Values, previous domain.Secret, known string, from domain.Origin,
) (in SignedIn, pending domain.Secret, err error) {
	account, err := e.Providers.Finish(ctx, flow.Provider, answer, domain.Secret(answer.Get("state")), flow.Proof)
	if err != nil {
		return in, "", err
	}
	user, err := e.userOf(ctx, proven{flow.Provider, account.Subject})
	if err != nil {
		return in, "", joined(err, e.SignIn.refused(ctx, user, domain.MethodExternal, from, err))
	}
	factors, err := e.Factors.Of(ctx, user.ID)
	if err != nil {
		return in, "", err
	}
	if !factors.SecondStep() {
		in, err = e.SignIn.begin(ctx, user, signedBy{method: domain.MethodExternal, provider: flow.Provider}, from, previous, known)
		return in, "", err
	}
	state, err := json.Marshal(proven{flow.Provider, account.Subject})
	if err != nil {
		return in, "", fmt.Errorf("encoding a sign-in: %w", err)
	}
	pending = domain.NewSecret()
	c := domain.NewCeremony(domain.PendingKey(pending), domain.CeremonyExternal, state, e.Clock.Now()).Of(user.ID, uuid.Nil)
	return in, pending, e.Tx.Platform(ctx, func(ctx context.Context) error { return e.Ceremonies.Insert(ctx, c) })
}

// userOf returns the user who has linked an account, if they may sign in; of those who may not, too, with the error.
func (e *ExternalSignIn) userOf(ctx context.Context, p proven) (domain.User, error) {
	identity, err := e.Identities.ByAccount(ctx, p.Provider, p.Subject)
	if err != nil {
		return domain.User{}, err
	}
	user, err := e.Users.ByID(ctx, identity.UserID)
	if err != nil {
		return domain.User{}, err
	}
	return user, user.SignInError()
}

// SecondStep begins the session of a sign-in that waits for its second step; in has what was shown and what is known of the browser. Without
// anything shown it says what the step takes, as a password sign-in does.
func (e *ExternalSignIn) SecondStep(ctx context.Context, pending domain.Secret, in Credentials, from domain.Origin) (SignedIn, error) {
	key := domain.PendingKey(pending)
	waiting, found, err := e.Ceremonies.Find(ctx, key, domain.CeremonyExternal, e.Clock.Now())
	if err != nil {
		return SignedIn{}, err
	}
	if !found {
		return SignedIn{}, domain.ErrSignInFlow
	}
	var account proven
	if err := json.Unmarshal(waiting.State, &account); err != nil {
		return SignedIn{}, fmt.Errorf("decoding a sign-in: %w", err)
	}
	user, err := e.userOf(ctx, account)
	if err != nil { // it was unlinked or suspended meanwhile
		return SignedIn{}, err
	}
	if !waiting.Belongs(user.ID, uuid.Nil) {
		return SignedIn{}, domain.ErrSignInFlow
	}
	shown, err := e.SignIn.secondStep(ctx, user, domain.MethodExternal, in, e.SignIn.guess(user.Email, in.Known, from), from)
	if err != nil {
		return SignedIn{}, err
	}
	if shown == nil { // the factor was removed meanwhile
		return SignedIn{}, domain.ErrSignInFlow
	}
	take := shown.take
	shown.take = func(ctx context.Context) error {
		if _, found, err := e.Ceremonies.Take(ctx, key, domain.CeremonyExternal, e.Clock.Now()); err != nil || !found {
			return joined(domain.ErrSignInFlow, err)
		}
		return take(ctx)
	}
	signed, err := e.SignIn.begin(ctx, user, signedBy{method: domain.MethodExternal, provider: account.Provider, shown: shown}, from, in.Previous, in.Known)
	if err != nil {
		err = e.SignIn.notShown(ctx, user, domain.MethodExternal, err, from)
	}
	return signed, err
}
