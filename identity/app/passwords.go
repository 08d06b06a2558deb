package app

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/identity/domain"
	"go.updspace.com/libs/audit"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/errs/why"
)

// PathReset is the page that sets a password. The token follows in the fragment, which no server sees.
const PathReset = "/reset"

// How a password was changed.
const (
	changedByOwner = "change"
	changedByReset = "reset"
)

// PasswordChanges changes passwords: on the page of the account, or through a link in a mail.
type PasswordChanges struct {
	*Deps
	SignOut *SignOut
}

// CheckPassword notes why a user cannot choose a password.
func (d *Deps) CheckPassword(fields errs.Fields, field, password string, u domain.User) {
	domain.CheckPassword(fields, field, password, d.Breached.Contains, u.Email, u.Username, u.DisplayName, u.FirstName, u.LastName)
}

// Change replaces the password of a signed-in user who knows the current one. The other sessions end.
func (p *PasswordChanges) Change(ctx context.Context, who Current, current, next string, from domain.Origin) error {
	if err := Limited(p.Limiter.Take(ctx, limitPasswordChange, who.User.ID.String(), 1), domain.ErrRateLimited); err != nil {
		return err
	}
	fields := errs.Fields{}
	p.CheckPassword(fields, "new_password", next, who.User)
	fields.Check(next != current, "new_password", why.Duplicate("is the current password"))
	if err := fields.Err(); err != nil {
		return err
	}
	ok, _, err := p.Passwords.Verify(ctx, current, who.User.PasswordHash, func(context.Context) error { return nil })
	if err != nil {
		return err
	}
	if !ok {
		return domain.ErrWrongPassword
	}
	hash, err := p.Passwords.Hash(ctx, next)
	if err != nil {
		return err
	}
	var notices []domain.LogoutNotice
	err = p.Tx.Platform(ctx, func(ctx context.Context) error {
		user, err := p.Users.Lock(ctx, who.User.ID)
		if err != nil {
			return err
		}
		if user.PasswordHash != who.User.PasswordHash { // changed meanwhile: the current password was another
			return domain.ErrWrongPassword
		}
		notices, _, err = p.SignOut.endOthers(ctx, user.ID, who.Session.ID, Ending{Actor: user.ID, Reason: "the password was changed", IP: from.IP})
		if err != nil {
			return err
		}
		return p.set(ctx, user, hash, changedByOwner, from)
	})
	if err == nil {
		p.SignOut.deliver(ctx, notices)
	}
	return err
}

// set stores a password and tells of it, in the transaction in ctx.
func (p *PasswordChanges) set(ctx context.Context, u domain.User, hash, how string, from domain.Origin) error {
	if err := p.Users.SetPasswordHash(ctx, u.ID, u.PasswordHash, hash); err != nil {
		return err
	}
	if err := p.AccountTokens.Discard(ctx, u.ID, domain.TokenPasswordReset, time.Time{}); err != nil {
		return err
	}
	if err := p.Mails.Add(ctx, p.queued(passwordChangedLetter(language(u, from), p.Issuer+PathReset), u.Email, noticeLife), false); err != nil {
		return err
	}
	if err := p.Recorder.add(ctx, audit.Entry{
		Actor: by(u.ID), Action: domain.ActionPasswordChanged, TargetType: "user", TargetID: u.ID.String(), IP: from.IP, Metadata: map[string]any{"how": how},
	}); err != nil {
		return err
	}
	return p.Events.PasswordChanged(ctx, u.ID, how, p.Clock.Now())
}

