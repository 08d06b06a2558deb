package app

import (
	"context"
	"errors"
	"net/url"

	"github.com/google/uuid"

	"go.updspace.com/identity/domain"
	"go.updspace.com/libs/audit"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/reqctx"
)

// SignUp lets people make their own accounts and become members of tenants that are open.
type SignUp struct {
	*Deps
	Tenants *Tenants
	SignIn  *SignIn
}

// Registering is a sign-up as it is sent.
type Registering struct {
	domain.RegistrationDraft
	Tenant    string // the slug; empty: the only one that takes sign-ups
	Password  string
	FormToken string
}

// Tenant returns the tenant that a sign-up is for; ErrRegistrationClosed when it takes none. Without a slug it is the only one that does.
func (s *SignUp) Tenant(ctx context.Context, slug string) (domain.Tenant, error) {
	if slug == "" {
		open, err := s.Deps.Tenants.TakingSignUps(ctx, 2)
		if err == nil && len(open) != 1 {
			err = domain.ErrRegistrationClosed
		}
		if err != nil {
			return domain.Tenant{}, err
		}
		return open[0], nil
	}
	tenant, err := s.Tenants.Find(ctx, slug)
	if errors.Is(err, domain.ErrTenantUnknown) || err == nil && tenant.Admission != domain.AdmissionOpen {
		err = domain.ErrRegistrationClosed
	}
	return tenant, err
}

// Register takes a sign-up and mails a link to the address. Neither the answer nor the work tells whether the address has an account: the
// mail does.
func (s *SignUp) Register(ctx context.Context, in Registering, from domain.Origin) error {
	if until, ok := s.Stamps.Open(in.FormToken, aboutForm+PurposeRegister); !ok || !s.Clock.Now().Before(until) {
		return domain.ErrInvalidFormToken
	}
	tenant, err := s.Tenant(ctx, in.Tenant)
	if err != nil {
		return err
	}
	made, token, err := domain.NewRegistration(newID(), tenant, in.RegistrationDraft, knownZone, s.Clock.Now())
	fields := errs.Fields{}
	s.CheckPassword(fields, "password", in.Password, domain.User{Email: made.Email, DisplayName: made.DisplayName})
	if err := errors.Join(err, fields.Err()); err != nil {
		return err
	}
	for _, u := range []use{{limitSignUpAddress, from.IP}, {limitSignUps, made.Email}} {
		if err := Limited(s.Limiter.Take(ctx, u.rule, u.key, 1), domain.ErrRegisterRateLimited); err != nil {
			return err
		}
	}
	if made.PasswordHash, err = s.Passwords.Hash(ctx, in.Password); err != nil {
		return err
	}
	ctx = inTenant(ctx, tenant)
	user, err := s.Users.ByEmail(ctx, made.Email)
	if err != nil && !errors.Is(err, domain.ErrUserUnknown) {
		return err
	}
	membership, err := s.Memberships.Of(ctx, user.ID)
	if err != nil {
		return err
	}
	letter := s.letter(tenant, made, token, user, membership)
	return s.Tx.Do(ctx, func(ctx context.Context) error {
		if err := s.Registrations.Insert(ctx, made); err != nil {
			return err
		}
		if err := s.Mails.Add(ctx, s.queued(letter, made.Email, domain.RegistrationLifetime), false); err != nil {
			return err
		}
		return s.Recorder.add(ctx, audit.Entry{
			Action: domain.ActionSignUpRequested, TargetType: "registration", TargetID: made.ID.String(), IP: from.IP,
			Metadata: map[string]any{"tenant_id": tenant.ID.String()},
		})
	})
}

// letter is the mail that a sign-up causes: it says what the address already has.
func (s *SignUp) letter(tenant domain.Tenant, r domain.Registration, token domain.Secret, user domain.User, m *domain.Membership) letter {
	link := s.Issuer + PathVerify + "?" + url.Values{"tenant": {tenant.Slug}}.Encode() + "#signup=" + string(token)
	has := user.ID != uuid.Nil && !user.Claimable()
	switch {
	case has && m != nil && m.Active():
		return signUpMemberLetter(r.Language, tenant.Name, s.Origin(tenant.Slug)+"/")
	case has:
		return signUpAccountLetter(r.Language, tenant.Name, link)
	}
	return signUpLetter(r.Language, tenant.Name, link)
}

func inTenant(ctx context.Context, tenant domain.Tenant) context.Context {
	rc := reqctx.From(ctx)
	rc.TenantID, rc.TenantSlug = tenant.ID, tenant.Slug
	return reqctx.With(ctx, rc)
}

// Confirmation is what the person who has signed up sends from the page of the mailed link.
type Confirmation struct {
	Tenant   string
	Token    domain.Secret
	Password string // that was chosen
	// Previous and Known are as in [Credentials].
	Previous domain.Secret
	Known    string
}

// Confirmed is who has become a member of a tenant.
type Confirmed struct {
	Tenant domain.Tenant
	Email  string
	In     *SignedIn // nil: the holder of an account signs in as ever
}

