package app

import (
	"context"

	"github.com/google/uuid"

	"go.updspace.com/identity/domain"
	"go.updspace.com/identity/ports"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/reqctx"
)

// Tenants knows communities and who belongs to them.
type Tenants struct {
	Tx          ports.Tx
	Tenants     ports.Tenants
	Users       ports.Users
	Memberships ports.Memberships
	Events      ports.Events
	Recorder    Recorder
	Clock       ports.Clock
}

// Find returns a tenant by its slug.
func (t *Tenants) Find(ctx context.Context, slug string) (domain.Tenant, error) {
	if !domain.ValidSlug(slug) {
		return domain.Tenant{}, domain.ErrTenantUnknown
	}
	return t.Tenants.BySlug(ctx, slug)
}

// Create makes a tenant. id may be uuid.Nil.
func (t *Tenants) Create(ctx context.Context, id uuid.UUID, slug, name string) (domain.Tenant, error) {
	if id == uuid.Nil {
		id = newID()
	}
	tenant, err := domain.NewTenant(id, slug, name, t.Clock.Now())
	if err != nil {
		return domain.Tenant{}, err
	}
	return tenant, t.Tx.Platform(ctx, func(ctx context.Context) error {
		if err := t.Tenants.Insert(ctx, tenant); err != nil {
			return err
		}
		if err := t.Recorder.add(ctx, entry{action: domain.ActionTenantCreated, targetType: "tenant", targetID: tenant.ID.String()}); err != nil {
			return err
		}
		return t.Events.TenantCreated(ctx, tenant)
	})
}

// SetMembership makes somebody a member of a tenant, or changes or disables it.
func (t *Tenants) SetMembership(ctx context.Context, slug, email, role string, status domain.MembershipStatus) error {
	f := errs.Fields{}
	f.Check(role == domain.RoleOwner || role == domain.RoleAdmin || role == domain.RoleMember, "role", "must be owner, admin or member")
	f.Check(status == domain.MembershipActive || status == domain.MembershipDisabled, "status", "must be active or disabled")
	if err := f.Err(); err != nil {
		return err
	}
	tenant, err := t.Find(ctx, slug)
	if err != nil {
		return err
	}
	address, err := domain.NormalizeEmail(email)
	if err != nil {
		return err
	}
	user, err := t.Users.ByEmail(ctx, address)
	if err != nil {
		return err
	}
	m := domain.Membership{UserID: user.ID, TenantID: tenant.ID, TenantSlug: tenant.Slug, Status: status, BaseRole: role, CreatedAt: t.Clock.Now()}
	rc := reqctx.From(ctx)
	rc.TenantID, rc.TenantSlug = tenant.ID, tenant.Slug
	return t.Tx.Do(reqctx.With(ctx, rc), func(ctx context.Context) error {
		if err := t.Memberships.Put(ctx, m); err != nil {
			return err
		}
		if err := t.Recorder.add(ctx, entry{
			action: domain.ActionMembershipSet, targetType: "user", targetID: user.ID.String(),
			meta: map[string]string{"tenant_id": tenant.ID.String(), "status": string(status), "base_role": role},
		}); err != nil {
			return err
		}
		return t.Events.MembershipSet(ctx, m)
	})
}
