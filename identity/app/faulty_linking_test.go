package app_test

import (
	"context"
	"net/url"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/identity/domain"
)

type (
	storedFlows      struct{ *stored }
	storedIdentities struct{ *stored }
	steamOnly        struct{ *stored }
)

func (p storedFlows) Insert(context.Context, domain.LinkFlow) error { return p.Next() }

func (p storedFlows) Take(_ context.Context, _ domain.Hash, session uuid.UUID, provider string, _ time.Time) (domain.LinkFlow, error) {
	return domain.LinkFlow{SessionID: session, Provider: provider, Next: "/account"}, p.Next()
}

func (p storedIdentities) Of(context.Context, uuid.UUID) ([]domain.ExternalIdentity, error) {
	return p.identities, p.Next()
}

func (p storedIdentities) Insert(context.Context, domain.ExternalIdentity) error {
	return p.tell("store: identity")
}

func (p storedIdentities) SetLabel(context.Context, domain.ExternalIdentity) error {
	return p.tell("store: label")
}

func (p storedIdentities) Delete(context.Context, uuid.UUID, string) error { return p.Next() }

func (steamOnly) List() []domain.Provider {
	return []domain.Provider{{ID: "steam", Name: "Steam", Kind: domain.ProviderSteam}}
}

func (p steamOnly) Begin(context.Context, string, domain.Secret, domain.LinkProof) (string, error) {
	return "https://steam.test/", p.Next()
}

func (p steamOnly) Finish(context.Context, string, url.Values, domain.Secret, domain.LinkProof) (domain.ExternalAccount, error) {
	return domain.ExternalAccount{Subject: "76561197960287930"}, p.Next()
}

func (p publisher) IdentityLinked(context.Context, uuid.UUID, domain.ExternalIdentity) error {
	return p.tell("event: identity linked")
}

func (p publisher) IdentityUnlinked(context.Context, uuid.UUID, domain.ExternalIdentity) error {
	return p.tell("event: identity unlinked")
}
