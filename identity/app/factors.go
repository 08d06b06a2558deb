package app

import (
	"context"
	"encoding/base32"
	"errors"
	"net/url"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/identity/domain"
	"go.updspace.com/identity/ports"
	"go.updspace.com/libs/audit"
)

// Factors is what users do with their authenticator app and their recovery codes.
type Factors struct{ *Deps }

// Status says how a user signs in.
type Status struct {
	domain.Factors
	Password bool
	// ConfirmedUntil is until when the session may change it.
	ConfirmedUntil time.Time
}

// Of says what a user can show besides a password.
func (f *Factors) Of(ctx context.Context, user uuid.UUID) (domain.Factors, error) {
	return f.Factors.Of(ctx, user)
}

// Status says how the user of a session signs in.
func (f *Factors) Status(ctx context.Context, who Current) (Status, error) {
	factors, err := f.Factors.Of(ctx, who.User.ID)
	return Status{Factors: factors, Password: who.User.PasswordHash != "", ConfirmedUntil: who.Session.ConfirmedUntil()}, err
}

// SignInWay is a way to sign in, as a list of them shows it.
type SignInWay struct {
	ID, Kind, Name string
	CreatedAt      time.Time
	LastUsedAt     *time.Time
}

// Ways lists the authenticator app and the passkeys of a user.
func (f *Factors) Ways(ctx context.Context, user uuid.UUID) (factors domain.Factors, ways []SignInWay, err error) {
	if factors, err = f.Factors.Of(ctx, user); err != nil {
		return factors, nil, err
	}
	totp, err := f.Factors.TOTP(ctx, user)
	switch {
	case err == nil:
		ways = append(ways, SignInWay{ID: ports.FactorTOTP, Kind: ports.FactorTOTP, CreatedAt: totp.CreatedAt, LastUsedAt: totp.LastUsedAt})
	case !errors.Is(err, domain.ErrTOTPUnknown):
		return factors, nil, err
	}
	passkeys, err := f.Passkeys.Of(ctx, user)
	for _, p := range passkeys {
		ways = append(ways, SignInWay{ID: p.ID.String(), Kind: "webauthn", Name: p.Name, CreatedAt: p.CreatedAt, LastUsedAt: p.LastUsedAt})
	}
	return factors, ways, err
}

// TOTPSetup is what an authenticator app is given.
type TOTPSetup struct{ Secret, URL, SVG string }

// totpIssuer is what apps show beside a code.
const totpIssuer = "UpdSpace ID"

// BeginTOTP draws the secret of an authenticator app. It counts only after [Factors.ConfirmTOTP], in the same session.
func (f *Factors) BeginTOTP(ctx context.Context, who Current) (TOTPSetup, error) {
	switch {
	case !who.User.EmailVerified:
		return TOTPSetup{}, domain.ErrEmailUnverified
	case who.User.PasswordHash == "":
		return TOTPSetup{}, domain.ErrPasswordRequired
	}
	if err := f.confirmed(who); err != nil {
		return TOTPSetup{}, err
	}
	factors, err := f.Factors.Of(ctx, who.User.ID)
	if err != nil {
		return TOTPSetup{}, err
	}
	if factors.TOTP {
		return TOTPSetup{}, domain.ErrTOTPEnabled
	}
	seed := domain.NewTOTPSeed()
	setup := TOTPSetup{Secret: base32.StdEncoding.EncodeToString(seed)}
	address := url.URL{Scheme: "otpauth", Host: "totp", Path: "/" + totpIssuer + ":" + who.User.Email, RawQuery: url.Values{
		"secret": {setup.Secret}, "issuer": {totpIssuer}, "algorithm": {"SHA1"}, "digits": {"6"}, "period": {"30"},
	}.Encode()}
	setup.URL = address.String()
	if setup.SVG, err = f.Codes.SVG(setup.URL); err != nil {
		return TOTPSetup{}, err
	}
	c := domain.NewCeremony(domain.TOTPKey(who.Session.ID), domain.CeremonyTOTP, seed, f.Clock.Now()).Of(who.User.ID, who.Session.ID)
	return setup, f.Tx.Platform(ctx, func(ctx context.Context) error { return f.Ceremonies.Insert(ctx, c) })
}

