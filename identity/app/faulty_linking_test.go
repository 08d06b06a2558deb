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

func (p storedFlows) Insert(context.Context, domain.ProviderFlow) error { return p.Next() }

func (p storedFlows) Take(_ context.Context, _ domain.Hash, holder domain.FlowHolder, provider string, _ time.Time) (domain.ProviderFlow, error) {
	return domain.ProviderFlow{SessionID: holder.SessionID, Provider: provider, Next: "/account"}, p.Next()
}

func (p storedIdentities) Of(context.Context, uuid.UUID) ([]domain.ExternalIdentity, error) {
	return p.identities, p.Next()
}

func (p storedIdentities) ByAccount(context.Context, string, string) (domain.ExternalIdentity, error) {
	if len(p.identities) == 0 {
		return domain.ExternalIdentity{}, domain.ErrIdentityNotLinked
	}
	return p.identities[0], p.Next()
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

func (p steamOnly) Begin(context.Context, string, domain.Secret, domain.FlowProof) (string, error) {
	return "https://steam.test/", p.Next()
}

func (p steamOnly) Finish(context.Context, string, url.Values, domain.Secret, domain.FlowProof) (domain.ExternalAccount, error) {
	return domain.ExternalAccount{Subject: "76561197960287930"}, p.Next()
}

func (p publisher) IdentityLinked(context.Context, uuid.UUID, domain.ExternalIdentity) error {
	return p.tell("event: identity linked")
}

func (p publisher) IdentityUnlinked(context.Context, uuid.UUID, domain.ExternalIdentity) error {
	return p.tell("event: identity unlinked")
}

// linkSteam comes back from Steam to link.
func (s scene) linkSteam() error {
	flow, err := s.Linking.Flow(s.ctx, domain.FlowHolder{SessionID: s.session.ID}, "steam", url.Values{})
	if err != nil {
		return err
	}
	return s.Linking.Finish(s.ctx, s.who, flow, url.Values{}, "")
}

// signInWithSteam comes back from Steam to sign in.
func (s scene) signInWithSteam() error {
	s.identities = []domain.ExternalIdentity{{UserID: s.user.ID, Provider: "steam"}}
	_, _, err := s.ExternalSignIn.Finish(s.ctx, domain.ProviderFlow{Provider: "steam"}, url.Values{}, "", "", domain.Origin{})
	return err
}
