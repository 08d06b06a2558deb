package httpapi

import (
	"cmp"
	"context"

	"go.updspace.com/api/identityapi"
	"go.updspace.com/identity/adapters/httpapi/browserauth"
	"go.updspace.com/identity/app"
	"go.updspace.com/identity/domain"
	"go.updspace.com/libs/wire"
)

func (s server) ListExternalProviders(context.Context, identityapi.ListExternalProvidersRequestObject) (identityapi.ListExternalProvidersResponseObject, error) {
	return identityapi.ListExternalProviders200JSONResponse{
		Body: identityapi.ExternalProviderList{Providers: wire.Each(s.Linking.ListProviders(), toExternalProvider)},
	}, nil
}

func toExternalProvider(p domain.Provider) identityapi.ExternalProvider {
	return identityapi.ExternalProvider{ID: p.ID, Name: p.Name, Kind: identityapi.ExternalProviderKind(p.Kind)}
}

func (s server) ListExternalIdentities(ctx context.Context, _ identityapi.ListExternalIdentitiesRequestObject) (identityapi.ListExternalIdentitiesResponseObject, error) {
	who, err := s.current(ctx)
	if err != nil {
		return nil, err
	}
	linked, err := s.Linking.List(ctx, who.User.ID)
	return identityapi.ListExternalIdentities200JSONResponse{Body: identityapi.ExternalIdentityList{Items: wire.Each(linked, toExternalIdentity)}}, err
}

func toExternalIdentity(l app.Linked) identityapi.ExternalIdentity {
	return identityapi.ExternalIdentity{
		Provider: l.Provider.ID, Name: l.Provider.Name, Kind: identityapi.ExternalProviderKind(l.Provider.Kind), Account: cmp.Or(l.Label, l.Subject), LinkedAt: l.LinkedAt.UTC(),
	}
}

func (s server) StartLink(ctx context.Context, r identityapi.StartLinkRequestObject) (identityapi.StartLinkResponseObject, error) {
	who, err := s.current(ctx)
	if err != nil {
		return nil, err
	}
	address, err := s.Linking.Begin(ctx, who, r.Provider, wire.Value(r.Params.Next))
	return identityapi.StartLink200JSONResponse{Body: identityapi.LinkStart{AuthorizeURL: address, Method: identityapi.LinkStartMethodGET}}, err
}

func (s server) UnlinkExternalIdentity(ctx context.Context, r identityapi.UnlinkExternalIdentityRequestObject) (identityapi.UnlinkExternalIdentityResponseObject, error) {
	who, err := s.current(ctx)
	if err != nil {
		return nil, err
	}
	err = s.Linking.Unlink(ctx, who, r.Body.Provider, browserauth.From(ctx).Origin.IP)
	return identityapi.UnlinkExternalIdentity200JSONResponse{Body: identityapi.Message{Ok: true, Message: "Unlinked."}}, err
}

// authUser is an account as its user sees it.
func (s server) authUser(ctx context.Context, u domain.User) (identityapi.AuthUser, error) {
	out := s.toAuthUser(u)
	factors, err := s.Factors.Of(ctx, u.ID)
	if err != nil {
		return out, err
	}
	out.Has2Fa = factors.SecondStep()
	linked, err := s.Linking.List(ctx, u.ID)
	out.OauthProviders = wire.Each(linked, func(l app.Linked) string { return l.Provider.ID })
	return out, err
}
