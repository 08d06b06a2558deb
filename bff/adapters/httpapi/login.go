package httpapi

import (
	"context"
	"errors"
	"net/url"

	"go.updspace.com/api/bffapi"
	"go.updspace.com/bff/app"
	"go.updspace.com/bff/domain"
	"go.updspace.com/bff/ports"
	"go.updspace.com/libs/reqctx"
	"go.updspace.com/libs/wire"
)

// loginHandlers answers the operations tagged login.
type loginHandlers struct {
	logins   *app.Logins
	sessions *app.Sessions
	cookies  cookies
}

// StartLogin sends the browser to the ID service.
func (h loginHandlers) StartLogin(ctx context.Context, req bffapi.StartLoginRequestObject) (bffapi.StartLoginResponseObject, error) {
	state := stateOf(ctx)
	target, err := h.logins.Start(ctx, state.tenant, state.browser, wire.Value(req.Params.Next),
		ports.Authorize{Prompt: string(wire.Value(req.Params.Prompt)), Locale: textsFor(state.languages).Lang})
	if err != nil {
		return nil, err
	}
	return redirect(target), nil
}

// FinishLogin takes the browser back and opens the session. A callback that is opened again, by reloading the page or
// going back to it, leads a browser that is signed in to where the sign-in led.
func (h loginHandlers) FinishLogin(ctx context.Context, req bffapi.FinishLoginRequestObject) (bffapi.FinishLoginResponseObject, error) {
	state := stateOf(ctx)
	in, err := h.logins.Finish(ctx, state.tenant, app.Callback{
		Code: wire.Value(req.Params.Code), State: wire.Value(req.Params.State), Error: wire.Value(req.Params.Error), Issuer: wire.Value(req.Params.Iss),
		Browser: state.browser, Old: state.token,
	})
	if errors.Is(err, domain.ErrInvalidState) && state.signedIn && state.session.TenantID == state.tenant.ID {
		return redirect(domain.SafeNext(in.Next)), nil
	}
	if err := h.signedIn(state, in, err); err != nil {
		return nil, err
	}
	return redirect(in.Next), nil
}

// AcceptLogoutToken ends the sessions of a sign-in that has ended at the ID service.
func (h loginHandlers) AcceptLogoutToken(ctx context.Context, req bffapi.AcceptLogoutTokenRequestObject) (bffapi.AcceptLogoutTokenResponseObject, error) {
	if err := h.sessions.AcceptLogout(ctx, req.Body.LogoutToken); err != nil {
		return nil, err
	}
	noStore := "no-store"
	return bffapi.AcceptLogoutToken200Response{Headers: bffapi.AcceptLogoutToken200ResponseHeaders{CacheControl: &noStore}}, nil
}

// RequestMagicLink has a link sent by mail.
func (h loginHandlers) RequestMagicLink(ctx context.Context, req bffapi.RequestMagicLinkRequestObject) (bffapi.RequestMagicLinkResponseObject, error) {
	state := stateOf(ctx)
	sent, err := h.logins.SendLink(ctx, state.tenant, state.browser, string(req.Body.Email), wire.Value(req.Body.Next))
	if err != nil {
		return nil, err
	}
	return bffapi.RequestMagicLink200JSONResponse{
		Ok: true, Sent: sent.Sent, DevMagicLink: wire.OrNull(sent.Link), RequestID: reqctx.From(ctx).RequestID,
	}, nil
}

// OpenMagicLink goes to the portal's page of links. It changes nothing.
func (h loginHandlers) OpenMagicLink(_ context.Context, req bffapi.OpenMagicLinkRequestObject) (bffapi.OpenMagicLinkResponseObject, error) {
	fragment := url.Values{"code": {req.Params.Code}}
	if next := domain.SafeNext(wire.Value(req.Params.Next)); next != "/" {
		fragment.Set("next", next)
	}
	return redirect(linkPath + "#" + fragment.Encode()), nil
}

// linkPath is the portal's page that signs in by a link.
const linkPath = "/link"

// PreviewMagicLink says whom a link signs in. It changes nothing.
func (h loginHandlers) PreviewMagicLink(ctx context.Context, req bffapi.PreviewMagicLinkRequestObject) (bffapi.PreviewMagicLinkResponseObject, error) {
	state := stateOf(ctx)
	account, err := h.logins.PreviewLink(ctx, state.tenant, state.browser, req.Body.Code)
	if err != nil {
		return nil, err
	}
	return bffapi.PreviewMagicLink200JSONResponse{Body: bffapi.MagicLinkPreview{
		Name: account.Name, Email: account.Email,
		OtherAccount: state.signedIn && state.session.UserID != account.UserID,
	}}, nil
}

// FinishMagicLink is what the button of the page sends.
func (h loginHandlers) FinishMagicLink(ctx context.Context, req bffapi.FinishMagicLinkRequestObject) (bffapi.FinishMagicLinkResponseObject, error) {
	state := stateOf(ctx)
	in, err := h.logins.FinishLink(ctx, state.tenant, state.browser, req.Body.Code, wire.Value(req.Body.Next), state.token)
	if err := h.signedIn(state, in, err); err != nil {
		return nil, err
	}
	var out bffapi.FinishMagicLink200JSONResponse
	out.Body.Next = in.Next
	return out, nil
}

// signedIn sets the cookies of a session that was opened, or notes where the sign-in that failed should have led.
func (h loginHandlers) signedIn(state *requestState, in app.SignedIn, err error) error {
	if state.next = in.Next; err != nil {
		return err
	}
	h.cookies.setSession(state.answer, in.Token)
	h.cookies.setCSRF(state.answer, domain.NewCSRFToken(in.Token))
	return nil
}

// redirect is a 302.
func redirect(to string) bffapi.RedirectResponse {
	return bffapi.RedirectResponse{Headers: bffapi.RedirectResponseHeaders{Location: &to}}
}
