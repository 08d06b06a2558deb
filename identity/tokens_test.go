package identity_test

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/oauth2"

	"go.updspace.com/api/identityapi"
	"go.updspace.com/identity"
	"go.updspace.com/identity/domain"
)

// exchangeJSON redeems a code the way the gateway's older version does.
func (s *service) exchangeJSON(c *client, change func(*identityapi.TokenRequest)) (*identityapi.IssueTokenResponse, error) {
	grant, id, secret, uri := "authorization_code", "portal", portalSecret, callback
	in := identityapi.TokenRequest{GrantType: &grant, ClientID: &id, ClientSecret: &secret, RedirectURI: &uri, CodeVerifier: &c.verifier}
	change(&in)
	return s.script().IssueTokenWithResponse(ctx, in)
}

func withCode(code string) func(*identityapi.TokenRequest) {
	return func(in *identityapi.TokenRequest) { in.Code = &code }
}

// form posts to an OAuth endpoint as a standard client does.
func (s *service) form(path string, form url.Values, headers ...string) (int, http.Header, map[string]any) {
	s.t.Helper()
	r, err := http.NewRequest(http.MethodPost, s.url+path, strings.NewReader(form.Encode()))
	require.NoError(s.t, err)
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	resp, err := s.plain().Do(r)
	require.NoError(s.t, err)
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	require.NoError(s.t, err)
	var out map[string]any
	require.NoError(s.t, json.Unmarshal(body, &out), "%s", body)
	return resp.StatusCode, resp.Header, out
}

func TestTokensAsJSON(t *testing.T) {
	t.Parallel()
	s := start(t)
	c := s.client()
	r, err := s.exchangeJSON(c, withCode(s.code(c, "member@aef.test")))
	out := fine(t, r, err).JSON200
	require.NotEmpty(t, out.AccessToken)
	require.True(t, out.RefreshToken.IsNull(), "offline_access was not asked for")
	require.Equal(t, 1800, out.ExpiresIn)
	require.Equal(t, "openid", out.Scope)
	require.Equal(t, "no-store", r.HTTPResponse.Header.Get("Cache-Control"))

	info, err := s.script("Authorization", "Bearer "+out.AccessToken).GetUserinfoWithResponse(ctx)
	claims := fine(t, info, err).JSON200
	require.Equal(t, member, claims.Sub)
	var all map[string]any
	require.NoError(t, json.Unmarshal(info.Body, &all))
	flags := map[string]any{"banned": false, "email_verified": true, "status": "active", "suspended": false, "system_admin": false}
	require.Equal(t, map[string]any{"sub": member.String(), "user_id": member.String(), "master_flags": flags}, all,
		"no other scope was asked for; applications of the platform get the flags")
	payload, err := base64.RawURLEncoding.DecodeString(strings.Split(out.IDToken.MustGet(), ".")[1])
	require.NoError(t, err)
	clear(all)
	require.NoError(t, json.Unmarshal(payload, &all))
	require.ElementsMatch(t, []string{"iss", "sub", "aud", "azp", "exp", "iat", "auth_time", "acr", "nonce", "at_hash", "sid"}, slices.Collect(maps.Keys(all)))
	posted, err := s.script("Authorization", "Bearer "+out.AccessToken).PostUserinfoWithResponse(ctx)
	fine(t, posted, err)
}

