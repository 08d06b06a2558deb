package identity_test

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/fx"
	"golang.org/x/oauth2"

	"go.updspace.com/api/identityapi"
	"go.updspace.com/identity"
	"go.updspace.com/identity/adapters/smtp"
	"go.updspace.com/identity/app"
	"go.updspace.com/identity/domain"
)

func TestASignInPageWorksWithoutScripts(t *testing.T) {
	s := start(t)
	b := s.browser()
	p := b.get("/login?next=/%3Fwelcome%3D1")
	require.Equal(t, 200, p.StatusCode)
	require.NotContains(t, p.body, "<script")
	require.NotContains(t, p.body, "style=")
	policy := p.Header.Get("Content-Security-Policy")
	require.Contains(t, policy, "default-src 'none'")
	require.NotContains(t, policy, "unsafe")
	require.Equal(t, "DENY", p.Header.Get("X-Frame-Options"))
	require.Equal(t, "no-store", p.Header.Get("Cache-Control"))

	wrong := b.signIn(p, "member@aef.test", "a guess")
	require.Equal(t, 401, wrong.StatusCode)
	require.Contains(t, wrong.body, "The e-mail or the password is wrong.")
	require.Contains(t, wrong.body, `role="alert"`)
	require.Contains(t, wrong.body, `value="member@aef.test"`, "what was typed stays")
	require.NotContains(t, wrong.body, "a guess")

	in := b.signIn(wrong, "member@aef.test", identity.DemoPassword)
	require.Equal(t, 200, in.StatusCode)
	require.Equal(t, "welcome=1", in.Request.URL.RawQuery, "the way on survives a mistake")
	require.Contains(t, in.body, "Mika Member")

	require.Equal(t, "/", b.get("/login").Request.URL.Path, "who is signed in is not asked again")
	out := b.post("/logout", url.Values{})
	require.Equal(t, "/login", out.Request.URL.Path)
	require.Contains(t, b.get("/").body, "You are not signed in.")
}

func TestPagesSpeakRussian(t *testing.T) {
	s := start(t)
	b := s.browser()
	ask := func(language string) string {
		r, err := http.NewRequest(http.MethodGet, s.url+"/login", nil)
		require.NoError(t, err)
		r.Header.Set("Accept-Language", language)
		return b.do(r).body
	}
	require.Contains(t, ask("ru-RU,ru;q=0.9,en;q=0.8"), "Войти")
	require.Contains(t, ask("ru"), `<html lang="ru">`)
	for _, other := range []string{"en", "de-DE,en;q=0.5", "", "!!"} {
		require.Contains(t, ask(other), "Sign in", other)
	}
}

func TestTheWayOnStaysOnThisSite(t *testing.T) {
	s := start(t)
	for _, next := range []string{"https://evil.test/", "//evil.test/", `/\evil.test`, "javascript:alert(1)", "/\t/evil.test", "evil"} {
		b := s.browser()
		p := b.signIn(b.get("/login?next="+url.QueryEscape(next)), "member@aef.test", identity.DemoPassword)
		require.Equal(t, 200, p.StatusCode, next)
		require.Equal(t, s.url+"/", p.Request.URL.String(), next)
	}
}

func TestAnotherSiteCannotSignSomebodyIn(t *testing.T) {
	s := start(t)
	b := s.browser()
	form := b.get("/login").fields()
	form.Set("email", "member@aef.test")
	form.Set("password", identity.DemoPassword)
	p := b.post("/login", form, "Sec-Fetch-Site", "cross-site", "Origin", "http://evil.test")
	require.Equal(t, 403, p.StatusCode)
	require.Empty(t, p.Cookies())
}

func TestAssetsAreThere(t *testing.T) {
	s := start(t)
	b := s.browser()
	for path, kind := range map[string]string{"/assets/style.css": "text/css", "/assets/favicon.svg": "image/svg+xml", "/favicon.ico": "image/svg+xml"} {
		p := b.get(path)
		require.Equal(t, 200, p.StatusCode, path)
		require.True(t, strings.HasPrefix(p.Header.Get("Content-Type"), kind), "%s: %s", path, p.Header.Get("Content-Type"))
	}
	require.Equal(t, 404, b.get("/assets/nothing").StatusCode)
	require.Equal(t, 404, b.get("/assets/").StatusCode)
}