// ConfirmTOTP enables the app whose first code is given. It returns recovery codes if there were none; they are shown this once.
func (f *Factors) ConfirmTOTP(ctx context.Context, who Current, code, ip string) (codes []string, err error) {
	if err := f.confirmed(who); err != nil {
		return nil, err
	}
	now, key := f.Clock.Now(), domain.TOTPKey(who.Session.ID)
	setup, found, err := f.Ceremonies.Find(ctx, key, domain.CeremonyTOTP, now)
	if err != nil {
		return nil, err
	}
	if !found || !setup.Belongs(who.User.ID, who.Session.ID) {
		return nil, domain.ErrTOTPSetup
	}
	if err := Limited(f.Limiter.Take(ctx, limitSetup, who.User.ID.String(), 1), domain.ErrRateLimited); err != nil {
		return nil, err
	}
	totp := domain.TOTP{UserID: who.User.ID, Seed: setup.State, CreatedAt: now, LastUsedAt: &now}
	step, ok := totp.Match(domain.CleanCode(code), now)
	if !ok {
		return nil, domain.ErrTOTPCode
	}
	totp.LastStep = step
	err = f.Tx.Platform(ctx, func(ctx context.Context) error {
		if _, err := f.Users.Lock(ctx, who.User.ID); err != nil {
			return err
		}
		if _, found, err := f.Ceremonies.Take(ctx, key, domain.CeremonyTOTP, now); err != nil || !found {
			return errors.Join(err, unless(found, domain.ErrTOTPSetup))
		}
		if err := f.Factors.AddTOTP(ctx, totp); err != nil {
			return err
		}
		factors, err := f.Factors.Of(ctx, who.User.ID)
		if err != nil {
			return err
		}
		if factors.RecoveryCodes == 0 {
			if codes, err = f.newCodes(ctx, who.User.ID, ip); err != nil {
				return err
			}
		}
		return f.tellFactor(ctx, who.User.ID, ip, ports.FactorChange{Factor: ports.FactorTOTP, Change: ports.FactorAdded})
	})
	return codes, err
}

// DisableTOTP removes the authenticator app.
func (f *Factors) DisableTOTP(ctx context.Context, who Current, ip string) error {
	if err := f.confirmed(who); err != nil {
		return err
	}
	return f.Tx.Platform(ctx, func(ctx context.Context) error {
		if _, err := f.Users.Lock(ctx, who.User.ID); err != nil {
			return err
		}
		if err := f.Factors.DeleteTOTP(ctx, who.User.ID); err != nil {
			return err
		}
		if err := f.dropCodes(ctx, who.User.ID); err != nil {
			return err
		}
		return f.tellFactor(ctx, who.User.ID, ip, ports.FactorChange{Factor: ports.FactorTOTP, Change: ports.FactorRemoved})
	})
}

// RegenerateCodes replaces the recovery codes.
func (f *Factors) RegenerateCodes(ctx context.Context, who Current, ip string) (codes []string, err error) {
	if err := f.confirmed(who); err != nil {
		return nil, err
	}
	err = f.Tx.Platform(ctx, func(ctx context.Context) error {
		if _, err := f.Users.Lock(ctx, who.User.ID); err != nil {
			return err
		}
		factors, err := f.Factors.Of(ctx, who.User.ID)
		if err != nil {
			return err
		}
		if !factors.Any() {
			return domain.ErrNoFactor
		}
		codes, err = f.newCodes(ctx, who.User.ID, ip)
		return err
	})
	return codes, err
}

// confirmed refuses changes of the ways to sign in unless the user has proven lately who they are.
func (d *Deps) confirmed(who Current) error {
	if !who.Session.Confirmed(d.Clock.Now()) {
		return domain.ErrReauthentication
	}
	return nil
}

// newCodes replaces the recovery codes of a user, in the transaction in ctx.
func (d *Deps) newCodes(ctx context.Context, user uuid.UUID, ip string) ([]string, error) {
	codes := domain.NewRecoveryCodes()
	hashes := make([]domain.Hash, len(codes))
	for i, code := range codes {
		hashes[i] = domain.RecoveryHash(user, code)
	}
	if err := d.Factors.ReplaceCodes(ctx, user, hashes, d.Clock.Now()); err != nil {
		return nil, err
	}
	return codes, d.tellFactor(ctx, user, ip, ports.FactorChange{Factor: ports.FactorRecoveryCodes, Change: ports.FactorAdded})
}

// dropCodes removes the recovery codes when the last factor has gone, in the transaction in ctx.
func (d *Deps) dropCodes(ctx context.Context, user uuid.UUID) error {
	factors, err := d.Factors.Of(ctx, user)
	if err != nil || factors.Any() {
		return err
	}
	return d.Factors.ReplaceCodes(ctx, user, nil, d.Clock.Now())
}

// tellFactor records a change of a factor and publishes it, in the transaction in ctx.
func (d *Deps) tellFactor(ctx context.Context, user uuid.UUID, ip string, change ports.FactorChange) error {
	action := map[string]string{
		ports.FactorAdded: domain.ActionFactorAdded, ports.FactorRemoved: domain.ActionFactorRemoved, ports.FactorUsed: domain.ActionRecoveryUsed,
	}[change.Change]
	if err := d.Recorder.add(ctx, audit.Entry{
		Actor: by(user), Action: action, TargetType: "user", TargetID: user.String(), IP: ip, Metadata: map[string]any{"factor": change.Factor},
	}); err != nil {
		return err
	}
	return d.Events.FactorChanged(ctx, user, change, d.Clock.Now())
}

func unless(ok bool, err error) error {
	if ok {
		return nil
	}
	return err
}
