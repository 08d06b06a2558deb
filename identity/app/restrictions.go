package app

import (
	"context"
	"slices"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/identity/domain"
	"go.updspace.com/libs/audit"
)

// Restrictions suspends and bans accounts and lets them back in.
type Restrictions struct {
	*Deps
	SignOut *SignOut
}

// Set suspends, bans or reinstates an account. Any status but active ends its sessions and revokes its grants at once. The owner is
// told by mail.
func (r *Restrictions) Set(ctx context.Context, id uuid.UUID, status domain.Status, reason string, until *time.Time) error {
	if err := r.mayChange(ctx, id); err != nil {
		return err
	}
	restriction, err := domain.NewRestriction(status, reason, until, r.Clock.Now(), isOperator(ctx))
	if err != nil {
		return err
	}
	var notices []domain.LogoutNotice
	err = r.Tx.Platform(Because(ctx, restriction.Reason), func(ctx context.Context) error {
		user, err := r.lock(ctx, id, status != domain.StatusActive)
		if err != nil {
			return err
		}
		notices, err = r.apply(ctx, user, restriction)
		return err
	})
	if err == nil {
		r.SignOut.deliver(ctx, notices)
	}
	return err
}

// close suspends an account that is about to be deleted, whose owner has been told. The notices are sent by the job that retries them.
func (r *Restrictions) close(ctx context.Context, user domain.User) error {
	user.EmailVerified = false // no mail of a suspension
	_, err := r.apply(ctx, user, domain.Restriction{Status: domain.StatusSuspended})
	return err
}

// lock reads an account that is about to change. When it is to lose what it may, another system administrator must be left.
func (d *Deps) lock(ctx context.Context, id uuid.UUID, loses bool) (domain.User, error) {
	if loses {
		admins, err := d.Accounts.LockSystemAdmins(ctx)
		if err != nil {
			return domain.User{}, err
		}
		is := func(u domain.User) bool { return u.ID == id }
		left := func(u domain.User) bool { return u.ID != id && u.CanSignIn() }
		if slices.ContainsFunc(admins, is) && !slices.ContainsFunc(admins, left) {
			return domain.User{}, domain.ErrLastSystemAdmin
		}
	}
	return d.Users.Lock(ctx, id)
}

func (r *Restrictions) apply(ctx context.Context, user domain.User, restriction domain.Restriction) (notices []domain.LogoutNotice, err error) {
	before := user.Status
	if !user.Restrict(restriction) {
		return nil, nil
	}
	if err := r.Accounts.Restrict(ctx, user); err != nil {
		return nil, err
	}
	if user.Status != domain.StatusActive {
		if notices, err = r.SignOut.endEvery(ctx, user.ID, string(user.Status)); err != nil {
			return nil, err
		}
	}
	if user.EmailVerified {
		if err := r.Mails.Add(ctx, r.queued(restrictionLetter(language(user, AdminOf(ctx).From), user, r.Issuer+"/login"), user.Email, noticeLife), false); err != nil {
			return nil, err
		}
	}
	e := audit.Entry{
		Action: domain.ActionUserStatus, TargetType: "user", TargetID: user.ID.String(),
		Metadata: map[string]any{"from": string(before), "to": string(user.Status)},
	}
	if user.StatusUntil != nil {
		e.Metadata["until"] = user.StatusUntil.UTC().Format(time.RFC3339)
	}
	if err := r.Recorder.add(ctx, e); err != nil || before == user.Status {
		return notices, err
	}
	return notices, r.Events.UserStatusChanged(ctx, user, before)
}

const (
	restrictionBatch  = 50
	restrictionIsOver = "its time is over"
)

// Lift reinstates the accounts whose suspension or ban is over.
func (r *Restrictions) Lift(ctx context.Context) error {
	for {
		lifted := 0
		err := r.Tx.Platform(Because(ctx, restrictionIsOver), func(ctx context.Context) error {
			over, err := r.Accounts.Over(ctx, r.Clock.Now(), restrictionBatch)
			if err != nil {
				return err
			}
			for _, user := range over {
				if _, err := r.apply(ctx, user, domain.Restriction{Status: domain.StatusActive}); err != nil {
					return err
				}
			}
			lifted = len(over)
			return nil
		})
		if err != nil || lifted < restrictionBatch {
			return err
		}
	}
}

// endEvery ends every session of a user, here and at every client, in the transaction in ctx. The caller delivers the notices after the
// commit.
func (s *SignOut) endEvery(ctx context.Context, user uuid.UUID, reason string) ([]domain.LogoutNotice, error) {
	if err := s.Users.SetSessionsValidFrom(ctx, user, s.Clock.Now()); err != nil {
		return nil, err
	}
	return s.endAll(ctx, user, Ending{Actor: AdminOf(ctx).User.ID, Reason: reason})
}
