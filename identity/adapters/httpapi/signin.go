package httpapi

import (
	"cmp"
	"context"
	"errors"
	"net/http"

	"github.com/oapi-codegen/nullable"

	"go.updspace.com/api/identityapi"
	"go.updspace.com/identity/adapters/httpapi/browserauth"
	"go.updspace.com/identity/app"
	"go.updspace.com/identity/domain"
	"go.updspace.com/libs/wire"
)

func (s server) GetFormToken(_ context.Context, r identityapi.GetFormTokenRequestObject) (identityapi.GetFormTokenResponseObject, error) {
	token, err := s.SignIn.FormToken(string(r.Params.Purpose))
	if err != nil {
		return nil, err
	}
	return identityapi.GetFormToken200JSONResponse{
		Body: identityapi.FormToken{FormToken: token, ExpiresIn: int(app.FormTokenLifetime.Seconds())},
	}, nil
}

func (s server) Login(ctx context.Context, r identityapi.LoginRequestObject) (identityapi.LoginResponseObject, error) {
	form := cmp.Or(wire.Get(r.Body.FormToken), wire.Value(r.Params.XFormToken))
	from := browserauth.From(ctx)
	if err := fromHere(ctx); err != nil { // another site must not sign a user in
		return nil, err
	}
	in, err := s.SignIn.WithPassword(ctx, app.Credentials{
		Email: r.Body.Email, Password: r.Body.Password, FormToken: form, Previous: from.Token(), Known: from.Known,
		Code: cmp.Or(wire.Get(r.Body.MfaCode), wire.Get(r.Body.RecoveryCode)), Passkey: answer(r.Body.PasskeyCredential),
	}, from.Origin)
	if err != nil {
		return nil, err
	}
	return s.signedIn(ctx, in)
}

// signInCookies are what a browser keeps of a sign-in.
func (s server) signInCookies(in app.SignedIn) []*http.Cookie {
	return []*http.Cookie{s.gate.SessionCookie(in.Token, in.Session.ExpiresAt, in.Session.AuthTime), s.gate.KnownCookie(in.Known)}
}

// signedIn is the answer to a sign-in, whichever way it was.
func (s server) signedIn(ctx context.Context, in app.SignedIn) (signedIn, error) {
	user, err := s.authUser(ctx, in.User)
	if err != nil {
		return signedIn{}, err
	}
	token := string(in.Token)
	out := identityapi.Login200JSONResponse{
		Headers: identityapi.Login200ResponseHeaders{XSessionToken: &token},
		Body: identityapi.LoginResult{
			User: user, AccessToken: orNull[string](nil), RefreshToken: orNull[string](nil), RecoveryCodes: listOrNull(in.RecoveryCodes),
		},
	}
	out.Body.Meta.SessionToken = token
	return signedIn{out, s.signInCookies(in)}, nil
}

// signedIn is the answer to a sign-in. The generated one has room for one cookie.
type signedIn struct {
	identityapi.Login200JSONResponse
	cookies []*http.Cookie
}

// VisitLoginResponse implements the generated interface.
func (s signedIn) VisitLoginResponse(w http.ResponseWriter) error {
	for _, c := range s.cookies {
		http.SetCookie(w, c)
	}
	return s.Login200JSONResponse.VisitLoginResponse(w)
}

func (s server) GetAuthMe(ctx context.Context, _ identityapi.GetAuthMeRequestObject) (identityapi.GetAuthMeResponseObject, error) {
	current, err := s.Sessions.Find(ctx, browserauth.From(ctx).Token())
	if errors.Is(err, domain.ErrNotSignedIn) { // a guest
		return identityapi.GetAuthMe200JSONResponse{Body: identityapi.AuthMe{User: orNull[identityapi.AuthUser](nil)}}, nil
	}
	if err != nil {
		return nil, err
	}
	user, err := s.authUser(ctx, current.User)
	return identityapi.GetAuthMe200JSONResponse{Body: identityapi.AuthMe{User: nullable.NewNullableWithValue(user)}}, err
}

func (s server) Logout(ctx context.Context, _ identityapi.LogoutRequestObject) (identityapi.LogoutResponseObject, error) {
	who := browserauth.From(ctx)
	if err := s.Sessions.End(ctx, who.Origin, who.Header, who.Cookie); err != nil {
		return nil, err
	}
	cookie := s.gate.NoSessionCookie().String()
	return identityapi.Logout200JSONResponse{
		Headers: identityapi.Logout200ResponseHeaders{SetCookie: &cookie},
		Body:    identityapi.Message{Ok: true, Message: "Signed out."},
	}, nil
}
