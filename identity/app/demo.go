package app

import (
	"context"
	"errors"

	"github.com/google/uuid"

	"go.updspace.com/identity/domain"
	"go.updspace.com/identity/ports"
)

// ErrDemoData refuses to serve the world from a database in which everybody
// knows the passwords.
var ErrDemoData = errors.New("the database holds demo accounts, whose passwords everybody knows: it can be used in development mode only")

// Demo makes data for demonstration, in development.
type Demo struct {
	Data     ports.DemoData
	Users    ports.Users
	Accounts *Accounts
	Tenants  *Tenants
}

// DemoTenant is a community to be.
type DemoTenant struct {
	ID         uuid.UUID
	Slug, Name string
}

// DemoUser is an account to be. Roles maps tenants' slugs to base roles.
type DemoUser struct {
	NewAccount
	Status domain.Status
	Roles  map[string]string
}

// Refuse reports ErrDemoData if there is any.
func (d *Demo) Refuse(ctx context.Context) error {
	found, err := d.Data.Exists(ctx)
	if err == nil && found {
		err = ErrDemoData
	}
	return err
}

// Seed makes what is not there yet and leaves alone what is.
func (d *Demo) Seed(ctx context.Context, tenants []DemoTenant, users []DemoUser) error {
	for _, t := range tenants {
		if _, err := d.Tenants.Create(ctx, t.ID, t.Slug, t.Name); err != nil && !errors.Is(err, domain.ErrTenantTaken) {
			return err
		}
	}
	for _, u := range users {
		if err := d.user(ctx, u); err != nil {
			return err
		}
	}
	return nil
}

// user makes one account. The mark comes last, and tells a complete account
// from one that a crash cut short.
func (d *Demo) user(ctx context.Context, u DemoUser) error {
	user, err := d.Users.ByEmail(ctx, u.Email)
	if errors.Is(err, domain.ErrUserUnknown) { // asked first: hashing a password only to find it not needed would slow every start
		user, err = d.Accounts.Create(ctx, u.NewAccount)
	}
	if err != nil {
		return err
	}
	marked, err := d.Data.Marked(ctx, user.ID)
	if err != nil || marked {
		return err
	}
	for slug, role := range u.Roles {
		if err := d.Tenants.SetMembership(ctx, slug, u.Email, role, domain.MembershipActive); err != nil {
			return err
		}
	}
	if u.Status != "" && u.Status != domain.StatusActive {
		if err := d.Accounts.SetStatus(ctx, u.Email, u.Status); err != nil {
			return err
		}
	}
	return d.Data.Mark(ctx, user.ID)
}
