package identity_test

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	josejwt "github.com/go-jose/go-jose/v4/jwt"
	"github.com/stretchr/testify/require"
	"golang.org/x/oauth2"

	"go.updspace.com/identity"
	"go.updspace.com/identity/domain"
)

// application registers a client of another site, for which no consent is asked, and returns it.
func (s *service) application(id string, change func(*domain.Client), scopes ...string) *client {
	s.t.Helper()
	registered := domain.Client{
		ID: id, Name: id, FirstParty: true, Algorithm: domain.ES256, Secrets: []domain.Hash{domain.Secret(id + "-secret").Hash()},
		Redirects: []domain.RedirectRule{callback}, GrantTypes: []string{domain.GrantCode, domain.GrantRefresh},
	}
	change(&registered)
	require.NoError(s.t, s.Clients.Register(ctx, registered))
	c := s.client(scopes...)
	c.oauth.ClientID, c.oauth.ClientSecret = id, id+"-secret"
	return c
}

// codeForm is the token request of a client, without its authentication.
func (s *service) codeForm(c *client) url.Values {
	s.t.Helper()
	return url.Values{
		"grant_type": {"authorization_code"}, "code": {s.code(c, "member@aef.test")}, "redirect_uri": {callback}, "code_verifier": {c.verifier},
	}
}

// payload is the claims of a JWT, unverified.
func payload(t testing.TB, token string) (claims map[string]any) {
	t.Helper()
	raw, err := base64.RawURLEncoding.DecodeString(strings.Split(token, ".")[1])
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(raw, &claims))
	return claims
}

// privateKeys are keys of a client, by algorithm.
func privateKeys(t testing.TB) map[domain.Algorithm]crypto.Signer {
	t.Helper()
	ec, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	_, ed, err := ed25519.GenerateKey(rand.Reader)
	require.NoError(t, err)
	rs, err := rsa.GenerateKey(rand.Reader, 2048)
	require.NoError(t, err)
	return map[domain.Algorithm]crypto.Signer{domain.ES256: ec, domain.EdDSA: ed, domain.RS256: rs}
}

// assertion is what a client signs to authenticate.
func assertion(t testing.TB, alg jose.SignatureAlgorithm, key any, claims map[string]any) string {
	t.Helper()
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: alg, Key: key}, nil)
	require.NoError(t, err)
	signed, err := josejwt.Signed(signer).Claims(claims).Serialize()
	require.NoError(t, err)
	return signed
}

