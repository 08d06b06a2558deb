package app

import (
	"context"
	"errors"

	"github.com/google/uuid"

	"go.updspace.com/identity/domain"
	"go.updspace.com/identity/ports"
)

// proof is what a user has shown. take stores its use, in the transaction in which it counts.
type proof struct {
	take  func(ctx context.Context) error
	codes []string // recovery codes that replace the used one; filled by take
}

// secondStep demands a second factor of a user whose first one was right. It returns nil when the account needs none.
func (s *SignIn) secondStep(
	ctx context.Context, user domain.User, method domain.SessionMethod, in Credentials, guess []use, from domain.Origin,
) (*proof, error) {
	factors, err := s.Factors.Of(ctx, user.ID)
	if err != nil || !factors.SecondStep() {
		return nil, err
	}
	code := domain.CleanCode(in.Code)
	if code == "" && in.Passkey == nil {
		options, err := s.check(ctx, user, uuid.Nil, domain.CeremonySecond)
		if err != nil {
			return nil, err
		}
		details := map[string]any{"ways": factors.Ways()}
		if options != nil {
			details["request_options"] = Options(options)
		}
		return nil, domain.ErrMFARequired.WithDetails(details)
	}
	// The attempt counts before it is looked at, so that a burst gets no further than a queue.
	limit := factorLimit(user.ID, guess)
	if err := Limited(s.Limiter.Take(ctx, limit.rule, limit.key, 1), domain.ErrLoginRateLimited); err != nil {
		return nil, err
	}
	shown, err := s.show(ctx, user, uuid.Nil, domain.CeremonySecond, code, in.Passkey, from.IP)
	if err != nil {
		return nil, s.notShown(ctx, user, method, err, from)
	}
	take := shown.take
	shown.take = func(ctx context.Context) error {
		if err := take(ctx); err != nil {
			return err
		}
		s.Limiter.Reset(ctx, limit.rule, limit.key)
		return nil
	}
	return shown, nil
}

// factorLimit is what wrong codes count against: a browser that has signed the account in before has a limit of its own, so that
// strangers who know the password do not keep the owner out.
func factorLimit(user uuid.UUID, guess []use) use {
	if guess[0].rule == limitKnownBrowser {
		return use{limitKnownFactor, guess[0].key}
	}
	return use{limitFactor, user.String()}
}

// notShown is one answer for all that is wrong with a second factor, but for what its owner must know. It counts against the address.
func (s *SignIn) notShown(ctx context.Context, user domain.User, method domain.SessionMethod, err error, from domain.Origin) error {
	wrong := errors.Is(err, domain.ErrTOTPCode) || errors.Is(err, domain.ErrPasskeyNotVerified)
	if !wrong && !isCloned(err) {
		return err
	}
	s.Limiter.Take(ctx, limitAddress, from.IP, 1)
	if failed := s.refused(ctx, user, method, from, err); failed != nil {
		return failed
	}
	if wrong {
		return domain.ErrInvalidCredentials.WithMessage("The code is wrong, or was used already.").Wrap(err)
	}
	return err
}

// show verifies a code of an authenticator app, a recovery code or the answer of a passkey.
func (d *Deps) show(
	ctx context.Context, user domain.User, session uuid.UUID, purpose domain.CeremonyPurpose, code string, passkey []byte, ip string,
) (*proof, error) {
	now := d.Clock.Now()
	switch {
	case passkey != nil:
		shown, err := d.checked(ctx, user, session, purpose, passkey, ip)
		if err != nil {
			return nil, err
		}
		shown.LastUsedAt = &now
		return &proof{take: func(ctx context.Context) error { return d.Passkeys.Used(ctx, shown) }}, nil
	case domain.IsTOTPCode(code):
		totp, err := d.Factors.TOTP(ctx, user.ID)
		if err != nil {
			return nil, wrongCode(err)
		}
		step, ok := totp.Match(code, now)
		if !ok {
			return nil, domain.ErrTOTPCode
		}
		return &proof{take: func(ctx context.Context) error { return d.Factors.TakeStep(ctx, user.ID, step, now) }}, nil
	}
	p := &proof{}
	p.take = func(ctx context.Context) error { return d.takeCode(ctx, user.ID, code, ip, p) }
	return p, nil
}

// takeCode uses up a recovery code and replaces all others.
func (d *Deps) takeCode(ctx context.Context, user uuid.UUID, code, ip string, p *proof) (err error) {
	if err := d.Factors.TakeCode(ctx, user, domain.RecoveryHash(user, code)); err != nil {
		return err
	}
	if err := d.tellFactor(ctx, user, ip, ports.FactorChange{Factor: ports.FactorRecoveryCodes, Change: ports.FactorUsed}); err != nil {
		return err
	}
	p.codes, err = d.newCodes(ctx, user, ip)
	return err
}

// wrongCode is what an account without an app answers to a code of one.
func wrongCode(err error) error {
	if errors.Is(err, domain.ErrTOTPUnknown) {
		return domain.ErrTOTPCode
	}
	return err
}

func isCloned(err error) bool { return errors.Is(err, domain.ErrPasskeyCloned) }

// Options are options of WebAuthn as both kinds of scripts read them: at the top level, and below publicKey.
func Options(options map[string]any) map[string]any {
	out := map[string]any{"publicKey": options}
	for name, value := range options {
		out[name] = value
	}
	return out
}