func TestWhatTheTokenEndpointRefuses(t *testing.T) {
	t.Parallel()
	s := start(t)
	c := s.client()
	set := func(f func(in *identityapi.TokenRequest)) func(*identityapi.TokenRequest) {
		code := s.code(c, "member@aef.test")
		return func(in *identityapi.TokenRequest) { in.Code = &code; f(in) }
	}
	text := func(v string) *string { return &v }
	cases := map[string]struct {
		change func(*identityapi.TokenRequest)
		status int
		code   string
		rfc    string
	}{
		"unknown code":       {withCode("made-up"), 400, "INVALID_CODE", "invalid_grant"},
		"no code":            {func(*identityapi.TokenRequest) {}, 400, "INVALID_REQUEST", "invalid_request"},
		"other redirect":     {set(func(in *identityapi.TokenRequest) { in.RedirectURI = text(callback + "/") }), 400, "INVALID_REDIRECT_URI", "invalid_grant"},
		"no redirect":        {set(func(in *identityapi.TokenRequest) { in.RedirectURI = nil }), 400, "INVALID_REDIRECT_URI", "invalid_request"},
		"other verifier":     {set(func(in *identityapi.TokenRequest) { in.CodeVerifier = text(oauth2.GenerateVerifier()) }), 400, "INVALID_PKCE", "invalid_grant"},
		"no verifier":        {set(func(in *identityapi.TokenRequest) { in.CodeVerifier = nil }), 400, "INVALID_PKCE", "invalid_grant"},
		"wrong secret":       {set(func(in *identityapi.TokenRequest) { in.ClientSecret = text("wrong") }), 401, "INVALID_CLIENT", "invalid_client"},
		"no secret":          {set(func(in *identityapi.TokenRequest) { in.ClientSecret = nil }), 401, "INVALID_CLIENT", "invalid_client"},
		"unknown client":     {set(func(in *identityapi.TokenRequest) { in.ClientID = text("nobody") }), 401, "INVALID_CLIENT", "invalid_client"},
		"unknown grant":      {set(func(in *identityapi.TokenRequest) { in.GrantType = text("password") }), 400, "UNSUPPORTED_GRANT_TYPE", "unsupported_grant_type"},
		"client credentials": {set(func(in *identityapi.TokenRequest) { in.GrantType = text("client_credentials") }), 400, "UNSUPPORTED_GRANT_TYPE", "unsupported_grant_type"},
		"bad refresh token":  {set(func(in *identityapi.TokenRequest) { in.GrantType, in.RefreshToken = text("refresh_token"), text("x") }), 400, "INVALID_REFRESH_TOKEN", "invalid_grant"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			r, err := s.exchangeJSON(c, tc.change)
			refused(t, tc.status, tc.code, r, err)

			var in identityapi.TokenRequest
			grant, id, secret, uri := "authorization_code", "portal", portalSecret, callback
			in.GrantType, in.ClientID, in.ClientSecret, in.RedirectURI, in.CodeVerifier = &grant, &id, &secret, &uri, &c.verifier
			tc.change(&in)
			form := url.Values{}
			for name, v := range map[string]*string{
				"grant_type": in.GrantType, "client_id": in.ClientID, "client_secret": in.ClientSecret, "redirect_uri": in.RedirectURI,
				"code": in.Code, "code_verifier": in.CodeVerifier, "refresh_token": in.RefreshToken,
			} {
				if v != nil {
					form.Set(name, *v)
				}
			}
			status, header, body := s.form("/oauth/token", form)
			require.Equal(t, tc.status, status, "%v", body)
			require.Equal(t, tc.rfc, body["error"], "%v", body)
			require.Equal(t, "no-store", header.Get("Cache-Control"))
		})
	}
	t.Run("a failed attempt does not use the code up", func(t *testing.T) {
		code := s.code(c, "member@aef.test")
		r, err := s.exchangeJSON(c, func(in *identityapi.TokenRequest) { in.Code, in.CodeVerifier = &code, text(oauth2.GenerateVerifier()) })
		refused(t, 400, "INVALID_PKCE", r, err)
		r, err = s.exchangeJSON(c, withCode(code))
		fine(t, r, err)
	})
	t.Run("an expired code", func(t *testing.T) {
		code := s.code(c, "member@aef.test")
		s.clock.Advance(domain.CodeLifetime)
		r, err := s.exchangeJSON(c, withCode(code))
		refused(t, 400, "CODE_EXPIRED", r, err)
	})
	t.Run("basic authentication is told about", func(t *testing.T) {
		basic, err := http.NewRequest(http.MethodPost, s.url, nil)
		require.NoError(t, err)
		basic.SetBasicAuth("portal", "wrong")
		status, header, body := s.form("/oauth/token", url.Values{"grant_type": {"authorization_code"}, "code": {"x"}}, "Authorization", basic.Header.Get("Authorization"))
		require.Equal(t, 401, status, "%v", body)
		require.Contains(t, header.Get("WWW-Authenticate"), "Basic")
	})
	t.Run("a client that may not refresh", func(t *testing.T) {
		s.register(t, domain.Client{ID: "once", Name: "Once", Algorithm: domain.ES256})
		once, err := s.Clients.Find(ctx, "once")
		require.NoError(t, err)
		once.GrantTypes = []string{domain.GrantCode}
		require.NoError(t, s.Clients.Register(ctx, once))
		form := url.Values{"grant_type": {"refresh_token"}, "refresh_token": {"x"}, "client_id": {"once"}, "client_secret": {"once-secret"}}
		status, _, body := s.form("/oauth/token", form)
		require.Equal(t, 400, status)
		require.Equal(t, "unauthorized_client", body["error"])
	})
	t.Run("forms that are no requests", func(t *testing.T) {
		secret := url.Values{"client_id": {"portal"}, "client_secret": {portalSecret}}
		for name, tc := range map[string]struct {
			path, body, authorization string
			status                    int
			rfc                       string
		}{
			"nothing at all":        {"/oauth/token", "", "", 400, "invalid_request"},
			"too large":             {"/oauth/token", "grant_type=authorization_code&code=" + strings.Repeat("x", 1<<20), "", 400, "invalid_request"},
			"not a form":            {"/oauth/token", "%zz", "", 400, "invalid_request"},
			"repeated":              {"/oauth/token", "grant_type=authorization_code&code=a&code=b", "", 400, "invalid_request"},
			"no client":             {"/oauth/introspect", "token=x", "", 401, "invalid_client"},
			"no client, no token":   {"/oauth/introspect", "", "", 401, "invalid_client"},
			"revoked by no client":  {"/oauth/revoke", "token=x", "", 401, "invalid_client"},
			"broken Basic":          {"/oauth/introspect", "token=x", "Basic !!!", 401, "invalid_client"},
			"Basic without colon":   {"/oauth/token", "grant_type=authorization_code", "Basic cG9ydGFs", 401, "invalid_client"},
			"Basic and form":        {"/oauth/introspect", "token=x&" + secret.Encode(), "Basic cG9ydGFsOng=", 400, "invalid_request"},
			"Basic of another":      {"/oauth/introspect", "token=x&client_id=other", "Basic cG9ydGFsOng=", 400, "invalid_request"},
			"Basic badly escaped":   {"/oauth/introspect", "token=x", "Basic JXp6Ong=", 401, "invalid_client"},
			"public client may not": {"/oauth/introspect", "token=x&client_id=portal", "", 401, "invalid_client"},
		} {
			r, err := http.NewRequest(http.MethodPost, s.url+tc.path, strings.NewReader(tc.body))
			require.NoError(t, err)
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			if tc.body == "" {
				r.Header.Del("Content-Type")
			}
			if tc.authorization != "" {
				r.Header.Set("Authorization", tc.authorization)
			}
			resp, err := http.DefaultClient.Do(r)
			require.NoError(t, err)
			var body struct {
				Error       string `json:"error"`
				Description string `json:"error_description"`
			}
			require.NoError(t, json.NewDecoder(resp.Body).Decode(&body), name)
			require.NoError(t, resp.Body.Close())
			require.Equal(t, tc.status, resp.StatusCode, name)
			require.Equal(t, tc.rfc, body.Error, name)
			require.Regexp(t, `^[\x20-\x21\x23-\x5B\x5D-\x7E]+$`, body.Description, name)
			require.Equal(t, tc.status == 401, resp.Header.Get("WWW-Authenticate") != "", name)
			require.Equal(t, "no-store", resp.Header.Get("Cache-Control"), name)
		}
	})
	t.Run("JSON and form treat two ways of authentication alike", func(t *testing.T) {
		both := map[string]string{"token": "x", "client_id": "portal", "client_secret": portalSecret}
		text, err := json.Marshal(both)
		require.NoError(t, err)
		for authorization, want := range map[string]int{"Basic cG9ydGFsOng=": 400, "Basic !!!": 401} {
			r, err := http.NewRequest(http.MethodPost, s.url+"/oauth/introspect", bytes.NewReader(text))
			require.NoError(t, err)
			r.Header.Set("Content-Type", "application/json")
			r.Header.Set("Authorization", authorization)
			resp, err := http.DefaultClient.Do(r)
			require.NoError(t, err)
			require.NoError(t, resp.Body.Close())
			require.Equal(t, want, resp.StatusCode)
			require.Equal(t, want == 401, resp.Header.Get("WWW-Authenticate") != "")
		}
	})
	t.Run("parameters in the URL do not count", func(t *testing.T) {
		q := url.Values{"grant_type": {"authorization_code"}, "code": {s.code(c, "member@aef.test")}, "client_id": {"portal"}, "client_secret": {portalSecret},
			"redirect_uri": {callback}, "code_verifier": {c.verifier}}
		status, _, body := s.form("/oauth/token?"+q.Encode(), url.Values{"token_type": {"x"}})
		require.Equal(t, 400, status, "%v", body)
	})
	t.Run("neither form nor JSON", func(t *testing.T) {
		r, err := http.Post(s.url+"/oauth/token", "text/plain", bytes.NewReader([]byte("grant_type=x")))
		require.NoError(t, err)
		var answer struct{ Error string }
		require.NoError(t, json.NewDecoder(r.Body).Decode(&answer))
		require.NoError(t, r.Body.Close())
		require.Equal(t, 415, r.StatusCode)
		require.Equal(t, "invalid_request", answer.Error)
	})
}

