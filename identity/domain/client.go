package domain

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/hmac"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/subtle"
	"regexp"
	"slices"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/errs/why"
)

// Algorithm is a signature algorithm of tokens.
type Algorithm string

// The algorithms. ES256 is the default; RS256 is for clients that cannot do it. EdDSA is over Ed25519.
const (
	ES256 Algorithm = "ES256"
	RS256 Algorithm = "RS256"
	EdDSA Algorithm = "EdDSA"
)

// Algorithms lists those for which keys are kept, and with which clients may sign.
var Algorithms = []Algorithm{ES256, RS256, EdDSA}

// Grant types.
const (
	GrantCode    = "authorization_code"
	GrantRefresh = "refresh_token"
)

// Client is an application that signs people in through us.
type Client struct {
	ID           string
	Secrets      []Hash // newest first; none: a public client. Two are valid while one is replaced
	Name         string
	LogoURL      *string
	Redirects    []RedirectRule
	PostLogout   []RedirectRule // where the browser may go after sign-out
	LogoutURI    string         // receives logout tokens; empty: none are sent
	Scopes       []string       // empty: every scope
	GrantTypes   []string
	FirstParty   bool // ours: no consent is asked
	Algorithm    Algorithm
	PKCEOptional bool        // requests without PKCE are answered; never those of a public client
	Keys         []ClientKey // for private_key_jwt: the client signs and has no secret
	KeysURI      string      // where the client publishes its keys; empty: they are given
	Origins      []string    // of a public client: pages that may call the provider, beside those of its redirect URIs
	PairwiseSalt []byte      // see [Client.Subject]; none: the client sees the ids of users
	RegisteredAt time.Time
	DisabledAt   *time.Time // since then it is answered as if it were not known
}

// ClientKey is a public key of a client.
type ClientKey struct {
	ID        string
	Algorithm Algorithm
	Public    crypto.PublicKey
}

// MaxClientKeys is how many keys a client may have: enough to replace one.
const MaxClientKeys = 4

const minRSABits = 2048

// Valid reports whether the key fits its algorithm and is strong enough.
func (k ClientKey) Valid() bool {
	if !ValidClientID(k.ID) {
		return false
	}
	switch public := k.Public.(type) {
	case *ecdsa.PublicKey:
		return k.Algorithm == ES256 && public.Curve == elliptic.P256()
	case *rsa.PublicKey:
		return k.Algorithm == RS256 && public.N.BitLen() >= minRSABits
	case ed25519.PublicKey:
		return k.Algorithm == EdDSA
	}
	return false
}

func sameKey(a, b crypto.PublicKey) bool {
	key, ok := a.(interface {
		Equal(other crypto.PublicKey) bool
	})
	return ok && key.Equal(b)
}

var clientID = regexp.MustCompile(`^[A-Za-z0-9._~-]{1,64}$`)

// ValidClientID reports whether id can be a client's.
func ValidClientID(id string) bool { return clientID.MatchString(id) }

// Public reports whether the client cannot keep a secret.
func (c Client) Public() bool { return len(c.Secrets) == 0 && len(c.Keys) == 0 && c.KeysURI == "" }

// RequiresPKCE reports whether every authorization request of the client must have a challenge.
func (c Client) RequiresPKCE() bool { return c.Public() || !c.PKCEOptional }

// Pairwise reports whether the client sees ids of users that no other client sees.
func (c Client) Pairwise() bool { return len(c.PairwiseSalt) > 0 }

// Subject is the id under which the client knows a user: the user's, or one that is derived from it for this client alone.
func (c Client) Subject(user uuid.UUID) uuid.UUID {
	if !c.Pairwise() {
		return user
	}
	mac := hmac.New(sha256.New, c.PairwiseSalt)
	mac.Write(user[:])
	var id uuid.UUID
	copy(id[:], mac.Sum(nil))
	id[6], id[8] = id[6]&0x0f|0x80, id[8]&0x3f|0x80 // a UUID of version 8
	return id
}

