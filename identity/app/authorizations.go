package app

import (
	"context"
	"errors"
	"net/url"
	"strings"

	"github.com/google/uuid"

	"go.updspace.com/identity/domain"
	"go.updspace.com/libs/audit"
	"go.updspace.com/libs/errs"
)

// Authorizations answers authorization requests of clients.
type Authorizations struct {
	*Deps
	Clients *Clients
}

// Checked is a valid authorization request before a user is known.
type Checked struct {
	Client  domain.Client
	Request domain.AuthorizationRequest
	Hinted  uuid.UUID // the subject of id_token_hint, uuid.Nil without one
}

// Check holds a request against the client's registration. When it fails, deliverable says whether the redirect URI is the
// client's, so that the error may be sent there.
func (a *Authorizations) Check(ctx context.Context, p AuthorizationParams) (c Checked, deliverable bool, err error) {
	client, err := a.Clients.Find(ctx, p.ClientID)
	if err != nil {
		return Checked{}, false, err
	}
	ok, err := a.Clients.matchRedirect(ctx, client, p.RedirectURI)
	if err != nil {
		return Checked{}, false, err
	}
	if !ok || p.Repeated == "client_id" || p.Repeated == "redirect_uri" {
		return Checked{}, false, domain.ErrRedirectTarget
	}
	if err := domain.CheckOpaque(p.State, p.Nonce); err != nil {
		return Checked{}, false, err
	}
	c = Checked{Client: client, Request: domain.AuthorizationRequest{
		Authorization: domain.Authorization{ClientID: client.ID, Nonce: p.Nonce}, RedirectURI: p.RedirectURI, State: p.State,
	}}
	if err := p.checkForm(); err != nil {
		return c, true, err
	}
	if !client.Allows(domain.GrantCode) {
		return c, true, domain.ErrClientGrantType
	}
	if c.Request.Challenge, err = domain.NewChallenge(p.CodeChallenge, p.CodeChallengeMethod, client.RequiresPKCE()); err != nil {
		return c, true, err
	}
	if c.Request.Scopes, err = client.ParseScopes(p.Scope); err != nil {
		return c, true, err
	}
	c.Hinted, err = a.hinted(ctx, client, p.IDTokenHint)
	return c, true, err
}

func (a *Authorizations) hinted(ctx context.Context, client domain.Client, token string) (uuid.UUID, error) {
	if token == "" {
		return uuid.Nil, nil
	}
	hint, err := a.Signer.ReadHint(ctx, token)
	if isDead(err) || (err == nil && hint.ClientID != client.ID) {
		return uuid.Nil, domain.ErrOAuthRequest.WithMessage("id_token_hint is not an ID token of this client.")
	}
	return hint.Subject, err
}

// Prompt is what the user is asked.
type Prompt struct {
	Request         domain.AuthorizationRequest
	Client          domain.Client
	Granted         []string // by a remembered consent
	ConsentRequired bool
}

// Prepare checks a request and keeps it until the user has answered.
func (a *Authorizations) Prepare(ctx context.Context, who Current, p AuthorizationParams) (Prompt, error) {
	checked, _, err := a.Check(ctx, p)
	if err != nil {
		return Prompt{}, err
	}
	needed, err := a.NeedsSignIn(ctx, checked, p, who, true)
	if needed {
		err = domain.ErrLoginRequired.WithDetails(map[string]any{DemandParam: a.Stamp(p)})
	}
	if err != nil {
		return Prompt{}, err
	}
	prompt, err := a.prompt(ctx, who, checked, p)
	if err != nil {
		return Prompt{}, err
	}
	return prompt, a.Requests.InsertRequest(ctx, prompt.Request)
}

// Begin is Prepare for a page: when nothing has to be asked it answers at once
// with where to send the browser, and keeps nothing.
func (a *Authorizations) Begin(ctx context.Context, who Current, checked Checked, p AuthorizationParams) (prompt Prompt, target string, err error) {
	prompt, err = a.prompt(ctx, who, checked, p)
	if err != nil {
		return Prompt{}, "", err
	}
	if !prompt.ConsentRequired {
		target, err = a.grant(ctx, prompt.Request, prompt.Request.Scopes, false)
		return prompt, target, err
	}
	if p.Prompts("none") {
		target, err = a.Refuse(prompt.Request, domain.ErrConsentRequired)
		return prompt, target, err
	}
	return prompt, "", a.Requests.InsertRequest(ctx, prompt.Request)
}

func (a *Authorizations) prompt(ctx context.Context, who Current, checked Checked, p AuthorizationParams) (Prompt, error) {
	granted, err := a.Consents.Of(ctx, who.User.ID, checked.Client.ID)
	if err != nil {
		return Prompt{}, err
	}
	r := checked.Request
	if !checked.Client.FirstParty { // what the user denies is left out, as if the application had not asked for it
		policies, err := a.UserConsents.Policies(ctx, who.User.ID)
		if err != nil {
			return Prompt{}, err
		}
		r.Scopes = policies.Permitted(r.Scopes)
	}
	r.ID = string(domain.NewSecret())
	r.UserID, r.SessionID, r.AuthTime, r.ACR = who.User.ID, who.Session.ID, who.Session.AuthTime, who.Session.ACR()
	r.ExpiresAt = a.Clock.Now().Add(domain.AuthorizationRequestLifetime)
	required := p.Prompts("consent") || (!checked.Client.FirstParty && !domain.Covers(granted, r.Scopes))
	return Prompt{Request: r, Client: checked.Client, Granted: granted, ConsentRequired: required}, nil
}