func TestOfManyRedemptionsOneSucceeds(t *testing.T) {
	t.Parallel()
	s := start(t)
	c := s.client("offline_access")
	code := s.code(c, "member@aef.test")
	script := s.script()
	grant, id, secret, uri := "authorization_code", "portal", portalSecret, callback
	in := identityapi.TokenRequest{GrantType: &grant, ClientID: &id, ClientSecret: &secret, RedirectURI: &uri, CodeVerifier: &c.verifier, Code: &code}
	outcomes := race(100, func() (int, string) {
		r, err := script.IssueTokenWithResponse(ctx, in)
		if err != nil {
			return 0, err.Error()
		}
		if r.JSON200 != nil {
			return 200, r.JSON200.AccessToken
		}
		return r.StatusCode(), ""
	})
	require.Len(t, outcomes[200], 1, "%v", outcomes)
	require.Len(t, outcomes[400], 99, "%v", outcomes)

	// the others were replays: what the code had been redeemed for is revoked
	info, err := s.script("Authorization", "Bearer "+outcomes[200][0]).GetUserinfoWithResponse(ctx)
	refused(t, 401, "TOKEN_REVOKED", info, err)
}

func TestARefreshTokenIsUsedOnce(t *testing.T) {
	t.Parallel()
	s := start(t)
	c := s.client("offline_access", "email")
	first, err := c.redeem(s.code(c, "member@aef.test"))
	require.NoError(t, err)
	refresh := func(token, scope string) (*identityapi.IssueTokenResponse, error) {
		return s.exchangeJSON(c, func(in *identityapi.TokenRequest) {
			grant := "refresh_token"
			in.GrantType, in.RefreshToken = &grant, &token
			if scope != "" {
				in.Scope = &scope
			}
		})
	}
	r, err := refresh(first.RefreshToken, "openid email")
	second := fine(t, r, err).JSON200
	require.Equal(t, "openid email", second.Scope, "narrowed as asked")
	more, err := refresh(second.RefreshToken.MustGet(), "openid profile")
	refused(t, 400, "INVALID_SCOPE", more, err)
	r, err = refresh(second.RefreshToken.MustGet(), "")
	third := fine(t, r, err).JSON200
	require.Equal(t, "openid offline_access email", third.Scope, "the grant has kept all of its scopes")

	// a replaced one is used again: everything ends
	r, err = refresh(first.RefreshToken, "")
	refused(t, 400, "INVALID_REFRESH_TOKEN", r, err)
	r, err = refresh(third.RefreshToken.MustGet(), "")
	refused(t, 400, "INVALID_REFRESH_TOKEN", r, err)
	info, err := s.script("Authorization", "Bearer "+third.AccessToken).GetUserinfoWithResponse(ctx)
	refused(t, 401, "TOKEN_REVOKED", info, err)
}

