package app

import (
	"context"

	"github.com/google/uuid"

	"go.updspace.com/identity/domain"
	"go.updspace.com/libs/audit"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/errs/why"
	"go.updspace.com/libs/reqctx"
	"go.updspace.com/libs/valid"
)

// Tenants finds communities and changes them and their members for operators.
type Tenants struct {
	*Deps
}

// Find returns an open tenant by its slug.
func (t *Tenants) Find(ctx context.Context, slug string) (domain.Tenant, error) {
	if !valid.Slug(slug) {
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
	return tenant, t.add(ctx, tenant)
}

func (t *Tenants) add(ctx context.Context, tenant domain.Tenant) error {
	return t.Tx.Platform(ctx, func(ctx context.Context) error { return t.insert(ctx, tenant) })
}

func (t *Tenants) insert(ctx context.Context, tenant domain.Tenant) error {
	if err := t.Tenants.Insert(ctx, tenant); err != nil {
		return err
	}
	if err := t.Recorder.add(ctx, audit.Entry{
		Tenant: tenant.ID, Action: domain.ActionTenantCreated, TargetType: "tenant", TargetID: tenant.ID.String(), Metadata: map[string]any{"name": tenant.Name},
	}); err != nil {
		return err
	}
	return t.Events.TenantCreated(ctx, tenant)
}

// Rename changes a tenant's name. Its slug stays: it is part of addresses that people have.
func (t *Tenants) Rename(ctx context.Context, slug, name string) error {
	_, err := t.change(ctx, slug, domain.ActionTenantRenamed, func(_ context.Context, tenant *domain.Tenant) error {
		return open(tenant, tenant.Rename(name))
	})
	return err
}

// SetMembership makes a user a member of a tenant, or changes or disables the membership. Disabling keeps the role, and is
// ErrMembershipUnknown for a user who is not a member.
func (t *Tenants) SetMembership(ctx context.Context, slug, email, role string, status domain.MembershipStatus) error {
	return t.setMembership(ctx, slug, role, status, func(ctx context.Context) (domain.User, error) {
		address, err := domain.NormalizeEmail(email)
		if err != nil {
			return domain.User{}, err
		}
		return t.Users.ByEmail(ctx, address)
	})
}

func (t *Tenants) setMembership(
	ctx context.Context, slug, role string, status domain.MembershipStatus, find func(context.Context) (domain.User, error),
) error {
	f := errs.Fields{}
	f.Check(role == domain.RoleOwner || role == domain.RoleAdmin || role == domain.RoleMember, "role", why.NotAllowed("must be owner, admin or member"))
	f.Check(status == domain.MembershipActive || status == domain.MembershipDisabled, "status", why.NotAllowed("must be active or disabled"))
	if err := f.Err(); err != nil {
		return err
	}
	tenant, err := t.Find(ctx, slug)
	if err != nil {
		return err
	}
	user, err := find(ctx)
	if err != nil {
		return err
	}
	m := domain.Membership{UserID: user.ID, TenantID: tenant.ID, TenantSlug: tenant.Slug, Status: status, BaseRole: role, CreatedAt: t.Clock.Now()}
	rc := reqctx.From(ctx)
	rc.TenantID, rc.TenantSlug = tenant.ID, tenant.Slug
	return t.Tx.Do(reqctx.With(ctx, rc), func(ctx context.Context) error {
		// Locked, because linking an account reads the memberships that are told of it.
		if _, err := t.Users.Lock(ctx, user.ID); err != nil {
			return err
		}
		if status == domain.MembershipDisabled {
			old, err := t.Memberships.Of(ctx, user.ID)
			if err != nil {
				return err
			}
			if old == nil {
				return domain.ErrMembershipUnknown
			}
			m.BaseRole = old.BaseRole
		}
		return t.put(ctx, m, audit.Actor{})
	})
}

// put stores a membership and tells of it.
func (t *Tenants) put(ctx context.Context, m domain.Membership, actor audit.Actor) error {
	if err := t.Memberships.Put(ctx, m); err != nil {
		return err
	}
	if err := t.Recorder.add(ctx, audit.Entry{
		Actor: actor, Action: domain.ActionMembershipSet, TargetType: "user", TargetID: m.UserID.String(),
		Metadata: map[string]any{"status": string(m.Status), "base_role": m.BaseRole},
	}); err != nil {
		return err
	}
	if err := t.Events.MembershipSet(ctx, m); err != nil {
		return err
	}
	return t.tellIdentities(ctx, m)
}

// tellIdentities tells a tenant of the linked accounts of a member, or to forget them.
func (t *Tenants) tellIdentities(ctx context.Context, m domain.Membership) error {
	identities, err := t.Identities.Of(ctx, m.UserID)
	if err != nil {
		return err
	}
	tell := t.Events.IdentityUnlinked
	if m.Active() {
		tell = t.Events.IdentityLinked
	}
	for _, identity := range identities {
		if err := tell(ctx, m.TenantID, identity); err != nil {
			return err
		}
	}
	return nil
}
