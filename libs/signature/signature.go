// Package signature signs and verifies webhooks in the form of Standard Webhooks 1.0.0 (https://www.standardwebhooks.com): an
// HMAC-SHA256 over id, time and body, so that neither can be changed, and a message can be refused when it is old or comes twice.
// It does no I/O.
package signature

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"strconv"
	"strings"
	"time"
)

// The headers of a message.
const (
	HeaderID        = "webhook-id"
	HeaderTimestamp = "webhook-timestamp"
	HeaderSignature = "webhook-signature"
)

// Tolerance is how far the time of a message may lie from that of its receiver.
const Tolerance = 5 * time.Minute

const (
	prefix  = "whsec_"
	version = "v1"
	size    = 32 // bytes; the standard allows 24 to 64
	maxID   = 128
	maxTags = 8 // signatures in a header that are looked at
)

// Secret is the key that both sides share. It prints as nothing, so that it reaches no log; Text is for the one who may see it.
type Secret struct{ key []byte }

// NewSecret draws a secret.
func NewSecret() Secret {
	key := make([]byte, size)
	_, _ = rand.Read(key) // never fails, says its documentation
	return Secret{key}
}

// ParseSecret reads the text of a secret.
func ParseSecret(text string) (Secret, error) {
	key, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(text, prefix))
	if err != nil || len(key) < 24 || len(key) > 64 {
		return Secret{}, errors.New("signature: a secret is whsec_ and 24 to 64 bytes in base64")
	}
	return Secret{key}, nil
}

// Text is the secret as the other side is given it.
func (s Secret) Text() string { return prefix + base64.StdEncoding.EncodeToString(s.key) }

// Hex is the key in hexadecimal, for command lines: openssl takes a key so.
func (s Secret) Hex() string { return hex.EncodeToString(s.key) }

// Zero tells whether there is no secret.
func (s Secret) Zero() bool { return len(s.key) == 0 }

func (Secret) String() string   { return "[secret]" }
func (Secret) GoString() string { return "[secret]" }

func (s Secret) tag(id, timestamp string, body []byte) []byte {
	mac := hmac.New(sha256.New, s.key)
	mac.Write([]byte(id + "." + timestamp + "."))
	mac.Write(body)
	return mac.Sum(nil)
}

// Pair is the secret of an endpoint or a source, and the one before it, which is still good for a time after a rotation.
type Pair struct {
	Current, Previous Secret
	PreviousUntil     time.Time
}

// Rotate draws a new secret. The one that was current stays good until then.
func (p Pair) Rotate(until time.Time) Pair {
	return Pair{Current: NewSecret(), Previous: p.Current, PreviousUntil: until}
}

// At returns the secrets that are good, the current one first.
func (p Pair) At(now time.Time) []Secret {
	if p.Previous.Zero() || !now.Before(p.PreviousUntil) {
		return []Secret{p.Current}
	}
	return []Secret{p.Current, p.Previous}
}

// Timestamp is a time as messages carry it: seconds since 1970.
func Timestamp(at time.Time) string { return strconv.FormatInt(at.Unix(), 10) }

// Sign returns the header of a message: a signature for each secret, so that a receiver may hold either.
func Sign(secrets []Secret, id string, at time.Time, body []byte) string {
	tags := make([]string, len(secrets))
	for i, secret := range secrets {
		tags[i] = version + "," + base64.StdEncoding.EncodeToString(secret.tag(id, Timestamp(at), body))
	}
	return strings.Join(tags, " ")
}

// Message is what came in.
type Message struct {
	ID, Timestamp, Signature string // the headers
	Body                     []byte
}

// Why a message is refused.
var (
	ErrMissing = errors.New("signature: a header is missing or cannot be read")
	ErrStale   = errors.New("signature: the time of the message is too far from now")
	ErrWrong   = errors.New("signature: no signature of the message is right")
)

// Verify checks the time and the signature of a message. That it has not come before, by its ID, is for the caller to know.
func Verify(secrets []Secret, m Message, now time.Time) error {
	if m.ID == "" || len(m.ID) > maxID || strings.ContainsFunc(m.ID, func(r rune) bool { return r <= ' ' || r > '~' }) {
		return ErrMissing
	}
	seconds, err := strconv.ParseInt(m.Timestamp, 10, 64)
	if err != nil || m.Signature == "" {
		return ErrMissing
	}
	if away := now.Unix() - seconds; away > int64(Tolerance.Seconds()) || away < -int64(Tolerance.Seconds()) {
		return ErrStale
	}
	for i, text := range strings.Fields(m.Signature) {
		encoded, ours := strings.CutPrefix(text, version+",")
		if i == maxTags {
			break
		}
		tag, err := base64.StdEncoding.DecodeString(encoded)
		if !ours || err != nil {
			continue
		}
		for _, secret := range secrets {
			if !secret.Zero() && hmac.Equal(tag, secret.tag(m.ID, m.Timestamp, m.Body)) {
				return nil
			}
		}
	}
	return ErrWrong
}