// A client whose answer was lost asks again: all get the same answer, and there is one successor.
func TestOfManyRefreshesOneCounts(t *testing.T) {
	t.Parallel()
	s := start(t)
	c := s.client("offline_access")
	held, err := c.redeem(s.code(c, "member@aef.test"))
	require.NoError(t, err)
	script := s.script()
	grant, id, secret := "refresh_token", "portal", portalSecret
	in := identityapi.TokenRequest{GrantType: &grant, ClientID: &id, ClientSecret: &secret, RefreshToken: &held.RefreshToken}
	outcomes := race(100, func() (int, string) {
		r, err := script.IssueTokenWithResponse(ctx, in)
		if err != nil {
			return 0, err.Error()
		}
		return r.StatusCode(), string(r.Body)
	})
	require.Len(t, outcomes[200], 100, "%v", outcomes)
	require.Len(t, slices.Compact(outcomes[200]), 1, "the same answer")
}

func TestAccessTokensExpireAndAreChecked(t *testing.T) {
	t.Parallel()
	s := start(t)
	c := s.client()
	held, err := c.redeem(s.code(c, "member@aef.test"))
	require.NoError(t, err)
	ask := func(token string) (*identityapi.GetUserinfoResponse, error) {
		return s.script("Authorization", "Bearer "+token).GetUserinfoWithResponse(ctx)
	}
	r, err := s.script().GetUserinfoWithResponse(ctx)
	refused(t, 401, "UNAUTHORIZED", r, err)
	require.Contains(t, r.HTTPResponse.Header.Get("WWW-Authenticate"), "Bearer")
	r, err = ask("nonsense")
	refused(t, 401, "INVALID_TOKEN", r, err)
	r, err = ask(held.Extra("id_token").(string))
	refused(t, 401, "INVALID_TOKEN", r, err) // an ID token is no access token
	parts := strings.Split(held.AccessToken, ".")
	r, err = ask(parts[0] + "." + parts[1] + "." + strings.Repeat("A", len(parts[2])))
	refused(t, 401, "INVALID_TOKEN", r, err)
	r, err = ask(strings.Join([]string{"eyJhbGciOiJub25lIiwidHlwIjoiYXQrand0In0", parts[1], ""}, "."))
	refused(t, 401, "INVALID_TOKEN", r, err) // alg none

	s.clock.Advance(domain.AccessTokenLifetime)
	r, err = ask(held.AccessToken)
	refused(t, 401, "INVALID_TOKEN", r, err)
}