// SetPairwise makes the client see ids of users that no other client sees, or the users' own. The ids stay the same until it
// is switched off.
func (c *Client) SetPairwise(on bool) {
	switch {
	case !on:
		c.PairwiseSalt = nil
	case !c.Pairwise():
		c.PairwiseSalt = make([]byte, sha256.Size)
		_, _ = rand.Read(c.PairwiseSalt) // never fails
	}
}

// Validate reports every field that is wrong.
func (c Client) Validate() error {
	f := errs.Fields{}
	f.Check(ValidClientID(c.ID), "client_id", why.InvalidFormat("must be 1 to 64 letters, digits, dots, hyphens, underscores or tildes"))
	f.Check(c.Name != "" && len(c.Name) <= 128, "name", why.Outside(1, 128).Saying("must have 1 to 128 bytes"))
	f.Check(len(c.Redirects) > 0, "redirect_uris", why.Empty)
	for _, r := range c.Redirects {
		f.Check(r.Valid(), "redirect_uris", why.NotFormat("uri", "must be absolute http(s) URIs without fragment: "+string(r)))
	}
	for _, r := range c.PostLogout {
		f.Check(r.Valid(), "post_logout_redirect_uris", why.NotFormat("uri", "must be absolute http(s) URIs without fragment: "+string(r)))
	}
	if c.LogoutURI != "" {
		_, ok := parseTarget(c.LogoutURI)
		f.Check(ok, "backchannel_logout_uri", why.NotFormat("uri", "must be an absolute http(s) URI without fragment"))
	}
	f.Check(slices.Contains(Algorithms, c.Algorithm), "algorithm", why.NotAllowed("must be ES256, RS256 or EdDSA"))
	f.Check(!c.PKCEOptional || !c.Public(), "pkce_optional", why.NotAllowed("a public client needs PKCE"))
	f.Check(len(c.Keys) == 0 || len(c.Secrets) == 0, "jwks", why.NotAllowed("a client has keys or secrets"))
	if c.KeysURI != "" {
		_, ok := parseTarget(c.KeysURI)
		f.Check(ok, "jwks_uri", why.NotFormat("uri", keysURIRule))
	}
	for _, o := range c.Origins {
		f.Check(c.Public(), "origins", why.NotAllowed("pages call the provider for public clients only"))
		f.Check(validOrigin(o), "origins", why.InvalidFormat("must be origins, such as https://app.example: "+o))
	}
	f.Check(len(c.Keys) <= MaxClientKeys, "jwks", why.Outside(0, MaxClientKeys))
	for _, k := range c.Keys {
		f.Check(k.Valid(), "jwks", why.NotAllowed("must be ES256 (P-256), RS256 (2048 bits or more) or EdDSA (Ed25519), with an id: "+k.ID))
	}
	f.Check(len(c.GrantTypes) > 0, "grant_types", why.Empty)
	for _, g := range c.GrantTypes {
		f.Check(g == GrantCode || g == GrantRefresh, "grant_types", why.NotAllowed("unknown: "+g))
	}
	for _, s := range c.Scopes {
		_, ok := FindScope(s)
		f.Check(ok, "scopes", why.NotAllowed("unknown: "+s))
	}
	return f.Err()
}

// Authenticate reports whether secret is the client's. A public client has none and must send none.
func (c Client) Authenticate(secret string) bool {
	if c.Public() {
		return secret == ""
	}
	if len(c.Secrets) == 0 {
		return false
	}
	got := Secret(secret).Hash()
	equal := 0
	for _, want := range c.Secrets {
		equal |= subtle.ConstantTimeCompare(got[:], want[:])
	}
	return equal == 1
}

// MatchRedirect finds uri among the registered redirect URIs; see [RedirectRule.Match].
func (c Client) MatchRedirect(uri string) (slug string, ok bool) { return match(c.Redirects, uri) }

// MatchPostLogout finds uri among those registered for after sign-out.
func (c Client) MatchPostLogout(uri string) (slug string, ok bool) { return match(c.PostLogout, uri) }

func match(rules []RedirectRule, uri string) (slug string, ok bool) {
	if _, valid := parseTarget(uri); !valid {
		return "", false
	}
	for _, r := range rules {
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
