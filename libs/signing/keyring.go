// Package signing makes and checks the signature under which services call
// each other. It covers everything a receiver acts on: method, path, query,
// body, request id, tenant, user, flags, time, caller and audience.
//
// The scheme is written by hand because the headers and the signed text are a
// contract between the services; the primitives (HMAC-SHA256, RFC 2104; HKDF,
// RFC 5869) are the standard library's.
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

// Config says where keys come from: one secret from which a key per (caller,
// audience) is derived, or explicit pairs so that no service can speak as
// another. The previous secret stays valid for verification during a rotation.
type Config struct {
	Secret         string `env:"UPDSPACE_SIGNING_SECRET"`
	PreviousSecret string `env:"UPDSPACE_SIGNING_SECRET_PREVIOUS"`
	// Pairs is a JSON array of {"caller","audience","keys":["base64", ...]};
	// the first key signs, all of them verify.
	Pairs string `env:"UPDSPACE_SIGNING_KEYS"`
}

type pair struct{ caller, audience string }

// Keyring holds the keys a service signs and verifies with.
type Keyring struct {
	secrets [][]byte
	pairs   map[pair][][]byte
	derived sync.Map // pair -> [][]byte
}

// NewKeyring reads the configuration. It fails when there is no key at all or
// one is too short: a service without keys must not start.
func NewKeyring(cfg Config) (*Keyring, error) {
	k := &Keyring{pairs: map[pair][][]byte{}}
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
				key, err := base64.StdEncoding.DecodeString(encoded)
				if err != nil || len(key) < keySize {
					return nil, fmt.Errorf("signing: key of %s to %s must be at least %d bytes of base64", e.Caller, e.Audience, keySize)
				}
				p := pair{e.Caller, e.Audience}
				k.pairs[p] = append(k.pairs[p], key)
			}
		}
	}
	if len(k.secrets) == 0 && len(k.pairs) == 0 {
		return nil, errors.New("signing: no key: set UPDSPACE_SIGNING_SECRET or UPDSPACE_SIGNING_KEYS")
	}
	return k, nil
}

// keys returns the valid keys of a pair, the signing one first; none when the
// pair is unknown.
func (k *Keyring) keys(caller, audience string) [][]byte {
	p := pair{caller, audience}
	if keys, ok := k.pairs[p]; ok {
		return keys
	}
	if len(k.pairs) > 0 { // explicit pairs are a closed list
		return nil
	}
	if keys, ok := k.derived.Load(p); ok {
		return keys.([][]byte)
	}
	var keys [][]byte
	for _, secret := range k.secrets {
		key, err := hkdf.Key(sha256.New, secret, nil, keyInfo+"\n"+caller+"\n"+audience, keySize)
		if err != nil {
			return nil
		}
		keys = append(keys, key)
	}
	return keys
}

// remember keeps a derived key. Only pairs that proved genuine are kept, so a
// stranger inventing caller names cannot fill the memory.
func (k *Keyring) remember(caller, audience string, keys [][]byte) {
	if len(k.pairs) == 0 {
		k.derived.LoadOrStore(pair{caller, audience}, keys)
	}
}
