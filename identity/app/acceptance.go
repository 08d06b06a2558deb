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

// Welcome is what the page of an invitation shows.
type Welcome struct {
	domain.Invitation
	HasAccount bool // the address has an account that can sign in
}

// Preview returns what the link of an invitation to the tenant of the request is for. It changes nothing.
func (v *Invitations) Preview(ctx context.Context, token domain.Secret) (Welcome, error) {
	found, user, err := v.find(ctx, token)
	return Welcome{found, user.ID != uuid.Nil && user.CanSignIn()}, err
}

// find returns the invitation of a link that can be used, and the account of its address, zero if there is none.
func (v *Invitations) find(ctx context.Context, token domain.Secret) (domain.Invitation, domain.User, error) {
	if reqctx.From(ctx).TenantID == uuid.Nil {
		return domain.Invitation{}, domain.User{}, domain.ErrNoTenant
	}
	found, err := v.Deps.Invitations.ByToken(ctx, token.Hash())
	if err != nil {
		return domain.Invitation{}, domain.User{}, err
	}
	if err := found.UseError(v.Clock.Now()); err != nil {
		return domain.Invitation{}, domain.User{}, err
	}
	user, err := v.Users.ByEmail(ctx, found.Email)
	if errors.Is(err, domain.ErrUserUnknown) {
		return found, domain.User{}, nil
	}
	if err == nil && !user.Claimable() && !user.CanSignIn() {
		err = domain.ErrAccountNotEligible
	}
	return found, user, err
}

// Acceptance is what the reader of the mail sends.
type Acceptance struct {
	Token                 domain.Secret
	Username, DisplayName string // empty: as it is
	Password              string // empty: the account is entered by mailed links
	Language, Timezone    string // empty: as it is
}

// Accepted is who has become a member.
type Accepted struct {
	User    domain.User
	Session *domain.Session // nil: the holder of an account signs in as ever
}

// Accept uses a link up: the account of the address is activated, or made, and is a member of the tenant. Of several attempts at once one
// succeeds. An account that can sign in is not entered by the link, which lives longer than one to sign in.
func (v *Invitations) Accept(ctx context.Context, in Acceptance, from domain.Origin) (Accepted, error) {
	found, user, err := v.find(ctx, in.Token)
	if err != nil {
		return Accepted{}, err
	}
	known, isNew, now := user.ID != uuid.Nil && user.CanSignIn(), user.ID == uuid.Nil, v.Clock.Now()
	var session domain.Session
	if !known {
		if user, err = v.claimed(ctx, found, user, in); err != nil {
			return Accepted{}, err
		}
		session, _ = domain.NewSession(newID(), user.ID, domain.MethodMagicLink, from, now)
	}
	err = v.Tx.Do(ctx, func(ctx context.Context) error {
		if err := v.Deps.Invitations.Accept(ctx, found.ID, now); err != nil {
			return err
		}
		if err := v.settle(ctx, user, isNew, known); err != nil {
			return err
		}
		if err := v.admit(ctx, found, user); err != nil {
			return err
		}
		if err := v.Recorder.add(ctx, audit.Entry{
			Actor: by(user.ID), Action: domain.ActionAccountActivated, TargetType: "user", TargetID: user.ID.String(), IP: from.IP,
			Metadata: map[string]any{"invitation_id": found.ID.String(), "kind": string(found.Kind)},
		}); err != nil || known {
			return err
		}
		if err := v.Sessions.Insert(ctx, session); err != nil {
			return err
		}
		return v.Events.SessionCreated(ctx, session)
	})
	if err != nil || known {
		return Accepted{User: user}, err
	}
	return Accepted{User: user, Session: &session}, nil
}

// claimed is the account as it will be: that of the address, or a new one.
func (v *Invitations) claimed(ctx context.Context, i domain.Invitation, user domain.User, in Acceptance) (domain.User, error) {
	now := v.Clock.Now()
	if user.ID == uuid.Nil {
		var err error
		if user, err = domain.NewUser(newID(), i.Email, i.DisplayName, false, now); err != nil {
			return user, err
		}
		user.Language = i.Language
	}
	edit, prefer := domain.ProfileEdit{}, domain.PreferencesEdit{}
	for to, value := range map[**string]*string{
		&edit.Username: &in.Username, &edit.DisplayName: &in.DisplayName, &prefer.Language: &in.Language, &prefer.Timezone: &in.Timezone,
	} {
		if *value != "" {
			*to = value
		}
	}
	fields := errs.Fields{}
	if in.Password != "" {
		v.CheckPassword(fields, "password", in.Password, user)
	}
	if err := errors.Join(user.Edit(edit), user.Prefer(prefer, knownZone), fields.Err()); err != nil {
		return user, err
	}
	hash := ""
	if in.Password != "" {
		var err error
		if hash, err = v.Passwords.Hash(ctx, in.Password); err != nil {
			return user, err
		}
	}
	user.Claim(hash, now)
	return user, nil
}

// settle stores the account.
func (v *Invitations) settle(ctx context.Context, user domain.User, isNew, known bool) error {
	if isNew {
		plain := user
		plain.UsernameKey = nil // so that a conflict is one of the address
		if err := v.newAccount(ctx, plain); err != nil {
			return err
		}
		return v.Claims.Claim(ctx, user)
	}
	before, err := v.Users.Lock(ctx, user.ID)
	switch {
	case err != nil:
		return err
	case known && !before.CanSignIn(), !known && !before.Claimable():
		return domain.ErrAccountNotEligible // it was changed meanwhile
	case known:
		return nil
	}
	return v.activated(ctx, user, before.Status)
}

// admit makes the account a member. The membership of an approved application was made with the approval: one that has ended since stays so.
func (v *Invitations) admit(ctx context.Context, i domain.Invitation, user domain.User) error {
	if i.Kind == domain.InvitedByApproval {
		membership, err := v.Memberships.Of(ctx, user.ID)
		if err != nil {
			return err
		}
		if membership != nil && !membership.Active() {
			return domain.ErrTenantForbidden
		}
	}
	return v.Tenants.join(ctx, user.ID, by(user.ID))
}
