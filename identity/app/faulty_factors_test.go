package app_test

import (
	"context"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/identity/domain"
	"go.updspace.com/identity/ports"
)

type (
	storedFactors    struct{ *stored }
	storedPasskeys   struct{ *stored }
	storedCeremonies struct{ *stored }
	verifier         struct{ *stored }
	drawer           struct{ *stored }
)

func (p storedSessions) Confirm(context.Context, domain.Session) error {
	return p.tell("store: session confirmed")
}

func (p storedFactors) Of(context.Context, uuid.UUID) (domain.Factors, error) {
	return p.factors, p.Next()
}

func (p storedFactors) TOTP(_ context.Context, user uuid.UUID) (domain.TOTP, error) {
	if !p.factors.TOTP {
		return domain.TOTP{}, p.or(domain.ErrTOTPUnknown)
	}
	return domain.TOTP{UserID: user, Seed: seed}, p.Next()
}

// or is a failure of the storage, else err.
func (s *stored) or(err error) error {
	if failed := s.Next(); failed != nil {
		return failed
	}
	return err
}

func (p storedFactors) AddTOTP(context.Context, domain.TOTP) error { return p.tell("store: app") }

func (p storedFactors) TakeStep(context.Context, uuid.UUID, int64, time.Time) error {
	return p.tell("store: step")
}

func (p storedFactors) DeleteTOTP(context.Context, uuid.UUID) error { return p.tell("delete: app") }

func (p storedFactors) ReplaceCodes(_ context.Context, _ uuid.UUID, codes []domain.Hash, _ time.Time) error {
	if len(codes) == 0 {
		return p.tell("delete: codes")
	}
	return p.tell("store: codes")
}

func (p storedFactors) TakeCode(context.Context, uuid.UUID, domain.Hash) error {
	return p.tell("delete: code")
}

func (p storedPasskeys) Handle(context.Context, uuid.UUID) ([]byte, error) {
	return []byte("handle"), p.Next()
}

func (p storedPasskeys) ByHandle(context.Context, []byte) (uuid.UUID, error) {
	return p.user.ID, p.Next()
}

func (p storedPasskeys) Of(context.Context, uuid.UUID) ([]domain.Passkey, error) {
	return p.passkeys, p.Next()
}

func (p storedPasskeys) Insert(context.Context, domain.Passkey) error {
	return p.tell("store: passkey")
}
func (p storedPasskeys) Rename(context.Context, domain.Passkey) error {
	return p.tell("rename: passkey")
}
func (p storedPasskeys) Delete(context.Context, domain.Passkey) error {
	return p.tell("delete: passkey")
}
func (p storedPasskeys) Used(context.Context, domain.Passkey) error { return p.tell("use: passkey") }

func (p storedCeremonies) Insert(context.Context, domain.Ceremony) error { return p.Next() }

func (p storedCeremonies) Find(ctx context.Context, key domain.Hash, purpose domain.CeremonyPurpose, now time.Time) (domain.Ceremony, bool, error) {
	return p.Take(ctx, key, purpose, now)
}

func (p storedCeremonies) Take(_ context.Context, key domain.Hash, purpose domain.CeremonyPurpose, now time.Time) (domain.Ceremony, bool, error) {
	c := domain.NewCeremony(key, purpose, seed, now)
	switch purpose {
	case domain.CeremonySignIn:
	case domain.CeremonySecond:
		c = c.Of(p.user.ID, uuid.Nil)
	case domain.CeremonyExternal:
		c = c.Of(p.user.ID, uuid.Nil)
		c.State = []byte(`{"Provider":"steam","Subject":"76561197960287930"}`)
	default:
		c = c.Of(p.user.ID, p.session.ID)
	}
	err := p.Next()
	return c, err == nil, err
}

func (p verifier) BeginRegistration(domain.PasskeyOwner, bool) (map[string]any, domain.Hash, []byte, error) {
	return map[string]any{}, domain.Hash{}, nil, p.Next()
}

func (p verifier) FinishRegistration(owner domain.PasskeyOwner, _, _ []byte) (domain.Passkey, error) {
	return domain.Passkey{UserID: owner.User.ID}, p.Next()
}

func (p verifier) BeginSignIn() (map[string]any, domain.Hash, []byte, error) {
	return map[string]any{}, domain.Hash{}, nil, p.Next()
}

func (p verifier) BeginCheck(domain.PasskeyOwner) (map[string]any, domain.Hash, []byte, error) {
	return map[string]any{}, domain.Hash{}, nil, p.Next()
}

func (p verifier) Key([]byte) (domain.Hash, error) { return domain.Hash{}, p.Next() }

func (p verifier) FinishSignIn(_, _ []byte, owner func([]byte) (domain.PasskeyOwner, error)) (domain.PasskeyOwner, domain.Passkey, error) {
	found, err := owner([]byte("handle"))
	if err != nil {
		return found, domain.Passkey{}, err
	}
	return found, domain.Passkey{UserID: found.User.ID}, p.verified()
}

func (p verifier) FinishCheck(domain.PasskeyOwner, []byte, []byte) (domain.Passkey, error) {
	return domain.Passkey{UserID: p.user.ID}, p.verified()
}

func (s *stored) verified() error {
	if s.cloned {
		return s.or(domain.ErrPasskeyCloned)
	}
	return s.Next()
}

func (p drawer) SVG(string) (string, error) { return "<svg/>", p.Next() }

func (p publisher) FactorChanged(_ context.Context, _ uuid.UUID, c ports.FactorChange, _ time.Time) error {
	return p.tell("event: " + c.Factor + " " + c.Change)
}

func (p publisher) PasskeyAdded(context.Context, domain.Passkey) error {
	return p.tell("event: passkey added")
}

func (p publisher) PasskeyRemoved(context.Context, domain.Passkey, time.Time) error {
	return p.tell("event: passkey removed")
}

// seed is that of the app of a test.
var seed = []byte("12345678901234567890")