// Confirm uses the link of a sign-up. The password tells the person who has signed up from the reader of the mail, who may be another: the
// account gets nothing that its owner has not chosen. An account that can sign in becomes a member and stays as it is.
func (s *SignUp) Confirm(ctx context.Context, in Confirmation, from domain.Origin) (Confirmed, error) {
	tenant, err := s.Tenant(ctx, in.Tenant)
	if err != nil {
		return Confirmed{}, err
	}
	ctx = inTenant(ctx, tenant)
	found, err := s.find(ctx, in)
	if err != nil {
		return Confirmed{}, err
	}
	out := Confirmed{Tenant: tenant, Email: found.Email}
	user, entered, err := s.enter(ctx, found, from)
	if err != nil || !entered {
		return out, err
	}
	// The browser that has made the account is no new one to its owner.
	known := s.LinkTokens.Issue(aboutKnown, s.knownBrowsers(in.Known).With(user, newID(), s.Clock.Now()).Encode())
	signed, err := s.SignIn.begin(ctx, user, signedBy{method: domain.MethodPassword}, from, in.Previous, known)
	out.In = &signed
	return out, err
}

// find returns the sign-up of a link whose password was given.
func (s *SignUp) find(ctx context.Context, in Confirmation) (domain.Registration, error) {
	found, err := s.Registrations.ByToken(ctx, in.Token.Hash())
	if err == nil {
		err = found.UseError(s.Clock.Now())
	}
	if err == nil {
		err = Limited(s.Limiter.Take(ctx, limitSignUpConfirm, found.ID.String(), 1), domain.ErrRegisterRateLimited)
	}
	if err != nil {
		return found, err
	}
	ok, _, err := s.Passwords.Verify(ctx, in.Password, found.PasswordHash, func(context.Context) error { return nil })
	if err == nil && !ok {
		err = domain.ErrWrongPassword
	}
	return found, err
}

// enter makes or activates the account of a sign-up and makes it a member. entered is false for an account that could sign in before.
func (s *SignUp) enter(ctx context.Context, found domain.Registration, from domain.Origin) (user domain.User, entered bool, err error) {
	now := s.Clock.Now()
	err = s.Tx.Do(ctx, func(ctx context.Context) error {
		if err := s.Registrations.Use(ctx, found.ID, now); err != nil {
			return err
		}
		if user, entered, err = s.account(ctx, found); err != nil {
			return err
		}
		if err := s.admit(ctx, user.ID); err != nil {
			return err
		}
		return s.Recorder.add(ctx, audit.Entry{
			Actor: by(user.ID), Action: domain.ActionSignUpConfirmed, TargetType: "user", TargetID: user.ID.String(), IP: from.IP,
			Metadata: map[string]any{"registration_id": found.ID.String(), "tenant_id": found.TenantID.String(), "account": entered},
		})
	})
	return user, entered, err
}

// admit makes a user a member, unless an administrator has ended the membership.
func (s *SignUp) admit(ctx context.Context, user uuid.UUID) error {
	membership, err := s.Memberships.Of(ctx, user)
	if err == nil && membership != nil && !membership.Active() {
		err = domain.ErrTenantForbidden
	}
	if err != nil {
		return err
	}
	return s.Tenants.join(ctx, user, by(user))
}

// Join makes a signed-in user a member of an open tenant.
func (s *SignUp) Join(ctx context.Context, who Current, slug string) (domain.Tenant, error) {
	tenant, err := s.Tenant(ctx, slug)
	if err != nil {
		return domain.Tenant{}, err
	}
	return tenant, s.Tx.Do(inTenant(ctx, tenant), func(ctx context.Context) error {
		if _, err := s.Users.Lock(ctx, who.User.ID); err != nil { // as SetMembership does
			return err
		}
		return s.admit(ctx, who.User.ID)
	})
}

// account stores the account of a sign-up with its consents, unless the address has one that can sign in.
func (s *SignUp) account(ctx context.Context, found domain.Registration) (user domain.User, entered bool, err error) {
	now := s.Clock.Now()
	user, err = s.Users.ByEmail(ctx, found.Email)
	isNew := errors.Is(err, domain.ErrUserUnknown)
	switch {
	case isNew:
		user, err = domain.NewUser(newID(), found.Email, found.DisplayName, false, now)
	case err == nil:
		user, err = s.Users.Lock(ctx, user.ID)
	}
	if err != nil || !isNew && user.CanSignIn() {
		return user, false, err
	}
	if !user.Claimable() {
		return user, false, domain.ErrAccountNotEligible
	}
	before := user.Status
	found.Apply(&user, now)
	if isNew {
		err = s.newAccount(ctx, user)
	} else {
		err = s.activated(ctx, user, before)
	}
	for _, consent := range found.Consents(newID, user.ID) {
		if err == nil {
			_, err = s.UserConsents.Grant(ctx, consent)
		}
	}
	return user, true, err
}

// activated stores an account that was claimed by its owner, and tells of it.
func (d *Deps) activated(ctx context.Context, user domain.User, before domain.Status) error {
	if err := d.Claims.Claim(ctx, user); err != nil {
		return err
	}
	if before != user.Status {
		if err := d.Events.UserStatusChanged(ctx, user, before); err != nil {
			return err
		}
	}
	return d.Events.UserUpdated(ctx, user)
}
