package domain

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"time"

	"github.com/google/uuid"
)

// AttemptTTL is how long a browser may take between leaving for the ID service
// and coming back.
const AttemptTTL = 10 * time.Minute

// Attempt is a sign-in under way. It is found by the hash of its state, used
// once, and belongs to one browser and one tenant.
type Attempt struct {
	State     Hash
	Browser   Hash // of the secret in the browser's own cookie
	TenantID  uuid.UUID
	Next      string
	ExpiresAt time.Time
}

// NewAttempt begins a sign-in and returns the state parameter for the ID service.
func NewAttempt(tenant uuid.UUID, browser Secret, next string, now time.Time) (Attempt, Secret) {
	state := NewSecret()
	return Attempt{
		State: state.Hash(), Browser: browser.Hash(), TenantID: tenant,
		Next: SafeNext(next), ExpiresAt: now.Add(AttemptTTL),
	}, state
}

// Accept says whether the browser that came back may finish the attempt.
func (a Attempt) Accept(tenant uuid.UUID, browser Secret, now time.Time) error {
	hash := browser.Hash()
	switch {
	case browser == "",
		!hmac.Equal(a.Browser[:], hash[:]),
		a.TenantID != tenant,
		!now.Before(a.ExpiresAt):
		return ErrInvalidState
	}
	return nil
}

// Proofs are the values that tie the ID service's answer to this browser. They
// are derived from the browser's secret and the state, so nothing secret has to
// be stored, and two sign-ins in two tabs do not disturb each other.
type Proofs struct {
	Nonce    string // comes back inside the ID token
	Verifier string // PKCE: redeems the code
}

// ProofsFor derives the proofs of one attempt.
func ProofsFor(browser, state Secret) Proofs {
	derive := func(use string) string {
		m := hmac.New(sha256.New, []byte(browser))
		m.Write([]byte(use + "\n" + string(state)))
		return base64.RawURLEncoding.EncodeToString(m.Sum(nil))
	}
	return Proofs{Nonce: derive("oidc-nonce"), Verifier: derive("pkce-verifier")}
}
