package app

import (
	"context"

	"go.updspace.com/identity/domain"
	"go.updspace.com/identity/ports"
	"go.updspace.com/libs/audit"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/page"
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

// Edit changes what the version of a tenant shows of itself that the caller has seen; ErrTenantChanged, with the tenant as it is, when it
// is another one meanwhile.
func (t *Tenants) Edit(ctx context.Context, slug string, version int64, edit domain.TenantEdit) (domain.Tenant, error) {
	return t.change(ctx, slug, domain.ActionTenantChanged, func(tenant *domain.Tenant) error {
		if err := open(tenant, nil); err != nil {
			return err
		}
		if tenant.Version != version {
			return domain.ErrTenantChanged
		}
		return tenant.Edit(edit)
	})
}

// Close closes a tenant: its host says so, and no client is answered there. Its data and its slug are kept.
func (t *Tenants) Close(ctx context.Context, slug string) (domain.Tenant, error) {
	now := t.Clock.Now()
	return t.change(ctx, slug, domain.ActionTenantClosed, func(tenant *domain.Tenant) error {
		if err := open(tenant, nil); err != nil {
			return err
		}
		tenant.ClosedAt = &now
		return nil
	})
}

// Reopen opens a closed tenant again.
func (t *Tenants) Reopen(ctx context.Context, slug string) (domain.Tenant, error) {
	return t.change(ctx, slug, domain.ActionTenantReopened, func(tenant *domain.Tenant) error {
		if tenant.ClosedAt == nil {
			return domain.ErrTenantOpen
		}
		tenant.ClosedAt = nil
		return nil
	})
}

// change stores a change of a tenant, also of a closed one. With an error it returns the tenant as it is.
func (t *Tenants) change(ctx context.Context, slug, action string, fn func(*domain.Tenant) error) (tenant domain.Tenant, err error) {
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
		if err := fn(&tenant); err != nil {
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
