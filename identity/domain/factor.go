package domain

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha1" //nolint:gosec // RFC 6238 as authenticator apps implement it: HMAC-SHA-1
	"crypto/sha256"
	"crypto/subtle"
	"encoding/binary"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"
)

// Factors are what a user can show besides a password.
type Factors struct {
	TOTP          bool
	Passkeys      int
	RecoveryCodes int // that are left
}

// Any reports whether there is a second factor.
func (f Factors) Any() bool { return f.TOTP || f.Passkeys > 0 }

// SecondStep reports whether a password alone does not sign in. A passkey asks for that only once there are recovery codes: before,
// a user who loses it would be locked out.
func (f Factors) SecondStep() bool { return f.TOTP || f.Passkeys > 0 && f.RecoveryCodes > 0 }

// Ways are the names of what the second step takes.
func (f Factors) Ways() []string {
	ways := []string{}
	if f.TOTP {
		ways = append(ways, "totp")
	}
	if f.Passkeys > 0 {
		ways = append(ways, "passkey")
	}
	if f.RecoveryCodes > 0 {
		ways = append(ways, "recovery_code")
	}
	return ways
}

// ReauthenticationWindow is how long after a proof of identity a session may change how its user signs in.
const ReauthenticationWindow = 5 * time.Minute

const (
	totpPeriod = 30 // seconds
	totpDigits = 6
	totpDrift  = 1 // steps that the clock of a phone may be wrong by
	totpSeed   = 20
)

// TOTP is an authenticator app of a user (RFC 6238).
type TOTP struct {
	UserID     uuid.UUID
	Seed       []byte
	LastStep   int64
	CreatedAt  time.Time
	LastUsedAt *time.Time
}

// NewTOTPSeed draws the secret that an app is given.
func NewTOTPSeed() []byte {
	seed := make([]byte, totpSeed)
	_, _ = rand.Read(seed) // never fails, says its documentation
	return seed
}

// TOTPStep is the step of a moment.
func TOTPStep(at time.Time) int64 { return at.Unix() / totpPeriod }

// TOTPCode is the code of a step.
func TOTPCode(seed []byte, step int64) string {
	mac := hmac.New(sha1.New, seed)
	_ = binary.Write(mac, binary.BigEndian, step)
	sum := mac.Sum(nil)
	offset := sum[len(sum)-1] & 0xf
	value := binary.BigEndian.Uint32(sum[offset:]) & 0x7fffffff
	return fmt.Sprintf("%0*d", totpDigits, value%1_000_000)
}

// Match returns the step whose code was given, if it is after the last one that was taken.
func (t TOTP) Match(code string, now time.Time) (step int64, ok bool) {
	current := TOTPStep(now)
	for s := current - totpDrift; s <= current+totpDrift; s++ {
		if subtle.ConstantTimeCompare([]byte(TOTPCode(t.Seed, s)), []byte(code)) == 1 && s > t.LastStep {
			step, ok = s, true
		}
	}
	return step, ok
}

// IsTOTPCode reports whether a code has the form of an app's; else it is a recovery code.
func IsTOTPCode(code string) bool {
	return len(code) == totpDigits && strings.Trim(code, "0123456789") == ""
}

// CleanCode drops what people put between the characters of a code.
func CleanCode(code string) string {
	return strings.NewReplacer(" ", "", "-", "", "\u00a0", "").Replace(strings.TrimSpace(code))
}

// RecoveryCodes is how many a user is given.
const RecoveryCodes = 10

// recoveryLetters has no letter that is taken for a digit.
const recoveryLetters = "0123456789abcdefghjkmnpqrstvwxyz"

// NewRecoveryCodes draws a set of codes of 60 bits each, in the form in which they are shown.
func NewRecoveryCodes() []string {
	codes := make([]string, RecoveryCodes)
	for i := range codes {
		var b [12]byte
		_, _ = rand.Read(b[:]) // never fails, says its documentation
		for j := range b {
			b[j] = recoveryLetters[b[j]%32]
		}
		codes[i] = fmt.Sprintf("%s-%s-%s", b[:4], b[4:8], b[8:])
	}
	return codes
}

// RecoveryHash is what is stored of a code, however it was typed.
func RecoveryHash(user uuid.UUID, code string) Hash {
	code = strings.NewReplacer("o", "0", "i", "1", "l", "1").Replace(strings.ToLower(CleanCode(code)))
	return sha256.Sum256([]byte("recovery code/" + user.String() + "/" + code))
}

// CeremonyPurpose is what a ceremony is for. The end of one is not taken for another.
type CeremonyPurpose string

// The ceremonies.
const (
	CeremonyTOTP    CeremonyPurpose = "totp"            // an app is set up
	CeremonyAdd     CeremonyPurpose = "passkey-add"     // a passkey is registered
	CeremonySignIn  CeremonyPurpose = "passkey-sign-in" // a passkey signs in
	CeremonySecond  CeremonyPurpose = "passkey-second"  // a passkey after a password
	CeremonyConfirm CeremonyPurpose = "passkey-confirm" // a passkey confirms who is there

	CeremonyExternal CeremonyPurpose = "external-sign-in" // an account at another service is proven, the second step is to follow
)

const ceremonyLifetime = 10 * time.Minute

// Ceremony is what must be known at its end. It ends once.
type Ceremony struct {
	Key       Hash
	Purpose   CeremonyPurpose
	UserID    *uuid.UUID
	SessionID *uuid.UUID
	State     []byte
	ExpiresAt time.Time
}

// NewCeremony begins a ceremony of a user, who may not be known yet.
func NewCeremony(key Hash, purpose CeremonyPurpose, state []byte, now time.Time) Ceremony {
	return Ceremony{Key: key, Purpose: purpose, State: state, ExpiresAt: now.Add(ceremonyLifetime)}
}

// Of ties the ceremony to a user, and to a session unless there is none yet.
func (c Ceremony) Of(user, session uuid.UUID) Ceremony {
	c.UserID = &user
	if session != uuid.Nil {
		c.SessionID = &session
	}
	return c
}

// Belongs reports whether a ceremony may end for a user in a session.
func (c Ceremony) Belongs(user, session uuid.UUID) bool {
	return c.UserID != nil && *c.UserID == user && (c.SessionID == nil && session == uuid.Nil || c.SessionID != nil && *c.SessionID == session)
}

// TOTPKey is the key of the set-up of an app, of which a session has one.
func TOTPKey(session uuid.UUID) Hash { return sha256.Sum256([]byte("totp/" + session.String())) }

// PendingKey is the key of a sign-in that waits for its second step in the browser with a secret.
func PendingKey(browser Secret) Hash {
	return sha256.Sum256([]byte("external-sign-in/" + string(browser)))
}

// CeremonyKey is the key of a ceremony of WebAuthn.
func CeremonyKey(challenge string) Hash { return sha256.Sum256([]byte("webauthn/" + challenge)) }
