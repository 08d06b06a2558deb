package domain

import (
	"slices"
	"strings"

	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/errs/why"
	"go.updspace.com/libs/valid"
)

// ClientAuth is how a client proves who it is.
type ClientAuth string

// The ways to authenticate.
const (
	AuthNone   ClientAuth = "none" // a public client
	AuthSecret ClientAuth = "client_secret"
	AuthKeys   ClientAuth = "private_key_jwt"
)

// The bounds of what a client registers.
const (
	maxClientName = 128
	maxClientURIs = 20
)

// Auth is how the client authenticates.
func (c Client) Auth() ClientAuth {
	switch {
	case c.Public():
		return AuthNone
	case len(c.Secrets) > 0:
		return AuthSecret
	default:
		return AuthKeys
	}
}

// Enabled reports whether the client is answered.
func (c Client) Enabled() bool { return c.DisabledAt == nil }

// AddSecret makes a second secret for the client, so that it can be replaced without downtime; ErrTwoSecrets when there are two.
func (c *Client) AddSecret() (Secret, error) {
	switch len(c.Secrets) {
	case 0:
		return "", ErrNoSecrets
	case 1:
		secret := NewSecret()
		c.Secrets = append([]Hash{secret.Hash()}, c.Secrets...)
		return secret, nil
	default:
		return "", ErrTwoSecrets
	}
}

// RetireSecret ends the older of two secrets.
func (c *Client) RetireSecret() error {
	if len(c.Secrets) <= 1 {
		return ErrNoOldSecret
	}
	c.Secrets = c.Secrets[:1]
	return nil
}

// ClientEdit is a change of a client. nil leaves a part as it is.
type ClientEdit struct {
	Name         *string
	Auth         *ClientAuth
	Keys         *[]ClientKey
	KeysURI      *string
	Redirects    *[]string
	PostLogout   *[]string
	LogoutURI    *string
	Origins      *[]string
	Scopes       *[]string
	Algorithm    *Algorithm
	FirstParty   *bool
	Pairwise     *bool
	PKCEOptional *bool
}

// Edit changes the client. Its first secret, when it gets one, is returned this once.
func (c *Client) Edit(e ClientEdit) (secret Secret, err error) {
	f := errs.Fields{}
	if e.Name != nil {
		c.Name = valid.Line(f, "name", *e.Name, 1, maxClientName)
	}
	if e.Redirects != nil {
		c.Redirects = rules(f, "redirect_uris", *e.Redirects)
	}
	if e.PostLogout != nil {
		c.PostLogout = rules(f, "post_logout_redirect_uris", *e.PostLogout)
	}
	if e.Origins != nil {
		c.Origins = distinct(f, "origins", *e.Origins)
	}
	if e.Scopes != nil {
		c.Scopes = distinct(f, "scopes", *e.Scopes)
	}
	set(&c.LogoutURI, e.LogoutURI)
	set(&c.Algorithm, e.Algorithm)
	set(&c.FirstParty, e.FirstParty)
	set(&c.PKCEOptional, e.PKCEOptional)
	if e.Pairwise != nil {
		c.SetPairwise(*e.Pairwise)
	}
	secret = c.authenticateBy(f, e)
	f.Check(len(c.Scopes) == 0 || slices.Contains(c.Scopes, ScopeOpenID), "scopes", why.NotAllowed("must have openid"))
	if err := f.Err(); err != nil {
		return "", err
	}
	return secret, c.Validate()
}

// authenticateBy changes how the client authenticates. Keys that are read from an address come later.
func (c *Client) authenticateBy(f errs.Fields, e ClientEdit) (secret Secret) {
	auth := c.Auth()
	set(&auth, e.Auth)
	switch auth {
	case AuthNone:
		c.Secrets, c.Keys, c.KeysURI = nil, nil, ""
	case AuthSecret:
		c.Keys, c.KeysURI = nil, ""
		if len(c.Secrets) == 0 {
			secret = NewSecret()
			c.Secrets = []Hash{secret.Hash()}
		}
	case AuthKeys:
		c.Secrets = nil
		set(&c.Keys, e.Keys)
		if e.Keys != nil && e.KeysURI == nil {
			c.KeysURI = ""
		}
		set(&c.KeysURI, e.KeysURI)
		f.Check(len(c.Keys) > 0 || c.KeysURI != "", "jwks", why.Required)
	default:
		f.Add("auth_method", why.NotAllowed("must be none, client_secret or private_key_jwt"))
	}
	f.Check(auth == AuthKeys || e.Keys == nil || len(*e.Keys) == 0, "jwks", why.NotAllowed("only a client of private_key_jwt has keys"))
	f.Check(auth == AuthKeys || e.KeysURI == nil || *e.KeysURI == "", "jwks_uri", why.NotAllowed("only a client of private_key_jwt has keys"))
	return secret
}

func set[T any](at *T, to *T) {
	if to != nil {
		*at = *to
	}
}

func rules(f errs.Fields, field string, uris []string) []RedirectRule {
	var all []RedirectRule
	for _, uri := range distinct(f, field, uris) {
		all = append(all, RedirectRule(uri))
	}
	return all
}

// distinct refuses lists that are too long or name something twice.
func distinct(f errs.Fields, field string, list []string) []string {
	f.Check(len(list) <= maxClientURIs, field, why.TooMany(maxClientURIs))
	for i, s := range list {
		f.Check(!slices.Contains(list[:i], s), field, why.Duplicate(s))
	}
	return slices.Clone(list)
}

// validOrigin reports whether s is an origin as browsers write it.
func validOrigin(s string) bool {
	u, ok := parseTarget(s)
	return ok && originOf(u) == s && strings.ToLower(s) == s
}

// CheckKeysURI refuses an address at which no keys are read.
func CheckKeysURI(uri string) error {
	if _, ok := parseTarget(uri); !ok {
		return errs.Field("jwks_uri", why.NotFormat("uri", keysURIRule))
	}
	return nil
}

const keysURIRule = "must be an absolute URI without fragment"

// Changed names the parts in which two states of a client differ, for the audit log.
func (c Client) Changed(before Client) (parts []string) {
	for _, part := range []struct {
		name string
		same bool
	}{
		{"name", c.Name == before.Name}, {"auth_method", c.Auth() == before.Auth()},
		{"redirect_uris", slices.Equal(c.Redirects, before.Redirects)}, {"post_logout_redirect_uris", slices.Equal(c.PostLogout, before.PostLogout)},
		{"backchannel_logout_uri", c.LogoutURI == before.LogoutURI}, {"origins", slices.Equal(c.Origins, before.Origins)},
		{"scopes", slices.Equal(c.Scopes, before.Scopes)}, {"algorithm", c.Algorithm == before.Algorithm}, {"first_party", c.FirstParty == before.FirstParty},
		{"subject_type", c.Pairwise() == before.Pairwise()}, {"pkce_optional", c.PKCEOptional == before.PKCEOptional},
		{"secrets", slices.Equal(c.Secrets, before.Secrets)}, {"jwks_uri", c.KeysURI == before.KeysURI},
		{"jwks", slices.EqualFunc(c.Keys, before.Keys, func(a, b ClientKey) bool {
			return a.ID == b.ID && a.Algorithm == b.Algorithm && sameKey(a.Public, b.Public)
		})},
	} {
		if !part.same {
			parts = append(parts, part.name)
		}
	}
	return parts
}
