package domain

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
)

const (
	csrfSaltLen = 22 // 128 bits in base64url
	csrfLen     = csrfSaltLen + secretLen
)

// NewCSRFToken makes a token that only requests of the holder of owner can carry. The owner is the session token, or
// before sign-in the browser's secret; scripts can read neither, and no one else knows them, so they are the HMAC key
// and there is no further secret to keep or rotate.
func NewCSRFToken(owner Secret) string {
	var salt [16]byte
	_, _ = rand.Read(salt[:])
	text := base64.RawURLEncoding.EncodeToString(salt[:])
	return text + csrfMAC(owner, text)
}

// ValidCSRFToken reports whether token was made for owner.
func ValidCSRFToken(owner Secret, token string) bool {
	if owner == "" || len(token) != csrfLen {
		return false
	}
	salt, mac := token[:csrfSaltLen], token[csrfSaltLen:]
	return hmac.Equal([]byte(mac), []byte(csrfMAC(owner, salt)))
}

func csrfMAC(owner Secret, salt string) string {
	m := hmac.New(sha256.New, []byte(owner))
	m.Write([]byte("csrf\n" + salt))
	return base64.RawURLEncoding.EncodeToString(m.Sum(nil))
}
