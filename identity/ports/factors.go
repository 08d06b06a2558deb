package ports

import (
	"context"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/identity/domain"
)

// Factors stores second factors, besides passkeys.
type Factors interface {
	// Of says what a user has.
	Of(ctx context.Context, user uuid.UUID) (domain.Factors, error)
	TOTP(ctx context.Context, user uuid.UUID) (domain.TOTP, error) // else ErrTOTPUnknown
	AddTOTP(ctx context.Context, t domain.TOTP) error              // else ErrTOTPEnabled
	// TakeStep stores the step of a code that was taken; ErrTOTPCode when one of that step or a later one was taken before.
	TakeStep(ctx context.Context, user uuid.UUID, step int64, at time.Time) error
	DeleteTOTP(ctx context.Context, user uuid.UUID) error // else ErrTOTPUnknown
	// ReplaceCodes replaces the recovery codes of a user; without any there are none.
	ReplaceCodes(ctx context.Context, user uuid.UUID, codes []domain.Hash, at time.Time) error
	// TakeCode uses up a recovery code; ErrTOTPCode when it is not there.
	TakeCode(ctx context.Context, user uuid.UUID, code domain.Hash) error
}

// What happens to factors.
const (
	FactorTOTP          = "totp"
	FactorRecoveryCodes = "recovery_codes"
	FactorAdded         = "added"
	FactorRemoved       = "removed"
	FactorUsed          = "used"
)

// FactorChange is what happened to a factor.
type FactorChange struct{ Factor, Change string }

// Passkeys stores passkeys.
type Passkeys interface {
	// Handle returns what authenticators know a user by, and draws it at the first call.
	Handle(ctx context.Context, user uuid.UUID) ([]byte, error)
	// ByHandle finds the user of a handle; else ErrPasskeyNotVerified.
	ByHandle(ctx context.Context, handle []byte) (uuid.UUID, error)
	// Of lists a user's, the oldest first.
	Of(ctx context.Context, user uuid.UUID) ([]domain.Passkey, error)
	Insert(ctx context.Context, p domain.Passkey) error // else ErrPasskeyKnown
	Rename(ctx context.Context, p domain.Passkey) error // else ErrPasskeyUnknown
	Delete(ctx context.Context, p domain.Passkey) error // else ErrPasskeyUnknown
	// Used stores record, counter and time of a use; ErrPasskeyCloned when the counter has not grown.
	Used(ctx context.Context, p domain.Passkey) error
}

// Ceremonies stores what must be known at the end of ceremonies.
type Ceremonies interface {
	// Insert stores a ceremony, in the place of one with its key. Of one user only the newest few are kept.
	Insert(ctx context.Context, c domain.Ceremony) error
	// Find returns a ceremony that has not expired; ok is false when there is none.
	Find(ctx context.Context, key domain.Hash, purpose domain.CeremonyPurpose, now time.Time) (c domain.Ceremony, ok bool, err error)
	// Take is Find that removes it: of several attempts one succeeds.
	Take(ctx context.Context, key domain.Hash, purpose domain.CeremonyPurpose, now time.Time) (c domain.Ceremony, ok bool, err error)
}

// PasskeyVerifier speaks WebAuthn. What it cannot read or verify is ErrPasskeyNotVerified.
type PasskeyVerifier interface {
	// BeginRegistration returns the options of a browser for a new passkey, the key of the ceremony and its state. alone demands a
	// passkey that signs in without a password.
	BeginRegistration(owner domain.PasskeyOwner, alone bool) (options map[string]any, key domain.Hash, state []byte, err error)
	// FinishRegistration verifies a new passkey. It has no id, no name and no time yet.
	FinishRegistration(owner domain.PasskeyOwner, state, answer []byte) (domain.Passkey, error)
	// BeginSignIn is for a user who is not known yet.
	BeginSignIn() (options map[string]any, key domain.Hash, state []byte, err error)
	// BeginCheck is for a user who is known.
	BeginCheck(owner domain.PasskeyOwner) (options map[string]any, key domain.Hash, state []byte, err error)
	// Key is the key of the ceremony that an answer belongs to.
	Key(answer []byte) (domain.Hash, error)
	// FinishSignIn verifies the answer of a passkey of a user whom owner finds by a handle.
	FinishSignIn(state, answer []byte, owner func(handle []byte) (domain.PasskeyOwner, error)) (domain.PasskeyOwner, domain.Passkey, error)
	// FinishCheck verifies the answer of a passkey. ErrPasskeyCloned with the passkey when its counter has not grown, as for FinishSignIn.
	FinishCheck(owner domain.PasskeyOwner, state, answer []byte) (domain.Passkey, error)
}

// Codes draws pictures that cameras read.
type Codes interface {
	// SVG draws a text as a QR code.
	SVG(text string) (string, error)
}
