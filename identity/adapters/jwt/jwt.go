// Package jwt makes and reads the tokens that clients hold.
package jwt

import (
	"context"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/google/uuid"

	"go.updspace.com/identity/domain"
	"go.updspace.com/identity/ports"
)

// Types of tokens, in their headers, so that none is taken for another.
const (
	typeAccess = "at+jwt" // RFC 9068
	typeID     = "JWT"
	typeLogout = "logout+jwt"
)

var algorithms = []jose.SignatureAlgorithm{jose.ES256, jose.RS256, jose.EdDSA}

// Keys are where the signing keys come from.
type Keys interface {
	Current(alg domain.Algorithm) (domain.SigningKey, error)
	Find(ctx context.Context, id string) (domain.SigningKey, bool, error)
	Published() []domain.SigningKey
}

// Signer implements ports.TokenSigner.
type Signer struct {
	issuer string
	keys   Keys

	signers sync.Map // of the id and type of a key to its jose.Signer
}

// New returns the signer of an issuer.
func New(issuer string, keys Keys) *Signer { return &Signer{issuer: issuer, keys: keys} }

// claims are those that every token has.
type claims struct {
	Issuer   string `json:"iss"`
	Subject  string `json:"sub"`
	Audience string `json:"aud"`
	Expires  int64  `json:"exp"`
	Issued   int64  `json:"iat"`
}

func (s *Signer) claims(subject uuid.UUID, audience string, issued, expires time.Time) claims {
	return claims{Issuer: s.issuer, Subject: subject.String(), Audience: audience, Expires: expires.Unix(), Issued: issued.Unix()}
}

type accessClaims struct {
	claims
	ID       string `json:"jti"`
	Scope    string `json:"scope"`
	ClientID string `json:"client_id"`
	GrantID  string `json:"gid"`
}

type idClaims struct {
	claims
	Authorized string `json:"azp"`
	AuthTime   int64  `json:"auth_time"`
	ACR        string `json:"acr,omitempty"`
	Nonce      string `json:"nonce,omitempty"`
	AccessHash string `json:"at_hash"`
	SessionID  string `json:"sid"`
}

type logoutClaims struct {
	claims
	ID        string              `json:"jti"`
	Events    map[string]struct{} `json:"events"`
	SessionID string              `json:"sid"`
}

const logoutEvent = "http://schemas.openid.net/event/backchannel-logout"

// Issue implements ports.TokenSigner.
func (s *Signer) Issue(_ context.Context, alg domain.Algorithm, a ports.AccessClaims, id ports.IDClaims) (access, idToken string, err error) {
	key, err := s.keys.Current(alg)
	if err != nil {
		return "", "", err
	}
	access, err = s.sign(key, typeAccess, accessClaims{
		claims: s.claims(a.Subject, a.ClientID, a.IssuedAt, a.ExpiresAt),
		ID:     a.ID.String(), Scope: strings.Join(a.Scopes, " "), ClientID: a.ClientID, GrantID: a.GrantID.String(),
	})
	if err != nil {
		return "", "", err
	}
	idToken, err = s.sign(key, typeID, idClaims{
		claims:     s.claims(a.Subject, a.ClientID, id.IssuedAt, id.ExpiresAt),
		Authorized: a.ClientID, AuthTime: id.Grant.AuthTime.Unix(), ACR: id.Grant.ACR, Nonce: id.Grant.Nonce,
		AccessHash: accessHash(alg, access), SessionID: id.Grant.SessionID.String(),
	})
	return access, idToken, err
}

// accessHash is at_hash: the left half of the access token's hash, by the hash function of the signature.
func accessHash(alg domain.Algorithm, access string) string {
	if alg == domain.EdDSA {
		sum := sha512.Sum512([]byte(access))
		return base64.RawURLEncoding.EncodeToString(sum[:sha512.Size/2])
	}
	sum := sha256.Sum256([]byte(access))
	return base64.RawURLEncoding.EncodeToString(sum[:sha256.Size/2])
}

func (s *Signer) sign(key domain.SigningKey, kind string, claims any) (string, error) {
	signer, err := s.signer(key, kind)
	if err != nil {
		return "", err
	}
	payload, err := json.Marshal(claims)
	if err != nil {
		return "", fmt.Errorf("encoding a token: %w", err)
	}
	signed, err := signer.Sign(payload)
	if err != nil {
		return "", fmt.Errorf("signing a token: %w", err)
	}
	token, err := signed.CompactSerialize()
	if err != nil {
		return "", fmt.Errorf("writing a token: %w", err)
	}
	return token, nil
}

