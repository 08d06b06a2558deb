package domain

import (
	"crypto/subtle"
	"regexp"
	"slices"
	"time"

	"go.updspace.com/libs/errs"
)

// Algorithm is a signature algorithm of tokens.
type Algorithm string

// The algorithms. ES256 is the default; RS256 is for clients that cannot do it.
const (
	ES256 Algorithm = "ES256"
	RS256 Algorithm = "RS256"
)

// Algorithms lists those for which keys are kept.
var Algorithms = []Algorithm{ES256, RS256}

// Grant types.
const (
	GrantCode    = "authorization_code"
	GrantRefresh = "refresh_token"
)

// Client is an application that signs people in through us.
type Client struct {
	ID           string
	SecretHash   *Hash // nil: a public client, which has no secret
	Name         string
	LogoURL      *string
	Redirects    []RedirectRule
	Scopes       []string // empty: every scope
	GrantTypes   []string
	FirstParty   bool // ours: no consent is asked
	Algorithm    Algorithm
	RegisteredAt time.Time
}

var clientID = regexp.MustCompile(`^[A-Za-z0-9._~-]{1,64}$`)

// ValidClientID reports whether id can be a client's.
func ValidClientID(id string) bool { return clientID.MatchString(id) }

// Public reports whether the client cannot keep a secret.
func (c Client) Public() bool { return c.SecretHash == nil }

// Validate reports every field that is wrong.
func (c Client) Validate() error {
	f := errs.Fields{}
	f.Check(ValidClientID(c.ID), "client_id", "must be 1 to 64 letters, digits, dots, hyphens, underscores or tildes")
	f.Check(c.Name != "" && len(c.Name) <= 128, "name", "must have 1 to 128 bytes")
	f.Check(len(c.Redirects) > 0, "redirect_uris", "must not be empty")
	for _, r := range c.Redirects {
		f.Check(r.Valid(), "redirect_uris", "must be absolute http(s) URIs without fragment: "+string(r))
	}
	f.Check(slices.Contains(Algorithms, c.Algorithm), "algorithm", "must be ES256 or RS256")
	f.Check(len(c.GrantTypes) > 0, "grant_types", "must not be empty")
	for _, g := range c.GrantTypes {
		f.Check(g == GrantCode || g == GrantRefresh, "grant_types", "unknown: "+g)
	}
	for _, s := range c.Scopes {
		_, ok := FindScope(s)
		f.Check(ok, "scopes", "unknown: "+s)
	}
	return f.Err()
}

// Authenticate reports whether secret is the client's. A public client has
// none and must send none.
func (c Client) Authenticate(secret string) bool {
	if c.Public() {
		return secret == ""
	}
	got := Secret(secret).Hash()
	return subtle.ConstantTimeCompare(got[:], c.SecretHash[:]) == 1
}

// MatchRedirect finds uri among the registered ones; see [RedirectRule.Match].
func (c Client) MatchRedirect(uri string) (slug string, ok bool) {
	if _, valid := parseTarget(uri); !valid {
		return "", false
	}
	for _, r := range c.Redirects {
		if slug, ok := r.Match(uri); ok {
			return slug, true
		}
	}
	return "", false
}

// MatchOrigin finds the origin of target among those of the registered redirect URIs.
func (c Client) MatchOrigin(target string) (slug string, ok bool) {
	for _, r := range c.Redirects {
		if slug, ok := r.MatchOrigin(target); ok {
			return slug, true
		}
	}
	return "", false
}

// Allows reports whether the client may use the grant type.
func (c Client) Allows(grantType string) bool { return slices.Contains(c.GrantTypes, grantType) }
