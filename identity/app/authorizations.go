package app

import (
	"context"
	"errors"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"go.updspace.com/identity/domain"
	"go.updspace.com/identity/ports"
	"go.updspace.com/libs/errs"
)

// Authorizations answers clients that want to know who somebody is.
type Authorizations struct {
	Tx       ports.Tx
	Clients  *Clients
	Requests ports.Authorizations
	Consents ports.Consents
	Recorder Recorder
	Clock    ports.Clock

	Issuer string
}

// AuthorizationParams is the query of an authorization request, as it came.
type AuthorizationParams struct {
	ClientID, RedirectURI, ResponseType, Scope, State, Nonce string
	CodeChallenge, CodeChallengeMethod, Prompt, MaxAge       string
}

// ParseAuthorizationParams reads a query.
func ParseAuthorizationParams(q url.Values) AuthorizationParams {
	return AuthorizationParams{
		ClientID: q.Get("client_id"), RedirectURI: q.Get("redirect_uri"), ResponseType: q.Get("response_type"),
		Scope: q.Get("scope"), State: q.Get("state"), Nonce: q.Get("nonce"),
		CodeChallenge: q.Get("code_challenge"), CodeChallengeMethod: q.Get("code_challenge_method"),
		Prompt: q.Get("prompt"), MaxAge: q.Get("max_age"),
	}
}

// Prompts reports whether the client asks for a kind of interaction.
func (p AuthorizationParams) Prompts(kind string) bool {
	return slices.Contains(strings.Fields(p.Prompt), kind)
}

// TooOld reports whether the client wants a sign-in younger than the session's.
func (p AuthorizationParams) TooOld(authTime, now time.Time) bool {
	age, err := strconv.ParseInt(p.MaxAge, 10, 32)
	return err == nil && age >= 0 && now.Sub(authTime) > time.Duration(age)*time.Second
}

// Checked is an authorization request that is in order, not yet anybody's.
type Checked struct {
	Client  domain.Client
	Request domain.AuthorizationRequest
}

// Check holds a request against the client's registration. deliverable says,
// when it fails, that the redirect URI is the client's and may be told.
func (a *Authorizations) Check(ctx context.Context, p AuthorizationParams) (c Checked, deliverable bool, err error) {
	client, err := a.Clients.Find(ctx, p.ClientID)
	if err != nil {
		return Checked{}, false, err
	}
	ok, err := a.Clients.matchRedirect(ctx, client, p.RedirectURI)
	if err != nil {
		return Checked{}, false, err
	}
	if !ok {
		return Checked{}, false, domain.ErrRedirectTarget
	}
	if err := domain.CheckOpaque(p.State, p.Nonce); err != nil {
		return Checked{}, false, err
	}
	request := domain.AuthorizationRequest{
		ClientID: client.ID, RedirectURI: p.RedirectURI, State: p.State, Nonce: p.Nonce,
	}
	checked := Checked{Client: client, Request: request}
	if p.ResponseType != "code" {
		return checked, true, domain.ErrResponseType
	}
	if !client.Allows(domain.GrantCode) {
		return checked, true, domain.ErrGrantType
	}
	if checked.Request.Challenge, err = domain.NewChallenge(p.CodeChallenge, p.CodeChallengeMethod); err != nil {
		return checked, true, err
	}
	if checked.Request.Scopes, err = client.ParseScopes(p.Scope); err != nil {
		return checked, true, err
	}
	return checked, true, nil
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
		target, err = a.Refuse(prompt.Request, "consent_required")
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
	r.ID = string(domain.NewSecret())
	r.UserID, r.SessionID, r.AuthTime = who.User.ID, who.Session.ID, who.Session.CreatedAt
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
	if err := a.Recorder.add(ctx, entry{actor: who.User.ID, action: domain.ActionDenied, targetType: "client", targetID: request.ClientID}); err != nil {
		return "", err
	}
	return a.Refuse(request, "access_denied")
}

// take removes the request, so that it is answered once.
func (a *Authorizations) take(ctx context.Context, who Current, id string) (domain.AuthorizationRequest, error) {
	if !domain.Secret(id).Looks() {
		return domain.AuthorizationRequest{}, domain.ErrRequestUnknown
	}
	request, err := a.Requests.TakeRequest(ctx, id, who.User.ID)
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
		if err := a.Recorder.add(ctx, entry{
			actor: r.UserID, action: domain.ActionAuthorized, targetType: "client", targetID: r.ClientID,
			meta: map[string]string{"scope": strings.Join(scopes, " ")},
		}); err != nil {
			return err
		}
		return a.Requests.InsertCode(ctx, code)
	})
}

// Refuse is where to send the browser with an error of RFC 6749 or OpenID Connect.
func (a *Authorizations) Refuse(r domain.AuthorizationRequest, code string) (string, error) {
	return r.Answer(a.Issuer, url.Values{"error": {code}})
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
		{domain.ErrGrantType, "unsupported_grant_type"}, {domain.ErrResponseType, "unsupported_response_type"},
		{domain.ErrInvalidScope, "invalid_scope"},
		{domain.ErrPKCERequired, "invalid_request"}, {domain.ErrPKCEMethod, "invalid_request"}, {domain.ErrOAuthRequest, "invalid_request"},
	} {
		if errors.Is(err, m.err) {
			return m.name
		}
	}
	switch errs.KindOf(err) {
	case errs.Unavailable, errs.Timeout:
		return "temporarily_unavailable"
	case errs.BadRequest, errs.Invalid:
		return "invalid_request"
	}
	return "server_error"
}
