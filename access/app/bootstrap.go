package app

import (
	"context"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/access/domain"
	"go.updspace.com/libs/audit"
	"go.updspace.com/libs/reqctx"
)

// Bootstrap gives a tenant its first administrator. It requires no permission, because no user holds one yet: only the
// operator's command and event consumers may call it, never a request.
type Bootstrap struct{ Deps }

// Admin binds the admin template of every service to the user in the whole tenant. Repeating it changes nothing.
func (b Bootstrap) Admin(ctx context.Context, tenant, user uuid.UUID) error {
	ctx = reqctx.With(ctx, reqctx.Context{TenantID: tenant})
	return b.Tx.Do(ctx, func(ctx context.Context) error {
		if err := b.Admins.Lock(ctx); err != nil {
			return err
		}
		return b.bindAdmin(ctx, user)
	})
}

// TenantMember is a membership of the tenant, from an event of identity.
type TenantMember struct {
	User   uuid.UUID
	Active bool
	Runs   bool // as owner or admin of the tenant
	At     time.Time
}

// OnMembershipChanged stores a member of the tenant of ctx. A member who left no longer counts as an administrator; an
// active owner or admin becomes one if the tenant has none.
func (b Bootstrap) OnMembershipChanged(ctx context.Context, m TenantMember) error {
	return b.Tx.Do(ctx, func(ctx context.Context) error {
		if err := b.Admins.Lock(ctx); err != nil {
			return err
		}
		if err := b.Admins.SetTenantMember(ctx, m.User, m.Active, m.At); err != nil || !m.Active || !m.Runs {
			return err
		}
		found, err := b.Admins.Any(ctx, b.Clock.Now())
		if err != nil || found {
			return err
		}
		return b.bindAdmin(audit.As(ctx, audit.Actor{Type: audit.System}, ""), m.User)
	})
}

func (b Bootstrap) bindAdmin(ctx context.Context, user uuid.UUID) error {
	tenant := reqctx.From(ctx).TenantID
	for _, service := range domain.Services() {
		role, err := b.Roles.Template(ctx, service, domain.RoleAdmin)
		if err != nil {
			return err
		}
		binding := domain.BindingRecord{Tenant: tenant, User: user, Role: role, Scope: domain.TenantScope(tenant)}
		id, created, err := b.Bindings.Grant(ctx, domain.Grant{User: user, Role: role.ID, Scope: binding.Scope})
		if err != nil {
			return err
		}
		if !created {
			continue
		}
		binding.ID = id
		if err := b.Audit.Write(ctx, auditEntries{via: viaBootstrap, at: b.Clock.Now()}.bindings(ActionBindingCreated, binding)...); err != nil {
			return err
		}
	}
	return nil
}
