package identity_test

import (
	"testing"

	gooidc "github.com/coreos/go-oidc/v3/oidc"
	"github.com/stretchr/testify/require"
	"golang.org/x/oauth2"

	"go.updspace.com/identity/domain"
)

// Clients as golang.org/x/oauth2 and coreos/go-oidc make them sign a user in, whatever their algorithm and authentication.
func TestRealClientsSignAUserIn(t *testing.T) {
	t.Parallel()
	s := start(t)
	const secret = "p+q/r=s&t?u%v:w x#\"'é~"
	for _, alg := range domain.Algorithms {
		for name, how := range map[string]struct {
			secret string
			style  oauth2.AuthStyle
		}{"basic": {secret, oauth2.AuthStyleInHeader}, "post": {secret, oauth2.AuthStyleInParams}, "public": {"", oauth2.AuthStyleInParams}} {
			t.Run(string(alg)+" "+name, func(t *testing.T) {
				c := s.application(string(alg)+"-"+name, func(c *domain.Client) {
					c.Algorithm, c.Secrets = alg, nil
					if how.secret != "" {
						c.Secrets = []domain.Hash{domain.Secret(how.secret).Hash()}
					}
				}, "profile", "email", "offline_access")
				c.t = t
				c.oauth.ClientSecret, c.oauth.Endpoint.AuthStyle = how.secret, how.style
				held, err := c.redeem(s.code(c, "member@aef.test"))
				require.NoError(t, err)
				id, err := c.provider.Verifier(&gooidc.Config{ClientID: c.oauth.ClientID}).Verify(c.ctx, held.Extra("id_token").(string))
				require.NoError(t, err, "the algorithm is in discovery")
				require.Equal(t, member.String(), id.Subject)
				require.Equal(t, "the nonce", id.Nonce)
				require.NoError(t, id.VerifyAccessToken(held.AccessToken))
				require.Equal(t, string(alg), header(t, held.AccessToken)["alg"])
				info, err := c.provider.UserInfo(c.ctx, oauth2.StaticTokenSource(held))
				require.NoError(t, err)
				require.Equal(t, "member@aef.test", info.Email)
				next, err := c.oauth.TokenSource(c.ctx, c.expired(held)).Token()
				require.NoError(t, err)
				require.NotEqual(t, held.RefreshToken, next.RefreshToken)
			})
		}
	}
}
