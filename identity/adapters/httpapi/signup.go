package httpapi

import (
	"context"
	"net/http"
	"net/url"

	"go.updspace.com/api/identityapi"
	"go.updspace.com/identity/adapters/httpapi/browserauth"
	"go.updspace.com/identity/app"
	"go.updspace.com/identity/domain"
	"go.updspace.com/libs/wire"
)

// verificationSent is what a person reads who has signed up, by the language.
var verificationSent = map[string]string{
	"en": "Almost done: open the link in the mail that we have sent to you.",
	"ru": "Почти готово: откройте ссылку в письме, которое мы вам отправили.",
}

func (s server) SignUp(ctx context.Context, r identityapi.SignUpRequestObject) (identityapi.SignUpResponseObject, error) {
	if err := fromHere(ctx); err != nil {
		return nil, err
	}
	b := r.Body
	language := wire.Get(b.Language)
	err := s.App.SignUp.Register(ctx, app.Registering{
		Tenant: wire.Get(b.Tenant), Password: b.Password, FormToken: b.FormToken,
		RegistrationDraft: domain.RegistrationDraft{
			Email: b.Email, DisplayName: wire.Get(b.Username), Language: language, Timezone: wire.Get(b.Timezone), BirthDate: wire.Get(b.BirthDate),
			DataProcessing: b.ConsentDataProcessing, Marketing: wire.Get(b.ConsentMarketing),
			Minor: wire.Get(b.IsMinor), GuardianHasApproved: wire.Get(b.GuardianConsent), GuardianEmail: wire.Get(b.GuardianEmail),
		},
	}, browserauth.From(ctx).Origin)
	if err != nil {
		return nil, err
	}
	message, ok := verificationSent[language]
	if !ok {
		message = verificationSent["en"]
	}
	if !wire.Get(b.AcceptsVerification) { // such a client takes every success for a session, and shows the message of an error
		return nil, domain.ErrVerificationSent.WithMessage("%s", message)
	}
	return identityapi.SignUp202JSONResponse{Body: identityapi.Message{Ok: true, Message: message}}, nil
}

func (s server) ConfirmSignUp(ctx context.Context, r identityapi.ConfirmSignUpRequestObject) (identityapi.ConfirmSignUpResponseObject, error) {
	if err := fromHere(ctx); err != nil {
		return nil, err
	}
	from := browserauth.From(ctx)
	done, err := s.App.SignUp.Confirm(ctx, app.Confirmation{
		Tenant: r.Body.Tenant, Token: domain.Secret(r.Body.Token), Password: r.Body.Password, Previous: from.Token(), Known: from.Known,
	}, from.Origin)
	if err != nil {
		return nil, err
	}
	out := signUpConfirmed{ConfirmSignUp200JSONResponse: identityapi.ConfirmSignUp200JSONResponse{Body: identityapi.SignUpConfirmed{
		Ok: true, Email: done.Email, SignedIn: done.In != nil, Next: s.absolute(done.Tenant.Slug, signInPath),
	}}}
	if done.In != nil {
		out.cookies = s.signInCookies(*done.In)
	}
	return out, nil
}

func (s server) JoinCommunity(ctx context.Context, r identityapi.JoinCommunityRequestObject) (identityapi.JoinCommunityResponseObject, error) {
	who, err := s.current(ctx)
	if err != nil {
		return nil, err
	}
	tenant, err := s.App.SignUp.Join(ctx, who, r.Body.Tenant)
	return identityapi.JoinCommunity200JSONResponse{Body: identityapi.CommunityJoined{Ok: true, Next: s.absolute(tenant.Slug, signInPath)}}, err
}

// signInPath is where the gateway begins a sign-in on the host of a community.
const signInPath = "/api/v1/auth/login?next=%2F"

// signUpConfirmed is the answer to a confirmed sign-up. The generated one has no cookies.
type signUpConfirmed struct {
	identityapi.ConfirmSignUp200JSONResponse
	cookies []*http.Cookie
}

// VisitConfirmSignUpResponse implements the generated interface.
func (s signUpConfirmed) VisitConfirmSignUpResponse(w http.ResponseWriter) error {
	for _, c := range s.cookies {
		http.SetCookie(w, c)
	}
	return s.ConfirmSignUp200JSONResponse.VisitConfirmSignUpResponse(w)
}

// signup is the page that signs up for the community that the browser comes from, or that is named. Who is signed in joins it instead.
func (p pages) signup(w http.ResponseWriter, r *http.Request) error {
	next := domain.SafeNext(r.URL.Query().Get("next"), accountPath)
	_, user, err := p.current(r)
	if err != nil {
		return err
	}
	v := visit{user: user, forms: forms{Next: next, Email: queryOf(next).Get("login_hint")}}
	p.arriving(r, &v, next)
	slug := r.URL.Query().Get("tenant")
	if v.tenant == nil {
		v.tenant = p.tenant(r, slug)
	} else {
		slug = v.tenant.Slug
	}
	// A community that takes no sign-ups, or none that is known, has a page without a form.
	if tenant, err := p.App.SignUp.Tenant(r.Context(), slug); err == nil {
		v.tenant = &tenant
		if v.forms.FormToken, err = p.SignIn.FormToken(app.PurposeRegister); err != nil {
			return err
		}
	}
	return p.show(w, r, v)
}

// verify is the page of links that confirm an address; that of a sign-up says for which community.
func (p pages) verify(w http.ResponseWriter, r *http.Request) error {
	_, user, err := p.current(r)
	if err != nil {
		return err
	}
	return p.show(w, r, visit{user: user, tenant: p.tenant(r, r.URL.Query().Get("tenant"))})
}

// arriving says which application a sign-in or a sign-up is for, when next leads to it.
func (p pages) arriving(r *http.Request, v *visit, next string) {
	if u, err := url.Parse(next); err == nil && u.Path == "/authorize" {
		// What is wrong with the request is said after the sign-in, by the page that it leads to.
		if c, deliverable, _ := p.Authorizations.Check(r.Context(), app.ParseAuthorizationParams(u.Query())); deliverable {
			p.describe(r, v, c.Client, c.Request.RedirectURI)
		}
	}
}
