package httpapi

import (
	"context"

	"go.updspace.com/api/identityapi"
	"go.updspace.com/identity/adapters/httpapi/browser"
	"go.updspace.com/identity/app"
	"go.updspace.com/identity/domain"
)

type magicLinks struct {
	use *app.MagicLinks
	dev bool
}

func (m magicLinks) RequestMagicLink(ctx context.Context, r identityapi.RequestMagicLinkRequestObject) (identityapi.RequestMagicLinkResponseObject, error) {
	link, err := m.use.Request(ctx, app.LinkRequest{Email: r.Body.Email, RedirectTo: r.Body.RedirectTo}, browser.From(ctx).Origin)
	if err != nil {
		return nil, err
	}
	out := identityapi.MagicLinkRequested{Ok: true, Sent: true, DevMagicLink: null[string]()}
	if m.dev && link != "" {
		out.DevMagicLink = value(link)
	}
	return identityapi.RequestMagicLink200JSONResponse{Body: out}, nil
}

func (m magicLinks) ConsumeMagicLink(ctx context.Context, r identityapi.ConsumeMagicLinkRequestObject) (identityapi.ConsumeMagicLinkResponseObject, error) {
	target, err := m.use.Consume(ctx, domain.Secret(r.Params.Token), r.Params.RedirectTo, browser.From(ctx).Origin)
	if err != nil {
		return nil, err
	}
	return identityapi.ConsumeMagicLink302Response{Headers: identityapi.ConsumeMagicLink302ResponseHeaders{Location: &target}}, nil
}

func (m magicLinks) ExchangeMagicLinkCode(ctx context.Context, r identityapi.ExchangeMagicLinkCodeRequestObject) (identityapi.ExchangeMagicLinkCodeResponseObject, error) {
	user, err := m.use.Exchange(ctx, domain.Secret(r.Body.Code))
	if err != nil {
		return nil, err
	}
	return identityapi.ExchangeMagicLinkCode200JSONResponse{Body: identityapi.Exchanged{
		Ok: true, UserID: user.ID, MasterFlags: toFlags(user.Flags()), TTLSeconds: int(app.GatewaySessionLifetime.Seconds()),
	}}, nil
}
