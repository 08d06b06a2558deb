package domain

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"time"

	"github.com/google/uuid"
)

// AttemptTTL is how long a browser may take between leaving for the ID service and coming back.
const AttemptTTL = 10 * time.Minute

// Attempt is a sign-in under way. It is found by the hashes of its state and of the browser's secret, is used once,
// and belongs to one tenant.
type Attempt struct {
	State     Hash
	Browser   Hash // of the secret in the browser's own cookie
	TenantID  uuid.UUID
	Next      string
	ExpiresAt time.Time
	Used      bool // the browser has come back with it before
}

// NewAttempt begins a sign-in and returns the state parameter for the ID service.
func NewAttempt(tenant uuid.UUID, browser Secret, next string, now time.Time) (Attempt, Secret) {
	state := NewSecret()
	return Attempt{
		State: state.Hash(), Browser: browser.Hash(), TenantID: tenant,
		Next: SafeNext(next), ExpiresAt: now.Add(AttemptTTL),
	}, state
}

// Check refuses an attempt that was used, has expired or belongs to another tenant.
func (a Attempt) Check(tenant uuid.UUID, now time.Time) error {
	if a.Used || a.TenantID != tenant || !now.Before(a.ExpiresAt) {
		return ErrInvalidState
	}
	return nil
}

// Proofs are the values that tie the ID service's answer to this browser. They are derived from the browser's secret
// and the state, so nothing secret has to be stored, and two sign-ins in two tabs do not disturb each other.
type Proofs struct {
	Nonce    string // comes back inside the ID token
	Verifier string // PKCE: redeems the code
}

// ProofsFor derives the proofs of one attempt.
func ProofsFor(browser, state Secret) Proofs {
	return Proofs{Nonce: derive(browser, "oidc-nonce", state), Verifier: derive(browser, "pkce-verifier", state)}
}

func derive(browser Secret, use string, state Secret) string {
	m := hmac.New(sha256.New, []byte(browser))
	m.Write([]byte(use + "\n" + string(state)))
	return base64.RawURLEncoding.EncodeToString(m.Sum(nil))
}

// LinkPreview is the user whom a link in a mail signs in.
type LinkPreview struct {
	UserID      uuid.UUID
	Name, Email string // Name may be empty
}

// LinkBrowser is what the ID service knows a browser by that asks for a link in a mail. The cookie cannot be found from it.
func LinkBrowser(browser Secret) string { return derive(browser, "magic-link", "") }