func TestAFirstPartyClientPassesThrough(t *testing.T) {
	s := start(t)
	c := s.client()
	b := s.browser()
	p := b.get(c.authorizePath())
	require.Equal(t, "/login", p.Request.URL.Path)
	require.Contains(t, p.body, "AEF Portal", "it says for whom")
	require.Contains(t, p.Header.Get("Content-Security-Policy"), "form-action 'self' http://aef.localhost:8080", "or the browser stops the way back")
	q := c.arrived(b.signIn(p, "member@aef.test", identity.DemoPassword))
	require.NotEmpty(t, q.Get("code"))
	require.Equal(t, s.url, q.Get("iss"))
	require.NotEmpty(t, c.arrived(b.get(c.authorizePath())).Get("code"), "the second time without any page")
}

func TestAThirdPartyClientMustBeAllowed(t *testing.T) {
	s := start(t)
	s.register(t, domain.Client{ID: "other", Name: "Other <b>App</b>", Algorithm: domain.ES256, Redirects: []domain.RedirectRule{callback}})
	c := s.client("email")
	c.oauth.ClientID, c.oauth.ClientSecret = "other", "other-secret"
	b := s.browser()
	p := b.signIn(b.get(c.authorizePath()), "member@aef.test", identity.DemoPassword)
	require.Equal(t, 200, p.StatusCode)
	require.Contains(t, p.body, "Other &lt;b&gt;App&lt;/b&gt;")
	require.Contains(t, p.body, "Your e-mail address")

	denied := c.arrived(b.post("/authorize", url.Values{"request_id": {p.fields().Get("request_id")}, "decision": {"deny"}}))
	require.Equal(t, "access_denied", denied.Get("error"))
	require.Empty(t, denied.Get("code"))

	p = b.get(c.authorizePath())
	answer := url.Values{"request_id": {p.fields().Get("request_id")}, "decision": {"approve"}}
	code := c.arrived(b.post("/authorize", answer)).Get("code")
	_, err := c.redeem(code)
	require.NoError(t, err)
	require.Equal(t, 404, b.post("/authorize", answer).StatusCode, "an answer counts once")

	require.NotEmpty(t, c.arrived(b.get(c.authorizePath())).Get("code"), "consent is remembered")
	require.Equal(t, 200, b.get(c.authorizePath(oauth2.SetAuthURLParam("prompt", "consent"))).StatusCode, "unless asked for again")
}

func TestPrompts(t *testing.T) {
	s := start(t)
	c := s.client()
	b := s.browser()
	prompt := func(name string) oauth2.AuthCodeOption { return oauth2.SetAuthURLParam("prompt", name) }
	require.Equal(t, "login_required", c.arrived(b.get(c.authorizePath(prompt("none")))).Get("error"))

	require.NotEmpty(t, c.arrived(b.signIn(b.get(c.authorizePath()), "member@aef.test", identity.DemoPassword)).Get("code"))
	require.NotEmpty(t, c.arrived(b.get(c.authorizePath(prompt("none")))).Get("code"))

	again := b.get(c.authorizePath(prompt("login")))
	require.Equal(t, "/login", again.Request.URL.Path)
	require.NotEmpty(t, c.arrived(b.signIn(again, "second@aef.test", identity.DemoPassword)).Get("code"))

	s.clock.Advance(time.Minute)
	old := b.get(c.authorizePath(oauth2.SetAuthURLParam("max_age", "30")))
	require.Equal(t, "/login", old.Request.URL.Path)
	require.NotEmpty(t, c.arrived(b.signIn(old, "member@aef.test", identity.DemoPassword)).Get("code"))
	require.NotEmpty(t, c.arrived(b.get(c.authorizePath(oauth2.SetAuthURLParam("max_age", "30")))).Get("code"))
}