// Approve grants a request that waits, and returns where to send the browser.
func (a *Authorizations) Approve(ctx context.Context, who Current, id string, scopes []string, remember bool) (string, error) {
	request, err := a.take(ctx, who, id)
	if err != nil {
		return "", err
	}
	granted, err := request.Narrow(scopes)
	if err != nil {
		return "", err
	}
	return a.grant(ctx, request, granted, remember)
}

// Deny refuses a request that waits, and returns where to send the browser.
func (a *Authorizations) Deny(ctx context.Context, who Current, id string) (string, error) {
	request, err := a.take(ctx, who, id)
	if err != nil {
		return "", err
	}
	if err := a.Recorder.add(ctx, audit.Entry{Actor: by(who.User.ID), Action: domain.ActionDenied, TargetType: "client", TargetID: request.ClientID}); err != nil {
		return "", err
	}
	return a.Refuse(request, domain.ErrAccessDenied)
}

// take removes the request, so that it is answered once.
func (a *Authorizations) take(ctx context.Context, who Current, id string) (domain.AuthorizationRequest, error) {
	if !domain.Secret(id).Looks() {
		return domain.AuthorizationRequest{}, domain.ErrRequestUnknown
	}
	request, err := a.Requests.TakeRequest(ctx, id, who.Session.ID)
	if err != nil {
		return domain.AuthorizationRequest{}, err
	}
	if !a.Clock.Now().Before(request.ExpiresAt) {
		return domain.AuthorizationRequest{}, domain.ErrRequestExpired
	}
	return request, nil
}

func (a *Authorizations) grant(ctx context.Context, r domain.AuthorizationRequest, scopes []string, remember bool) (string, error) {
	now := a.Clock.Now()
	code, secret := r.Code(newID(), scopes, now)
	target, err := r.Answer(a.Issuer, url.Values{"code": {string(secret)}})
	if err != nil {
		return "", err
	}
	return target, a.Tx.Platform(ctx, func(ctx context.Context) error {
		if remember {
			if err := a.Consents.Put(ctx, domain.Consent{UserID: r.UserID, ClientID: r.ClientID, Scopes: scopes}, now); err != nil {
				return err
			}
		}
		if err := a.Recorder.add(ctx, audit.Entry{
			Actor: by(r.UserID), Action: domain.ActionAuthorized, TargetType: "client", TargetID: r.ClientID,
			Metadata: map[string]any{"scope": strings.Join(scopes, " ")},
		}); err != nil {
			return err
		}
		return a.Requests.InsertCode(ctx, code)
	})
}

// Refuse is where to send the browser with an error of RFC 6749 or OpenID Connect.
func (a *Authorizations) Refuse(r domain.AuthorizationRequest, why error) (string, error) {
	params := url.Values{"error": {OAuthError(why)}, "error_description": {"The request could not be answered."}}
	var known *errs.Error
	if errors.As(why, &known) && known.Kind != errs.Internal {
		params.Set("error_description", known.Message)
	}
	return r.Answer(a.Issuer, params)
}

// OAuthError is the name that RFC 6749 and OpenID Connect give a failure.
func OAuthError(err error) string {
	for _, m := range []struct {
		err  error
		name string
	}{
		{domain.ErrInvalidClient, "invalid_client"},
		{domain.ErrInvalidCode, "invalid_grant"}, {domain.ErrCodeExpired, "invalid_grant"}, {domain.ErrCodeRedirect, "invalid_grant"},
		{domain.ErrInvalidPKCE, "invalid_grant"}, {domain.ErrInvalidRefresh, "invalid_grant"},
		{domain.ErrAccountSuspended, "invalid_grant"}, {domain.ErrAccountBanned, "invalid_grant"},
		{domain.ErrAccountNotActive, "invalid_grant"}, {domain.ErrEmailNotVerified, "invalid_grant"},
		{domain.ErrGrantType, "unsupported_grant_type"}, {domain.ErrClientGrantType, "unauthorized_client"}, {domain.ErrResponseType, "unsupported_response_type"},
		{domain.ErrInvalidScope, "invalid_scope"},
		{domain.ErrRequestObject, "request_not_supported"}, {domain.ErrRequestURI, "request_uri_not_supported"},
		{domain.ErrLoginRequired, "login_required"}, {domain.ErrConsentRequired, "consent_required"}, {domain.ErrAccessDenied, "access_denied"},
		{domain.ErrPKCERequired, "invalid_request"}, {domain.ErrPKCEMethod, "invalid_request"}, {domain.ErrOAuthRequest, "invalid_request"},
	} {
		if errors.Is(err, m.err) {
			return m.name
		}
	}
	switch errs.KindOf(err) {
	case errs.Unavailable, errs.Timeout:
		return "temporarily_unavailable"
	case errs.BadRequest, errs.Invalid, errs.Unsupported, errs.TooLarge:
		return "invalid_request"
	}
	return "server_error"
}
