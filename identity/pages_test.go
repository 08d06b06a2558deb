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
	"go.updspace.com/identity/app"
	"go.updspace.com/identity/domain"
	"go.updspace.com/libs/mail"
)

func TestTheSignInPage(t *testing.T) {
	t.Parallel()
	s := start(t)
	b := s.browser()
	require.Equal(t, "/login", b.get("/").at(), "the ID host has no page of its own")
	p := b.get("/login?next=/account%3Fwelcome%3D1")
	require.Equal(t, 200, p.StatusCode)
	policy := p.Header.Get("Content-Security-Policy")
	require.Contains(t, policy, "default-src 'none'")
	require.Contains(t, policy, "require-trusted-types-for 'script'")
	require.Contains(t, policy, "img-src 'self' data: blob: http://*.localhost:8080;")
	require.NotContains(t, policy, "unsafe")
	require.Equal(t, "DENY", p.Header.Get("X-Frame-Options"))
	require.Equal(t, "no-store", p.Header.Get("Cache-Control"))
	boot := p.boot(t)
	require.Nil(t, boot.Account)
	require.Nil(t, boot.Tenant)
	require.False(t, boot.Forms.Again)
	require.NotEmpty(t, boot.Version)

	wrong := b.tryLogin(p, "member@aef.test", "a guess")
	wrong.refuses(t, 401, "INVALID_CREDENTIALS")
	require.NotContains(t, wrong.body, "a guess")
	require.Empty(t, wrong.Cookies())

	in := b.signIn(p, "member@aef.test", identity.DemoPassword)
	require.Equal(t, 200, in.StatusCode)
	require.Equal(t, "/account?welcome=1", in.Request.URL.RequestURI(), "the way on survives a mistake")
	boot = in.boot(t)
	require.Equal(t, "Mika Member", boot.Account.DisplayName)
	require.Equal(t, identityapi.Theme("auto"), boot.Preferences.Theme)

	require.Equal(t, "/account", b.get("/login").at(), "who is signed in is not asked again")
	require.Equal(t, "/account", b.get("/").at())
	again := b.get("/login?again=1").boot(t)
	require.True(t, again.Forms.Again)
	require.Equal(t, "Mika Member", again.Account.DisplayName)
	b.signOut()
	require.Equal(t, "/login", b.get("/").at())
	guest := b.get("/account/sessions")
	require.Equal(t, "/login", guest.at())
	require.Equal(t, "/account/sessions", guest.boot(t).Forms.Next)
	require.Nil(t, b.get("/signed-out").boot(t).Account)
}

func TestTheAccountLeadsBackToTheCommunityThatSentItsMember(t *testing.T) {
	t.Parallel()
	s := start(t)
	b := s.browser()
	in := b.signIn(b.get("/account/sessions?from=aef"), "member@aef.test", identity.DemoPassword)
	require.Equal(t, "/account/sessions?from=aef", in.Request.URL.RequestURI())
	back := in.boot(t).Forms.Back
	require.Equal(t, "aef", back.Tenant.Slug)
	require.Equal(t, "http://aef.localhost:8080/", back.URL)
	for _, path := range []string{"/account", "/account?from=", "/account?from=nobody", "/account?from=//evil.test"} {
		require.Nil(t, b.get(path).boot(t).Forms.Back, path)
	}
}

func TestPagesSpeakRussian(t *testing.T) {
	t.Parallel()
	s := start(t)
	b := s.browser()
	ask := func(language string) page { return b.get("/login", "Accept-Language", language) }
	require.Equal(t, "ru", ask("ru-RU,ru;q=0.9,en;q=0.8").boot(t).Lang)
	require.Contains(t, ask("ru").body, `<html lang="ru"`)
	for _, other := range []string{"en", "de-DE,en;q=0.5", "", "!!"} {
		require.Equal(t, "en", ask(other).boot(t).Lang, other)
	}
	in := s.browser()
	in.signIn(in.get("/login"), "member@aef.test", identity.DemoPassword)
	require.Equal(t, 200, in.send(http.MethodPatch, "/api/v1/auth/preferences", map[string]string{"language": "ru", "theme": "dark"}).StatusCode)
	require.Contains(t, in.get("/account", "Accept-Language", "en").body, `<html lang="ru" data-theme="dark">`, "the account's")
}

func TestTheWayOnStaysOnThisSite(t *testing.T) {
	t.Parallel()
	s := start(t)
	for _, next := range []string{"https://evil.test/", "//evil.test/", `/\evil.test`, "javascript:alert(1)", "/\t/evil.test", "evil"} {
		b := s.browser()
		p := b.signIn(b.get("/login?next="+url.QueryEscape(next)), "member@aef.test", identity.DemoPassword)
		require.Equal(t, 200, p.StatusCode, next)
		require.Equal(t, s.url+"/account", p.Request.URL.String(), next)
		require.Equal(t, s.url+"/account", b.get("/login?next="+url.QueryEscape(next)).Request.URL.String(), next)
	}
}

