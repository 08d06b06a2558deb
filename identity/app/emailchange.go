package app

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/identity/domain"
	"go.updspace.com/libs/audit"
	"go.updspace.com/libs/errs"
)

// PathVerify is the page that confirms and undoes changes of addresses. The token follows in the fragment.
const PathVerify = "/verify"

// EmailChanges changes the address of an account: the new address confirms it, and the former one can undo it for a week.
type EmailChanges struct {
	*Deps
	SignOut *SignOut
}

// Pending is the change of a user's address that waits for the new address to confirm it; nil if there is none.
func (e *EmailChanges) Pending(ctx context.Context, who Current) (*domain.AccountToken, error) {
	return e.AccountTokens.Pending(ctx, who.User.ID, domain.TokenEmailChange, e.Clock.Now())
}

// Request mails a link to the new address, which confirms it. Neither the answer nor the work tells whether another account has the
// address: then the mail says so to the owner of it. The user must have proven lately who they are, but to take a request back, which the current address does.
func (e *EmailChanges) Request(ctx context.Context, who Current, address string, from domain.Origin) error {
	email, err := domain.NormalizeEmail(address)
	var invalid *errs.Error
	if errors.As(err, &invalid) {
		f := errs.Fields{}
		for _, reason := range invalid.Reasons {
			f.Add("new_email", reason.Reason)
		}
		return f.Err()
	}
	if err != nil {
		return err
	}
	if err := Limited(e.Limiter.Take(ctx, limitEmailChange, who.User.ID.String(), 1), domain.ErrRateLimited); err != nil {
		return err
	}
	if email == who.User.Email {
		return e.AccountTokens.Discard(ctx, who.User.ID, domain.TokenEmailChange, time.Time{})
	}
	if err := e.confirmed(who); err != nil {
		return err
	}
	return e.ask(ctx, who, email, from)
}

// Resend mails the link of a change that waits once more. The former link ends.
func (e *EmailChanges) Resend(ctx context.Context, who Current, from domain.Origin) error {
	if err := Limited(e.Limiter.Take(ctx, limitEmailChange, who.User.ID.String(), 1), domain.ErrRateLimited); err != nil {
		return err
	}
	pending, err := e.Pending(ctx, who)
	if err != nil || pending == nil {
		return err
	}
	return e.ask(ctx, who, pending.Email, from)
}

func (e *EmailChanges) ask(ctx context.Context, who Current, email string, from domain.Origin) error {
	_, err := e.Users.ByEmail(ctx, email)
	if err != nil && !errors.Is(err, domain.ErrUserUnknown) {
		return err
	}
	taken := err == nil
	change, token := domain.NewAccountToken(newID(), domain.TokenEmailChange, &who.User.ID, e.Clock.Now())
	change.SessionID, change.Email = &who.Session.ID, email
	letter := confirmLetter(language(who.User, from), e.Issuer+PathVerify+"#confirm="+string(token))
	if taken {
		letter = takenLetter(language(who.User, from), e.Issuer+"/login")
	}
	return e.Tx.Platform(ctx, func(ctx context.Context) error {
		if err := e.AccountTokens.Discard(ctx, who.User.ID, domain.TokenEmailChange, time.Time{}); err != nil {
			return err
		}
		if err := e.AccountTokens.Insert(ctx, change); err != nil {
			return err
		}
		if err := e.Mails.Add(ctx, e.queued(letter, email, domain.TokenEmailChange.Lifetime()), false); err != nil {
			return err
		}
		return e.Recorder.add(ctx, audit.Entry{
			Actor: by(who.User.ID), Action: domain.ActionEmailChangeRequested, TargetType: "user", TargetID: who.User.ID.String(), IP: from.IP,
		})
	})
}

// Confirm gives the account of a token its new address, which is returned. The sessions end but for the one that asked, and the
// former address gets a link that undoes it.
func (e *EmailChanges) Confirm(ctx context.Context, token domain.Secret, from domain.Origin) (email string, err error) {
	change, err := e.find(ctx, token, domain.TokenEmailChange)
	if err != nil {
		return "", err
	}
	var notices []domain.LogoutNotice
	err = e.Tx.Platform(ctx, func(ctx context.Context) error {
		user, err := e.use(ctx, change)
		if err != nil {
			return err
		}
		undo, secret := domain.NewAccountToken(newID(), domain.TokenEmailUndo, &user.ID, e.Clock.Now())
		undo.Email = user.Email
		if err := e.AccountTokens.Insert(ctx, undo); err != nil {
			return err
		}
		letter := emailChangedLetter(language(user, from), hidden(change.Email), e.Issuer+PathVerify+"#undo="+string(secret))
		if err := e.Mails.Add(ctx, e.queued(letter, user.Email, domain.TokenEmailUndo.Lifetime()), false); err != nil {
			return err
		}
		but := uuid.Nil
		if change.SessionID != nil {
			but = *change.SessionID
		}
		if notices, _, err = e.SignOut.endOthers(ctx, user.ID, but, Ending{Actor: user.ID, Reason: "the e-mail address was changed", IP: from.IP}); err != nil {
			return err
		}
		return e.set(ctx, user, change.Email, false, from)
	})
	if err == nil {
		e.SignOut.deliver(ctx, notices)
	}
	return change.Email, err
}

