package providers

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"go.updspace.com/identity/domain"
	"go.updspace.com/libs/egress"
)

// issuer is an OpenID Connect issuer. What it says of itself is read when it is needed, so that one that is away hinders nothing else, and
// again after discoveryAge.
type issuer struct {
	Issuer
	client *egress.Client
	now    func() time.Time

	mu        sync.Mutex
	found     *oidc.Provider
	document  discovery
	foundTill time.Time
}

const discoveryAge = time.Hour

// discovery is what we need of a discovery document that go-oidc does not read.
type discovery struct {
	AuthMethods []string `json:"token_endpoint_auth_methods_supported"`
	// NamesItself is RFC 9207: each answer says which issuer it is from.
	NamesItself bool `json:"authorization_response_iss_parameter_supported"`
}

func newIssuer(i Issuer, client *egress.Client, now func() time.Time) *issuer {
	if i.Scopes == nil {
		i.Scopes = []string{"profile"}
	}
	return &issuer{Issuer: i, client: client, now: now}
}

func (i *issuer) about() domain.Provider {
	return domain.Provider{ID: i.ID, Name: i.Name, Kind: domain.ProviderOIDC}
}

// metadata is what an issuer says of itself.
type metadata struct {
	*oidc.Provider
	oauth2.Config
	namesItself bool
}

// discover returns what the issuer says of itself. Those who need it at once wait for one request.
func (i *issuer) discover(ctx context.Context) (metadata, error) {
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.found == nil || i.now().After(i.foundTill) {
		found, err := oidc.NewProvider(oidc.ClientContext(ctx, i.client.HTTP()), i.Issuer.Issuer)
		if err == nil {
			err = found.Claims(&i.document)
		}
		if err == nil {
			err = i.client.Check(found.Endpoint().AuthURL) // where we send browsers
		}
		if err != nil {
			return metadata{}, unread(err)
		}
		i.found, i.foundTill = found, i.now().Add(discoveryAge)
	}
	endpoint := i.found.Endpoint()
	endpoint.AuthStyle = oauth2.AuthStyleInHeader // the default of Discovery 1.0, section 3
	if methods := i.document.AuthMethods; len(methods) > 0 && !slices.Contains(methods, "client_secret_basic") {
		endpoint.AuthStyle = oauth2.AuthStyleInParams
	}
	return metadata{i.found, oauth2.Config{
		ClientID: i.ClientID, ClientSecret: i.ClientSecret, Endpoint: endpoint, Scopes: append([]string{oidc.ScopeOpenID}, i.Scopes...),
	}, i.document.NamesItself}, nil
}

// unread is the error of a document that could not be had, or is not one.
func unread(err error) error {
	var unreached *url.Error
	if errors.As(err, &unreached) {
		return unreached.Err
	}
	return domain.ErrProviderAnswer.Wrap(fmt.Errorf("%.200s", err.Error())) // errors of go-oidc quote whole answers
}

func (i *issuer) begin(ctx context.Context, callback string, state domain.Secret, proof domain.FlowProof) (string, error) {
	of, err := i.discover(ctx)
	if err != nil {
		return "", err
	}
	return authorizeURL(of.Config, callback, state, proof, oidc.Nonce(string(proof.Nonce))), nil
}

func (i *issuer) finish(ctx context.Context, callback string, answer url.Values, _ domain.Secret, proof domain.FlowProof) (domain.ExternalAccount, error) {
	if answer.Has("iss") && answer.Get("iss") != i.Issuer.Issuer { // RFC 9207: an answer of another issuer
		return domain.ExternalAccount{}, domain.ErrIdentityNotProven
	}
	of, err := i.discover(ctx)
	if err != nil {
		return domain.ExternalAccount{}, err
	}
	if of.namesItself && !answer.Has("iss") {
		return domain.ExternalAccount{}, domain.ErrIdentityNotProven
	}
	token, err := exchange(ctx, i.client, of.Config, callback, answer, proof)
	if err != nil {
		return domain.ExternalAccount{}, err
	}
	raw, _ := token.Extra("id_token").(string)
	verified, err := of.Verifier(&oidc.Config{ClientID: i.ClientID, Now: i.now}).Verify(ctx, raw)
	if err != nil {
		return domain.ExternalAccount{}, unread(err)
	}
	var claims struct {
		AuthorizedParty   string `json:"azp"`
		PreferredUsername string `json:"preferred_username"`
		Name              string `json:"name"`
	}
	if err := verified.Claims(&claims); err != nil {
		return domain.ExternalAccount{}, domain.ErrProviderAnswer.Wrap(err)
	}
	switch {
	case verified.Nonce != string(proof.Nonce):
		return domain.ExternalAccount{}, domain.ErrIdentityNotProven.Wrap(fmt.Errorf("the nonce is another"))
	case len(verified.Audience) > 1 && claims.AuthorizedParty != i.ClientID, claims.AuthorizedParty != "" && claims.AuthorizedParty != i.ClientID: // Core 1.0, section 3.1.3.7
		return domain.ExternalAccount{}, domain.ErrIdentityNotProven.Wrap(fmt.Errorf("the ID token is for another client"))
	}
	return domain.NewExternalAccount(verified.Subject, cmp.Or(claims.PreferredUsername, claims.Name))
}