// RequestReset mails a link that sets a password, if the address belongs to an account that is active. Neither the answer nor the
// work tells whether it does: else a token is stored that cannot be used, with a mail that is never sent.
func (p *PasswordChanges) RequestReset(ctx context.Context, address string, from domain.Origin) error {
	email, err := domain.NormalizeEmail(address)
	if err != nil {
		return err
	}
	for _, u := range []use{{limitResetAddress, from.IP}, {limitResets, email}} {
		if err := Limited(p.Limiter.Take(ctx, u.rule, u.key, 1), domain.ErrRateLimited); err != nil {
			return err
		}
	}
	user, err := p.Users.ByEmail(ctx, email)
	if err != nil && !errors.Is(err, domain.ErrUserUnknown) {
		return err
	}
	var owner *uuid.UUID
	if err == nil && user.CanReset() {
		owner = &user.ID
	}
	reset, token := domain.NewAccountToken(newID(), domain.TokenPasswordReset, owner, p.Clock.Now())
	mail := p.queued(resetLetter(language(user, from), p.Issuer+PathReset+"#"+string(token)), email, reset.ExpiresAt.Sub(reset.CreatedAt))
	return p.Tx.Platform(ctx, func(ctx context.Context) error {
		if err := p.AccountTokens.Insert(ctx, reset); err != nil {
			return err
		}
		if err := p.Mails.Add(ctx, mail, owner == nil); err != nil {
			return err
		}
		return p.Recorder.add(ctx, audit.Entry{Action: domain.ActionPasswordResetRequested, TargetType: "account_token", TargetID: reset.ID.String(), IP: from.IP})
	})
}

// Reset sets the password of the user of a token, who has proven to hold the address of the account. Every session ends. Of
// several attempts at once one succeeds.
func (p *PasswordChanges) Reset(ctx context.Context, token domain.Secret, next string, from domain.Origin) error {
	reset, user, err := p.find(ctx, token)
	if err != nil {
		return err
	}
	fields := errs.Fields{}
	p.CheckPassword(fields, "new_password", next, user)
	if err := fields.Err(); err != nil {
		return err
	}
	hash, err := p.Passwords.Hash(ctx, next)
	if err != nil {
		return err
	}
	var notices []domain.LogoutNotice
	err = p.Tx.Platform(ctx, func(ctx context.Context) error {
		now := p.Clock.Now()
		if err := p.AccountTokens.Use(ctx, reset.ID, now); err != nil {
			return err
		}
		user, err := p.Users.Lock(ctx, user.ID)
		if err != nil {
			return err
		}
		if !user.CanReset() {
			return domain.ErrLinkUnknown
		}
		if err := p.claim(ctx, user, from); err != nil {
			return err
		}
		if err := p.Users.SetSessionsValidFrom(ctx, user.ID, now); err != nil {
			return err
		}
		if notices, err = p.SignOut.endAll(ctx, user.ID, Ending{Actor: user.ID, Reason: "the password was reset", IP: from.IP}); err != nil {
			return err
		}
		return p.set(ctx, user, hash, changedByReset, from)
	})
	if err == nil {
		p.SignOut.deliver(ctx, notices)
	}
	return err
}

func (p *PasswordChanges) find(ctx context.Context, token domain.Secret) (domain.AccountToken, domain.User, error) {
	reset, err := p.AccountTokens.ByToken(ctx, token.Hash())
	if err == nil {
		err = reset.UseError(domain.TokenPasswordReset, p.Clock.Now())
	}
	if err != nil {
		return domain.AccountToken{}, domain.User{}, err
	}
	user, err := p.Users.ByID(ctx, *reset.UserID)
	if err == nil && !user.CanReset() {
		err = domain.ErrLinkUnknown
	}
	return reset, user, err
}

// claim notes that the owner of the address holds the account, which makes an imported one active.
func (p *PasswordChanges) claim(ctx context.Context, user domain.User, from domain.Origin) error {
	if err := p.Users.SetEmailVerified(ctx, user.ID); err != nil || user.Status != domain.StatusMigrated {
		return err
	}
	if err := p.Users.SetStatus(ctx, user.ID, domain.StatusActive); err != nil {
		return err
	}
	user.Status = domain.StatusActive
	err := p.Recorder.add(ctx, audit.Entry{
		Actor: by(user.ID), Action: domain.ActionUserStatus, TargetType: "user", TargetID: user.ID.String(), IP: from.IP,
		Metadata: map[string]any{"from": string(domain.StatusMigrated), "to": string(domain.StatusActive)},
	})
	if err != nil {
		return err
	}
	return p.Events.UserStatusChanged(ctx, user, domain.StatusMigrated)
}
