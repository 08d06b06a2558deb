package app

import (
	"context"
	"errors"

	"github.com/google/uuid"

	"go.updspace.com/identity/domain"
	"go.updspace.com/libs/audit"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/reqctx"
)

// Accounts finds accounts, makes them and renames them for operators.
type Accounts struct{ *Deps }

// maxMemberships is how many memberships are told.
const maxMemberships = 200

// Me returns the signed user, who is a member of the tenant of the request, with the memberships in every tenant. A system
// administrator needs no membership.
func (a *Accounts) Me(ctx context.Context) (domain.User, []domain.MembershipIn, error) {
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
	all, err := a.Memberships.Active(ctx, user.ID, maxMemberships)
	return user, all, err
}

// Principal returns the signed user as stored now and their membership of the tenant of the request, nil if there is none.
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
	ID                  uuid.UUID // uuid.Nil: made here
	Email               string
	Username            string // empty: made of the address
	DisplayName         string
	FirstName, LastName string
	Password            string // empty: none
	SystemAdmin         bool
}

// Create makes an active account. Its address is taken to be verified.
func (a *Accounts) Create(ctx context.Context, in NewAccount) (domain.User, error) {
	if in.ID == uuid.Nil {
		in.ID = newID()
	}
	user, err := domain.NewUser(in.ID, in.Email, in.DisplayName, true, a.Clock.Now())
	if err == nil {
		err = user.Rename(in.FirstName, in.LastName)
	}
	if err == nil && in.Username != "" {
		err = user.Edit(domain.ProfileEdit{Username: &in.Username})
	}
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
		if err := a.Recorder.add(ctx, audit.Entry{Action: domain.ActionUserCreated, TargetType: "user", TargetID: user.ID.String()}); err != nil {
			return err
		}
		return a.Events.UserCreated(ctx, user)
	})
}

// Rename changes a user's first and last name.
func (a *Accounts) Rename(ctx context.Context, email, first, last string) error {
	return a.change(ctx, email, func(ctx context.Context, user domain.User) (audit.Entry, error) {
		before := user
		if err := user.Rename(first, last); err != nil || user == before {
			return audit.Entry{}, err
		}
		if err := a.Users.SetNames(ctx, user.ID, user.FirstName, user.LastName); err != nil {
			return audit.Entry{}, err
		}
		return audit.Entry{Action: domain.ActionUserRenamed}, a.Events.UserUpdated(ctx, user)
	})
}

// change finds a user by address, changes them and records it, in one transaction. An entry without an action is none.
func (a *Accounts) change(ctx context.Context, email string, fn func(context.Context, domain.User) (audit.Entry, error)) error {
	address, err := domain.NormalizeEmail(email)
	if err != nil {
		return err
	}
	return a.Tx.Platform(ctx, func(ctx context.Context) error {
		user, err := a.Users.ByEmail(ctx, address)
		if err != nil {
			return err
		}
		e, err := fn(ctx, user)
		if err != nil || e.Action == "" {
			return err
		}
		e.TargetType, e.TargetID = "user", user.ID.String()
		return a.Recorder.add(ctx, e)
	})
}
