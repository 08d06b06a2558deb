package httpapi

import (
	"context"

	"go.updspace.com/api/bffapi"
	"go.updspace.com/bff/app"
	"go.updspace.com/bff/domain"
	"go.updspace.com/libs/reqctx"
)

// sessionHandlers answers the operations tagged session.
type sessionHandlers struct {
	sessions *app.Sessions
	overview *app.Overview
	cookies  cookies
	idOrigin string
}

// GetSession describes the session to the page.
func (h sessionHandlers) GetSession(ctx context.Context, _ bffapi.GetSessionRequestObject) (bffapi.GetSessionResponseObject, error) {
	state := stateOf(ctx)
	body := toSession(reqctx.From(ctx).RequestID, state, h.overview.Describe(ctx, state.tenant), h.idOrigin)
	return bffapi.GetSession200JSONResponse{Body: body}, nil
}

// Logout ends the session.
func (h sessionHandlers) Logout(ctx context.Context, _ bffapi.LogoutRequestObject) (bffapi.LogoutResponseObject, error) {
	return bffapi.Logout204Response{}, h.signOut(ctx)
}

// LogoutAlias ends the session.
func (h sessionHandlers) LogoutAlias(ctx context.Context, _ bffapi.LogoutAliasRequestObject) (bffapi.LogoutAliasResponseObject, error) {
	return bffapi.LogoutAlias204Response{}, h.signOut(ctx)
}

// signOut leaves the browser as it was before it signed in.
func (h sessionHandlers) signOut(ctx context.Context) error {
	state := stateOf(ctx)
	if err := h.sessions.SignOut(ctx, state.token); err != nil {
		return err
	}
	h.cookies.clearSession(state.answer)
	h.cookies.setCSRF(state.answer, domain.NewCSRFToken(state.browser))
	return nil
}

// GetCSRFToken repeats the token of the cookie.
func (h sessionHandlers) GetCSRFToken(ctx context.Context, _ bffapi.GetCSRFTokenRequestObject) (bffapi.GetCSRFTokenResponseObject, error) {
	return bffapi.GetCSRFToken200JSONResponse{Ok: true, CsrfToken: stateOf(ctx).csrf, RequestID: reqctx.From(ctx).RequestID}, nil
}
