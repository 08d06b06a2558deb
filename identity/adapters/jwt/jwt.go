// Package jwt makes and reads the tokens that clients hold.
package jwt

import (
	"context"
	"crypto/sha256"
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

// Types of tokens, in their headers, so that neither is taken for the other.
const (
	typeAccess = "at+jwt" // RFC 9068
	typeID     = "JWT"
)

var algorithms = []jose.SignatureAlgorithm{jose.ES256, jose.RS256}

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

type accessClaims struct {
	Issuer   string `json:"iss"`
	Subject  string `json:"sub"`
	Audience string `json:"aud"`
	Expires  int64  `json:"exp"`
	Issued   int64  `json:"iat"`
	ID       string `json:"jti"`
	Scope    string `json:"scope"`
	ClientID string `json:"client_id"`
	GrantID  string `json:"gid"`
}

type masterFlags struct {
	Suspended     bool   `json:"suspended"`
	Banned        bool   `json:"banned"`
	SystemAdmin   bool   `json:"system_admin"`
	EmailVerified bool   `json:"email_verified"`
	Status        string `json:"status"`
}

type idClaims struct {
	Issuer     string      `json:"iss"`
	Subject    string      `json:"sub"`
	Audience   string      `json:"aud"`
	Authorized string      `json:"azp"`
	Expires    int64       `json:"exp"`
	Issued     int64       `json:"iat"`
	AuthTime   int64       `json:"auth_time"`
	Nonce      string      `json:"nonce,omitempty"`
	AccessHash string      `json:"at_hash"`
	UserID     string      `json:"user_id"`
	Flags      masterFlags `json:"master_flags"`

	Name              *string `json:"name,omitempty"`
	GivenName         *string `json:"given_name,omitempty"`
	FamilyName        *string `json:"family_name,omitempty"`
	PreferredUsername *string `json:"preferred_username,omitempty"`
	Locale            *string `json:"locale,omitempty"`
	Zoneinfo          *string `json:"zoneinfo,omitempty"`
	Birthdate         *string `json:"birthdate,omitempty"`
	Email             *string `json:"email,omitempty"`
	EmailVerified     *bool   `json:"email_verified,omitempty"`
	Phone             *string `json:"phone_number,omitempty"`
	PhoneVerified     *bool   `json:"phone_number_verified,omitempty"`
}

// Issue implements ports.TokenSigner.
func (s *Signer) Issue(_ context.Context, alg domain.Algorithm, a ports.AccessClaims, id ports.IDClaims) (access, idToken string, err error) {
	key, err := s.keys.Current(alg)
	if err != nil {
		return "", "", err
	}
	access, err = s.sign(key, typeAccess, accessClaims{
		Issuer: s.issuer, Subject: a.Subject.String(), Audience: a.ClientID, Expires: a.ExpiresAt.Unix(), Issued: a.IssuedAt.Unix(),
		ID: a.ID.String(), Scope: strings.Join(a.Scopes, " "), ClientID: a.ClientID, GrantID: a.GrantID.String(),
	})
	if err != nil {
		return "", "", err
	}
	half := sha256.Sum256([]byte(access)) // at_hash is of the left half
	flags, c := id.User.Flags(), domain.ClaimsOf(id.User, id.Grant.Scopes)
	idToken, err = s.sign(key, typeID, idClaims{
		Issuer: s.issuer, Subject: id.User.ID.String(), Audience: a.ClientID, Authorized: a.ClientID,
		Expires: id.ExpiresAt.Unix(), Issued: id.IssuedAt.Unix(), AuthTime: id.Grant.AuthTime.Unix(), Nonce: id.Grant.Nonce,
		AccessHash: base64.RawURLEncoding.EncodeToString(half[:sha256.Size/2]),
		UserID:     id.User.ID.String(),
		Flags: masterFlags{
			Suspended: flags.Suspended, Banned: flags.Banned, SystemAdmin: flags.SystemAdmin,
			EmailVerified: flags.EmailVerified, Status: string(flags.Status),
		},
		Name: c.Name, GivenName: c.GivenName, FamilyName: c.FamilyName, PreferredUsername: c.PreferredUsername,
		Locale: c.Locale, Zoneinfo: c.Zoneinfo, Birthdate: c.Birthdate,
		Email: c.Email, EmailVerified: c.EmailVerified, Phone: c.Phone, PhoneVerified: c.PhoneVerified,
	})
	return access, idToken, err
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

// Verify implements ports.TokenSigner.
func (s *Signer) Verify(ctx context.Context, token string, now time.Time) (ports.AccessClaims, error) {
	signed, err := jose.ParseSignedCompact(token, algorithms)
	if err != nil {
		return ports.AccessClaims{}, domain.ErrInvalidToken.Wrap(err)
	}
	header := signed.Signatures[0].Protected
	if kind, _ := header.ExtraHeaders[jose.HeaderType].(string); kind != typeAccess {
		return ports.AccessClaims{}, domain.ErrInvalidToken.Wrap(fmt.Errorf("a token of type %q", kind))
	}
	key, ok, err := s.keys.Find(ctx, header.KeyID)
	if err != nil {
		return ports.AccessClaims{}, err
	}
	if !ok || header.Algorithm != string(key.Algorithm) {
		return ports.AccessClaims{}, domain.ErrUnknownKey
	}
	payload, err := signed.Verify(key.Private.Public())
	if err != nil {
		return ports.AccessClaims{}, domain.ErrInvalidToken.Wrap(err)
	}
	var c accessClaims
	if err := json.Unmarshal(payload, &c); err != nil {
		return ports.AccessClaims{}, domain.ErrInvalidToken.Wrap(err)
	}
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