// Undo gives the account of a token its former address again, which is returned. The password and every session end, because
// another person may have both; the address gets a link that sets a new password.
func (e *EmailChanges) Undo(ctx context.Context, token domain.Secret, from domain.Origin) (email string, err error) {
	undo, err := e.find(ctx, token, domain.TokenEmailUndo)
	if err != nil {
		return "", err
	}
	var notices []domain.LogoutNotice
	err = e.Tx.Platform(ctx, func(ctx context.Context) error {
		user, err := e.use(ctx, undo)
		if err != nil {
			return err
		}
		// The links of later changes end. Those of earlier ones do not: who made this change may have had another one before.
		if err := e.AccountTokens.Discard(ctx, user.ID, domain.TokenEmailUndo, undo.CreatedAt); err != nil {
			return err
		}
		if err := e.Users.SetPasswordHash(ctx, user.ID, user.PasswordHash, ""); err != nil {
			return err
		}
		if err := e.Users.SetSessionsValidFrom(ctx, user.ID, e.Clock.Now()); err != nil {
			return err
		}
		if notices, err = e.SignOut.endAll(ctx, user.ID, Ending{Actor: user.ID, Reason: "the change of the e-mail address was undone", IP: from.IP}); err != nil {
			return err
		}
		if err := e.set(ctx, user, undo.Email, true, from); err != nil {
			return err
		}
		reset, secret := domain.NewAccountToken(newID(), domain.TokenPasswordReset, &user.ID, e.Clock.Now())
		if err := e.AccountTokens.Insert(ctx, reset); err != nil {
			return err
		}
		letter := resetLetter(language(user, from), e.Issuer+PathReset+"#"+string(secret))
		return e.Mails.Add(ctx, e.queued(letter, undo.Email, domain.TokenPasswordReset.Lifetime()), false)
	})
	if err == nil {
		e.SignOut.deliver(ctx, notices)
	}
	return undo.Email, err
}

func (e *EmailChanges) find(ctx context.Context, token domain.Secret, kind domain.AccountTokenKind) (domain.AccountToken, error) {
	found, err := e.AccountTokens.ByToken(ctx, token.Hash())
	if err == nil {
		err = found.UseError(kind, e.Clock.Now())
	}
	return found, err
}

// use uses a token up and returns its user, locked.
func (e *EmailChanges) use(ctx context.Context, t domain.AccountToken) (domain.User, error) {
	if err := e.AccountTokens.Use(ctx, t.ID, e.Clock.Now()); err != nil {
		return domain.User{}, err
	}
	user, err := e.Users.Lock(ctx, *t.UserID)
	if err == nil && user.Status != domain.StatusActive {
		err = domain.ErrLinkUnknown
	}
	return user, err
}

// set stores an address and tells of it. Links that were mailed to the other address end.
func (e *EmailChanges) set(ctx context.Context, u domain.User, email string, undone bool, from domain.Origin) error {
	if err := e.Users.SetEmail(ctx, u.ID, email); err != nil {
		return err
	}
	for _, kind := range []domain.AccountTokenKind{domain.TokenPasswordReset, domain.TokenEmailChange} {
		if err := e.AccountTokens.Discard(ctx, u.ID, kind, time.Time{}); err != nil {
			return err
		}
	}
	if err := e.Recorder.add(ctx, audit.Entry{
		Actor: by(u.ID), Action: domain.ActionEmailChanged, TargetType: "user", TargetID: u.ID.String(), IP: from.IP, Metadata: map[string]any{"undone": undone},
	}); err != nil {
		return err
	}
	return e.Events.EmailChanged(ctx, u.ID, undone, e.Clock.Now())
}

// hidden is an address in which its owner recognises it.
func hidden(email string) string {
	local, host, _ := strings.Cut(email, "@")
	return string([]rune(local)[:1]) + "***@" + host
}