func TestRevocationAndIntrospection(t *testing.T) {
	t.Parallel()
	s := start(t)
	c := s.client("offline_access")
	held, err := c.redeem(s.code(c, "member@aef.test"))
	require.NoError(t, err)
	id, secret := "portal", portalSecret
	question := func(token string) identityapi.TokenQuestion {
		return identityapi.TokenQuestion{Token: &token, ClientID: &id, ClientSecret: &secret}
	}
	for _, token := range []string{held.AccessToken, held.RefreshToken} {
		r, err := s.script().IntrospectTokenWithResponse(ctx, question(token))
		out := fine(t, r, err).JSON200
		require.True(t, out.Active)
		require.Equal(t, member.String(), *out.Sub)
		require.Equal(t, "portal", *out.ClientID)
		require.Equal(t, "openid offline_access", *out.Scope)
	}
	status, _, body := s.form("/oauth/introspect", url.Values{"token": {held.AccessToken}, "client_id": {id}, "client_secret": {secret}})
	require.Equal(t, 200, status)
	require.Equal(t, true, body["active"])

	// only the client itself may ask or revoke
	wrong := "wrong"
	r, err := s.script().IntrospectTokenWithResponse(ctx, identityapi.TokenQuestion{Token: &held.AccessToken, ClientID: &id, ClientSecret: &wrong})
	refused(t, 401, "INVALID_CLIENT", r, err)
	v, err := s.script().RevokeTokenWithResponse(ctx, identityapi.TokenQuestion{Token: &held.AccessToken})
	refused(t, 401, "INVALID_CLIENT", v, err)
	s.register(t, domain.Client{ID: "other", Name: "Other", Algorithm: domain.ES256})
	other, otherSecret := "other", "other-secret"
	asOther := identityapi.TokenQuestion{Token: &held.AccessToken, ClientID: &other, ClientSecret: &otherSecret}
	r, err = s.script().IntrospectTokenWithResponse(ctx, asOther)
	require.False(t, fine(t, r, err).JSON200.Active)
	v, err = s.script().RevokeTokenWithResponse(ctx, asOther)
	fine(t, v, err)
	info, err := s.script("Authorization", "Bearer "+held.AccessToken).GetUserinfoWithResponse(ctx)
	fine(t, info, err) // another's client has revoked nothing

	status, _, body = s.form("/oauth/revoke", url.Values{"token": {held.RefreshToken}, "client_id": {id}, "client_secret": {secret}})
	require.Equal(t, 200, status, "%v", body)
	for _, token := range []string{held.AccessToken, held.RefreshToken, "never issued"} {
		r, err := s.script().IntrospectTokenWithResponse(ctx, question(token))
		require.False(t, fine(t, r, err).JSON200.Active)
		v, err := s.script().RevokeTokenWithResponse(ctx, question(token))
		fine(t, v, err)
	}
	v, err = s.script().RevokeTokenWithResponse(ctx, identityapi.TokenQuestion{ClientID: &id, ClientSecret: &secret})
	refused(t, 400, "INVALID_REQUEST", v, err)
}