func (s *Signer) signer(key domain.SigningKey, kind string) (jose.Signer, error) {
	if known, ok := s.signers.Load(key.ID + kind); ok {
		return known.(jose.Signer), nil //nolint:forcetypeassert // only this function stores
	}
	signer, err := jose.NewSigner(
		jose.SigningKey{Algorithm: jose.SignatureAlgorithm(key.Algorithm), Key: jose.JSONWebKey{Key: key.Private, KeyID: key.ID}},
		(&jose.SignerOptions{}).WithType(jose.ContentType(kind)))
	if err != nil {
		return nil, fmt.Errorf("preparing a signing key: %w", err)
	}
	s.signers.Store(key.ID+kind, signer)
	return signer, nil
}

// LogoutToken implements ports.TokenSigner.
func (s *Signer) LogoutToken(_ context.Context, alg domain.Algorithm, c ports.LogoutClaims) (string, error) {
	key, err := s.keys.Current(alg)
	if err != nil {
		return "", err
	}
	return s.sign(key, typeLogout, logoutClaims{
		claims: s.claims(c.Subject, c.ClientID, c.IssuedAt, c.ExpiresAt),
		ID:     c.ID.String(), Events: map[string]struct{}{logoutEvent: {}}, SessionID: c.SessionID.String(),
	})
}

// ReadHint implements ports.TokenSigner.
func (s *Signer) ReadHint(ctx context.Context, token string) (ports.IDHint, error) {
	var c idClaims
	if err := s.read(ctx, token, typeID, &c); err != nil {
		return ports.IDHint{}, err
	}
	subject, err1 := uuid.Parse(c.Subject)
	session, err2 := uuid.Parse(c.SessionID)
	if c.Issuer != s.issuer || err1 != nil || err2 != nil {
		return ports.IDHint{}, domain.ErrInvalidToken
	}
	return ports.IDHint{ClientID: c.Audience, Subject: subject, SessionID: session}, nil
}

// read verifies the signature of a token of ours and decodes its claims.
func (s *Signer) read(ctx context.Context, token, kind string, claims any) error {
	signed, err := jose.ParseSignedCompact(token, algorithms)
	if err != nil {
		return domain.ErrInvalidToken.Wrap(err)
	}
	header := signed.Signatures[0].Protected
	if got, _ := header.ExtraHeaders[jose.HeaderType].(string); got != kind {
		return domain.ErrInvalidToken.Wrap(fmt.Errorf("a token of type %q", got))
	}
	key, ok, err := s.keys.Find(ctx, header.KeyID)
	if err != nil {
		return err
	}
	if !ok || header.Algorithm != string(key.Algorithm) {
		return domain.ErrUnknownKey
	}
	payload, err := signed.Verify(key.Private.Public())
	if err == nil {
		err = json.Unmarshal(payload, claims)
	}
	if err != nil {
		return domain.ErrInvalidToken.Wrap(err)
	}
	return nil
}

// Verify implements ports.TokenSigner.
func (s *Signer) Verify(ctx context.Context, token string, now time.Time) (ports.AccessClaims, error) {
	var c accessClaims
	if err := s.read(ctx, token, typeAccess, &c); err != nil {
		return ports.AccessClaims{}, err
	}
	var err error
	if c.Issuer != s.issuer || now.Unix() >= c.Expires {
		return ports.AccessClaims{}, domain.ErrInvalidToken.Wrap(fmt.Errorf("issued by %q, expires at %d", c.Issuer, c.Expires))
	}
	out := ports.AccessClaims{
		ClientID: c.ClientID, Scopes: strings.Fields(c.Scope),
		IssuedAt: time.Unix(c.Issued, 0).UTC(), ExpiresAt: time.Unix(c.Expires, 0).UTC(),
	}
	for _, f := range []struct {
		to   *uuid.UUID
		from string
	}{{&out.ID, c.ID}, {&out.GrantID, c.GrantID}, {&out.Subject, c.Subject}} {
		if *f.to, err = uuid.Parse(f.from); err != nil {
			return ports.AccessClaims{}, domain.ErrInvalidToken.Wrap(err)
		}
	}
	return out, nil
}

// KeySet is the public half of the published keys.
func (s *Signer) KeySet() jose.JSONWebKeySet {
	var set jose.JSONWebKeySet
	for _, k := range s.keys.Published() {
		set.Keys = append(set.Keys, jose.JSONWebKey{Key: k.Private.Public(), KeyID: k.ID, Algorithm: string(k.Algorithm), Use: "sig"})
	}
	return set
}
