package app

import (
	"context"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/access/domain"
	"go.updspace.com/access/ports"
	"go.updspace.com/libs/reqctx"
)

// Bootstrap gives a tenant its first administrator. It asks for no permission,
// because nobody holds one yet: only the operator's command and the platform's
// own jobs may call it, never a request.
type Bootstrap struct {
	tx       ports.Tx
	roles    ports.Roles
	bindings ports.Bindings
	admins   ports.Administrators
	journal  ports.Journal
	clock    ports.Clock
}

// NewBootstrap makes the use case.
func NewBootstrap(tx ports.Tx, r ports.Roles, b ports.Bindings, a ports.Administrators, j ports.Journal, clock ports.Clock) *Bootstrap {
	return &Bootstrap{tx: tx, roles: r, bindings: b, admins: a, journal: j, clock: clock}
}

// viaBootstrap marks the journal's rows of this use case.
const viaBootstrap = "bootstrap"

// Admin binds the admin template of every service to the user in the scope of
// the whole tenant. It may be repeated; bindings that exist stay.
func (b *Bootstrap) Admin(ctx context.Context, tenant, user uuid.UUID) error {
	ctx = reqctx.With(ctx, reqctx.Context{TenantID: tenant})
	return b.tx.Do(ctx, func(ctx context.Context) error {
		if err := b.admins.Lock(ctx); err != nil {
			return err
		}
		return b.bind(ctx, user)
	})
}

// TenantMember is what somebody is in a tenant.
type TenantMember struct {
	User   uuid.UUID
	Active bool
	Runs   bool // the tenant, as its owner or admin
	At     time.Time
}

// Told hears of a member of the tenant of ctx: who has left it counts as an
// administrator no more, and who runs it becomes one if it has none.
func (b *Bootstrap) Told(ctx context.Context, m TenantMember) error {
	return b.tx.Do(ctx, func(ctx context.Context) error {
		if err := b.admins.Lock(ctx); err != nil {
			return err
		}
		if err := b.admins.Belongs(ctx, m.User, m.Active, m.At); err != nil || !m.Active || !m.Runs {
			return err
		}
		found, err := b.admins.Any(ctx, b.clock.Now())
		if err != nil || found {
			return err
		}
		return b.bind(ctx, m.User)
	})
}

func (b *Bootstrap) bind(ctx context.Context, user uuid.UUID) error {
	tenant := reqctx.From(ctx).TenantID
	for _, service := range domain.Services() {
		role, err := b.roles.Template(ctx, service, domain.RoleAdmin)
		if err != nil {
			return err
		}
		g := domain.Grant{User: user, Role: role.ID, Scope: domain.TenantScope(tenant)}
		id, created, err := b.bindings.Grant(ctx, g)
		if err != nil {
			return err
		}
		if !created {
			continue
		}
		entry := domain.BindingCreated(tenant, uuid.Nil, g, domain.FormatRoleID(id), viaBootstrap, b.clock.Now())
		if err := b.journal.Record(ctx, entry); err != nil {
			return err
		}
	}
	return nil
}
