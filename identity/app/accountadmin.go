package app

import (
	"context"

	"github.com/google/uuid"

	"go.updspace.com/identity/domain"
	"go.updspace.com/identity/ports"
	"go.updspace.com/libs/audit"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/page"
)

// AccountAdmin are the accounts of the platform, for system administrators and operators.
type AccountAdmin struct {
	*Deps
	SignOut *SignOut
	Tenants *Tenants
}

// List returns a page of accounts, the newest first.
func (a *AccountAdmin) List(ctx context.Context, f ports.AccountFilter, p page.Request) (page.Page[ports.ListedAccount], error) {
	if err := requireAdmin(ctx); err != nil {
		return page.Page[ports.ListedAccount]{}, err
	}
	if _, err := page.Decode("accounts", p.Cursor, &f.Before, &f.BeforeID); err != nil {
		return page.Page[ports.ListedAccount]{}, err
	}
	return page.Fetch(p.Limit, func(limit int) ([]ports.ListedAccount, error) { return a.Accounts.List(ctx, f, limit) },
		func(last ports.ListedAccount) string { return page.Encode("accounts", last.CreatedAt, last.ID) })
}

// AccountDetails is what system administrators see of one account. It holds no secrets.
type AccountDetails struct {
	domain.User
	Factors     domain.Factors
	Memberships []domain.MembershipIn
	Sessions    []domain.Session
	Logins      []domain.LoginEvent
}

// shownLogins is how many sign-ins and attempts are shown.
const shownLogins = 20

// Get returns one account.
func (a *AccountAdmin) Get(ctx context.Context, id uuid.UUID) (d AccountDetails, err error) {
	if err = requireAdmin(ctx); err != nil {
		return d, err
	}
	if d.User, err = a.Users.ByID(ctx, id); err != nil {
		return d, err
	}
	if d.Factors, err = a.Factors.Of(ctx, id); err != nil {
		return d, err
	}
	if d.Memberships, err = a.Memberships.All(ctx, id, maxMemberships); err != nil {
		return d, err
	}
	if d.Logins, err = a.History.Of(ctx, id, shownLogins); err != nil {
		return d, err
	}
	d.Sessions, err = a.Sessions.Live(ctx, id, a.Clock.Now())
	return d, err
}

// Find returns the id of the account of an address, for operators.
func (a *AccountAdmin) Find(ctx context.Context, email string) (uuid.UUID, error) {
	address, err := domain.NormalizeEmail(email)
	if err != nil {
		return uuid.Nil, err
	}
	user, err := a.Users.ByEmail(ctx, address)
	return user.ID, err
}

// EndSessions ends every session of an account, here and at every client.
func (a *AccountAdmin) EndSessions(ctx context.Context, id uuid.UUID, reason string) error {
	return a.change(ctx, id, reason, false, func(ctx context.Context, user domain.User) ([]domain.LogoutNotice, audit.Entry, error) {
		notices, err := a.SignOut.endEvery(ctx, user.ID, endedByAdmin)
		return notices, audit.Entry{Action: domain.ActionSessionsEnded}, err
	})
}

const endedByAdmin = "ended by an administrator"

// ResetFactors removes authenticator app, passkeys and recovery codes of an account whose owner has lost them, and ends its sessions. The
// owner is told by mail. Signing in takes the password then, or a mailed link.
func (a *AccountAdmin) ResetFactors(ctx context.Context, id uuid.UUID, reason string) error {
	return a.change(ctx, id, reason, false, func(ctx context.Context, user domain.User) ([]domain.LogoutNotice, audit.Entry, error) {
		removed, err := a.removeFactors(ctx, user.ID)
		if err != nil || !removed.Any() && removed.RecoveryCodes == 0 {
			return nil, audit.Entry{}, err
		}
		notices, err := a.SignOut.endEvery(ctx, user.ID, "the second factors were reset")
		if err != nil {
			return nil, audit.Entry{}, err
		}
		return notices, audit.Entry{Action: domain.ActionFactorsReset, Metadata: map[string]any{
			"totp": removed.TOTP, "passkeys": removed.Passkeys, "recovery_codes": removed.RecoveryCodes,
		}}, a.tell(ctx, user, factorsResetLetter(language(user, AdminOf(ctx).From), a.Issuer+"/account/security"))
	})
}

func (a *AccountAdmin) removeFactors(ctx context.Context, user uuid.UUID) (had domain.Factors, err error) {
	now := a.Clock.Now()
	if had, err = a.Factors.Of(ctx, user); err != nil {
		return had, err
	}
	if had.TOTP {
		if err := a.Factors.DeleteTOTP(ctx, user); err != nil {
			return had, err
		}
		if err := a.Events.FactorChanged(ctx, user, ports.FactorChange{Factor: ports.FactorTOTP, Change: ports.FactorRemoved}, now); err != nil {
			return had, err
		}
	}
	passkeys, err := a.Passkeys.Of(ctx, user)
	if err != nil {
		return had, err
	}
	for _, p := range passkeys {
		if err := a.Passkeys.Delete(ctx, p); err != nil {
			return had, err
		}
		if err := a.Events.PasskeyRemoved(ctx, p, now); err != nil {
			return had, err
		}
	}
	return had, a.Factors.ReplaceCodes(ctx, user, nil, now)
}

