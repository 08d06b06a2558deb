package app

import (
	"context"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/identity/domain"
)

// AuthorizationParams are the parameters of an authorization request, as sent.
type AuthorizationParams struct {
	ClientID, RedirectURI, ResponseType, ResponseMode, Scope, State, Nonce string
	CodeChallenge, CodeChallengeMethod, Prompt, MaxAge, ACRValues          string
	IDTokenHint, LoginHint, Request, RequestURI                            string
	// Demand proves when the request was first received; see [Authorizations.Stamp].
	Demand string
	// Repeated is the name of a parameter that was sent more than once.
	Repeated string
}

// DemandParam is the parameter that carries the stamp of [Authorizations.Stamp].
const DemandParam = "demand"

// ParseAuthorizationParams reads a query or a form.
func ParseAuthorizationParams(q url.Values) AuthorizationParams {
	p := AuthorizationParams{
		ClientID: q.Get("client_id"), RedirectURI: q.Get("redirect_uri"), ResponseType: q.Get("response_type"),
		ResponseMode: q.Get("response_mode"), Scope: q.Get("scope"), State: q.Get("state"), Nonce: q.Get("nonce"),
		CodeChallenge: q.Get("code_challenge"), CodeChallengeMethod: q.Get("code_challenge_method"),
		Prompt: q.Get("prompt"), MaxAge: q.Get("max_age"), ACRValues: q.Get("acr_values"), IDTokenHint: q.Get("id_token_hint"), LoginHint: q.Get("login_hint"),
		Request: q.Get("request"), RequestURI: q.Get("request_uri"), Demand: q.Get(DemandParam),
	}
	for name, values := range q {
		if len(values) > 1 && name != "resource" { // RFC 8707 allows several
			p.Repeated = name
		}
	}
	return p
}

// Prompts reports whether the client asks for a kind of interaction.
func (p AuthorizationParams) Prompts(kind string) bool {
	return slices.Contains(strings.Fields(p.Prompt), kind)
}

// checkForm refuses what is not a request that can be answered, whichever user answers.
func (p AuthorizationParams) checkForm() error {
	switch {
	case p.Repeated != "":
		return domain.ErrOAuthRequest.WithMessage("A parameter is repeated.")
	case p.Request != "":
		return domain.ErrRequestObject
	case p.RequestURI != "":
		return domain.ErrRequestURI
	case p.ResponseType != "code":
		return domain.ErrResponseType
	case p.ResponseMode != "" && p.ResponseMode != "query":
		return domain.ErrOAuthRequest.WithMessage("Only the response_mode query is supported.")
	case p.Prompts("none") && strings.Fields(p.Prompt)[0] != strings.TrimSpace(p.Prompt):
		return domain.ErrOAuthRequest.WithMessage("The prompt none cannot be combined with another.")
	}
	if p.MaxAge != "" {
		if age, err := strconv.ParseInt(p.MaxAge, 10, 32); err != nil || age < 0 {
			return domain.ErrOAuthRequest.WithMessage("max_age must be a number of seconds.")
		}
	}
	return nil
}

// reauthenticates reports whether the client demands that the user signs in again, though there is a session.
func (p AuthorizationParams) reauthenticates(authTime, now time.Time) bool {
	if p.Prompts("login") || p.Prompts("select_account") {
		return true
	}
	age, err := strconv.ParseInt(p.MaxAge, 10, 32) // 0 means the same as prompt=login
	return err == nil && (age == 0 || now.Sub(authTime) > time.Duration(age)*time.Second)
}

// wantsTwoFactors reports whether the client prefers sign-ins with two factors and names no level that one factor meets.
func (p AuthorizationParams) wantsTwoFactors() bool {
	levels := strings.Fields(p.ACRValues)
	return slices.Contains(levels, domain.ACRStrong) && !slices.Contains(levels, domain.ACRSingle)
}

// stepsUp reports whether the client wants two factors, and the user has a second one but has not shown it in the session. acr_values is a
// preference (OpenID Connect Core 1.0, section 3.1.2.1): who has none goes on, and acr says so.
func (a *Authorizations) stepsUp(ctx context.Context, p AuthorizationParams, who Current) (bool, error) {
	if !p.wantsTwoFactors() || who.Session.Strong {
		return false, nil
	}
	factors, err := a.Factors.Of(ctx, who.User.ID)
	return factors.SecondStep(), err
}

// purpose ties a stamp to one authorization request.
func (p AuthorizationParams) purpose() string {
	parts := []string{p.ClientID, p.RedirectURI, p.State, p.Nonce, p.CodeChallenge, p.Prompt, p.MaxAge, p.IDTokenHint, p.ACRValues}
	return "demand/" + url.Values{"p": parts}.Encode()
}

// Stamp seals the time at which an authorization request was received. prompt=login and max_age are met only by a sign-in
// after that time, so the parameters stay in the address and cannot be skipped by opening it directly.
func (a *Authorizations) Stamp(p AuthorizationParams) string {
	return a.Stamps.Issue(p.purpose(), a.Clock.Now())
}

// NeedsSignIn reports whether the user must sign in before the request can be answered: there is no session, or not the one
// that the client demands. ErrLoginRequired when that cannot be helped by asking.
func (a *Authorizations) NeedsSignIn(ctx context.Context, c Checked, p AuthorizationParams, who Current, found bool) (bool, error) {
	now := a.Clock.Now()
	if found {
		stepsUp, err := a.stepsUp(ctx, p, who)
		if err != nil {
			return false, err
		}
		received, ok := a.Stamps.Open(p.Demand, p.purpose())
		fresh := ok && now.Before(received.Add(domain.AuthorizationRequestLifetime)) && !who.Session.AuthTime.Before(received)
		other := c.Hinted != uuid.Nil && c.Hinted != c.Client.Subject(who.User.ID)
		if !other && !stepsUp && (fresh || !p.reauthenticates(who.Session.AuthTime, now)) {
			return false, nil
		}
		if other && fresh { // the user has just signed in, as another user than the client expects
			return false, domain.ErrLoginRequired.WithMessage("Another user than the one of id_token_hint has signed in.")
		}
	}
	if p.Prompts("none") {
		return false, domain.ErrLoginRequired
	}
	return true, nil
}
