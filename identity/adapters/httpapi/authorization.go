package httpapi

import (
	"context"
	"slices"

	"go.updspace.com/api/identityapi"
	"go.updspace.com/identity/adapters/httpapi/browser"
	"go.updspace.com/identity/app"
	"go.updspace.com/identity/domain"
)

type authorization struct {
	use      *app.Authorizations
	sessions *app.Sessions
}

// Authorize sends a browser on to the page, with the query as it came.
func (a authorization) Authorize(ctx context.Context, _ identityapi.AuthorizeRequestObject) (identityapi.AuthorizeResponseObject, error) {
	target := "/authorize"
	if q := browser.From(ctx).Query; q != "" {
		target += "?" + q
	}
	return identityapi.Authorize302Response{Headers: identityapi.Authorize302ResponseHeaders{Location: &target}}, nil
}

func (a authorization) PrepareAuthorization(ctx context.Context, r identityapi.PrepareAuthorizationRequestObject) (identityapi.PrepareAuthorizationResponseObject, error) {
	who, err := a.sessions.Find(ctx, browser.From(ctx).Token())
	if err != nil {
		return nil, err
	}
	p := r.Params
	prompt, err := a.use.Prepare(ctx, who, app.AuthorizationParams{
		ClientID: text(p.ClientID), RedirectURI: text(p.RedirectURI), ResponseType: text(p.ResponseType), Scope: text(p.Scope),
		State: text(p.State), Nonce: text(p.Nonce), CodeChallenge: text(p.CodeChallenge), CodeChallengeMethod: text(p.CodeChallengeMethod),
		Prompt: text(p.Prompt), MaxAge: text(p.MaxAge),
	})
	if err != nil {
		return nil, err
	}
	out := identityapi.AuthorizationPrompt{
		RequestID: prompt.Request.ID, RedirectURI: prompt.Request.RedirectURI, State: valueOrNull(prompt.Request.State),
		ConsentRequired: prompt.ConsentRequired,
		Client: identityapi.ClientSummary{
			ClientID: prompt.Client.ID, Name: prompt.Client.Name, LogoURL: fromPointer(prompt.Client.LogoURL),
		},
	}
	for _, name := range prompt.Request.Scopes {
		scope, _ := domain.FindScope(name) // it was checked against the same list
		out.Scopes = append(out.Scopes, identityapi.ScopePrompt{
			Name: scope.Name, Description: scope.Description, Required: name == domain.ScopeOpenID,
			Granted: name == domain.ScopeOpenID || prompt.Client.FirstParty || slices.Contains(prompt.Granted, name),
		})
	}
	return identityapi.PrepareAuthorization200JSONResponse{Body: out}, nil
}

func (a authorization) ApproveAuthorization(ctx context.Context, r identityapi.ApproveAuthorizationRequestObject) (identityapi.ApproveAuthorizationResponseObject, error) {
	who, err := a.sessions.Find(ctx, browser.From(ctx).Token())
	if err != nil {
		return nil, err
	}
	scopes, _ := r.Body.Scopes.Get()
	target, err := a.use.Approve(ctx, who, r.Body.RequestID, scopes, r.Body.Remember == nil || *r.Body.Remember)
	if err != nil {
		return nil, err
	}
	return identityapi.ApproveAuthorization200JSONResponse{Body: identityapi.RedirectTarget{RedirectURI: target}}, nil
}

func (a authorization) DenyAuthorization(ctx context.Context, r identityapi.DenyAuthorizationRequestObject) (identityapi.DenyAuthorizationResponseObject, error) {
	who, err := a.sessions.Find(ctx, browser.From(ctx).Token())
	if err != nil {
		return nil, err
	}
	id := text(r.Params.RequestID)
	if r.Body != nil && r.Body.RequestID != nil {
		id = *r.Body.RequestID
	}
	target, err := a.use.Deny(ctx, who, id)
	if err != nil {
		return nil, err
	}
	return identityapi.DenyAuthorization200JSONResponse{Body: identityapi.RedirectTarget{RedirectURI: target}}, nil
}
