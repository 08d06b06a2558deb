package app

import (
	"context"
	"net/url"
	"slices"

	"github.com/google/uuid"

	"go.updspace.com/identity/domain"
	"go.updspace.com/libs/audit"
)

// Linking is what users do with their accounts at other services. It makes no accounts here; see [ExternalSignIn].
type Linking struct{ *Deps }

// Linked is an identity and its provider.
type Linked struct {
	domain.ExternalIdentity
	Provider domain.Provider
}

// ListProviders lists the services whose accounts can be linked.
func (l *Linking) ListProviders() []domain.Provider { return l.Providers.List() }

// List lists what a user has linked, also accounts of a provider that is not set up any more.
func (l *Linking) List(ctx context.Context, user uuid.UUID) ([]Linked, error) {
	identities, err := l.Identities.Of(ctx, user)
	out := make([]Linked, len(identities))
	for i, identity := range identities {
		provider, known := l.provider(identity.Provider)
		if !known {
			provider = domain.Provider{ID: identity.Provider, Name: identity.Provider, Kind: domain.ProviderOIDC}
		}
		out[i] = Linked{identity, provider}
	}
	return out, err
}

func (d *Deps) provider(id string) (domain.Provider, bool) {
	list := d.Providers.List()
	i := slices.IndexFunc(list, func(p domain.Provider) bool { return p.ID == id })
	if i < 0 {
		return domain.Provider{}, false
	}
	return list[i], true
}

// Flow takes the flow with which a browser comes back from a provider: of its session, or of a sign-in that it has begun.
func (l *Linking) Flow(ctx context.Context, holder domain.FlowHolder, provider string, answer url.Values) (domain.ProviderFlow, error) {
	return l.Flows.Take(ctx, domain.Secret(answer.Get("state")).Hash(), holder, provider, l.Clock.Now())
}

// Begin returns the address at which the user's browser proves to hold an account of a provider, and comes back to next.
func (l *Linking) Begin(ctx context.Context, who Current, provider, next string) (string, error) {
	if _, known := l.provider(provider); !known {
		return "", domain.ErrProviderUnknown
	}
	if err := l.confirmed(who); err != nil { // a linked account signs in
		return "", err
	}
	if err := Limited(l.Limiter.Take(ctx, limitLinking, who.User.ID.String(), 1), domain.ErrRateLimited); err != nil {
		return "", err
	}
	mine, err := l.Identities.Of(ctx, who.User.ID)
	if err != nil {
		return "", err
	}
	if of(mine, provider) != nil {
		return "", domain.ErrProviderLinked
	}
	flow, state := domain.NewLinkFlow(who.Session.ID, provider, next, l.Clock.Now())
	address, err := l.Providers.Begin(ctx, provider, state, flow.Proof)
	if err != nil {
		return "", err
	}
	return address, l.Tx.Platform(ctx, func(ctx context.Context) error { return l.Flows.Insert(ctx, flow) })
}

// Finish links the account with which a browser comes back from a provider.
func (l *Linking) Finish(ctx context.Context, who Current, flow domain.ProviderFlow, answer url.Values, ip string) error {
	account, err := l.Providers.Finish(ctx, flow.Provider, answer, domain.Secret(answer.Get("state")), flow.Proof)
	if err != nil {
		return err
	}
	return l.link(ctx, who, domain.ExternalIdentity{
		UserID: who.User.ID, Provider: flow.Provider, ExternalAccount: account, LinkedAt: l.Clock.Now(),
	}, ip)
}

func (l *Linking) link(ctx context.Context, who Current, identity domain.ExternalIdentity, ip string) error {
	return l.Tx.Platform(ctx, func(ctx context.Context) error {
		user, err := l.Users.Lock(ctx, who.User.ID)
		if err != nil {
			return err
		}
		session, err := l.Sessions.ByID(ctx, who.Session.ID) // it may have ended while the provider was asked
		if err != nil {
			return err
		}
		if !session.Alive(user, l.Clock.Now()) {
			return domain.ErrInvalidSession
		}
		mine, err := l.Identities.Of(ctx, user.ID)
		if err != nil {
			return err
		}
		if before := of(mine, identity.Provider); before != nil {
			if before.Subject != identity.Subject {
				return domain.ErrProviderLinked
			}
			return l.Identities.SetLabel(ctx, identity)
		}
		if err := l.Identities.Insert(ctx, identity); err != nil {
			return err
		}
		return l.tell(ctx, identity, domain.ActionIdentityLinked, ip, l.Events.IdentityLinked)
	})
}

// Unlink forgets a user's account of a provider, whether or not the provider is still set up, unless it is the last way in.
func (l *Linking) Unlink(ctx context.Context, who Current, provider, ip string) error {
	if err := l.confirmed(who); err != nil {
		return err
	}
	return l.Tx.Platform(ctx, func(ctx context.Context) error {
		user, err := l.Users.Lock(ctx, who.User.ID)
		if err != nil {
			return err
		}
		if _, signsIn := l.provider(provider); signsIn {
			passkeys, err := l.Passkeys.Of(ctx, user.ID)
			if err != nil {
				return err
			}
			linked, err := l.Identities.Of(ctx, user.ID)
			if err != nil {
				return err
			}
			others := slices.DeleteFunc(slices.Clone(linked), func(i domain.ExternalIdentity) bool { return i.Provider == provider })
			if len(others) < len(linked) && !l.waysIn(user, passkeys, others) {
				return domain.ErrLastWayIn
			}
		}
		if err := l.Identities.Delete(ctx, user.ID, provider); err != nil {
			return err
		}
		identity := domain.ExternalIdentity{UserID: user.ID, Provider: provider}
		return l.tell(ctx, identity, domain.ActionIdentityUnlinked, ip, l.Events.IdentityUnlinked)
	})
}

// tell records a change of a user's own and tells it to every tenant of theirs. The user is locked, so no membership changes meanwhile.
func (l *Linking) tell(
	ctx context.Context, identity domain.ExternalIdentity, action, ip string, publish func(context.Context, uuid.UUID, domain.ExternalIdentity) error,
) error {
	if err := l.Recorder.add(ctx, audit.Entry{
		Actor: by(identity.UserID), Action: action, TargetType: "user", TargetID: identity.UserID.String(), IP: ip,
		Metadata: map[string]any{"provider": identity.Provider}, // which account it was is the user's own matter
	}); err != nil {
		return err
	}
	memberships, err := l.Memberships.Active(ctx, identity.UserID, maxMemberships)
	if err != nil {
		return err
	}
	for _, m := range memberships {
		if err := publish(ctx, m.TenantID, identity); err != nil {
			return err
		}
	}
	return nil
}

func of(identities []domain.ExternalIdentity, provider string) *domain.ExternalIdentity {
	for i := range identities {
		if identities[i].Provider == provider {
			return &identities[i]
		}
	}
	return nil
}

// waysIn reports whether a user can sign in with what is left to them: a password, a passkey that signs in alone, or an account of a provider that
// is set up.
func (d *Deps) waysIn(user domain.User, passkeys []domain.Passkey, linked []domain.ExternalIdentity) bool {
	return user.PasswordHash != "" ||
		slices.ContainsFunc(passkeys, func(p domain.Passkey) bool { return p.Alone }) ||
		slices.ContainsFunc(linked, func(i domain.ExternalIdentity) bool { _, known := d.provider(i.Provider); return known })
}