func TestAClientAuthenticatesWithItsKeys(t *testing.T) {
	t.Parallel()
	s := start(t)
	private := privateKeys(t)
	var keys []domain.ClientKey
	for alg, key := range private {
		keys = append(keys, domain.ClientKey{ID: string(alg), Algorithm: alg, Public: key.Public()})
	}
	c := s.application("keyed", func(c *domain.Client) { c.Keys, c.Secrets = keys, nil }, "offline_access")
	n := 0
	claims := func(change func(map[string]any)) map[string]any {
		n++
		now := s.clock.Now()
		in := map[string]any{
			"iss": "keyed", "sub": "keyed", "aud": s.url, "jti": string(domain.NewSecret()), "iat": now.Unix(), "exp": now.Add(time.Minute).Unix(),
		}
		change(in)
		return in
	}
	asserted := func(form url.Values, text string) url.Values {
		form.Set("client_assertion_type", domain.AssertionType)
		form.Set("client_assertion", text)
		return form
	}
	same := func(map[string]any) {}
	for alg, key := range private {
		form := asserted(s.codeForm(c), assertion(t, jose.SignatureAlgorithm(alg), key, claims(same)))
		status, _, body := s.form("/oauth/token", form)
		require.Equal(t, http.StatusOK, status, "%s: %v", alg, body)

		refresh := url.Values{"grant_type": {"refresh_token"}, "refresh_token": {body["refresh_token"].(string)}}
		atEndpoint := claims(func(c map[string]any) { c["aud"] = []string{"other", s.url + "/oauth/token"} })
		status, _, body = s.form("/oauth/token", asserted(refresh, assertion(t, jose.SignatureAlgorithm(alg), key, atEndpoint)))
		require.Equal(t, http.StatusOK, status, "%s: %v", alg, body)

		question := asserted(url.Values{"token": {body["access_token"].(string)}, "client_id": {"keyed"}}, assertion(t, jose.SignatureAlgorithm(alg), key, claims(same)))
		status, _, body = s.form("/oauth/introspect", question)
		require.Equal(t, http.StatusOK, status, "%s: %v", alg, body)
		require.Equal(t, true, body["active"])
	}

	used := assertion(t, jose.EdDSA, private[domain.EdDSA], claims(same))
	status, _, _ := s.form("/oauth/revoke", asserted(url.Values{"token": {"x"}}, used))
	require.Equal(t, http.StatusOK, status)
	now := s.clock.Now()
	by := func(change func(map[string]any)) string {
		return assertion(t, jose.ES256, private[domain.ES256], claims(change))
	}
	set := func(name string, value any) func(map[string]any) { return func(c map[string]any) { c[name] = value } }
	public := private[domain.RS256].Public()
	for name, tc := range map[string]struct {
		assertion string
		change    func(url.Values)
		want      string
	}{
		"a second time":          {used, nil, "invalid_client"},
		"expired":                {by(set("exp", now.Unix())), nil, "invalid_client"},
		"without end":            {by(func(c map[string]any) { delete(c, "exp") }), nil, "invalid_client"},
		"valid for long":         {by(set("exp", now.Add(5*time.Minute+time.Second).Unix())), nil, "invalid_client"},
		"not yet valid":          {by(set("nbf", now.Add(time.Minute).Unix())), nil, "invalid_client"},
		"for another provider":   {by(set("aud", "https://other.test")), nil, "invalid_client"},
		"without id":             {by(func(c map[string]any) { delete(c, "jti") }), nil, "invalid_client"},
		"about another":          {by(set("sub", "portal")), nil, "invalid_client"},
		"by another":             {by(set("iss", "portal")), nil, "invalid_client"},
		"of no client":           {by(set("iss", "nobody")), nil, "invalid_client"},
		"by another key":         {assertion(t, jose.ES256, privateKeys(t)[domain.ES256], claims(same)), nil, "invalid_client"},
		"the public key as HMAC": {assertion(t, jose.HS256, []byte(pemOf(t, public)), claims(same)), nil, "invalid_client"},
		"unsigned":               {"eyJhbGciOiJub25lIn0." + strings.Split(by(same), ".")[1] + ".", nil, "invalid_client"},
		"no JWT":                 {"x", nil, "invalid_client"},
		"too long":               {strings.Repeat("x", 9000), nil, "invalid_client"},
		"another client_id":      {by(same), func(f url.Values) { f.Set("client_id", "portal") }, "invalid_client"},
		"another type":           {by(same), func(f url.Values) { f.Set("client_assertion_type", "saml") }, "invalid_client"},
		"and a secret":           {by(same), func(f url.Values) { f.Set("client_secret", "x") }, "invalid_request"},
		"a secret alone": {"", func(f url.Values) {
			f.Del("client_assertion_type")
			f.Set("client_id", "keyed")
			f.Set("client_secret", "keyed-secret")
		}, "invalid_client"},
		"the name alone": {"", func(f url.Values) { f.Del("client_assertion_type"); f.Set("client_id", "keyed") }, "invalid_client"},
	} {
		t.Run(name, func(t *testing.T) {
			form := asserted(url.Values{"token": {"x"}}, tc.assertion)
			if tc.change != nil {
				tc.change(form)
			}
			_, _, body := s.form("/oauth/revoke", form)
			require.Equal(t, tc.want, body["error"], "%v", body)
		})
	}
}

func pemOf(t testing.TB, key any) string {
	t.Helper()
	text, err := json.Marshal(jose.JSONWebKey{Key: key})
	require.NoError(t, err)
	return string(text)
}

