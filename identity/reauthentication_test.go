package identity_test

import (
	"context"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/oauth2"

	"go.updspace.com/api/identityapi"
	"go.updspace.com/identity"
	"go.updspace.com/identity/domain"
)

func param(name, value string) oauth2.AuthCodeOption { return oauth2.SetAuthURLParam(name, value) }

// authTime redeems a code and returns the auth_time of its ID token.
func (in signedIn) authTime(t testing.TB, code string) int64 {
	t.Helper()
	held, err := in.client.redeem(code)
	require.NoError(t, err)
	id, err := in.client.provider.Verifier(in.client.verifierConfig()).Verify(in.client.ctx, held.Extra("id_token").(string))
	require.NoError(t, err)
	var claims struct {
		AuthTime int64 `json:"auth_time"`
	}
	require.NoError(t, id.Claims(&claims))
	return claims.AuthTime
}

var demands = map[string][]oauth2.AuthCodeOption{
	"prompt=login":          {param("prompt", "login")},
	"prompt=select_account": {param("prompt", "select_account")},
	"max_age=0":             {param("max_age", "0")},
	"max_age":               {param("max_age", "30")},
	"both":                  {param("max_age", "0"), param("prompt", "login")},
}

// A demand for a new sign-in is met by one sign-in after the request, and by nothing else.
func TestADemandedSignInCannotBeSkipped(t *testing.T) {
	t.Parallel()
	s := start(t)
	for name, options := range demands {
		t.Run(name, func(t *testing.T) {
			in := s.signedIn("member@aef.test")
			in.t, in.client.t = t, t
			s.clock.Advance(time.Minute)
			asked := s.clock.Now().Unix()
			login := in.get(in.client.authorizePath(options...))
			require.Equal(t, "/login", login.Request.URL.Path)
			next := login.Request.URL.Query().Get("next")
			stripped := regexp.MustCompile(`&demand=[^&]*`).ReplaceAllString(next, "")
			require.NotEqual(t, next, stripped)
			foreign := strings.Replace(next, "state=the+state", "state=another", 1)
			require.NotEqual(t, next, foreign)
			// every address on the way, opened directly
			for _, direct := range []string{next, stripped, foreign, "/login?" + url.Values{"next": {next}}.Encode()} {
				require.Equal(t, "/login", in.get(direct).Request.URL.Path, direct)
			}
			s.clock.Advance(time.Second)
			code := in.client.arrived(in.signIn(login, "member@aef.test", identity.DemoPassword)).Get("code")
			require.NotEmpty(t, code, "one sign-in is enough")
			require.GreaterOrEqual(t, in.authTime(t, code), asked+1)

			// the same address, once its time is over
			s.clock.Advance(domain.AuthorizationRequestLifetime)
			require.Equal(t, "/login", in.get(next).Request.URL.Path)
		})
	}
}

func TestADemandedSignInHoldsForScripts(t *testing.T) {
	t.Parallel()
	s := start(t)
	c := s.client()
	for name, options := range demands {
		t.Run(name, func(t *testing.T) {
			old := s.login("member@aef.test")
			s.clock.Advance(time.Minute)
			_, query, _ := strings.Cut(c.authorizePath(options...), "?")
			prepare := func(token, query string) (*identityapi.PrepareAuthorizationResponse, error) {
				return s.script("X-Session-Token", token).PrepareAuthorizationWithResponse(ctx, nil, func(_ context.Context, r *http.Request) error {
					r.URL.RawQuery = query
					return nil
				})
			}
			// as the browser gets there: the stamp is in the page's address
			b := s.browser()
			b.client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
			_, stamped, _ := strings.Cut(b.get("/oauth/authorize?"+query).Header.Get("Location"), "?")
			require.Contains(t, stamped, "demand=")

			var stamps []string
			for _, q := range []string{query, stamped} {
				r, err := prepare(old, q)
				refused(t, 401, "LOGIN_REQUIRED", r, err)
				stamps = append(stamps, r.JSON401.Error.Details["demand"].(string))
			}
			s.clock.Advance(time.Second)
			fresh := s.login("member@aef.test")
			for _, q := range []string{stamped, query + "&" + url.Values{"demand": {stamps[0]}}.Encode()} {
				r, err := prepare(fresh, q)
				fine(t, r, err)
			}
			r, err := prepare(old, stamped)
			refused(t, 401, "LOGIN_REQUIRED", r, err)
			r, err = prepare(fresh, strings.Replace(stamped, "nonce=the+nonce", "nonce=another", 1))
			if name != "max_age" { // which the new session meets by its age
				refused(t, 401, "LOGIN_REQUIRED", r, err)
			}
		})
	}
}

