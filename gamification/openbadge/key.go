package openbadge

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"fmt"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/json"
)

// Algorithm is a signature algorithm (RFC 7518, RFC 8037).
type Algorithm string

// The algorithms. Every Open Badges verifier knows RS256; the others make shorter badges.
const (
	RS256 Algorithm = "RS256"
	ES256 Algorithm = "ES256"
	EdDSA Algorithm = "EdDSA"
)

// Sizes of RSA keys in bits: what is made, and what is taken from other issuers.
const (
	newRSABits   = 3072
	leastRSABits = 2048
	mostRSABits  = 8192
)

// Key is a private key of an issuer.
type Key struct {
	private crypto.Signer
	public  PublicKey
}

// GenerateKey makes a key.
func GenerateKey(alg Algorithm) (Key, error) {
	var private crypto.Signer
	var err error
	switch alg {
	case RS256:
		private, err = rsa.GenerateKey(rand.Reader, newRSABits)
	case ES256:
		private, err = ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	case EdDSA:
		_, private, err = ed25519.GenerateKey(rand.Reader)
	default:
		err = fmt.Errorf("openbadge: there is no algorithm %q", alg)
	}
	if err != nil {
		return Key{}, err
	}
	return newKey(private)
}

// ParseKey reads what PKCS8 wrote.
func ParseKey(der []byte) (Key, error) {
	private, err := x509.ParsePKCS8PrivateKey(der)
	if err != nil {
		return Key{}, fmt.Errorf("openbadge: reading a key: %w", err)
	}
	signer, ok := private.(crypto.Signer)
	if !ok {
		return Key{}, errors.New("openbadge: the key cannot sign")
	}
	return newKey(signer)
}

func newKey(private crypto.Signer) (Key, error) {
	public, err := newPublicKey(private.Public())
	return Key{private: private, public: public}, err
}

// PKCS8 is the private key as PKCS #8 DER. It is secret.
func (k Key) PKCS8() ([]byte, error) { return x509.MarshalPKCS8PrivateKey(k.private) }

// Public is the half that the issuer publishes.
func (k Key) Public() PublicKey { return k.public }

// sign signs a payload as a compact JWS.
func (k Key) sign(did, typ string, payload []byte) (string, error) {
	options := (&jose.SignerOptions{}).WithType(jose.ContentType(typ)).WithHeader("kid", k.public.ID(did))
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.SignatureAlgorithm(k.public.alg), Key: k.private}, options)
	if err != nil {
		return "", fmt.Errorf("openbadge: making a signer: %w", err)
	}
	signed, err := signer.Sign(payload)
	if err != nil {
		return "", fmt.Errorf("openbadge: signing: %w", err)
	}
	return signed.CompactSerialize()
}

// PublicKey is a public key of an issuer.
type PublicKey struct {
	alg        Algorithm
	key        crypto.PublicKey
	thumbprint string // RFC 7638, in base64url
}

func newPublicKey(key crypto.PublicKey) (PublicKey, error) {
	p := PublicKey{key: key}
	switch key := key.(type) {
	case *rsa.PublicKey:
		if n := key.N.BitLen(); n < leastRSABits || n > mostRSABits {
			return p, fmt.Errorf("an RSA key of %d bits is not between %d and %d", n, leastRSABits, mostRSABits)
		}
		p.alg = RS256
	case *ecdsa.PublicKey:
		if key.Curve != elliptic.P256() {
			return p, errors.New("the curve of the key is not P-256")
		}
		p.alg = ES256
	case ed25519.PublicKey:
		p.alg = EdDSA
	default:
		return p, errors.New("the key is neither RSA, P-256 nor Ed25519")
	}
	sum, err := (&jose.JSONWebKey{Key: key}).Thumbprint(crypto.SHA256)
	p.thumbprint = base64.RawURLEncoding.EncodeToString(sum)
	return p, err
}

// parseJWK reads a public key of another issuer.
func parseJWK(data []byte) (PublicKey, error) {
	var jwk jose.JSONWebKey
	if err := json.Unmarshal(data, &jwk); err != nil {
		return PublicKey{}, errors.New("the key is not a JSON Web Key")
	}
	if !jwk.IsPublic() || !jwk.Valid() {
		return PublicKey{}, errors.New("the key is not a valid public key")
	}
	return newPublicKey(jwk.Key)
}

// ParsePublicKey reads what PKIX wrote.
func ParsePublicKey(der []byte) (PublicKey, error) {
	public, err := x509.ParsePKIXPublicKey(der)
	if err != nil {
		return PublicKey{}, fmt.Errorf("openbadge: reading a public key: %w", err)
	}
	return newPublicKey(public)
}

// PKIX is the public key as PKIX, ASN.1 DER.
func (p PublicKey) PKIX() ([]byte, error) { return x509.MarshalPKIXPublicKey(p.key) }

// Thumbprint is that of RFC 7638 with SHA-256, in base64url.
func (p PublicKey) Thumbprint() string { return p.thumbprint }

// Algorithm is the algorithm of the key.
func (p PublicKey) Algorithm() Algorithm { return p.alg }

// ID is the key's DID URL: the issuer's DID and the thumbprint of the key.
func (p PublicKey) ID(did string) string { return did + "#" + p.thumbprint }

func (p PublicKey) jwk(did string) jose.JSONWebKey {
	return jose.JSONWebKey{Key: p.key, KeyID: p.ID(did), Algorithm: string(p.alg), Use: "sig"}
}

// KeySet is the JSON Web Key Set (RFC 7517) of an issuer. The kid of each key is the one that badges name.
func KeySet(did string, keys ...PublicKey) ([]byte, error) {
	set := jose.JSONWebKeySet{Keys: []jose.JSONWebKey{}}
	for _, k := range keys {
		set.Keys = append(set.Keys, k.jwk(did))
	}
	return json.Marshal(set)
}

// verify checks the signature of a token.
func (p PublicKey) verify(t token) error {
	if t.header.Algorithm != p.alg {
		return fmt.Errorf("the algorithm %s does not fit the issuer's key, which is for %s", t.header.Algorithm, p.alg)
	}
	signed, err := jose.ParseSignedCompact(t.text, []jose.SignatureAlgorithm{jose.SignatureAlgorithm(p.alg)})
	if err != nil {
		return errors.New("the token cannot be read")
	}
	if _, err := signed.Verify(p.key); err != nil {
		return errors.New("the signature is not that of the issuer's key over this content")
	}
	return nil
}