func TestAnotherSiteCannotSignAUserIn(t *testing.T) {
	t.Parallel()
	s := start(t)
	b := s.browser()
	p := b.tryLogin(b.get("/login"), "member@aef.test", identity.DemoPassword, "Sec-Fetch-Site", "cross-site", "Origin", "http://evil.test")
	p.refuses(t, 403, "CSRF_FAILED")
	require.Empty(t, p.Cookies())
	require.Equal(t, "/login", b.get("/account").at())
}

func TestEveryAddressIsAPageAFileOrNeither(t *testing.T) {
	t.Parallel()
	s := start(t)
	b := s.browser()
	for path, kind := range map[string]string{"/assets/index-1.js": "text/javascript", "/favicon.svg": "image/svg+xml"} {
		p := b.get(path)
		require.Equal(t, 200, p.StatusCode, path)
		require.True(t, strings.HasPrefix(p.Header.Get("Content-Type"), kind), "%s: %s", path, p.Header.Get("Content-Type"))
	}
	for _, path := range []string{"/assets/nothing", "/assets/", "/api/v1/none", "/oauth/none", "/internal/v1/none", "/index.html"} {
		p := b.get(path)
		require.Equal(t, 404, p.StatusCode, path)
		require.NotContains(t, p.body, "boot", path)
	}
	unknown := b.get("/nothing/here")
	require.Equal(t, 200, unknown.StatusCode)
	require.Nil(t, unknown.boot(t).Forms.Error, "the frontend says that there is nothing")
	require.Equal(t, 404, b.get("/nothing/here", "Accept", "application/json").StatusCode)
}

func TestAFirstPartyClientPassesThrough(t *testing.T) {
	t.Parallel()
	s := start(t)
	c := s.client()
	b := s.browser()
	p := b.get(c.authorizePath())
	require.Equal(t, "/login", p.Request.URL.Path)
	boot := p.boot(t)
	require.Equal(t, "AEF Portal", boot.Forms.Client.Name, "it says for whom")
	require.Equal(t, "aef.localhost:8080", boot.Forms.Client.Host)
	require.Equal(t, "aef", boot.Tenant.Slug)
	q := c.arrived(b.signIn(p, "member@aef.test", identity.DemoPassword))
	require.NotEmpty(t, q.Get("code"))
	require.Equal(t, s.url, q.Get("iss"))
	require.NotEmpty(t, c.arrived(b.get(c.authorizePath())).Get("code"), "the second time without any page")
}

func TestAThirdPartyClientMustBeAllowed(t *testing.T) {
	t.Parallel()
	s := start(t)
	s.register(t, domain.Client{ID: "other", Name: "Other <b>App</b>", Algorithm: domain.ES256, Redirects: []domain.RedirectRule{callback}})
	c := s.client("email")
	c.oauth.ClientID, c.oauth.ClientSecret = "other", "other-secret"
	b := s.browser()
	p := b.signIn(b.get(c.authorizePath()), "member@aef.test", identity.DemoPassword)
	require.Equal(t, 200, p.StatusCode)
	asked := p.boot(t).Forms
	require.Equal(t, "Other <b>App</b>", asked.Client.Name)
	require.NotContains(t, p.body, "<b>")
	require.Equal(t, "email", asked.Authorize.Scopes[1].Name)
	require.Equal(t, "Your e-mail address", asked.Authorize.Scopes[1].Description)
	require.Equal(t, "/authorize", p.at())
	read := func(answer page) url.Values {
		u, err := url.Parse(answer.leadsTo(t))
		require.NoError(t, err)
		return c.answer(u)
	}

	denied := read(b.send(http.MethodPost, "/oauth/authorize/deny", map[string]string{"request_id": asked.Authorize.RequestID}))
	require.Equal(t, "access_denied", denied.Get("error"))
	require.Empty(t, denied.Get("code"))

	answer := map[string]any{"request_id": b.get(c.authorizePath()).boot(t).Forms.Authorize.RequestID, "remember": true}
	foreign := b.send(http.MethodPost, "/oauth/authorize/approve", answer, "Sec-Fetch-Site", "cross-site", "Origin", "http://evil.test")
	foreign.refuses(t, 403, "CSRF_FAILED")
	code := read(b.send(http.MethodPost, "/oauth/authorize/approve", answer)).Get("code")
	_, err := c.redeem(code)
	require.NoError(t, err)
	b.send(http.MethodPost, "/oauth/authorize/approve", answer).refuses(t, 404, "REQUEST_NOT_FOUND") // an answer counts once

	require.NotEmpty(t, c.arrived(b.get(c.authorizePath())).Get("code"), "consent is remembered")
	require.NotNil(t, b.get(c.authorizePath(oauth2.SetAuthURLParam("prompt", "consent"))).boot(t).Forms.Authorize, "unless asked for again")
}

