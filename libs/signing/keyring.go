// Package signing signs and verifies the calls between services. The signature covers everything that the receiver uses:
// method, path, query, body, request id, tenant, user, flags, time, caller and audience.
//
// The headers and the signed text are a contract between the services. The primitives (HMAC-SHA256, RFC 2104; HKDF, RFC
// 5869) are those of the standard library.
package signing

import (
	"crypto/hkdf"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
)

const (
	minSecret = 32 // bytes
	keySize   = 32 // bytes
	keyInfo   = "updspace-signing/v1"
)

// Config holds the source of the keys: one secret, from which a key for each (caller, audience) is derived, or explicit
// pairs, so that no service can sign as another. The previous secret is valid for verification during a rotation.
type Config struct {
	Secret         string `env:"UPDSPACE_SIGNING_SECRET"`          // what the keys of all pairs of services are derived from
	PreviousSecret string `env:"UPDSPACE_SIGNING_SECRET_PREVIOUS"` // while it is replaced: the one before
	// Pairs is a JSON array of {"caller","audience","keys":["base64", ...]}. The first key signs, all keys verify.
	Pairs string `env:"UPDSPACE_SIGNING_KEYS"`
}

type pair struct{ caller, audience string }

// Keyring holds the keys with which a service signs and verifies.
type Keyring struct {
	secrets [][]byte
	pairs   map[pair][]*key
	derived sync.Map // pair -> []*key
}

// NewKeyring reads the configuration. It fails when there is no key or a key is too short: a service without keys must not
// start.
func NewKeyring(cfg Config) (*Keyring, error) {
	k := &Keyring{pairs: map[pair][]*key{}}
	for _, s := range []string{cfg.Secret, cfg.PreviousSecret} {
		if s == "" {
			continue
		}
		if len(s) < minSecret {
			return nil, fmt.Errorf("signing: the secret must have at least %d bytes", minSecret)
		}
		k.secrets = append(k.secrets, []byte(s))
	}
	if cfg.Pairs != "" {
		var entries []struct {
			Caller   string   `json:"caller"`
			Audience string   `json:"audience"`
			Keys     []string `json:"keys"`
		}
		if err := json.Unmarshal([]byte(cfg.Pairs), &entries); err != nil {
			return nil, fmt.Errorf("signing: reading key pairs: %w", err)
		}
		for _, e := range entries {
			for _, encoded := range e.Keys {
				decoded, err := base64.StdEncoding.DecodeString(encoded)
				if err != nil || len(decoded) < keySize {
					return nil, fmt.Errorf("signing: key of %s to %s must be at least %d bytes of base64", e.Caller, e.Audience, keySize)
				}
				p := pair{e.Caller, e.Audience}
				k.pairs[p] = append(k.pairs[p], newKey(decoded))
			}
		}
	}
	if len(k.secrets) == 0 && len(k.pairs) == 0 {
		return nil, errors.New("signing: no key: set UPDSPACE_SIGNING_SECRET or UPDSPACE_SIGNING_KEYS")
	}
	return k, nil
}

// keys returns the valid keys of a pair, the signing key first, or none when the pair is unknown.
func (k *Keyring) keys(caller, audience string) []*key {
	p := pair{caller, audience}
	if keys, ok := k.pairs[p]; ok {
		return keys
	}
	if len(k.pairs) > 0 { // explicit pairs are a closed list
		return nil
	}
	if keys, ok := k.derived.Load(p); ok {
		return keys.([]*key)
	}
	var keys []*key
	for _, secret := range k.secrets {
		derived, err := hkdf.Key(sha256.New, secret, nil, keyInfo+"\n"+caller+"\n"+audience, keySize)
		if err != nil {
			return nil
		}
		keys = append(keys, newKey(derived))
	}
	return keys
}

// cache stores derived keys. It is called only for a caller with a valid signature, so invented caller names cannot fill
// the memory.
func (k *Keyring) cache(caller, audience string, keys []*key) {
	if len(k.pairs) == 0 {
		k.derived.LoadOrStore(pair{caller, audience}, keys)
	}
}
