package identity_test

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	gooidc "github.com/coreos/go-oidc/v3/oidc"
	"github.com/stretchr/testify/require"
	"golang.org/x/oauth2"

	"go.updspace.com/identity"
)

// client is a standard OpenID client, as the gateway is one.
type client struct {
	t        testing.TB
	ctx      context.Context
	provider *gooidc.Provider
	oauth    oauth2.Config
	verifier string
}

func (s *service) client(scopes ...string) *client {
	s.t.Helper()
	ctx := gooidc.ClientContext(context.Background(), s.plain())
	provider, err := gooidc.NewProvider(ctx, s.url)
	require.NoError(s.t, err)
	return &client{
		t: s.t, ctx: ctx, provider: provider, verifier: oauth2.GenerateVerifier(),
		oauth: oauth2.Config{
			ClientID: "portal", ClientSecret: portalSecret, Endpoint: provider.Endpoint(), RedirectURL: callback,
			Scopes: append([]string{"openid"}, scopes...),
		},
	}
}

// authorizePath is where the client sends a browser, without the host.
func (c *client) authorizePath(more ...oauth2.AuthCodeOption) string {
	c.t.Helper()
	options := append([]oauth2.AuthCodeOption{gooidc.Nonce("the nonce"), oauth2.S256ChallengeOption(c.verifier)}, more...)
	u, err := url.Parse(c.oauth.AuthCodeURL("the state", options...))
	require.NoError(c.t, err)
	return u.RequestURI()
}

// arrived takes the answer out of the redirect that a browser stopped at.
func (c *client) arrived(p page) url.Values {
	c.t.Helper()
	require.Contains(c.t, []int{http.StatusFound, http.StatusSeeOther}, p.StatusCode, p.body)
	location, err := p.Location()
	require.NoError(c.t, err)
	return c.answer(location)
}

// answer reads the client's answer out of an address.
func (c *client) answer(location *url.URL) url.Values {
	c.t.Helper()
	require.True(c.t, strings.HasPrefix(location.String(), callback+"?"), location.String())
	require.Equal(c.t, "the state", location.Query().Get("state"))
	return location.Query()
}

// code walks a browser through sign-in to a code.
func (s *service) code(c *client, email string) string {
	s.t.Helper()
	b := s.browser()
	p := b.signIn(b.get(c.authorizePath()), email, identity.DemoPassword)
	code := c.arrived(p).Get("code")
	require.NotEmpty(s.t, code)
	return code
}

func (c *client) redeem(code string) (*oauth2.Token, error) {
	return c.oauth.Exchange(c.ctx, code, oauth2.VerifierOption(c.verifier))
}

func TestAStandardClientSignsAUserIn(t *testing.T) {
	t.Parallel()
	s := start(t)
	c := s.client("profile", "email", "offline_access")

	token, err := c.redeem(s.code(c, "member@aef.test"))
	require.NoError(t, err)
	require.Equal(t, "Bearer", token.TokenType)
	require.NotEmpty(t, token.RefreshToken)
	require.WithinDuration(t, time.Now().Add(30*time.Minute), token.Expiry, time.Minute)

	id, err := c.provider.Verifier(&gooidc.Config{ClientID: "portal"}).Verify(c.ctx, token.Extra("id_token").(string))
	require.NoError(t, err)
	require.Equal(t, member.String(), id.Subject)
	require.Equal(t, "the nonce", id.Nonce)
	require.NoError(t, id.VerifyAccessToken(token.AccessToken))
	var claims struct {
		Email     string `json:"email"`
		Name      string `json:"name"`
		SessionID string `json:"sid"`
	}
	require.NoError(t, id.Claims(&claims))
	require.Len(t, claims.SessionID, 36)
	require.Empty(t, claims.Email+claims.Name, "claims of scopes are at userinfo")

	info, err := c.provider.UserInfo(c.ctx, oauth2.StaticTokenSource(token))
	require.NoError(t, err)
	require.Equal(t, member.String(), info.Subject)
	require.NoError(t, info.Claims(&claims))
	require.Equal(t, "member@aef.test", claims.Email)
	require.Equal(t, "Mika Member", claims.Name)
	again, err := c.oauth.TokenSource(c.ctx, &oauth2.Token{RefreshToken: token.RefreshToken}).Token()
	require.NoError(t, err)
	require.NotEqual(t, token.AccessToken, again.AccessToken)
	require.NotEqual(t, token.RefreshToken, again.RefreshToken)
}

// expired is a token that has to be refreshed before use.
func (c *client) expired(t *oauth2.Token) *oauth2.Token {
	return &oauth2.Token{AccessToken: t.AccessToken, RefreshToken: t.RefreshToken, Expiry: time.Now().Add(-time.Hour)}
}

func (c *client) verifierConfig() *gooidc.Config {
	return &gooidc.Config{ClientID: "portal", SupportedSigningAlgs: []string{"ES256", "RS256"}}
}

// header is the header of a JWT.
func header(t testing.TB, token string) map[string]string {
	t.Helper()
	raw, err := base64.RawURLEncoding.DecodeString(strings.Split(token, ".")[0])
	require.NoError(t, err)
	var out map[string]string
	require.NoError(t, json.Unmarshal(raw, &out))
	return out
}