func TestBadAuthorizationRequests(t *testing.T) {
	s := start(t)
	c := s.client()
	token := s.login("member@aef.test")
	b := s.browser()
	with := func(name, value string) oauth2.AuthCodeOption { return oauth2.SetAuthURLParam(name, value) }
	cases := []struct {
		name   string
		option oauth2.AuthCodeOption
		status int
		code   string
		oauth  string // told to the client; empty: shown to the user, because the client's address is not known to be its own
	}{
		{"unknown client", with("client_id", "nobody"), 404, "CLIENT_NOT_FOUND", ""},
		{"other redirect", with("redirect_uri", "http://evil.test/cb"), 400, "INVALID_REDIRECT_URI", ""},
		{"longer redirect", with("redirect_uri", callback+"/more"), 400, "INVALID_REDIRECT_URI", ""},
		{"no such tenant", with("redirect_uri", "http://nobody.localhost:8080/api/v1/auth/callback"), 400, "INVALID_REDIRECT_URI", ""},
		{"no redirect", with("redirect_uri", ""), 400, "INVALID_REDIRECT_URI", ""},
		{"implicit", with("response_type", "token"), 400, "UNSUPPORTED_RESPONSE_TYPE", "unsupported_response_type"},
		{"no challenge", with("code_challenge", ""), 400, "PKCE_REQUIRED", "invalid_request"},
		{"plain challenge", with("code_challenge_method", "plain"), 400, "INVALID_PKCE_METHOD", "invalid_request"},
		{"no method", with("code_challenge_method", ""), 400, "INVALID_PKCE_METHOD", "invalid_request"},
		{"unknown scope", with("scope", "openid everything"), 400, "INVALID_SCOPE", "invalid_scope"},
		{"scope not allowed", with("scope", "openid phone"), 400, "INVALID_SCOPE", "invalid_scope"},
		{"no openid", with("scope", "profile"), 400, "INVALID_SCOPE", "invalid_scope"},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			path := c.authorizePath(tc.option)
			_, query, _ := strings.Cut(path, "?")
			r, err := s.script("X-Session-Token", token).PrepareAuthorizationWithResponse(ctx, nil, func(_ context.Context, r *http.Request) error {
				r.URL.RawQuery = query
				return nil
			})
			refused(t, tc.status, tc.code, r, err)

			p := b.get(path)
			if tc.oauth == "" {
				require.Equal(t, tc.status, p.StatusCode)
				require.Contains(t, p.body, `role="alert"`)
				return
			}
			c.t = t
			require.Equal(t, tc.oauth, c.arrived(p).Get("error"))
		})
	}
}

func TestConsentAsJSON(t *testing.T) {
	s := start(t)
	s.register(t, domain.Client{ID: "other", Name: "Other", Algorithm: domain.ES256, Redirects: []domain.RedirectRule{callback}})
	c := s.client("email", "profile")
	c.oauth.ClientID, c.oauth.ClientSecret = "other", "other-secret"
	script := s.script("X-Session-Token", s.login("member@aef.test"))
	prepare := func() *identityapi.AuthorizationPrompt {
		_, query, _ := strings.Cut(c.authorizePath(), "?")
		r, err := script.PrepareAuthorizationWithResponse(ctx, nil, func(_ context.Context, r *http.Request) error {
			r.URL.RawQuery = query
			return nil
		})
		return fine(t, r, err).JSON200
	}
	guest, err := s.script().PrepareAuthorizationWithResponse(ctx, nil)
	refused(t, 401, "UNAUTHORIZED", guest, err)

	first := prepare()
	require.True(t, first.ConsentRequired)
	require.Equal(t, "Other", first.Client.Name)
	require.Equal(t, "the state", first.State.MustGet())
	require.Len(t, first.Scopes, 3)
	require.True(t, first.Scopes[0].Required)
	require.False(t, first.Scopes[1].Granted)

	// somebody else cannot answer
	stranger, err := s.script("X-Session-Token", s.login("second@aef.test")).ApproveAuthorizationWithResponse(ctx, identityapi.ApproveRequest{RequestID: first.RequestID})
	refused(t, 404, "REQUEST_NOT_FOUND", stranger, err)

	var fewer identityapi.ApproveRequest
	fewer.RequestID = first.RequestID
	fewer.Scopes.Set([]string{"openid", "email"})
	approved, err := script.ApproveAuthorizationWithResponse(ctx, fewer)
	target, err := url.Parse(fine(t, approved, err).JSON200.RedirectURI)
	require.NoError(t, err)
	held, err := c.redeem(target.Query().Get("code"))
	require.NoError(t, err)
	require.Equal(t, "openid email", held.Extra("scope"))
	again, err := script.ApproveAuthorizationWithResponse(ctx, fewer)
	refused(t, 404, "REQUEST_NOT_FOUND", again, err)

	second := prepare()
	require.True(t, second.ConsentRequired, "profile has not been granted")
	require.True(t, second.Scopes[1].Granted)
	require.False(t, second.Scopes[2].Granted)
	all, err := script.ApproveAuthorizationWithResponse(ctx, identityapi.ApproveRequest{RequestID: second.RequestID})
	fine(t, all, err)
	require.False(t, prepare().ConsentRequired)

	// deny takes the request id in the query or in the body
	id := prepare().RequestID
	denied, err := script.DenyAuthorizationWithResponse(ctx, &identityapi.DenyAuthorizationParams{RequestID: &id}, identityapi.DenyRequest{})
	require.Contains(t, fine(t, denied, err).JSON200.RedirectURI, "error=access_denied")
	id = prepare().RequestID
	denied, err = script.DenyAuthorizationWithResponse(ctx, nil, identityapi.DenyRequest{RequestID: &id})
	require.Contains(t, fine(t, denied, err).JSON200.RedirectURI, "state=the+state")

	id = prepare().RequestID
	denied, err = script.DenyAuthorizationWithBodyWithResponse(ctx, &identityapi.DenyAuthorizationParams{RequestID: &id}, "", http.NoBody)
	require.Contains(t, fine(t, denied, err).JSON200.RedirectURI, "error=access_denied", "with no body at all")

	late := prepare()
	s.clock.Advance(domain.AuthorizationRequestLifetime)
	expired, err := script.ApproveAuthorizationWithResponse(ctx, identityapi.ApproveRequest{RequestID: late.RequestID})
	refused(t, 400, "REQUEST_EXPIRED", expired, err)
}

