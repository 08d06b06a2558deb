// Package webpush encrypts messages to browsers (RFC 8291, RFC 8188) and signs the requests that carry them (VAPID, RFC 8292).
package webpush

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/ecdh"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"time"
)

const (
	recordSize = 4096 // RFC 8291 section 4: the body is one record of at most this many octets
	saltSize   = 16
	authSize   = 16
	keySize    = 65 // an uncompressed point of P-256
	overhead   = saltSize + 4 + 1 + keySize + 1 + 16

	// MaxMessage is how many octets a message has at most.
	MaxMessage = recordSize - overhead

	tokenLife = 12 * time.Hour // RFC 8292 section 2: at most 24 hours
)

var base64url = base64.RawURLEncoding.Strict()

// Subscription is where a browser takes messages, as its PushSubscription says.
type Subscription struct {
	Endpoint string
	Key      []byte // p256dh: an uncompressed point of P-256
	Auth     []byte // 16 octets
}

// Check refuses a subscription to which nothing can be encrypted.
func (s Subscription) Check() error {
	if len(s.Auth) != authSize {
		return errors.New("webpush: auth must have 16 octets")
	}
	if _, err := ecdh.P256().NewPublicKey(s.Key); err != nil {
		return fmt.Errorf("webpush: p256dh: %w", err)
	}
	return nil
}

// Encrypt returns the body of the request that carries a message to the browser.
func Encrypt(s Subscription, message []byte) ([]byte, error) {
	sender, err := ecdh.P256().GenerateKey(rand.Reader)
	if err != nil {
		return nil, err
	}
	salt := make([]byte, saltSize)
	if _, err := rand.Read(salt); err != nil {
		return nil, err
	}
	return encrypt(s, message, sender, salt)
}

// encrypt is RFC 8291 section 3.4 with a given key of the sender and a given salt.
func encrypt(s Subscription, message []byte, sender *ecdh.PrivateKey, salt []byte) ([]byte, error) {
	if err := s.Check(); err != nil {
		return nil, err
	}
	if len(message) > MaxMessage {
		return nil, fmt.Errorf("webpush: a message has at most %d octets", MaxMessage)
	}
	browser, err := ecdh.P256().NewPublicKey(s.Key)
	if err != nil {
		return nil, err
	}
	secret, err := sender.ECDH(browser)
	if err != nil {
		return nil, err
	}
	info := "WebPush: info\x00" + string(s.Key) + string(sender.PublicKey().Bytes())
	ikm, err := hkdf.Key(sha256.New, secret, s.Auth, info, 32)
	if err != nil {
		return nil, err
	}
	key, err := hkdf.Key(sha256.New, ikm, salt, "Content-Encoding: aes128gcm\x00", 16)
	if err != nil {
		return nil, err
	}
	nonce, err := hkdf.Key(sha256.New, ikm, salt, "Content-Encoding: nonce\x00", 12)
	if err != nil {
		return nil, err
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	gcm, err := cipher.NewGCM(block)
	if err != nil {
		return nil, err
	}
	var body bytes.Buffer
	body.Write(salt)
	body.Write(binary.BigEndian.AppendUint32(nil, recordSize))
	body.WriteByte(keySize)
	body.Write(sender.PublicKey().Bytes())
	padded := append(bytes.Clone(message), 2) // the last record
	return gcm.Seal(body.Bytes(), nonce, padded, nil), nil
}

// Key signs requests. Its public half is the applicationServerKey of subscriptions.
type Key struct{ private *ecdsa.PrivateKey }

// NewKey makes a key.
func NewKey() (Key, error) {
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	return Key{private}, err
}

// ParseKey reads what Bytes wrote.
func ParseKey(raw []byte) (Key, error) {
	private, err := ecdsa.ParseRawPrivateKey(elliptic.P256(), raw)
	if err != nil {
		return Key{}, fmt.Errorf("webpush: %w", err)
	}
	return Key{private}, nil
}

// Bytes returns the private key.
func (k Key) Bytes() ([]byte, error) { return k.private.Bytes() }

// Public returns the public key, as an uncompressed point in base64url.
func (k Key) Public() (string, error) {
	raw, err := k.private.PublicKey.Bytes()
	return base64url.EncodeToString(raw), err
}

// Request returns the request that carries a message to a browser. contact is the mailto: or https: address of the sender; ttl is how long the push
// service keeps the message. A later message with the same topic (at most 32 characters of base64url) replaces one that waits.
func (k Key) Request(s Subscription, message []byte, contact, topic string, ttl time.Duration, now time.Time) (*http.Request, error) {
	body, err := Encrypt(s, message)
	if err != nil {
		return nil, err
	}
	token, err := k.token(s.Endpoint, contact, now)
	if err != nil {
		return nil, err
	}
	public, err := k.Public()
	if err != nil {
		return nil, err
	}
	r, err := http.NewRequest(http.MethodPost, s.Endpoint, bytes.NewReader(body)) //nolint:noctx // the caller sets the context
	if err != nil {
		return nil, err
	}
	r.Header.Set("Authorization", "vapid t="+token+", k="+public)
	r.Header.Set("Content-Encoding", "aes128gcm")
	r.Header.Set("Content-Type", "application/octet-stream")
	r.Header.Set("TTL", strconv.Itoa(int(ttl/time.Second)))
	if topic != "" {
		r.Header.Set("Topic", topic)
	}
	return r, nil
}

// token is the JWT of RFC 8292 section 2 for the origin of an endpoint.
func (k Key) token(endpoint, contact string, now time.Time) (string, error) {
	u, err := url.Parse(endpoint)
	if err != nil {
		return "", errors.New("webpush: the endpoint is no URL")
	}
	claims, err := json.Marshal(map[string]any{"aud": u.Scheme + "://" + u.Host, "exp": now.Add(tokenLife).Unix(), "sub": contact})
	if err != nil {
		return "", err
	}
	signed := base64url.EncodeToString([]byte(`{"typ":"JWT","alg":"ES256"}`)) + "." + base64url.EncodeToString(claims)
	digest := sha256.Sum256([]byte(signed))
	r, s, err := ecdsa.Sign(rand.Reader, k.private, digest[:])
	if err != nil {
		return "", err
	}
	signature := make([]byte, 64) // RFC 7518 section 3.4
	r.FillBytes(signature[:32])
	s.FillBytes(signature[32:])
	return signed + "." + base64url.EncodeToString(signature), nil
}
