package httpapi

import (
	"context"
	"net/http"

	"github.com/oapi-codegen/nullable"

	"go.updspace.com/api/bffapi"
	"go.updspace.com/bff/app"
	"go.updspace.com/bff/domain"
	"go.updspace.com/libs/reqctx"
)

// loginHandlers answers the operations tagged login.
type loginHandlers struct {
	logins  *app.Logins
	cookies cookies
}

// StartLogin sends the browser to the ID service.
func (h loginHandlers) StartLogin(ctx context.Context, req bffapi.StartLoginRequestObject) (bffapi.StartLoginResponseObject, error) {
	v := visitOf(ctx)
	target, err := h.logins.Start(ctx, v.tenant, v.browser, deref(req.Params.Next))
	if err != nil {
		return nil, err
	}
	return redirect{to: target}, nil
}

// FinishLogin takes the browser back and opens the session.
func (h loginHandlers) FinishLogin(ctx context.Context, req bffapi.FinishLoginRequestObject) (bffapi.FinishLoginResponseObject, error) {
	v := visitOf(ctx)
	in, err := h.logins.Finish(ctx, v.tenant, app.Callback{
		Code: deref(req.Params.Code), State: deref(req.Params.State), Error: deref(req.Params.Error),
		Browser: v.browser, Old: v.token,
	})
	if err != nil {
		return nil, err
	}
	return h.signedIn(in), nil
}

// RequestMagicLink has a link sent by mail.
func (h loginHandlers) RequestMagicLink(ctx context.Context, req bffapi.RequestMagicLinkRequestObject) (bffapi.RequestMagicLinkResponseObject, error) {
	sent, err := h.logins.SendLink(ctx, visitOf(ctx).tenant, string(req.Body.Email), deref(req.Body.Next))
	if err != nil {
		return nil, err
	}
	link := nullable.NewNullNullable[string]()
	if sent.Link != "" {
		link.Set(sent.Link)
	}
	return bffapi.RequestMagicLink200JSONResponse{
		Ok: true, Sent: sent.Sent, DevMagicLink: link, RequestID: reqctx.From(ctx).RequestID,
	}, nil
}

// FinishMagicLink opens the session a magic link leads to.
func (h loginHandlers) FinishMagicLink(ctx context.Context, req bffapi.FinishMagicLinkRequestObject) (bffapi.FinishMagicLinkResponseObject, error) {
	v := visitOf(ctx)
	in, err := h.logins.FinishLink(ctx, v.tenant, req.Params.Code, deref(req.Params.Next), v.token)
	if err != nil {
		return nil, err
	}
	return h.signedIn(in), nil
}

func (h loginHandlers) signedIn(in app.SignedIn) redirect {
	return redirect{to: in.Next, equip: func(w http.ResponseWriter) {
		h.cookies.setSession(w, in.Token)
		h.cookies.setCSRF(w, domain.NewCSRFToken(in.Token))
	}}
}

// redirect is a 302 that may set cookies.
type redirect struct {
	to    string
	equip func(http.ResponseWriter)
}

func (r redirect) write(w http.ResponseWriter) error {
	if r.equip != nil {
		r.equip(w)
	}
	w.Header().Set("Location", r.to)
	w.WriteHeader(http.StatusFound)
	return nil
}

// VisitStartLoginResponse implements the generated interface.
func (r redirect) VisitStartLoginResponse(w http.ResponseWriter) error { return r.write(w) }

// VisitFinishLoginResponse implements the generated interface.
func (r redirect) VisitFinishLoginResponse(w http.ResponseWriter) error { return r.write(w) }

// VisitFinishMagicLinkResponse implements the generated interface.
func (r redirect) VisitFinishMagicLinkResponse(w http.ResponseWriter) error { return r.write(w) }

func deref(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}