// register adds a client whose secret is its id and "-secret".
func (s *service) register(t testing.TB, c domain.Client) {
	t.Helper()
	c.Secrets = []domain.Hash{domain.Secret(c.ID + "-secret").Hash()}
	if c.Redirects == nil {
		c.Redirects = []domain.RedirectRule{"https://" + domain.RedirectRule(c.ID) + ".test/cb"}
	}
	c.GrantTypes = []string{domain.GrantCode, domain.GrantRefresh}
	require.NoError(t, s.Clients.Register(ctx, c))
}

func TestKeysRotateWhileTokensStayValid(t *testing.T) {
	t.Parallel()
	s := start(t)
	c := s.client("offline_access")
	keys := func() []string {
		r, err := s.script().GetJWKSWithResponse(ctx)
		var ids []string
		for _, k := range fine(t, r, err).JSON200.Keys {
			ids = append(ids, k.Kid)
		}
		return ids
	}
	first := keys()
	require.Len(t, first, 3, "one per algorithm")
	old, err := c.redeem(s.code(c, "member@aef.test"))
	require.NoError(t, err)
	require.Equal(t, "ES256", header(t, old.AccessToken)["alg"])

	// shortly before the end of the first keys their successors are published, and do not sign yet
	s.clock.Advance(domain.KeyLifetime - 2*domain.KeyLead)
	require.NoError(t, s.Keys.Ensure(ctx))
	require.NoError(t, s.Keys.Ensure(ctx), "once is enough")
	both := keys()
	require.Len(t, both, 6)
	require.Subset(t, both, first)
	before := s.freshToken(c)
	require.Equal(t, header(t, old.AccessToken)["kid"], header(t, before)["kid"])

	// then they take over, and what the old ones signed still holds
	s.clock.Advance(domain.KeyLead)
	after := s.freshToken(c)
	require.NotEqual(t, header(t, before)["kid"], header(t, after)["kid"])
	for _, token := range []string{before, after} {
		r, err := s.script("Authorization", "Bearer "+token).GetUserinfoWithResponse(ctx)
		fine(t, r, err)
	}

	// when their last token is long dead the old ones go
	s.clock.Advance(2*domain.KeyLead + domain.KeyLinger)
	for range domain.RemovableChecks - 1 {
		require.NoError(t, s.Keys.Ensure(ctx))
	}
	require.Len(t, keys(), 6, "not before the clock has proved itself")
	require.NoError(t, s.Keys.Ensure(ctx))
	require.Len(t, keys(), 3)
	require.NotSubset(t, keys(), first)
	r, err := s.script("Authorization", "Bearer "+before).GetUserinfoWithResponse(ctx)
	require.NoError(t, err)
	require.Equal(t, 401, r.StatusCode())

	// whatever the clock says, something signs
	for _, step := range []time.Duration{-time.Hour, -20 * 24 * time.Hour, 400 * 24 * time.Hour} {
		s.clock.Advance(step)
		require.NoError(t, s.Keys.Ensure(ctx))
		s.freshToken(c)
	}
}

// freshToken signs in again and returns the access token; an earlier session has expired when the clock has moved far.
func (s *service) freshToken(c *client) string {
	s.t.Helper()
	r, err := s.exchangeJSON(c, withCode(s.code(c, "member@aef.test")))
	return fine(s.t, r, err).JSON200.AccessToken
}

func TestAnotherInstancesKeysAreFound(t *testing.T) {
	t.Parallel()
	s := start(t)
	cfg := config(t, s.cfg.Database)
	cfg.PublicURL = s.cfg.PublicURL
	run(t, cfg, s.clock)
	twin := &service{t: t, cfg: cfg, url: "http://" + cfg.Listener.Addr().String(), clock: s.clock}

	s.clock.Advance(domain.KeyLifetime)
	require.NoError(t, s.Keys.Ensure(ctx)) // a new key that the twin has not seen
	c := s.client()
	token := s.freshToken(c)
	r, err := twin.script("Authorization", "Bearer "+token).GetUserinfoWithResponse(ctx)
	fine(t, r, err)
}

