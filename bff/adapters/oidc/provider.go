// Package oidc is the ID service seen as an OpenID provider: authorization code
// flow with PKCE and a nonce, and verification of the ID token.
package oidc

import (
	"context"
	"crypto/subtle"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"github.com/google/uuid"
	"golang.org/x/oauth2"
	"golang.org/x/sync/singleflight"

	"go.updspace.com/bff/domain"
	"go.updspace.com/bff/ports"
	"go.updspace.com/libs/errs"
)

const callTimeout = 5 * time.Second

// Config says which client the gateway is, and of whom.
type Config struct {
	Issuer       string // as browsers see it
	BackChannel  string // as this process reaches it
	ClientID     string
	ClientSecret string
}

// Provider implements ports.Provider.
type Provider struct {
	cfg    Config
	client *http.Client
	found  atomic.Pointer[discovered]
	flight singleflight.Group
}

var _ ports.Provider = (*Provider)(nil)

type discovered struct {
	endpoint oauth2.Endpoint
	verifier *oidc.IDTokenVerifier
}

// New makes the provider. Discovery waits until somebody signs in, so that the
// gateway starts without the ID service.
func New(cfg Config, base http.RoundTripper) (*Provider, error) {
	transport, err := newBackChannel(cfg.Issuer, cfg.BackChannel, base)
	if err != nil {
		return nil, err
	}
	return &Provider{cfg: cfg, client: &http.Client{
		Transport:     transport,
		Timeout:       callTimeout,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}, nil
}

// AuthorizeURL implements ports.Provider.
func (p *Provider) AuthorizeURL(ctx context.Context, returnTo string, state domain.Secret, proofs domain.Proofs) (string, error) {
	d, err := p.discover(ctx)
	if err != nil {
		return "", err
	}
	return p.oauth(d, returnTo).AuthCodeURL(string(state),
		oidc.Nonce(proofs.Nonce), oauth2.S256ChallengeOption(proofs.Verifier)), nil
}

// Redeem implements ports.Provider.
func (p *Provider) Redeem(ctx context.Context, returnTo, code string, proofs domain.Proofs) (uuid.UUID, error) {
	d, err := p.discover(ctx)
	if err != nil {
		return uuid.Nil, err
	}
	ctx = oidc.ClientContext(ctx, p.client)
	token, err := p.oauth(d, returnTo).Exchange(ctx, code, oauth2.VerifierOption(proofs.Verifier))
	if err != nil {
		return uuid.Nil, exchangeError(err)
	}
	raw, ok := token.Extra("id_token").(string)
	if !ok {
		return uuid.Nil, domain.ErrInvalidIDToken.Wrap(errors.New("the answer has no id_token"))
	}
	id, err := d.verifier.Verify(ctx, raw)
	switch {
	case err == nil:
	case keysAway(err):
		return uuid.Nil, away(err)
	default:
		return uuid.Nil, domain.ErrInvalidIDToken.Wrap(err)
	}
	if subtle.ConstantTimeCompare([]byte(id.Nonce), []byte(proofs.Nonce)) != 1 {
		return uuid.Nil, domain.ErrInvalidIDToken.Wrap(errors.New("the nonce is another one"))
	}
	user, err := uuid.Parse(id.Subject)
	if err != nil {
		return uuid.Nil, domain.ErrInvalidIDToken.Wrap(fmt.Errorf("the subject is not a UUID: %w", err))
	}
	return user, nil
}

// exchangeError tells a refusal from an ID service that is away.
func exchangeError(err error) error {
	var refusal *oauth2.RetrieveError
	if errors.As(err, &refusal) && refusal.Response != nil && refusal.Response.StatusCode < http.StatusInternalServerError {
		return domain.ErrTokenExchange.
			WithDetails(map[string]any{"upstream_status": refusal.Response.StatusCode}).
			Wrap(fmt.Errorf("%s %s", refusal.ErrorCode, refusal.ErrorDescription))
	}
	return away(err)
}

// keysAway tells a token that cannot be checked now from one that was checked
// and is wrong. The verifier flattens the error, so its words are all there is.
func keysAway(err error) bool {
	return strings.HasPrefix(err.Error(), "failed to verify signature: fetching keys ")
}

func away(err error) error {
	return errs.Unavailablef("The ID service is not available right now. Try again in a moment.").Wrap(err)
}

func (p *Provider) oauth(d *discovered, returnTo string) *oauth2.Config {
	return &oauth2.Config{
		ClientID: p.cfg.ClientID, ClientSecret: p.cfg.ClientSecret, Endpoint: d.endpoint,
		RedirectURL: returnTo, Scopes: []string{oidc.ScopeOpenID, "profile"},
	}
}

// discover reads the ID service's own description, once. Its signing keys are
// not part of it: the verifier fetches those again whenever it meets a new one.
func (p *Provider) discover(ctx context.Context) (*discovered, error) {
	if d := p.found.Load(); d != nil {
		return d, nil
	}
	d, err, _ := p.flight.Do("", func() (any, error) {
		// the verifier keeps this context for fetching keys later
		ctx := oidc.ClientContext(context.WithoutCancel(ctx), p.client)
		provider, err := oidc.NewProvider(ctx, p.cfg.Issuer)
		if err != nil {
			return nil, away(err)
		}
		endpoint := provider.Endpoint()
		endpoint.AuthStyle = oauth2.AuthStyleInHeader
		d := &discovered{endpoint: endpoint, verifier: provider.VerifierContext(ctx, &oidc.Config{ClientID: p.cfg.ClientID})}
		p.found.Store(d)
		return d, nil
	})
	if err != nil {
		return nil, err
	}
	return d.(*discovered), nil
}
