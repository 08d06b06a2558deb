package app

import (
	"context"
	"errors"

	"go.updspace.com/identity/domain"
	"go.updspace.com/libs/audit"
)

// StepUp lets users confirm that it is them who use their session.
type StepUp struct{ *Deps }

// Evidence is what a user confirms with; one of the three.
type Evidence struct {
	Password string
	Code     string // of an authenticator app
	Passkey  []byte
}

// Begin returns the names of what the user may confirm with, and the options for a passkey, if there is one.
func (s *StepUp) Begin(ctx context.Context, who Current) (ways []string, options map[string]any, err error) {
	factors, err := s.Factors.Of(ctx, who.User.ID)
	if err != nil {
		return nil, nil, err
	}
	if who.User.PasswordHash != "" && !factors.SecondStep() {
		ways = append(ways, "password")
	}
	if factors.TOTP {
		ways = append(ways, "totp")
	}
	options, err = s.check(ctx, who.User, who.Session.ID, domain.CeremonyConfirm)
	if options != nil {
		ways = append(ways, "passkey")
	}
	return ways, options, err
}

// Confirm keeps in the session that its user has just proven who they are. Where a password alone does not sign in, it does not confirm.
func (s *StepUp) Confirm(ctx context.Context, who Current, e Evidence, from domain.Origin) error {
	err := notConfirmed(s.confirm(ctx, who, e, from))
	if !errors.Is(err, domain.ErrNotConfirmed) {
		return err
	}
	if failed := s.Recorder.add(ctx, audit.Entry{
		Actor: by(who.User.ID), Action: domain.ActionReauthenticationFailed, TargetType: "session", TargetID: who.Session.ID.String(), IP: from.IP,
	}); failed != nil {
		return failed
	}
	return err
}

func (s *StepUp) confirm(ctx context.Context, who Current, e Evidence, from domain.Origin) error {
	factors, err := s.Factors.Of(ctx, who.User.ID)
	if err != nil {
		return err
	}
	if e.Passkey == nil && e.Code == "" && factors.SecondStep() {
		return domain.ErrMFARequired.WithDetails(map[string]any{"ways": factors.Ways()})
	}
	limits := func(ctx context.Context) error {
		return Limited(s.Limiter.Take(ctx, limitConfirm, who.User.ID.String(), 1), domain.ErrRateLimited)
	}
	session := who.Session
	session.AuthTime, session.Strong = s.Clock.Now(), session.Strong || e.Passkey != nil || e.Code != ""
	if session.Method == domain.MethodExternal {
		session.Method = domain.MethodPassword
	}
	take := func(context.Context) error { return nil }
	if e.Passkey != nil || e.Code != "" {
		if err := limits(ctx); err != nil {
			return err
		}
		code := domain.CleanCode(e.Code)
		if e.Passkey == nil && !domain.IsTOTPCode(code) {
			return domain.ErrNotConfirmed
		}
		shown, err := s.show(ctx, who.User, who.Session.ID, domain.CeremonyConfirm, code, e.Passkey, from.IP)
		if err != nil {
			return err
		}
		take = shown.take
	} else {
		ok, _, err := s.Passwords.Verify(ctx, e.Password, who.User.PasswordHash, limits)
		if err != nil {
			return err
		}
		if !ok {
			return domain.ErrNotConfirmed
		}
	}
	return s.Tx.Platform(ctx, func(ctx context.Context) error {
		if err := take(ctx); err != nil {
			return err
		}
		if err := s.Sessions.Confirm(ctx, session); err != nil {
			return err
		}
		s.Limiter.Reset(ctx, limitConfirm, who.User.ID.String())
		return s.Recorder.add(ctx, audit.Entry{
			Actor: by(who.User.ID), Action: domain.ActionReauthenticated, TargetType: "session", TargetID: session.ID.String(), IP: from.IP,
		})
	})
}

// notConfirmed is one answer for all wrong evidence.
func notConfirmed(err error) error {
	if errors.Is(err, domain.ErrTOTPCode) || errors.Is(err, domain.ErrPasskeyNotVerified) {
		return domain.ErrNotConfirmed
	}
	return err
}
