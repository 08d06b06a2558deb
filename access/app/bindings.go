package app

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/access/domain"
	"go.updspace.com/access/ports"
	"go.updspace.com/libs/errs"
)

// Bindings administers who holds which role where.
type Bindings struct {
	admin    *Administration
	roles    ports.TenantRoles
	bindings ports.TenantBindings
}

// NewBindings makes the use cases of bindings.
func NewBindings(a *Administration, r ports.TenantRoles, b ports.TenantBindings) *Bindings {
	return &Bindings{admin: a, roles: r, bindings: b}
}

// BindingInput says to whom to bind which role where.
type BindingInput struct {
	Tenant    uuid.UUID
	User      uuid.UUID
	ScopeType domain.ScopeType
	ScopeID   string
	Role      int64
	Expires   time.Time // zero: never
}

// Validate returns the grant, or what is wrong with the input.
func (in BindingInput) Validate(tenant uuid.UUID, now time.Time) (domain.Grant, error) {
	fields := errs.Fields{}
	fields.Check(in.User != uuid.Nil, "user_id", "is required")
	future(fields, in.Expires, now)
	if err := fields.Err(); err != nil {
		return domain.Grant{}, err
	}
	scope, err := domain.NewScope(tenant, in.ScopeType, in.ScopeID, "scope_")
	if err != nil {
		return domain.Grant{}, err
	}
	if in.Tenant != tenant || scope.Type == domain.Tenant && scope != domain.TenantScope(tenant) {
		return domain.Grant{}, domain.ErrTenantMismatch
	}
	return domain.Grant{User: in.User, Role: in.Role, Scope: scope, Expires: in.Expires}, nil
}

func future(fields errs.Fields, expires, now time.Time) {
	fields.Check(expires.IsZero() || expires.After(now), "expires_at", "must lie in the future")
}

// Search shows bindings of the tenant.
func (b *Bindings) Search(ctx context.Context, search ports.BindingSearch) (Page[domain.BindingRecord], error) {
	if err := b.admin.decisions.requireAny(ctx, domain.ReadRoles); err != nil {
		return Page[domain.BindingRecord]{}, err
	}
	search.ScopeID = domain.CanonicalID(search.ScopeID)
	return pageOf(search.Limit, func(limit int) ([]domain.BindingRecord, error) {
		search.Limit = limit
		return b.bindings.Page(ctx, search)
	})
}

// Create binds a role.
func (b *Bindings) Create(ctx context.Context, in BindingInput) (domain.BindingRecord, error) {
	return b.create(ctx, act{operation: "createAdminRoleBinding", permission: domain.WriteBindings, targetType: domain.TargetBinding}, in)
}

// CreateAsSystemAdmin binds a role by that power alone.
func (b *Bindings) CreateAsSystemAdmin(ctx context.Context, in BindingInput) (domain.BindingRecord, error) {
	return b.create(ctx, act{operation: "createRoleBinding", targetType: domain.TargetBinding}, in)
}

func (b *Bindings) create(ctx context.Context, what act, in BindingInput) (record domain.BindingRecord, err error) {
	var g domain.Grant
	prepare := func(s domain.Subject, now time.Time) (err error) {
		g, err = in.Validate(s.Tenant, now)
		g.By = s.User
		return err
	}
	err = b.admin.change(ctx, what, prepare, func(ctx context.Context, d desk) error {
		id, err := b.admin.numbered(ctx, what.operation, in, func(ctx context.Context) (int64, error) { return b.bind(ctx, d, g) })
		if err != nil {
			return err
		}
		record, err = b.bindings.Find(ctx, id)
		return err
	})
	return record, err
}

func (b *Bindings) bind(ctx context.Context, d desk, g domain.Grant) (int64, error) {
	role, err := b.roles.Find(ctx, g.Role)
	if err != nil {
		if errors.Is(err, domain.ErrRoleNotFound) {
			err = domain.ErrNoSuchRole
		}
		return 0, err
	}
	if err := d.MayBind(role, g.Scope); err != nil {
		return 0, err
	}
	if err := b.makeRoom(ctx, d, g); err != nil {
		return 0, err
	}
	id, err := b.bindings.Add(ctx, g, d.At)
	if err != nil {
		return 0, err
	}
	record := domain.BindingRecord{ID: id, User: g.User, Role: role, Scope: g.Scope, Expires: g.Expires}
	return id, b.admin.record(ctx, d.BindingCreated(record))
}

// makeRoom refuses what somebody has bound already, and clears away what has
// expired and was not yet.
func (b *Bindings) makeRoom(ctx context.Context, d desk, g domain.Grant) error {
	same, err := b.bindings.Same(ctx, g.User, g.Role, g.Scope)
	switch {
	case errors.Is(err, domain.ErrBindingNotFound):
		return nil
	case err != nil:
		return err
	case same.InForce(d.At):
		return domain.ErrBindingExists.WithDetails(map[string]any{"binding_id": same.ID})
	}
	if err := b.bindings.Delete(ctx, same.ID); err != nil {
		return err
	}
	return b.admin.record(ctx, d.BindingExpired(same))
}

// Expire changes when a binding expires; zero is never.
func (b *Bindings) Expire(ctx context.Context, id int64, at time.Time) (record domain.BindingRecord, err error) {
	what := act{operation: "updateAdminRoleBinding", permission: domain.WriteBindings, targetType: domain.TargetBinding, targetID: domain.FormatRoleID(id)}
	prepare := func(_ domain.Subject, now time.Time) error {
		fields := errs.Fields{}
		future(fields, at, now)
		return fields.Err()
	}
	err = b.admin.change(ctx, what, prepare, func(ctx context.Context, d desk) error {
		before, err := b.movable(ctx, id)
		if err != nil {
			return err
		}
		record = before
		record.Expires = at
		if record.Expires.Equal(before.Expires) {
			return nil
		}
		if record.Outlasts(before) {
			if err := d.MayBind(record.Role, record.Scope); err != nil {
				return err
			}
		}
		if err := b.bindings.Expire(ctx, id, at); err != nil {
			return err
		}
		return b.admin.record(ctx, d.BindingUpdated(before, record))
	})
	return record, err
}

// Delete takes a role away.
func (b *Bindings) Delete(ctx context.Context, id int64) error {
	return b.delete(ctx, act{operation: "deleteAdminRoleBinding", permission: domain.WriteBindings, targetType: domain.TargetBinding, targetID: domain.FormatRoleID(id)}, id)
}

// DeleteAsSystemAdmin takes a role away by that power alone.
func (b *Bindings) DeleteAsSystemAdmin(ctx context.Context, id int64) error {
	return b.delete(ctx, act{operation: "deleteRoleBinding", targetType: domain.TargetBinding, targetID: domain.FormatRoleID(id)}, id)
}

func (b *Bindings) delete(ctx context.Context, what act, id int64) error {
	return b.admin.change(ctx, what, nothing, func(ctx context.Context, d desk) error {
		record, err := b.movable(ctx, id)
		if err != nil {
			return err
		}
		if err := b.bindings.Delete(ctx, id); err != nil {
			return err
		}
		return b.admin.record(ctx, d.BindingDeleted(record))
	})
}

func (b *Bindings) movable(ctx context.Context, id int64) (domain.BindingRecord, error) {
	record, err := b.bindings.Find(ctx, id)
	if err == nil {
		err = record.Movable()
	}
	return record, err
}
