package jwt

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/rsa"
	"encoding/json"
	"errors"
	"time"

	"github.com/go-jose/go-jose/v4"
	josejwt "github.com/go-jose/go-jose/v4/jwt"

	"go.updspace.com/identity/domain"
)

// Assertions implements ports.Assertions.
type Assertions struct{}

// maxAssertion is more than the assertion of any client takes.
const maxAssertion = 8 << 10

// Issuer implements ports.Assertions.
func (Assertions) Issuer(text string) (string, error) {
	signed, err := parseAssertion(text)
	if err != nil {
		return "", err
	}
	var claims josejwt.Claims
	if err := signed.UnsafeClaimsWithoutVerification(&claims); err != nil {
		return "", domain.ErrInvalidClient.Wrap(err)
	}
	return claims.Issuer, nil
}

func parseAssertion(text string) (*josejwt.JSONWebToken, error) {
	if len(text) > maxAssertion {
		return nil, domain.ErrInvalidClient.Wrap(errors.New("the client assertion is too long"))
	}
	signed, err := josejwt.ParseSigned(text, algorithms)
	if err != nil {
		return nil, domain.ErrInvalidClient.Wrap(err)
	}
	return signed, nil
}

// Read implements ports.Assertions.
func (Assertions) Read(text string, keys []domain.ClientKey) (domain.Assertion, error) {
	signed, err := parseAssertion(text)
	if err != nil {
		return domain.Assertion{}, err
	}
	header := signed.Headers[0]
	var claims josejwt.Claims
	for _, key := range keys {
		if header.Algorithm != string(key.Algorithm) || (header.KeyID != "" && header.KeyID != key.ID) {
			continue
		}
		if signed.Claims(key.Public, &claims) == nil {
			return domain.Assertion{
				Issuer: claims.Issuer, Subject: claims.Subject, ID: claims.ID, Audience: claims.Audience,
				Issued: timeOf(claims.IssuedAt), NotBefore: timeOf(claims.NotBefore), Expires: timeOf(claims.Expiry),
			}, nil
		}
	}
	return domain.Assertion{}, domain.ErrInvalidClient.Wrap(errors.New("no key of the client has signed the client assertion"))
}

func timeOf(d *josejwt.NumericDate) time.Time {
	if d == nil {
		return time.Time{}
	}
	return d.Time()
}

// Keys implements ports.Assertions.
func (Assertions) Keys(text []byte) ([]domain.ClientKey, error) {
	var set jose.JSONWebKeySet
	if err := json.Unmarshal(text, &set); err != nil {
		return nil, domain.ErrKeySet.Wrap(err)
	}
	var keys []domain.ClientKey
	for _, k := range set.Keys {
		if !k.IsPublic() {
			return nil, domain.ErrKeySet.WithMessage("The key set holds a key that is not public.")
		}
		keys = append(keys, domain.ClientKey{ID: k.KeyID, Algorithm: algorithmOf(k), Public: crypto.PublicKey(k.Key)})
	}
	return keys, nil
}

// algorithmOf is what a key says of itself, else what its kind is used for.
func algorithmOf(k jose.JSONWebKey) domain.Algorithm {
	if k.Algorithm != "" {
		return domain.Algorithm(k.Algorithm)
	}
	switch k.Key.(type) {
	case *ecdsa.PublicKey:
		return domain.ES256
	case *rsa.PublicKey:
		return domain.RS256
	default:
		return domain.EdDSA
	}
}
