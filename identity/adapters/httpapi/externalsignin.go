package httpapi

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"net/url"

	"go.updspace.com/api/identityapi"
	"go.updspace.com/identity/adapters/httpapi/browserauth"
	"go.updspace.com/identity/app"
	"go.updspace.com/identity/domain"
	"go.updspace.com/libs/httpx"
	"go.updspace.com/libs/wire"
)

func (s server) StartExternalSignIn(ctx context.Context, r identityapi.StartExternalSignInRequestObject) (identityapi.StartExternalSignInResponseObject, error) {
	who := browserauth.From(ctx)
	address, browser, err := s.ExternalSignIn.Begin(ctx, who.Flow, r.Provider, wire.Value(r.Params.Next), who.Origin)
	if err != nil {
		return nil, err
	}
	cookie := s.gate.FlowCookie(browser).String()
	return identityapi.StartExternalSignIn200JSONResponse{
		Headers: identityapi.StartExternalSignIn200ResponseHeaders{SetCookie: &cookie},
		Body:    identityapi.LinkStart{AuthorizeURL: address, Method: identityapi.LinkStartMethodGET},
	}, nil
}

func (s server) CompleteExternalSignIn(
	ctx context.Context, r identityapi.CompleteExternalSignInRequestObject,
) (identityapi.CompleteExternalSignInResponseObject, error) {
	who := browserauth.From(ctx)
	if err := fromHere(ctx); err != nil {
		return nil, err
	}
	in, err := s.ExternalSignIn.SecondStep(ctx, who.Flow, app.Credentials{
		Code: cmp.Or(wire.Get(r.Body.MfaCode), wire.Get(r.Body.RecoveryCode)), Passkey: answer(r.Body.PasskeyCredential),
		Previous: who.Token(), Known: who.Known,
	}, who.Origin)
	if err != nil {
		return nil, err
	}
	out, err := s.signedIn(ctx, in)
	out.cookies = append(out.cookies, s.gate.FlowCookie(""))
	return out, err
}

// VisitCompleteExternalSignInResponse implements the generated interface.
func (s signedIn) VisitCompleteExternalSignInResponse(w http.ResponseWriter) error {
	return s.VisitLoginResponse(w)
}

// callback is where a provider sends a browser back to. It links or signs in, though it is a GET: the protocols have no other way, the state can be
// used once and in one session or browser only, and the address followed elsewhere changes nothing. What went wrong is said by the page that it
// leads to.
func (p pages) callback(w http.ResponseWriter, r *http.Request) error {
	session, user, err := p.current(r)
	if err != nil {
		return err
	}
	who, provider, answer := browserauth.From(r.Context()), r.PathValue("provider"), r.URL.Query()
	flow, err := p.Linking.Flow(r.Context(), domain.FlowHolder{SessionID: session.Session.ID, Browser: who.Flow}, provider, answer)
	switch {
	case errors.Is(err, domain.ErrLinkFlow) && user == nil && who.Flow != "":
		return p.notSignedIn(w, r, nil, "", domain.ErrSignInFlow)
	case err == nil && flow.SignsIn():
		return p.signInWith(w, r, user, flow)
	case err == nil:
		err = p.Linking.Finish(r.Context(), session, flow, answer, who.Origin.IP)
	}
	outcome := url.Values{"linked": {provider}}
	if err != nil {
		httpx.RecordError(r.Context(), err)
		outcome = url.Values{"link_error": {httpx.Public(err).Code}, "provider": {provider}}
	}
	target, err := domain.WithQuery(cmp.Or(flow.Next, domain.ConnectionsPath), outcome)
	if err != nil {
		return err
	}
	http.Redirect(w, r, target, http.StatusSeeOther)
	return nil
}

// signInWith ends a flow that signs in.
func (p pages) signInWith(w http.ResponseWriter, r *http.Request, user *domain.User, flow domain.ProviderFlow) error {
	who := browserauth.From(r.Context())
	in, pending, err := p.ExternalSignIn.Finish(r.Context(), flow, r.URL.Query(), who.Cookie, who.Known, who.Origin)
	if err != nil {
		return p.notSignedIn(w, r, user, flow.Next, err)
	}
	http.SetCookie(w, p.gate.FlowCookie(pending))
	if pending != "" {
		p.backToLogin(w, r, user, flow.Next, url.Values{"step": {"second"}})
		return nil
	}
	for _, c := range p.signInCookies(in) {
		http.SetCookie(w, c)
	}
	http.Redirect(w, r, flow.Next, http.StatusSeeOther)
	return nil
}

// notSignedIn leads to the sign-in page, which says why.
func (p pages) notSignedIn(w http.ResponseWriter, r *http.Request, user *domain.User, next string, why error) error {
	httpx.RecordError(r.Context(), why)
	p.backToLogin(w, r, user, next, url.Values{"sign_in_error": {httpx.Public(why).Code}, "provider": {r.PathValue("provider")}})
	return nil
}

// backToLogin leads to the sign-in page, which asks also when an account is signed in.
func (p pages) backToLogin(w http.ResponseWriter, r *http.Request, user *domain.User, next string, q url.Values) {
	q.Set("next", cmp.Or(next, accountPath))
	if user != nil {
		q.Set("again", "1")
	}
	http.Redirect(w, r, "/login?"+q.Encode(), http.StatusSeeOther)
}
