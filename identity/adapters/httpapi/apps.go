package httpapi

import (
	"context"

	"go.updspace.com/api/identityapi"
	"go.updspace.com/identity/adapters/httpapi/browserauth"
	"go.updspace.com/identity/domain"
	"go.updspace.com/libs/wire"
)

func (s server) ListApps(ctx context.Context, _ identityapi.ListAppsRequestObject) (identityapi.ListAppsResponseObject, error) {
	who, err := s.Sessions.Find(ctx, browserauth.From(ctx).Token())
	if err != nil {
		return nil, err
	}
	apps, err := s.Own.Apps(ctx, who.User.ID)
	return identityapi.ListApps200JSONResponse{Body: identityapi.Apps{Items: wire.Each(apps, toConnectedApp)}}, err
}

func (s server) RevokeApp(ctx context.Context, r identityapi.RevokeAppRequestObject) (identityapi.RevokeAppResponseObject, error) {
	who, err := s.Sessions.Find(ctx, browserauth.From(ctx).Token())
	if err != nil {
		return nil, err
	}
	err = s.Own.RevokeApp(ctx, who.User.ID, r.Body.ClientID)
	return identityapi.RevokeApp200JSONResponse{Body: identityapi.Message{Ok: true, Message: "The application has no access any more."}}, err
}

func toConnectedApp(a domain.ConnectedApp) identityapi.ConnectedApp {
	return identityapi.ConnectedApp{
		ClientID: a.Client.ID, Name: a.Client.Name, LogoURL: orNull(a.Client.LogoURL), Scopes: a.Scopes, CreatedAt: a.CreatedAt, LastUsedAt: orNull(a.UsedAt),
	}
}