func TestPrompts(t *testing.T) {
	t.Parallel()
	s := start(t)
	c := s.client()
	b := s.browser()
	prompt := func(name string) oauth2.AuthCodeOption { return oauth2.SetAuthURLParam("prompt", name) }
	require.Equal(t, "login_required", c.arrived(b.get(c.authorizePath(prompt("none")))).Get("error"))

	require.NotEmpty(t, c.arrived(b.signIn(b.get(c.authorizePath()), "member@aef.test", identity.DemoPassword)).Get("code"))
	require.NotEmpty(t, c.arrived(b.get(c.authorizePath(prompt("none")))).Get("code"))

	s.clock.Advance(time.Second)
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
	t.Parallel()
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
		{"no openid", with("scope", "profile"), 400, "INVALID_SCOPE", "invalid_scope"},
		{"only unknown scopes", with("scope", "everything"), 400, "INVALID_SCOPE", "invalid_scope"},
		{"request object", with("request", "eyJ"), 400, "REQUEST_NOT_SUPPORTED", "request_not_supported"},
		{"request object by address", with("request_uri", "https://evil.test/"), 400, "REQUEST_URI_NOT_SUPPORTED", "request_uri_not_supported"},
		{"unknown response mode", with("response_mode", "smoke"), 400, "INVALID_REQUEST", "invalid_request"},
		{"none and login", with("prompt", "none login"), 400, "INVALID_REQUEST", "invalid_request"},
		{"negative max_age", with("max_age", "-1"), 400, "INVALID_REQUEST", "invalid_request"},
		{"max_age not a number", with("max_age", "soon"), 400, "INVALID_REQUEST", "invalid_request"},
		{"made-up id_token_hint", with("id_token_hint", "x.y.z"), 400, "INVALID_REQUEST", "invalid_request"},
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
				p.shows(t, tc.status, tc.code)
				return
			}
			c.t = t
			answer := c.arrived(p)
			require.Equal(t, tc.oauth, answer.Get("error"))
			require.Equal(t, s.url, answer.Get("iss"))
			require.Regexp(t, `^[\x20-\x21\x23-\x5B\x5D-\x7E]+$`, answer.Get("error_description"), "RFC 6749 4.1.2.1")
		})
	}
}

func TestConsentAsJSON(t *testing.T) {
	t.Parallel()
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

	// another user cannot answer
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
	t.Parallel()
	s := start(t)
	production := config(t, s.cfg.Database)
	production.Mode = "production"
	production.PublicURL = "https://id.updspace.com"
	production.SMTP = mail.SMTPConfig{Host: "127.0.0.1", Port: 1, From: "id@updspace.com", TLS: "none"}
	production.Portal.LogoutURI, production.TrustedProxies = "http://127.0.0.1:1/", []string{"127.0.0.0/8"}
	production.PasswordMemory = productionMemory

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
	cheap := production
	cheap.PasswordMemory = 64
	refuses(cheap, "PASSWORD_HASH_MEMORY_KIB")
	weak := production
	weak.Portal.Secret = "short"
	refuses(weak, "OIDC_CLIENT_SECRET")
	mute := production
	mute.SMTP = mail.SMTPConfig{}
	refuses(mute, "SMTP_HOST")
	deaf := production
	deaf.Portal.LogoutURI = ""
	refuses(deaf, "OIDC_BACKCHANNEL_LOGOUT_URI")
	blind := production
	blind.TrustedProxies = nil
	refuses(blind, "TRUSTED_PROXIES")
	open := production
	open.SealKeys = ""
	refuses(open, "IDENTITY_SEAL_KEYS")
}

func TestDemoDataIsMadeOnce(t *testing.T) {
	t.Parallel()
	s := start(t)
	s.setStatus("second@aef.test", domain.StatusSuspended)
	require.NoError(t, s.Tenants.SetMembership(ctx, "aef", "member@aef.test", domain.RoleMember, domain.MembershipDisabled))
	require.NoError(t, identity.SeedDemo(ctx, s.cfg, identity.DefaultDemo()), "again")
	r, err := s.tryLogin("second@aef.test", identity.DemoPassword)
	refused(t, 403, "ACCOUNT_SUSPENDED", r, err)
	me, err := s.gateway(ofUser(member)).GetMeWithResponse(ctx)
	refused(t, 403, "TENANT_FORBIDDEN", me, err)
}

func TestOutsideDevelopment(t *testing.T) {
	t.Parallel()
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
