package oidc

import (
	"time"

	zitadel "github.com/zitadel/oidc/v3/pkg/oidc"
	"github.com/zitadel/oidc/v3/pkg/op"

	"go.updspace.com/identity/domain"
)

// client is a domain.Client as the library wants to see one. Only what it asks
// on the way to the token endpoints carries meaning.
type client struct{ domain.Client }

var _ op.Client = client{}

func (c client) GetID() string { return c.ID }

func (c client) GrantTypes() []zitadel.GrantType {
	types := make([]zitadel.GrantType, len(c.Client.GrantTypes))
	for i, t := range c.Client.GrantTypes {
		types[i] = zitadel.GrantType(t)
	}
	return types
}

func (c client) AuthMethod() zitadel.AuthMethod {
	if c.Public() {
		return zitadel.AuthMethodNone
	}
	return zitadel.AuthMethodBasic
}

func (c client) RedirectURIs() []string {
	uris := make([]string, len(c.Redirects))
	for i, r := range c.Redirects {
		uris[i] = string(r)
	}
	return uris
}

func (c client) ResponseTypes() []zitadel.ResponseType {
	return []zitadel.ResponseType{zitadel.ResponseTypeCode}
}

func (c client) IsScopeAllowed(scope string) bool {
	_, ok := domain.FindScope(scope)
	return ok
}

func (client) PostLogoutRedirectURIs() []string                             { return nil }
func (client) ApplicationType() op.ApplicationType                          { return op.ApplicationTypeWeb }
func (client) LoginURL(string) string                                       { return "/authorize" }
func (client) AccessTokenType() op.AccessTokenType                          { return op.AccessTokenTypeJWT }
func (client) IDTokenLifetime() time.Duration                               { return domain.IDTokenLifetime }
func (client) DevMode() bool                                                { return false }
func (client) IDTokenUserinfoClaimsAssertion() bool                         { return true }
func (client) ClockSkew() time.Duration                                     { return 0 }
func (client) RestrictAdditionalIdTokenScopes() func([]string) []string     { return all }
func (client) RestrictAdditionalAccessTokenScopes() func([]string) []string { return all }

func all(scopes []string) []string { return scopes }