func TestTheHintedUserMustBeTheOne(t *testing.T) {
	t.Parallel()
	s := start(t)
	memberIn, second := s.signedIn("member@aef.test"), s.signedIn("second@aef.test")
	s.clock.Advance(time.Second)
	hint := param("id_token_hint", second.id)
	c := memberIn.client
	none := func(more ...oauth2.AuthCodeOption) string {
		return c.arrived(memberIn.get(c.authorizePath(append(more, param("prompt", "none"))...))).Get("error")
	}
	require.Empty(t, none(param("id_token_hint", memberIn.id)))
	require.Equal(t, "login_required", none(hint))
	require.Equal(t, "login_required", none(param("max_age", "0")))

	login := memberIn.get(c.authorizePath(hint))
	require.Equal(t, "/login", login.Request.URL.Path, "without prompt=none the other user may sign in")
	require.Equal(t, "/login", memberIn.get(login.Request.URL.Query().Get("next")).Request.URL.Path)
	wrong := c.arrived(memberIn.signIn(login, "member@aef.test", identity.DemoPassword))
	require.Equal(t, "login_required", wrong.Get("error"), "the same user again is not the one")
	require.NotEmpty(t, wrong.Get("error_description"))
	s.clock.Advance(time.Second)
	right := c.arrived(memberIn.signIn(memberIn.get(c.authorizePath(hint)), "second@aef.test", identity.DemoPassword))
	require.NotEmpty(t, right.Get("code"))

	// a hint that another client got
	s.register(t, domain.Client{ID: "other", Name: "Other", FirstParty: true, Algorithm: domain.ES256, Redirects: []domain.RedirectRule{callback}})
	other := s.client()
	other.oauth.ClientID, other.oauth.ClientSecret = "other", "other-secret"
	require.Equal(t, "invalid_request", other.arrived(second.get(other.authorizePath(hint))).Get("error"))
	// an expired one is still a hint
	s.clock.Advance(time.Hour)
	require.NotEmpty(t, c.arrived(second.get(c.authorizePath(hint, param("prompt", "none")))).Get("code"))
}

func TestUnknownScopesAreIgnored(t *testing.T) {
	t.Parallel()
	s := start(t)
	c := s.client("groups", "profile", "phone", "profile") // phone exists, but is not for the portal
	held, err := c.redeem(s.code(c, "member@aef.test"))
	require.NoError(t, err)
	require.Equal(t, "openid profile", held.Extra("scope"))
}

func TestAnAuthorizationRequestMayBeAForm(t *testing.T) {
	t.Parallel()
	s := start(t)
	in := s.signedIn("member@aef.test")
	_, query, _ := strings.Cut(in.client.authorizePath(), "?")
	form, err := url.ParseQuery(query)
	require.NoError(t, err)
	code := in.client.arrived(in.post("/oauth/authorize", form)).Get("code")
	require.NotEmpty(t, code)
	// another site's form comes without the cookie of SameSite=Lax: it is sent around once more
	stranger := s.browser()
	p := stranger.post("/oauth/authorize", form, "Sec-Fetch-Site", "cross-site", "Origin", "http://client.test")
	require.Equal(t, "/login", p.Request.URL.Path)
}

func TestARepeatedParameterIsRefused(t *testing.T) {
	t.Parallel()
	s := start(t)
	in := s.signedIn("member@aef.test")
	require.Equal(t, "invalid_request", in.client.arrived(in.get(in.client.authorizePath()+"&scope=openid")).Get("error"))
	require.Equal(t, 400, in.get(in.client.authorizePath()+"&redirect_uri=http://evil.test/").StatusCode)
}

func TestPagesFollowUILocales(t *testing.T) {
	t.Parallel()
	s := start(t)
	c := s.client()
	language := func(path string) string {
		p := s.browser().get(path, "Accept-Language", "en")
		require.Contains(t, p.body, `<html lang="`+p.boot(t).Lang+`"`)
		return p.boot(t).Lang
	}
	require.Equal(t, "ru", language(c.authorizePath(param("ui_locales", "ru en"))))
	require.Equal(t, "en", language(c.authorizePath(param("ui_locales", "en"))))
	require.Equal(t, "en", language(c.authorizePath(param("ui_locales", "!!"))))
	require.Equal(t, "ru", language("/oauth/end_session?ui_locales=ru"))
	require.Equal(t, "member@aef.test", s.browser().get(c.authorizePath(param("login_hint", "member@aef.test"))).boot(t).Forms.Email)
}