// SendReset mails the owner of an account a link that sets a password. Only who reads that mailbox gets in.
func (a *AccountAdmin) SendReset(ctx context.Context, id uuid.UUID, reason string) error {
	return a.change(ctx, id, reason, false, func(ctx context.Context, user domain.User) ([]domain.LogoutNotice, audit.Entry, error) {
		if !user.CanReset() {
			return nil, audit.Entry{}, domain.ErrNoReset
		}
		if err := Limited(a.Limiter.Take(ctx, limitResets, user.Email, 1), domain.ErrRateLimited); err != nil {
			return nil, audit.Entry{}, err
		}
		reset, token := domain.NewAccountToken(newID(), domain.TokenPasswordReset, &user.ID, a.Clock.Now())
		if err := a.AccountTokens.Insert(ctx, reset); err != nil {
			return nil, audit.Entry{}, err
		}
		letter := sentResetLetter(language(user, AdminOf(ctx).From), a.Issuer+PathReset+"#"+string(token))
		err := a.Mails.Add(ctx, a.queued(letter, user.Email, reset.ExpiresAt.Sub(reset.CreatedAt)), false)
		return nil, audit.Entry{Action: domain.ActionPasswordResetRequested}, err
	})
}

// SetSystemAdmin makes a user a system administrator, or ends it. One is always left.
func (a *AccountAdmin) SetSystemAdmin(ctx context.Context, id uuid.UUID, admin bool, reason string) error {
	return a.change(ctx, id, reason, !admin, func(ctx context.Context, user domain.User) ([]domain.LogoutNotice, audit.Entry, error) {
		if user.SystemAdmin == admin {
			return nil, audit.Entry{}, nil
		}
		if err := a.Users.SetSystemAdmin(ctx, user.ID, admin); err != nil {
			return nil, audit.Entry{}, err
		}
		user.SystemAdmin = admin
		if err := a.tell(ctx, user, systemAdminLetter(language(user, AdminOf(ctx).From), admin, a.Issuer+"/account")); err != nil {
			return nil, audit.Entry{}, err
		}
		return nil, audit.Entry{Action: domain.ActionSystemAdmin, Metadata: map[string]any{"system_admin": admin}}, a.Events.UserUpdated(ctx, user)
	})
}

// SetMembership makes a user a member of a tenant, or changes or disables the membership; see [Tenants.SetMembership].
func (a *AccountAdmin) SetMembership(ctx context.Context, id uuid.UUID, slug, role string, status domain.MembershipStatus, reason string) error {
	if err := requireAdmin(ctx); err != nil {
		return err
	}
	f := errs.Fields{}
	reason = domain.CheckReason(f, reason, isOperator(ctx))
	if err := f.Err(); err != nil {
		return err
	}
	return a.Tenants.setMembership(Because(ctx, reason), slug, role, status, func(ctx context.Context) (domain.User, error) { return a.Users.ByID(ctx, id) })
}

// mayChange refuses those who may not change accounts, and changes of one's own account: what must not be done by mistake.
func (d *Deps) mayChange(ctx context.Context, id uuid.UUID) error {
	if err := requireAdmin(ctx); err != nil {
		return err
	}
	if AdminOf(ctx).User.ID == id {
		return domain.ErrOwnAccount
	}
	return nil
}

// change changes an account and records it, in one transaction; see lock for loses. An entry without an action is none.
func (a *AccountAdmin) change(
	ctx context.Context, id uuid.UUID, reason string, loses bool,
	fn func(context.Context, domain.User) ([]domain.LogoutNotice, audit.Entry, error),
) error {
	if err := a.mayChange(ctx, id); err != nil {
		return err
	}
	f := errs.Fields{}
	reason = domain.CheckReason(f, reason, isOperator(ctx))
	if err := f.Err(); err != nil {
		return err
	}
	var notices []domain.LogoutNotice
	err := a.Tx.Platform(Because(ctx, reason), func(ctx context.Context) error {
		user, err := a.lock(ctx, id, loses)
		if err != nil {
			return err
		}
		more, e, err := fn(ctx, user)
		if err != nil || e.Action == "" {
			return err
		}
		notices = more
		e.TargetType, e.TargetID = "user", user.ID.String()
		return a.Recorder.add(ctx, e)
	})
	if err == nil {
		a.SignOut.deliver(ctx, notices)
	}
	return err
}

// tell mails the owner of an account, if the address is theirs.
func (a *AccountAdmin) tell(ctx context.Context, user domain.User, l letter) error {
	if !user.EmailVerified {
		return nil
	}
	return a.Mails.Add(ctx, a.queued(l, user.Email, noticeLife), false)
}
