package domain

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"net/url"
	"regexp"
	"slices"
	"time"

	"github.com/google/uuid"
)

// Lifetimes in an authorization.
const (
	AuthorizationRequestLifetime = 10 * time.Minute
	CodeLifetime                 = 5 * time.Minute
	AccessTokenLifetime          = 30 * time.Minute
	IDTokenLifetime              = 10 * time.Minute
	RefreshTokenLifetime         = 30 * 24 * time.Hour
)

// Challenge is a PKCE code challenge of method S256, the only one there is.
type Challenge string

var challengePattern = regexp.MustCompile(`^[A-Za-z0-9_-]{43}$`)

// NewChallenge checks the PKCE parameters of an authorization request. Where they are not required, there may be none of them.
func NewChallenge(challenge, method string, required bool) (Challenge, error) {
	switch {
	case challenge == "" && method == "" && !required:
		return "", nil
	case challenge == "":
		return "", ErrPKCERequired
	case method != "S256": // absent means plain, says RFC 7636
		return "", ErrPKCEMethod
	case !challengePattern.MatchString(challenge):
		return "", ErrPKCERequired.WithMessage("The code_challenge is not the SHA-256 of a verifier in base64url.")
	}
	return Challenge(challenge), nil
}

var verifierPattern = regexp.MustCompile(`^[A-Za-z0-9._~-]{43,128}$`)

// ChallengeOf returns the challenge that belongs to a verifier: none to none.
func ChallengeOf(verifier string) (Challenge, error) {
	if verifier == "" {
		return "", nil
	}
	if !verifierPattern.MatchString(verifier) {
		return "", ErrInvalidPKCE
	}
	sum := sha256.Sum256([]byte(verifier))
	return Challenge(base64.RawURLEncoding.EncodeToString(sum[:])), nil
}

// Verify reports whether verifier is the one behind the challenge. Without a challenge there must be no verifier, or a code
// that was asked for without one could be put into the place of one that was asked for with one.
func (c Challenge) Verify(verifier string) bool {
	got, err := ChallengeOf(verifier)
	return err == nil && subtle.ConstantTimeCompare([]byte(got), []byte(c)) == 1
}

// Authorization is what a client may learn about a user who has signed in: asked for in a request, granted by a code, held
// with a grant.
type Authorization struct {
	ClientID  string
	UserID    uuid.UUID
	SessionID uuid.UUID
	AuthTime  time.Time
	Scopes    []string
	Nonce     string
	ACR       string // how surely the user was known at AuthTime
}

// The levels of authentication (acr), named as in NIST SP 800-63B.
const (
	ACRSingle = "aal1" // one factor
	ACRStrong = "aal2" // two, or a passkey that verified the user
)

// ACRValues lists the levels that sign-ins can have.
var ACRValues = []string{ACRSingle, ACRStrong}

// ACR is the level of the sign-in that the session was begun or renewed by.
func (s Session) ACR() string {
	if s.Strong {
		return ACRStrong
	}
	return ACRSingle
}

// AuthorizationRequest is what a client asks, checked, while the user has not answered.
type AuthorizationRequest struct {
	Authorization
	ID          string
	RedirectURI string
	State       string
	Challenge   Challenge
	ExpiresAt   time.Time
}

// CheckOpaque refuses a state or nonce that cannot be kept. They mean nothing to us, but they are text.
func CheckOpaque(values ...string) error {
	for _, v := range values {
		if hasControl(v) {
			return ErrOAuthRequest.WithMessage("state and nonce must be printable text.")
		}
	}
	return nil
}

// Code makes the authorization code for the scopes that were granted.
func (r AuthorizationRequest) Code(id uuid.UUID, scopes []string, now time.Time) (Code, Secret) {
	secret := NewSecret()
	code := Code{
		Authorization: r.Authorization, ID: id, Hash: secret.Hash(), RedirectURI: r.RedirectURI, Challenge: r.Challenge,
		CreatedAt: now, ExpiresAt: now.Add(CodeLifetime),
	}
	code.Scopes = scopes
	return code, secret
}

// Narrow returns the scopes granted out of those requested: all of them when none are named. openid cannot be left out.
func (r AuthorizationRequest) Narrow(granted []string) ([]string, error) {
	if len(granted) == 0 {
		return r.Scopes, nil
	}
	if !Covers(r.Scopes, granted) {
		return nil, ErrInvalidScope
	}
	var scopes []string
	for _, s := range r.Scopes { // keeps the order of the request
		if s == ScopeOpenID || slices.Contains(granted, s) {
			scopes = append(scopes, s)
		}
	}
	return scopes, nil
}

// Answer is the redirect URI with an authorization response added. iss guards
// clients of several providers against mix-up (RFC 9207).
func (r AuthorizationRequest) Answer(issuer string, params url.Values) (string, error) {
	if r.State != "" {
		params.Set("state", r.State)
	}
	params.Set("iss", issuer)
	return WithQuery(r.RedirectURI, params)
}

// Code is an authorization code. Its ID becomes that of the grant it is redeemed for.
type Code struct {
	Authorization
	ID          uuid.UUID
	Hash        Hash
	RedirectURI string
	Challenge   Challenge
	CreatedAt   time.Time
	ExpiresAt   time.Time
	UsedAt      *time.Time
}

// RedeemError says why the code cannot be redeemed as asked, nil if it can.
func (c Code) RedeemError(client, redirectURI, verifier string, now time.Time) error {
	switch {
	case c.ClientID != client, c.UsedAt != nil:
		return ErrInvalidCode
	case !now.Before(c.ExpiresAt):
		return ErrCodeExpired
	case subtle.ConstantTimeCompare([]byte(c.RedirectURI), []byte(redirectURI)) != 1:
		return ErrCodeRedirect
	case !c.Challenge.Verify(verifier):
		return ErrInvalidPKCE
	}
	return nil
}

// Grant is what a client holds after redeeming a code: every token made from it names it, and revoking it kills them all.
type Grant struct {
	Authorization
	ID        uuid.UUID
	CreatedAt time.Time
	RevokedAt *time.Time
}

// Offline reports whether refresh tokens are to be issued for the grant.
func (g Grant) Offline(c Client) bool {
	return slices.Contains(g.Scopes, ScopeOffline) && c.Allows(GrantRefresh)
}

// RefreshToken can be used once, for its successor.
type RefreshToken struct {
	Hash      Hash
	GrantID   uuid.UUID
	CreatedAt time.Time
	ExpiresAt time.Time
	UsedAt    *time.Time
}

// MaxRefreshGrace bounds the time for which a client that did not get the answer to a refresh is given it again.
const MaxRefreshGrace = time.Minute

// UsedWithin reports whether the token was used, and for no longer than grace.
func (t RefreshToken) UsedWithin(grace time.Duration, now time.Time) bool {
	return t.UsedAt != nil && now.Sub(*t.UsedAt) < grace
}

// NewRefreshToken makes a refresh token of a grant.
func NewRefreshToken(grant uuid.UUID, now time.Time) (RefreshToken, Secret) {
	s := NewSecret()
	return RefreshToken{Hash: s.Hash(), GrantID: grant, CreatedAt: now, ExpiresAt: now.Add(RefreshTokenLifetime)}, s
}

// ConnectedApp is a client that a user has allowed something.
type ConnectedApp struct {
	Client    Client
	Scopes    []string
	CreatedAt time.Time
	UsedAt    *time.Time // when it got its newest tokens; nil: not lately
}

// Consent remembers what a user has granted a client.
type Consent struct {
	UserID   uuid.UUID
	ClientID string
	Scopes   []string
}
