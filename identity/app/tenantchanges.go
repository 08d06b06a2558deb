package app

import (
	"context"
	"errors"

	"go.updspace.com/identity/domain"
	"go.updspace.com/identity/ports"
	"go.updspace.com/libs/audit"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/errs/why"
	"go.updspace.com/libs/page"
	"go.updspace.com/libs/reqctx"
	"go.updspace.com/libs/valid"
)

// List returns a page of tenants by name, closed ones among them.
func (t *Tenants) List(ctx context.Context, f ports.TenantFilter, p page.Request) (page.Page[ports.ListedTenant], error) {
	if err := requireAdmin(ctx); err != nil {
		return page.Page[ports.ListedTenant]{}, err
	}
	fields := errs.Fields{}
	f.Text = valid.Line(fields, "q", f.Text, 0, maxSearch)
	if err := fields.Err(); err != nil {
		return page.Page[ports.ListedTenant]{}, err
	}
	return t.Tenants.List(ctx, f, p)
}

// Open returns a tenant by its slug; ErrTenantClosed when it is closed.
func (t *Tenants) Open(ctx context.Context, slug string) (domain.Tenant, error) {
	if !valid.Slug(slug) {
		return domain.Tenant{}, domain.ErrTenantUnknown
	}
	tenant, err := t.Tenants.Any(ctx, slug)
	return tenant, open(&tenant, err)
}

func open(tenant *domain.Tenant, err error) error {
	if err == nil && tenant.ClosedAt != nil {
		err = domain.ErrTenantClosed
	}
	return err
}

// Get returns a tenant by its slug, also a closed one.
func (t *Tenants) Get(ctx context.Context, slug string) (ports.ListedTenant, error) {
	if err := requireAdmin(ctx); err != nil {
		return ports.ListedTenant{}, err
	}
	if !valid.Slug(slug) {
		return ports.ListedTenant{}, domain.ErrTenantUnknown
	}
	return t.Tenants.Listed(ctx, slug)
}

// Found makes a tenant with what it shows of itself. The account with the address owner becomes its owner; empty: it has none yet.
func (t *Tenants) Found(ctx context.Context, slug, name, owner string, edit domain.TenantEdit) error {
	if err := requireAdmin(ctx); err != nil {
		return err
	}
	tenant, err := domain.NewTenant(newID(), slug, name, t.Clock.Now())
	if err == nil {
		err = tenant.Edit(edit)
	}
	if err != nil {
		return err
	}
	var first domain.User
	if owner != "" {
		if first, err = t.owner(ctx, owner); err != nil {
			return err
		}
	}
	rc := reqctx.From(ctx)
	rc.TenantID, rc.TenantSlug = tenant.ID, tenant.Slug
	return t.Tx.Do(reqctx.With(ctx, rc), func(ctx context.Context) error {
		if err := t.insert(ctx, tenant); err != nil || owner == "" {
			return err
		}
		if _, err := t.Users.Lock(ctx, first.ID); err != nil {
			return err
		}
		return t.put(ctx, domain.Membership{
			UserID: first.ID, TenantID: tenant.ID, TenantSlug: slug, Status: domain.MembershipActive, BaseRole: domain.RoleOwner, CreatedAt: tenant.CreatedAt,
		}, audit.Actor{})
	})
}

func (t *Tenants) owner(ctx context.Context, email string) (user domain.User, err error) {
	address, err := domain.NormalizeEmail(email)
	if err == nil {
		user, err = t.Users.ByEmail(ctx, address)
	}
	if errs.KindOf(err) == errs.Invalid || errors.Is(err, domain.ErrUserUnknown) {
		err = errs.Field("owner", why.NotFound("there is no account with this address")).Wrap(err)
	}
	return user, err
}

// Edit changes what the version of a tenant shows of itself that the caller has seen; ErrTenantChanged, with the tenant as it is, when it
// is another one meanwhile.
func (t *Tenants) Edit(ctx context.Context, slug string, version int64, edit domain.TenantEdit) (domain.Tenant, error) {
	return t.change(ctx, slug, domain.ActionTenantChanged, func(_ context.Context, tenant *domain.Tenant) error {
		if err := open(tenant, nil); err != nil {
			return err
		}
		if tenant.Version != version {
			return domain.ErrTenantChanged
		}
		return tenant.Edit(edit)
	})
}

// change stores a change of a tenant, also of a closed one. With an error it returns the tenant as it is.
func (t *Tenants) change(ctx context.Context, slug, action string, fn func(context.Context, *domain.Tenant) error) (tenant domain.Tenant, err error) {
	if err := requireAdmin(ctx); err != nil {
		return domain.Tenant{}, err
	}
	if !valid.Slug(slug) {
		return domain.Tenant{}, domain.ErrTenantUnknown
	}
	err = t.Tx.Platform(ctx, func(ctx context.Context) error {
		if tenant, err = t.Tenants.LockAny(ctx, slug); err != nil {
			return err
		}
		before := tenant
		if err := fn(ctx, &tenant); err != nil {
			tenant = before
			return err
		}
		changed := changedParts(before, tenant)
		if len(changed) == 0 && before.ClosedAt == tenant.ClosedAt {
			return nil
		}
		tenant.Version++
		if err := t.Tenants.Update(ctx, tenant); err != nil {
			return err
		}
		if err := t.Recorder.add(ctx, audit.Entry{
			Tenant: tenant.ID, Action: action, TargetType: "tenant", TargetID: tenant.ID.String(),
			Metadata: map[string]any{"name": tenant.Name, "changed": append([]string{}, changed...)},
		}); err != nil {
			return err
		}
		return t.Events.TenantUpdated(ctx, tenant)
	})
	return tenant, err
}
