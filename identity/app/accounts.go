package app

import (
	"context"
	"errors"

	"github.com/google/uuid"

	"go.updspace.com/identity/domain"
	"go.updspace.com/identity/ports"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/reqctx"
)

// Accounts knows people and decides whether they may be here.
type Accounts struct {
	Tx          ports.Tx
	Users       ports.Users
	Memberships ports.Memberships
	Sessions    ports.Sessions
	Grants      ports.Grants
	Passwords   ports.Passwords
	Events      ports.Events
	Recorder    Recorder
	Clock       ports.Clock
}

// Me returns the signed user and his membership of the tenant of the request.
// A system administrator needs none.
func (a *Accounts) Me(ctx context.Context) (domain.User, *domain.Membership, error) {
	user, membership, err := a.Principal(ctx)
	switch {
	case errors.Is(err, domain.ErrUserUnknown):
		return domain.User{}, nil, errs.Unauthenticatedf("There is no such account.")
	case err != nil:
		return domain.User{}, nil, err
	}
	if (membership == nil || !membership.Active()) && !user.SystemAdmin {
		return domain.User{}, nil, domain.ErrTenantForbidden
	}
	return user, membership, nil
}

// Principal returns the signed user as he is now, whatever he may do, and his
// membership of the tenant of the request, nil if there is none.
func (a *Accounts) Principal(ctx context.Context) (domain.User, *domain.Membership, error) {
	user, err := a.Users.ByID(ctx, reqctx.From(ctx).UserID)
	if err != nil {
		return domain.User{}, nil, err
	}
	membership, err := a.Memberships.Of(ctx, user.ID)
	return user, membership, err
}

// NewAccount is an account to be made by an operator.
type NewAccount struct {
	ID          uuid.UUID // uuid.Nil: made here
	Email       string
	DisplayName string
	Password    string // empty: none
	SystemAdmin bool
}

// Create makes an active account whose address is taken to be verified.
func (a *Accounts) Create(ctx context.Context, in NewAccount) (domain.User, error) {
	if in.ID == uuid.Nil {
		in.ID = newID()
	}
	user, err := domain.NewUser(in.ID, in.Email, in.DisplayName, true, a.Clock.Now())
	if err != nil {
		return domain.User{}, err
	}
	user.SystemAdmin = in.SystemAdmin
	if in.Password != "" {
		if user.PasswordHash, err = a.Passwords.Hash(ctx, in.Password); err != nil {
			return domain.User{}, err
		}
	}
	return user, a.Tx.Platform(ctx, func(ctx context.Context) error {
		if err := a.Users.Insert(ctx, user); err != nil {
			return err
		}
		if err := a.Recorder.add(ctx, entry{action: domain.ActionUserCreated, targetType: "user", targetID: user.ID.String()}); err != nil {
			return err
		}
		return a.Events.UserCreated(ctx, user)
	})
}

// SetStatus suspends, bans or reinstates an account. Anything but active ends
// its sessions and revokes what clients hold for it, at once.
func (a *Accounts) SetStatus(ctx context.Context, email string, status domain.Status) error {
	if !status.Valid() {
		f := errs.Fields{}
		f.Add("status", "is not a status")
		return f.Err()
	}
	address, err := domain.NormalizeEmail(email)
	if err != nil {
		return err
	}
	return a.Tx.Platform(ctx, func(ctx context.Context) error {
		user, err := a.Users.ByEmail(ctx, address)
		if err != nil {
			return err
		}
		before := user.Status
		if before == status {
			return nil
		}
		if err := a.Users.SetStatus(ctx, user.ID, status); err != nil {
			return err
		}
		if status != domain.StatusActive {
			if err := a.shutOut(ctx, user.ID, string(status)); err != nil {
				return err
			}
		}
		if err := a.Recorder.add(ctx, entry{
			action: domain.ActionUserStatus, targetType: "user", targetID: user.ID.String(),
			meta: map[string]string{"from": string(before), "to": string(status)},
		}); err != nil {
			return err
		}
		user.Status = status
		return a.Events.UserStatusChanged(ctx, user, before)
	})
}

func (a *Accounts) shutOut(ctx context.Context, user uuid.UUID, reason string) error {
	now := a.Clock.Now()
	if err := a.Users.SetSessionsValidFrom(ctx, user, now); err != nil {
		return err
	}
	if err := a.Sessions.RevokeAll(ctx, user, reason, now); err != nil {
		return err
	}
	return a.Grants.RevokeAll(ctx, user, now)
}
