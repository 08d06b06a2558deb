package httpapi

import (
	"context"
	"net/url"

	"go.updspace.com/api/identityapi"
	"go.updspace.com/identity/adapters/httpapi/browserauth"
	"go.updspace.com/identity/app"
	"go.updspace.com/libs/wire"
)

func parseQuery(query string) app.AuthorizationParams {
	values, _ := url.ParseQuery(query) // what cannot be read is not there
	return app.ParseAuthorizationParams(values)
}

func (s server) PrepareAuthorization(ctx context.Context, _ identityapi.PrepareAuthorizationRequestObject) (identityapi.PrepareAuthorizationResponseObject, error) {
	who, err := s.Sessions.Find(ctx, browserauth.From(ctx).Token())
	if err != nil {
		return nil, err
	}
	prompt, err := s.Authorizations.Prepare(ctx, who, parseQuery(browserauth.From(ctx).Query))
	if err != nil {
		return nil, err
	}
	return identityapi.PrepareAuthorization200JSONResponse{Body: toPrompt(prompt)}, nil
}

func (s server) ApproveAuthorization(ctx context.Context, r identityapi.ApproveAuthorizationRequestObject) (identityapi.ApproveAuthorizationResponseObject, error) {
	who, err := s.Sessions.Find(ctx, browserauth.From(ctx).Token())
	if err != nil {
		return nil, err
	}
	target, err := s.Authorizations.Approve(ctx, who, r.Body.RequestID, wire.Get(r.Body.Scopes), wire.ValueOr(r.Body.Remember, true))
	if err != nil {
		return nil, err
	}
	return identityapi.ApproveAuthorization200JSONResponse{Body: identityapi.RedirectTarget{RedirectURI: target}}, nil
}

func (s server) DenyAuthorization(ctx context.Context, r identityapi.DenyAuthorizationRequestObject) (identityapi.DenyAuthorizationResponseObject, error) {
	who, err := s.Sessions.Find(ctx, browserauth.From(ctx).Token())
	if err != nil {
		return nil, err
	}
	id := wire.Value(r.Params.RequestID)
	if r.Body != nil && r.Body.RequestID != nil {
		id = *r.Body.RequestID
	}
	target, err := s.Authorizations.Deny(ctx, who, id)
	if err != nil {
		return nil, err
	}
	return identityapi.DenyAuthorization200JSONResponse{Body: identityapi.RedirectTarget{RedirectURI: target}}, nil
}
