package httpapi

import (
	"context"
	"net/http"

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
	body := toSession(reqctx.From(ctx).RequestID, visitOf(ctx), h.overview.Describe(ctx), h.idOrigin)
	return bffapi.GetSession200JSONResponse{Body: body}, nil
}

// Logout ends the session.
func (h sessionHandlers) Logout(ctx context.Context, _ bffapi.LogoutRequestObject) (bffapi.LogoutResponseObject, error) {
	return h.end(ctx)
}

// LogoutAlias ends the session.
func (h sessionHandlers) LogoutAlias(ctx context.Context, _ bffapi.LogoutAliasRequestObject) (bffapi.LogoutAliasResponseObject, error) {
	return h.end(ctx)
}

func (h sessionHandlers) end(ctx context.Context) (*signedOut, error) {
	v := visitOf(ctx)
	if err := h.sessions.Close(ctx, v.session); err != nil {
		return nil, err
	}
	return &signedOut{cookies: h.cookies, browser: v.browser}, nil
}

// GetCSRFToken repeats the token of the cookie.
func (h sessionHandlers) GetCSRFToken(ctx context.Context, _ bffapi.GetCSRFTokenRequestObject) (bffapi.GetCSRFTokenResponseObject, error) {
	return bffapi.GetCSRFToken200JSONResponse{Ok: true, CsrfToken: visitOf(ctx).csrf, RequestID: reqctx.From(ctx).RequestID}, nil
}

// signedOut is a 204 that leaves the browser as it was before it signed in.
type signedOut struct {
	cookies cookies
	browser domain.Secret
}

func (s *signedOut) write(w http.ResponseWriter) error {
	s.cookies.clearSession(w)
	s.cookies.setCSRF(w, domain.NewCSRFToken(s.browser))
	w.WriteHeader(http.StatusNoContent)
	return nil
}

// VisitLogoutResponse implements the generated interface.
func (s *signedOut) VisitLogoutResponse(w http.ResponseWriter) error { return s.write(w) }

// VisitLogoutAliasResponse implements the generated interface.
func (s *signedOut) VisitLogoutAliasResponse(w http.ResponseWriter) error { return s.write(w) }
