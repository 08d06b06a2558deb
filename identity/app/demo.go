package app

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/identity/domain"
	"go.updspace.com/libs/reqctx"
)

// ErrDemoData refuses to serve the world from a database whose passwords are public.
var ErrDemoData = errors.New("the database holds demo accounts, whose passwords everybody knows: it can be used in development mode only")

// Demo makes data for demonstration, in development.
type Demo struct {
	*Deps
	Accounts *Accounts
	Tenants  *Tenants
}

// DemoTenant is a community to be. Its card has at least a name.
type DemoTenant struct {
	ID   uuid.UUID
	Slug string
	Card domain.TenantEdit

	Questions    []domain.Question         // of the application form
	Applications []domain.ApplicationDraft // that wait
}

// DemoUser is an account to be. Roles maps tenants' slugs to base roles.
type DemoUser struct {
	NewAccount
	Status domain.Status
	Roles  map[string]string
	Since  time.Duration // how long ago the user joined
}

// Refuse reports ErrDemoData if there is any.
func (d *Demo) Refuse(ctx context.Context) error {
	found, err := d.DemoData.Exists(ctx)
	if err == nil && found {
		err = ErrDemoData
	}
	return err
}

// Seed makes what is not there yet and leaves alone what is.
func (d *Demo) Seed(ctx context.Context, tenants []DemoTenant, users []DemoUser) error {
	for _, t := range tenants {
		if err := d.tenant(ctx, t); err != nil && !errors.Is(err, domain.ErrTenantTaken) {
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

// tenant makes one community, as it shows itself.
func (d *Demo) tenant(ctx context.Context, t DemoTenant) error {
	made, err := domain.NewTenant(t.ID, t.Slug, *t.Card.Name, d.Clock.Now())
	if err == nil {
		err = made.Edit(t.Card)
	}
	if err != nil {
		return err
	}
	if err := d.Tenants.add(ctx, made); err != nil || len(t.Questions) == 0 {
		return err
	}
	return d.apply(reqctx.With(ctx, reqctx.Context{TenantID: made.ID, TenantSlug: made.Slug}), made, t)
}

// apply makes the application form of a tenant, and applications that wait.
func (d *Demo) apply(ctx context.Context, tenant domain.Tenant, t DemoTenant) error {
	var form domain.ApplicationForm
	if err := form.Edit(t.Questions, d.Clock.Now()); err != nil {
		return err
	}
	return d.Tx.Do(ctx, func(ctx context.Context) error {
		if err := d.Forms.Put(ctx, form); err != nil {
			return err
		}
		for _, draft := range t.Applications {
			application, err := domain.NewApplication(tenant, form, draft, d.Clock.Now())
			if err != nil {
				return err
			}
			if _, err := d.Applications.Insert(ctx, application); err != nil {
				return err
			}
		}
		return nil
	})
}

// user makes one account, marked from the moment it exists.
func (d *Demo) user(ctx context.Context, u DemoUser) error {
	_, err := d.Users.ByEmail(ctx, u.Email)
	if errors.Is(err, domain.ErrUserUnknown) {
		err = d.create(ctx, u)
	}
	if err != nil {
		return err
	}
	for slug, role := range u.Roles {
		if err := d.member(ctx, slug, u, role); err != nil {
			return err
		}
	}
	return nil
}

func (d *Demo) create(ctx context.Context, u DemoUser) error {
	return d.Tx.Platform(ctx, func(ctx context.Context) error {
		user, err := d.Accounts.Create(ctx, u.NewAccount)
		if err != nil {
			return err
		}
		if err := d.DemoData.Mark(ctx, user.ID); err != nil {
			return err
		}
		if u.Status == "" {
			return nil
		}
		before := user.Status
		user.Restrict(domain.Restriction{Status: u.Status})
		if err := d.Deps.Accounts.Restrict(ctx, user); err != nil {
			return err
		}
		return d.Events.UserStatusChanged(ctx, user, before)
	})
}

// member makes a membership unless there is one, whatever has become of it.
func (d *Demo) member(ctx context.Context, slug string, u DemoUser, role string) error {
	tenant, err := d.Tenants.Find(ctx, slug)
	if err != nil {
		return err
	}
	user, err := d.Users.ByEmail(ctx, u.Email)
	if err != nil {
		return err
	}
	membership, err := d.Memberships.Of(reqctx.With(ctx, reqctx.Context{TenantID: tenant.ID, TenantSlug: tenant.Slug}), user.ID)
	if err != nil || membership != nil {
		return err
	}
	then := *d.Tenants.Deps
	then.Clock = stopped(d.Clock.Now().Add(-u.Since))
	tenants := *d.Tenants
	tenants.Deps = &then
	return tenants.SetMembership(ctx, slug, u.Email, role, domain.MembershipActive)
}

// stopped is a clock that stands still.
type stopped time.Time

func (s stopped) Now() time.Time { return time.Time(s) }
