// Package seal encrypts what must not be readable in a database: private keys, mails that hold sign-in links, tokens of
// providers.
package seal

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Sealer seals with AES-256-GCM under the first of its keys and opens under any of them.
type Sealer struct {
	ids     []string // newest first
	keys    map[string]cipher.AEAD
	digests [][]byte // keys of digests, newest first
}

// Parse reads keys written as id:base64, separated by commas, newest first. To rotate, put a new one in front; what the old
// ones sealed stays readable for as long as they are listed.
func Parse(s string) (*Sealer, error) {
	out := &Sealer{keys: map[string]cipher.AEAD{}}
	for part := range strings.SplitSeq(s, ",") {
		id, encoded, ok := strings.Cut(strings.TrimSpace(part), ":")
		if !ok || id == "" {
			return nil, errors.New("seal keys must be id:base64, separated by commas")
		}
		key, err := base64.StdEncoding.DecodeString(encoded)
		if err != nil || len(key) != 32 {
			return nil, fmt.Errorf("seal key %s must be 32 bytes in base64", id)
		}
		if _, twice := out.keys[id]; twice {
			return nil, fmt.Errorf("seal key %s is given twice", id)
		}
		block, err := aes.NewCipher(key)
		if err != nil {
			return nil, fmt.Errorf("seal key %s: %w", id, err)
		}
		aead, err := cipher.NewGCMWithRandomNonce(block)
		if err != nil {
			return nil, fmt.Errorf("seal key %s: %w", id, err)
		}
		out.keys[id] = aead
		out.digests = append(out.digests, sum(key, []byte("digests")))
		out.ids = append(out.ids, id)
	}
	return out, nil
}

// Digests are the HMAC-SHA256 of a text under each of the keys, newest first. Who reads them cannot find the text by trying those that it may be.
func (s *Sealer) Digests(text string) [][]byte {
	all := make([][]byte, len(s.digests))
	for i, key := range s.digests {
		all[i] = sum(key, []byte(text))
	}
	return all
}

func sum(key, text []byte) []byte {
	mac := hmac.New(sha256.New, key)
	mac.Write(text)
	return mac.Sum(nil)
}

// NewKey draws a key, in the form Parse reads.
func NewKey(id string) string {
	var b [32]byte
	_, _ = rand.Read(b[:]) // never fails, says its documentation
	return id + ":" + base64.StdEncoding.EncodeToString(b[:])
}

// Seal encrypts plain and returns the id of the key, which is stored with the result. about ties the result to its place, such
// as table and id, so that it cannot be moved to another row.
func (s *Sealer) Seal(plain, about []byte) (sealed []byte, key string) {
	return s.keys[s.Newest()].Seal(nil, nil, plain, about), s.Newest()
}

// Newest is the id of the key that seals.
func (s *Sealer) Newest() string { return s.ids[0] }

// IDs are the ids of the keys, newest first.
func (s *Sealer) IDs() []string { return slices.Clone(s.ids) }

// Open is the reverse of Seal.
func (s *Sealer) Open(sealed []byte, key string, about []byte) ([]byte, error) {
	aead, ok := s.keys[key]
	if !ok {
		return nil, fmt.Errorf("seal key %q is not configured", key)
	}
	plain, err := aead.Open(nil, nil, sealed, about)
	if err != nil {
		return nil, fmt.Errorf("opening what key %q sealed: %w", key, err)
	}
	return plain, nil
}