func TestAClientMayAskForRS256(t *testing.T) {
	t.Parallel()
	s := start(t, func(c *identity.Config) { c.Portal.Algorithm = "RS256" })
	c := s.client()
	r, err := s.exchangeJSON(c, withCode(s.code(c, "member@aef.test")))
	out := fine(t, r, err).JSON200
	require.Equal(t, "RS256", header(t, out.AccessToken)["alg"])
	require.Equal(t, "RS256", header(t, out.IDToken.MustGet())["alg"])
	_, err = c.provider.Verifier(c.verifierConfig()).Verify(c.ctx, out.IDToken.MustGet())
	require.NoError(t, err)
}

func TestDiscoveryAdvertisesWhatWorks(t *testing.T) {
	t.Parallel()
	s := start(t)
	r, err := s.script().GetDiscoveryWithResponse(ctx)
	d := fine(t, r, err).JSON200
	require.Equal(t, s.url, d.Issuer)
	require.Equal(t, identityapi.Names{"S256"}, *d.CodeChallengeMethodsSupported)
	require.Equal(t, identityapi.Names{"code"}, d.ResponseTypesSupported)
	require.True(t, *d.AuthorizationResponseIssParameterSupported)
	require.True(t, *d.BackchannelLogoutSupported)
	require.True(t, *d.BackchannelLogoutSessionSupported)
	require.False(t, *d.RequestParameterSupported)
	require.False(t, *d.RequestURIParameterSupported)
	b := s.browser()
	b.client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	for _, endpoint := range []string{
		d.AuthorizationEndpoint, d.TokenEndpoint, d.UserinfoEndpoint, d.JwksURI, *d.RevocationEndpoint, *d.IntrospectionEndpoint, *d.EndSessionEndpoint,
	} {
		resp := b.get(strings.TrimPrefix(endpoint, s.url))
		require.NotEqual(t, 404, resp.StatusCode, endpoint)
	}
	two, err := s.script().GetOAuthJWKSWithResponse(ctx)
	one, err2 := s.script().GetJWKSWithResponse(ctx)
	require.Equal(t, fine(t, two, err).JSON200, fine(t, one, err2).JSON200)
}

// A client developer who reads the document learns both shapes, and the service answers in them.
func TestBothShapesOfFailureAreDescribed(t *testing.T) {
	t.Parallel()
	s := start(t)
	spec, err := document()
	require.NoError(t, err)
	shapes := spec.Components.Schemas["OAuthFailure"].Value.AnyOf
	envelope, rfc := shapes[0].Value, shapes[1].Value
	wrong := url.Values{"grant_type": {"refresh_token"}, "refresh_token": {"x"}, "token": {"x"}, "client_id": {"portal"}, "client_secret": {"wrong"}}
	asJSON := map[string]string{}
	for name, v := range wrong {
		asJSON[name] = v[0]
	}
	body, err := json.Marshal(asJSON)
	require.NoError(t, err)
	for _, path := range []string{"/oauth/token", "/oauth/revoke", "/oauth/introspect"} {
		for _, status := range []int{400, 401} {
			examples := spec.Paths.Value(path).Post.Responses.Status(status).Value.Content.Get("application/json").Examples
			require.NoError(t, envelope.VisitJSON(examples["json"].Value.Value), "%s %d", path, status)
			require.NoError(t, rfc.VisitJSON(examples["form"].Value.Value), "%s %d", path, status)
		}
		status, _, answer := s.form(path, wrong)
		require.Equal(t, 401, status)
		require.NoError(t, rfc.VisitJSON(answer), "%s: %v", path, answer)

		r, err := s.plain().Post(s.url+path, "application/json", bytes.NewReader(body))
		require.NoError(t, err)
		require.Equal(t, 401, r.StatusCode)
		clear(answer)
		require.NoError(t, json.NewDecoder(r.Body).Decode(&answer))
		require.NoError(t, r.Body.Close())
		require.NoError(t, envelope.VisitJSON(answer), "%s: %v", path, answer)
	}
}