func TestProductionHasNothingOfDevelopment(t *testing.T) {
	s := start(t)
	production := config(t, s.cfg.Database)
	production.Mode = "production"
	production.PublicURL = "https://id.updspace.com"
	production.SMTP = smtp.Config{Host: "127.0.0.1", Port: 1, From: "id@updspace.com", TLS: "none"}

	refuses := func(cfg identity.Config, why string) {
		t.Helper()
		a := fx.New(identity.Module(cfg), fx.NopLogger)
		err := a.Err()
		if err == nil {
			err = a.Start(ctx)
			require.NoError(t, a.Stop(ctx))
		}
		require.ErrorContains(t, err, why)
	}
	refuses(production, app.ErrDemoData.Error())
	require.Error(t, identity.SeedDemo(ctx, production, identity.DefaultDemo()))

	insecure := production
	insecure.PublicURL = "http://id.updspace.com"
	refuses(insecure, "https")
	weak := production
	weak.Portal.Secret = "short"
	refuses(weak, "OIDC_CLIENT_SECRET")
	mute := production
	mute.SMTP = smtp.Config{}
	refuses(mute, "SMTP_HOST")
	open := production
	open.SealKeys = ""
	refuses(open, "IDENTITY_SEAL_KEYS")
}

func TestDemoDataIsMadeOnce(t *testing.T) {
	s := start(t)
	require.NoError(t, s.Accounts.SetStatus(ctx, "second@aef.test", domain.StatusSuspended))
	require.NoError(t, s.Tenants.SetMembership(ctx, "aef", "member@aef.test", domain.RoleMember, domain.MembershipDisabled))
	require.NoError(t, identity.SeedDemo(ctx, s.cfg, identity.DefaultDemo()), "again")
	r, err := s.tryLogin("second@aef.test", identity.DemoPassword)
	refused(t, 403, "ACCOUNT_SUSPENDED", r, err)
	me, err := s.gateway(ofUser(member)).GetMeWithResponse(ctx)
	refused(t, 403, "TENANT_FORBIDDEN", me, err)
}

func TestOutsideDevelopment(t *testing.T) {
	s := production(t)
	b := s.browser()
	require.Equal(t, 404, b.get("/dev/mail").StatusCode)
	_, err := s.Accounts.Create(ctx, app.NewAccount{Email: "real@aef.test", DisplayName: "R", Password: "a real password"})
	require.NoError(t, err)
	r, err := s.tryLogin("real@aef.test", "a real password")
	require.True(t, fine(t, r, err).HTTPResponse.Cookies()[0].Secure)
	require.NoError(t, s.Tenants.SetMembership(ctx, "aef", "real@aef.test", domain.RoleMember, domain.MembershipActive))
	link := s.link("real@aef.test")
	require.True(t, link.JSON200.DevMagicLink.IsNull())
}
