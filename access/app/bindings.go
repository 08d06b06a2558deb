package app

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/access/domain"
	"go.updspace.com/access/ports"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/errs/why"
	"go.updspace.com/libs/page"
	"go.updspace.com/libs/valid"
)

// Bindings administers role bindings.
type Bindings struct{ Administration }

// BindingInput is a new role binding.
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
	fields.Check(in.User != uuid.Nil, "user_id", why.Required)
	checkExpiry(fields, in.Expires, now)
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

func checkExpiry(fields errs.Fields, expires, now time.Time) {
	fields.Check(expires.IsZero() || expires.After(now), "expires_at", why.InPast("must lie in the future"))
}

// MaxAdminPage is the longest page of roles and bindings, which the administration screen asks for.
const MaxAdminPage = 500

// Search lists bindings of the tenant.
func (b Bindings) Search(ctx context.Context, search ports.BindingSearch, p page.Request) (page.Page[domain.BindingRecord], error) {
	if err := b.require(ctx, domain.ReadRoles); err != nil {
		return page.Page[domain.BindingRecord]{}, err
	}
	if _, err := page.Decode("bindings", p.Cursor, &search.Before); err != nil {
		return page.Page[domain.BindingRecord]{}, err
	}
	search.ScopeID = domain.CanonicalID(search.ScopeID)
	return page.FetchMax(p.Limit, MaxAdminPage, func(limit int) ([]domain.BindingRecord, error) {
		search.Limit = limit
		return b.Deps.Bindings.Page(ctx, search)
	}, func(last domain.BindingRecord) string { return page.Encode("bindings", last.ID) })
}

// Create binds a role.
func (b Bindings) Create(ctx context.Context, in BindingInput) (domain.BindingRecord, error) {
	return b.create(ctx, operation{id: "createAdminRoleBinding", permission: domain.WriteBindings, targetType: TargetBinding}, in)
}

// CreateAsSystemAdmin binds a role; only system administrators may.
func (b Bindings) CreateAsSystemAdmin(ctx context.Context, in BindingInput) (domain.BindingRecord, error) {
	return b.create(ctx, operation{id: "createRoleBinding", targetType: TargetBinding}, in)
}

func (b Bindings) create(ctx context.Context, op operation, in BindingInput) (record domain.BindingRecord, err error) {
	var g domain.Grant
	op.validate = func(s domain.Subject, now time.Time) (err error) {
		g, err = in.Validate(s.Tenant, now)
		g.By = s.User
		return err
	}
	err = b.change(ctx, op, func(ctx context.Context, w unitOfWork) error {
		create := func(ctx context.Context) (domain.BindingRecord, error) { return b.bind(ctx, w, g) }
		record, err = once(ctx, b.Deps, op, in, create, func(r domain.BindingRecord) int64 { return r.ID }, b.Deps.Bindings.Find)
		return err
	})
	return record, err
}

func (b Bindings) bind(ctx context.Context, w unitOfWork, g domain.Grant) (record domain.BindingRecord, err error) {
	role, err := b.Roles.Find(ctx, g.Role)
	if err != nil {
		return record, err
	}
	if err := b.checkReferences(ctx, w, g.User, g.Scope); err != nil {
		return record, err
	}
	if err := w.MayBind(role, g.Scope); err != nil {
		return record, err
	}
	if err := b.replaceExpired(ctx, w, g); err != nil {
		return record, err
	}
	record = domain.BindingRecord{
		Tenant: w.subject.Tenant, User: g.User, Role: role, Scope: g.Scope, Expires: g.Expires, CreatedAt: valid.Instant(w.at), By: g.By, Source: domain.Manual,
	}
	if record.ID, err = b.Deps.Bindings.Add(ctx, g, w.at); err != nil {
		return record, err
	}
	if err := b.Audit.Write(ctx, w.bindings(ActionBindingCreated, record)...); err != nil {
		return record, err
	}
	return record, b.Events.Publish(ctx, domain.RoleGiven{Binding: record, By: g.By})
}

// replaceExpired refuses a binding that exists, and deletes one that has expired.
func (b Bindings) replaceExpired(ctx context.Context, w unitOfWork, g domain.Grant) error {
	same, err := b.Deps.Bindings.Same(ctx, g.User, g.Role, g.Scope)
	switch {
	case errors.Is(err, domain.ErrBindingNotFound):
		return nil
	case err != nil:
		return err
	case same.InForce(w.at):
		return domain.ErrBindingExists.WithDetails(map[string]any{"binding_id": same.ID})
	}
	if err := b.Deps.Bindings.Delete(ctx, same.ID); err != nil {
		return err
	}
	return b.Audit.Write(ctx, w.bindings(ActionBindingExpired, same)...)
}

// Expire changes when a binding expires; zero is never.
func (b Bindings) Expire(ctx context.Context, id int64, at time.Time) (record domain.BindingRecord, err error) {
	op := operation{id: "updateAdminRoleBinding", permission: domain.WriteBindings, targetType: TargetBinding, targetID: domain.FormatID(id)}
	op.validate = func(_ domain.Subject, now time.Time) error {
		fields := errs.Fields{}
		checkExpiry(fields, at, now)
		return fields.Err()
	}
	err = b.change(ctx, op, func(ctx context.Context, w unitOfWork) error {
		before, err := b.editable(ctx, id)
		if err != nil {
			return err
		}
		record = before
		record.Expires = at
		if record.Expires.Equal(before.Expires) {
			return nil
		}
		if record.Outlasts(before) {
			if err := w.MayBind(record.Role, record.Scope); err != nil {
				return err
			}
		}
		if err := b.Deps.Bindings.Expire(ctx, id, at); err != nil {
			return err
		}
		entries := w.bindings(ActionBindingUpdated, before, record)
		return b.Audit.Write(ctx, updated(entries[0], entries[1]))
	})
	return record, err
}

// Delete removes a binding.
func (b Bindings) Delete(ctx context.Context, id int64) error {
	return b.delete(ctx, operation{id: "deleteAdminRoleBinding", permission: domain.WriteBindings, targetType: TargetBinding, targetID: domain.FormatID(id)}, id)
}

// DeleteAsSystemAdmin removes a binding; only system administrators may.
func (b Bindings) DeleteAsSystemAdmin(ctx context.Context, id int64) error {
	return b.delete(ctx, operation{id: "deleteRoleBinding", targetType: TargetBinding, targetID: domain.FormatID(id)}, id)
}

func (b Bindings) delete(ctx context.Context, op operation, id int64) error {
	return b.change(ctx, op, func(ctx context.Context, w unitOfWork) error {
		record, err := b.editable(ctx, id)
		if err != nil {
			return err
		}
		if err := b.Deps.Bindings.Delete(ctx, id); err != nil {
			return err
		}
		if err := b.Audit.Write(ctx, w.bindings(ActionBindingDeleted, record)...); err != nil || !record.InForce(w.at) {
			return err // one that has expired was not held any more
		}
		return b.Events.Publish(ctx, domain.RoleTaken{Binding: record, By: w.subject.User})
	})
}

func (b Bindings) editable(ctx context.Context, id int64) (domain.BindingRecord, error) {
	record, err := b.Deps.Bindings.Find(ctx, id)
	if err == nil {
		err = record.Editable()
	}
	return record, err
}