// A client with pairwise subjects learns no id that another client knows.
func TestPairwiseSubjects(t *testing.T) {
	t.Parallel()
	rp := newRelyingParty(t)
	s := start(t, reaching(rp.Server))
	pairwise := func(c *domain.Client) { c.SetPairwise(true); c.LogoutURI = rp.URL }
	subjects := map[string]string{}
	for _, id := range []string{"one", "two"} {
		c := s.application(id, pairwise, "profile", "offline_access")
		b := s.browser()
		code := c.arrived(b.signIn(b.get(c.authorizePath()), "member@aef.test", identity.DemoPassword)).Get("code")
		held, err := c.redeem(code)
		require.NoError(t, err)
		rawID := held.Extra("id_token").(string)
		subject := payload(t, rawID)["sub"].(string)
		subjects[subject] = id
		require.NotEqual(t, member.String(), subject)
		require.Equal(t, subject, payload(t, held.AccessToken)["sub"])
		info, err := c.provider.UserInfo(c.ctx, oauth2.StaticTokenSource(held))
		require.NoError(t, err)
		require.Equal(t, subject, info.Subject)
		for _, token := range []string{held.AccessToken, held.RefreshToken} {
			_, _, body := s.form("/oauth/introspect", url.Values{"token": {token}, "client_id": {id}, "client_secret": {id + "-secret"}})
			require.Equal(t, subject, body["sub"])
		}
		next, err := c.oauth.TokenSource(c.ctx, c.expired(held)).Token()
		require.NoError(t, err)
		require.Equal(t, subject, payload(t, next.AccessToken)["sub"])

		// the hint is understood, and another user's is not taken for this one's
		again := c.arrived(b.get(c.authorizePath(param("prompt", "none"), param("id_token_hint", rawID))))
		require.NotEmpty(t, again.Get("code"))
		stranger := s.browser()
		stranger.signIn(stranger.get("/login"), "second@aef.test", identity.DemoPassword)
		require.Equal(t, "login_required", c.arrived(stranger.get(c.authorizePath(param("prompt", "none"), param("id_token_hint", rawID)))).Get("error"))

		b.signOut()
		tokens := rp.received()
		require.Len(t, tokens, 1)
		require.Equal(t, subject, payload(t, tokens[0])["sub"])
	}
	require.Len(t, subjects, 2, "the same user is two to them")
}

// The claim groups is for clients whose registration names the scope.
func TestGroups(t *testing.T) {
	t.Parallel()
	s := start(t)
	groups := func(c *client, email string) any {
		held, err := c.redeem(s.code(c, email))
		require.NoError(t, err)
		info, err := c.provider.UserInfo(c.ctx, oauth2.StaticTokenSource(held))
		require.NoError(t, err)
		var claims map[string]any
		require.NoError(t, info.Claims(&claims))
		return claims["groups"]
	}
	wiki := s.application("wiki", func(c *domain.Client) { c.Scopes = []string{"openid", "groups"} }, "groups")
	require.Equal(t, []any{"aef:member"}, groups(wiki, "member@aef.test"))
	require.ElementsMatch(t, []any{"aef:admin", "gaming:member"}, groups(wiki, "admin@aef.test"))
	shop := s.application("shop", func(c *domain.Client) { c.Scopes = nil }, "groups")
	require.Nil(t, groups(shop, "member@aef.test"), "every scope, but this one")
}

