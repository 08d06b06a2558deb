package httpapi

import (
	"context"
	"errors"

	"go.updspace.com/api/identityapi"
	"go.updspace.com/identity/adapters/httpapi/browser"
	"go.updspace.com/identity/app"
	"go.updspace.com/identity/domain"
)

type signIn struct {
	use      *app.SignIn
	sessions *app.Sessions
	gate     *browser.Gate
}

func (s signIn) GetFormToken(_ context.Context, r identityapi.GetFormTokenRequestObject) (identityapi.GetFormTokenResponseObject, error) {
	token, err := s.use.FormToken(string(r.Params.Purpose))
	if err != nil {
		return nil, err
	}
	return identityapi.GetFormToken200JSONResponse{
		Body: identityapi.FormToken{FormToken: token, ExpiresIn: int(app.FormTokenLifetime.Seconds())},
	}, nil
}

func (s signIn) Login(ctx context.Context, r identityapi.LoginRequestObject) (identityapi.LoginResponseObject, error) {
	form, _ := r.Body.FormToken.Get()
	if form == "" && r.Params.XFormToken != nil {
		form = *r.Params.XFormToken
	}
	in, err := s.use.WithPassword(ctx, app.Credentials{Email: r.Body.Email, Password: r.Body.Password, FormToken: form}, browser.From(ctx).Origin)
	if err != nil {
		return nil, err
	}
	token := string(in.Token)
	cookie := s.gate.SessionCookie(in.Token, in.Session.ExpiresAt, in.Session.CreatedAt).String()
	out := identityapi.Login200JSONResponse{
		Headers: identityapi.Login200ResponseHeaders{XSessionToken: &token, SetCookie: &cookie},
		Body: identityapi.LoginResult{
			User: toAuthUser(in.User), AccessToken: null[string](), RefreshToken: null[string](), RecoveryCodes: null[[]string](),
		},
	}
	out.Body.Meta.SessionToken = token
	return out, nil
}

func (s signIn) GetAuthMe(ctx context.Context, _ identityapi.GetAuthMeRequestObject) (identityapi.GetAuthMeResponseObject, error) {
	current, err := s.sessions.Find(ctx, browser.From(ctx).Token())
	switch {
	case errors.Is(err, domain.ErrNotSignedIn): // a guest
		return identityapi.GetAuthMe200JSONResponse{Body: identityapi.AuthMe{User: null[identityapi.AuthUser]()}}, nil
	case err != nil:
		return nil, err
	}
	return identityapi.GetAuthMe200JSONResponse{Body: identityapi.AuthMe{User: value(toAuthUser(current.User))}}, nil
}

func (s signIn) Logout(ctx context.Context, _ identityapi.LogoutRequestObject) (identityapi.LogoutResponseObject, error) {
	who := browser.From(ctx)
	if err := s.sessions.End(ctx, who.Origin, who.Header, who.Cookie); err != nil {
		return nil, err
	}
	cookie := s.gate.NoSessionCookie().String()
	return identityapi.Logout200JSONResponse{
		Headers: identityapi.Logout200ResponseHeaders{SetCookie: &cookie},
		Body:    identityapi.Message{Ok: true, Message: "Signed out."},
	}, nil
}
