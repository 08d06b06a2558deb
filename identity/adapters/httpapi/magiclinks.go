package httpapi

import (
	"context"

	"go.updspace.com/api/identityapi"
	"go.updspace.com/identity/adapters/httpapi/browserauth"
	"go.updspace.com/identity/app"
	"go.updspace.com/identity/domain"
	"go.updspace.com/libs/wire"
)

func (s server) RequestMagicLink(ctx context.Context, r identityapi.RequestMagicLinkRequestObject) (identityapi.RequestMagicLinkResponseObject, error) {
	link, err := s.MagicLinks.Request(ctx, app.LinkRequest{Email: r.Body.Email, RedirectTo: r.Body.RedirectTo, Browser: domain.Secret(r.Body.Browser)}, browserauth.From(ctx).Origin)
	if err != nil {
		return nil, err
	}
	if !s.dev {
		link = ""
	}
	return identityapi.RequestMagicLink200JSONResponse{
		Body: identityapi.MagicLinkRequested{Ok: true, Sent: true, DevMagicLink: wire.OrNull(link)},
	}, nil
}

func (s server) PreviewMagicLink(ctx context.Context, r identityapi.PreviewMagicLinkRequestObject) (identityapi.PreviewMagicLinkResponseObject, error) {
	user, err := s.MagicLinks.Preview(ctx, domain.Secret(r.Body.Code), domain.Secret(r.Body.Browser))
	if err != nil {
		return nil, err
	}
	return identityapi.PreviewMagicLink200JSONResponse{Body: identityapi.MagicLinkPreview{
		UserID: user.ID, DisplayName: wire.OrNull(user.FullName()), Email: user.Email,
	}}, nil
}

func (s server) ExchangeMagicLinkCode(ctx context.Context, r identityapi.ExchangeMagicLinkCodeRequestObject) (identityapi.ExchangeMagicLinkCodeResponseObject, error) {
	in, err := s.MagicLinks.Exchange(ctx, domain.Secret(r.Body.Code), domain.Secret(r.Body.Browser), browserauth.From(ctx).Origin)
	if err != nil {
		return nil, err
	}
	return identityapi.ExchangeMagicLinkCode200JSONResponse{Body: identityapi.Exchanged{
		Ok: true, UserID: in.User.ID, MasterFlags: toFlags(in.User.Flags()), TTLSeconds: int(app.GatewaySessionLifetime.Seconds()),
		SessionID: in.Session.ID,
	}}, nil
}
