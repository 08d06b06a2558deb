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
	// saysIssuer: every answer to an authorization request names the issuer (RFC 9207).
	saysIssuer bool
}

// New makes the provider. Discovery waits for the first sign-in, so that the gateway starts without the ID service.
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
func (p *Provider) AuthorizeURL(ctx context.Context, returnTo string, state domain.Secret, proofs domain.Proofs, ask ports.Authorize) (string, error) {
	d, err := p.discover(ctx)
	if err != nil {
		return "", err
	}
	options := []oauth2.AuthCodeOption{oidc.Nonce(proofs.Nonce), oauth2.S256ChallengeOption(proofs.Verifier)}
	for name, value := range map[string]string{"prompt": ask.Prompt, "ui_locales": ask.Locale} {
		if value != "" {
			options = append(options, oauth2.SetAuthURLParam(name, value))
		}
	}
	return p.oauth(d, returnTo).AuthCodeURL(string(state), options...), nil
}

// Redeem implements ports.Provider.
func (p *Provider) Redeem(ctx context.Context, returnTo, code, issuer string, proofs domain.Proofs) (domain.SignIn, error) {
	d, err := p.discover(ctx)
	if err != nil {
		return domain.SignIn{}, err
	}
	if issuer != p.cfg.Issuer && (issuer != "" || d.saysIssuer) {
		return domain.SignIn{}, domain.ErrInvalidIDToken.Wrap(fmt.Errorf("the answer is of the issuer %q", issuer))
	}
	ctx = oidc.ClientContext(ctx, p.client)
	token, err := p.oauth(d, returnTo).Exchange(ctx, code, oauth2.VerifierOption(proofs.Verifier))
	if err != nil {
		return domain.SignIn{}, exchangeError(err)
	}
	raw, ok := token.Extra("id_token").(string)
	if !ok {
		return domain.SignIn{}, domain.ErrInvalidIDToken.Wrap(errors.New("the answer has no id_token"))
	}
	id, err := d.verifier.Verify(ctx, raw)
	if err != nil {
		return domain.SignIn{}, unverified(err, domain.ErrInvalidIDToken)
	}
	if subtle.ConstantTimeCompare([]byte(id.Nonce), []byte(proofs.Nonce)) != 1 {
		return domain.SignIn{}, domain.ErrInvalidIDToken.Wrap(errors.New("the nonce is another one"))
	}
	var claims struct {
		Subject uuid.UUID `json:"sub"`
		SID     uuid.UUID `json:"sid"`
	}
	if err := id.Claims(&claims); err != nil {
		return domain.SignIn{}, domain.ErrInvalidIDToken.Wrap(fmt.Errorf("the claims are not what they should be: %w", err))
	}
	if claims.SID == uuid.Nil {
		return domain.SignIn{}, domain.ErrInvalidIDToken.Wrap(errors.New("the ID token has no sid"))
	}
	return domain.SignIn{UserID: claims.Subject, SID: claims.SID}, nil
}

// exchangeError tells a refusal from an ID service that is away.
func exchangeError(err error) error {
	var refusal *oauth2.RetrieveError
	if errors.As(err, &refusal) && refusal.Response != nil && refusal.Response.StatusCode < http.StatusInternalServerError {
		return domain.ErrTokenExchange.
			WithDetails(map[string]any{"upstream_status": refusal.Response.StatusCode}).
			Wrap(fmt.Errorf("%s %s", refusal.ErrorCode, refusal.ErrorDescription))
	}
	return domain.ErrIdentityAway.Wrap(err)
}

// unverified tells a token that cannot be checked now from one that was checked and is wrong. The verifier flattens its
// error, so the words are all there is.
func unverified(err error, wrong *errs.Error) error {
	if strings.HasPrefix(err.Error(), "failed to verify signature: fetching keys ") {
		return domain.ErrIdentityAway.Wrap(err)
	}
	return wrong.Wrap(err)
}

func (p *Provider) oauth(d *discovered, returnTo string) *oauth2.Config {
	return &oauth2.Config{
		ClientID: p.cfg.ClientID, ClientSecret: p.cfg.ClientSecret, Endpoint: d.endpoint,
		RedirectURL: returnTo, Scopes: []string{oidc.ScopeOpenID}, // what else it needs, it asks over its own channel
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
			return nil, domain.ErrIdentityAway.Wrap(err)
		}
		endpoint := provider.Endpoint()
		endpoint.AuthStyle = oauth2.AuthStyleInHeader
		var metadata struct {
			SaysIssuer bool `json:"authorization_response_iss_parameter_supported"`
		}
		if err := provider.Claims(&metadata); err != nil {
			return nil, domain.ErrIdentityAway.Wrap(err)
		}
		d := &discovered{
			endpoint: endpoint, verifier: provider.VerifierContext(ctx, &oidc.Config{ClientID: p.cfg.ClientID}), saysIssuer: metadata.SaysIssuer,
		}
		p.found.Store(d)
		return d, nil
	})
	if err != nil {
		return nil, err
	}
	return d.(*discovered), nil
}