// Pages of a public client's origin may call the provider, others may not, and none with cookies.
func TestPagesOfPublicClientsMayCall(t *testing.T) {
	t.Parallel()
	s := start(t)
	s.application("spa", func(c *domain.Client) {
		c.Secrets, c.Redirects = nil, []domain.RedirectRule{"https://spa.test/cb", "http://localhost:3000/cb"}
	})
	s.application("backend", func(c *domain.Client) { c.Redirects = []domain.RedirectRule{"https://backend.test/cb"} })
	ask := func(method, path, origin string) http.Header {
		r, err := http.NewRequest(method, s.url+path, nil)
		require.NoError(t, err)
		r.Header.Set("Origin", origin)
		if method == http.MethodOptions {
			r.Header.Set("Access-Control-Request-Method", "POST")
			r.Header.Set("Access-Control-Request-Headers", "authorization")
		}
		resp, err := http.DefaultClient.Do(r)
		require.NoError(t, err)
		require.NoError(t, resp.Body.Close())
		require.Empty(t, resp.Header.Get("Access-Control-Allow-Credentials"))
		return resp.Header
	}
	for _, path := range []string{"/oauth/token", "/oauth/userinfo", "/oauth/revoke"} {
		for _, method := range []string{http.MethodOptions, http.MethodPost} {
			for _, origin := range []string{"https://spa.test", "http://localhost:3000"} {
				header := ask(method, path, origin)
				require.Equal(t, origin, header.Get("Access-Control-Allow-Origin"), "%s %s", method, path)
				require.Contains(t, header.Values("Vary"), "Origin")
			}
			for _, origin := range []string{"https://backend.test", "https://spa.test.evil.test", "http://spa.test", "null", "https://evil.test"} {
				require.Empty(t, ask(method, path, origin).Get("Access-Control-Allow-Origin"), "%s %s %s", method, path, origin)
			}
		}
		require.Equal(t, "Authorization, Content-Type", ask(http.MethodOptions, path, "https://spa.test").Get("Access-Control-Allow-Headers"))
	}
	for _, path := range []string{"/.well-known/openid-configuration", "/.well-known/oauth-authorization-server", "/.well-known/jwks.json", "/oauth/jwks"} {
		require.Equal(t, "*", ask(http.MethodGet, path, "https://evil.test").Get("Access-Control-Allow-Origin"), path)
	}
	for _, path := range []string{"/oauth/introspect", "/api/v1/auth/me", "/oauth/authorize/prepare"} {
		require.Empty(t, ask(http.MethodGet, path, "https://spa.test").Get("Access-Control-Allow-Origin"), path)
	}
}

func TestOperatorsChangeClients(t *testing.T) {
	t.Parallel()
	s := start(t)
	_, err := s.operate("client-register", "wiki", "Wiki", callback, "-", "-")
	require.NoError(t, err)
	now := func() domain.Client {
		s.clock.Advance(time.Minute) // what is known of a client is older then
		c, err := s.Clients.Find(ctx, "wiki")
		require.NoError(t, err)
		return c
	}
	for _, set := range [][2]string{{"pkce", "optional"}, {"subjects", "pairwise"}, {"algorithm", "EdDSA"}, {"scopes", "openid,groups"}} {
		_, err := s.operate("client-set", "wiki", set[0], set[1])
		require.NoError(t, err)
	}
	c := now()
	require.False(t, c.RequiresPKCE())
	require.True(t, c.Pairwise())
	require.Equal(t, domain.EdDSA, c.Algorithm)
	require.Equal(t, []string{"openid", "groups"}, c.Scopes)

	file := filepath.Join(t.TempDir(), "keys.json")
	var set jose.JSONWebKeySet
	for alg, key := range privateKeys(t) {
		set.Keys = append(set.Keys, jose.JSONWebKey{Key: key.Public(), KeyID: string(alg), Algorithm: string(alg)})
	}
	text, err := json.Marshal(set)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(file, text, 0o600))
	_, err = s.operate("client-set", "wiki", "keys", file)
	require.NoError(t, err)
	require.Len(t, now().Keys, 3)
	require.Empty(t, now().Secrets)
	set.Keys[0].Key = privateKeys(t)[domain.Algorithm(set.Keys[0].Algorithm)]
	text, err = json.Marshal(set)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(file, text, 0o600))
	_, err = s.operate("client-set", "wiki", "keys", file)
	require.ErrorIs(t, err, domain.ErrKeySet, "private keys stay with the client")

	_, err = s.operate("client-set", "wiki", "secret", "none")
	require.NoError(t, err)
	require.True(t, now().Public() && now().RequiresPKCE())
	for _, wrong := range [][2]string{{"pkce", "optional"}, {"pkce", "sometimes"}, {"algorithm", "none"}, {"scopes", "everything"}, {"colour", "red"}, {"keys", "/nowhere"}} {
		_, err := s.operate("client-set", "wiki", wrong[0], wrong[1])
		require.Error(t, err, wrong)
	}
	_, err = s.operate("client-set", "wiki", "subjects", "public")
	require.NoError(t, err)
	require.False(t, now().Pairwise())
}
