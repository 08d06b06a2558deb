package app

import (
	"context"
	"slices"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/access/domain"
	"go.updspace.com/access/ports"
)

// Roles administers the roles of a tenant.
type Roles struct {
	admin     *Administration
	roles     ports.TenantRoles
	templates ports.Roles
}

// NewRoles makes the use cases of roles.
func NewRoles(a *Administration, r ports.TenantRoles, templates ports.Roles) *Roles {
	return &Roles{admin: a, roles: r, templates: templates}
}

// RoleInput is what somebody wants a role to be.
type RoleInput struct {
	Tenant  uuid.UUID // uuid.Nil: the tenant of the request
	Service domain.Service
	Name    string
	Keys    []string
}

// Validate returns the draft, or what is wrong with the input.
func (in RoleInput) Validate(c domain.Catalogue, tenant uuid.UUID) (domain.RoleDraft, error) {
	if in.Tenant != uuid.Nil && in.Tenant != tenant {
		return domain.RoleDraft{}, domain.ErrTenantMismatch
	}
	return domain.NewRoleDraft(c, in.Service, in.Name, in.Keys)
}

// List shows roles of the tenant and templates.
func (r *Roles) List(ctx context.Context, search ports.RoleSearch) (Page[domain.Role], error) {
	if err := r.admin.decisions.requireAny(ctx, domain.ReadRoles); err != nil {
		return Page[domain.Role]{}, err
	}
	return pageOf(search.Limit, func(limit int) ([]domain.Role, error) {
		search.Limit = limit
		return r.roles.Page(ctx, search)
	})
}

// Create makes a role of the tenant.
func (r *Roles) Create(ctx context.Context, in RoleInput) (domain.Role, error) {
	return r.create(ctx, act{operation: "createAdminRole", permission: domain.WriteRoles, targetType: domain.TargetRole}, in)
}

// CreateAsSystemAdmin makes a role of the tenant by that power alone.
func (r *Roles) CreateAsSystemAdmin(ctx context.Context, in RoleInput) (domain.Role, error) {
	return r.create(ctx, act{operation: "createRole", targetType: domain.TargetRole}, in)
}

func (r *Roles) create(ctx context.Context, what act, in RoleInput) (role domain.Role, err error) {
	var draft domain.RoleDraft
	prepare := func(s domain.Subject, _ time.Time) (err error) {
		draft, err = in.Validate(r.admin.catalogue, s.Tenant)
		return err
	}
	err = r.admin.change(ctx, what, prepare, func(ctx context.Context, d desk) error {
		id, err := r.admin.numbered(ctx, what.operation, in, func(ctx context.Context) (int64, error) {
			role := domain.Role{Tenant: d.Tenant, Service: draft.Service, Name: draft.Name, Keys: draft.Keys}
			if err := d.MayChangeRole(nil, &role, domain.Role{}); err != nil {
				return 0, err
			}
			id, err := r.roles.Add(ctx, draft, d.At)
			if err != nil {
				return 0, err
			}
			role.ID = id
			return id, r.admin.record(ctx, d.RoleCreated(role))
		})
		if err != nil {
			return err
		}
		role, err = r.roles.Find(ctx, id)
		return err
	})
	return role, err
}

// Update replaces what a role of the tenant is.
func (r *Roles) Update(ctx context.Context, id int64, in RoleInput) (role domain.Role, err error) {
	what := act{operation: "updateAdminRole", permission: domain.WriteRoles, targetType: domain.TargetRole, targetID: domain.FormatRoleID(id)}
	var draft domain.RoleDraft
	prepare := func(s domain.Subject, _ time.Time) (err error) {
		draft, err = in.Validate(r.admin.catalogue, s.Tenant)
		return err
	}
	err = r.admin.change(ctx, what, prepare, func(ctx context.Context, d desk) error {
		before, template, err := r.own(ctx, id)
		if err != nil {
			return err
		}
		role = domain.Role{ID: id, Tenant: d.Tenant, Service: draft.Service, Name: draft.Name, Keys: draft.Keys}
		if role.Service == before.Service && role.Name == before.Name && slices.Equal(role.Keys, before.Keys) {
			return nil
		}
		if err := d.MayChangeRole(&before, &role, template); err != nil {
			return err
		}
		if err := r.roles.Update(ctx, id, draft, d.At); err != nil {
			return err
		}
		return r.admin.record(ctx, d.RoleUpdated(before, role))
	})
	return role, err
}

// Delete removes a role of the tenant with its bindings.
func (r *Roles) Delete(ctx context.Context, id int64) error {
	what := act{operation: "deleteAdminRole", permission: domain.WriteRoles, targetType: domain.TargetRole, targetID: domain.FormatRoleID(id)}
	return r.admin.change(ctx, what, nothing, func(ctx context.Context, d desk) error {
		before, template, err := r.own(ctx, id)
		if err != nil {
			return err
		}
		if err := d.MayChangeRole(&before, nil, template); err != nil {
			return err
		}
		bindings, err := r.roles.Delete(ctx, id)
		if err != nil {
			return err
		}
		return r.admin.record(ctx, d.RoleDeleted(before, bindings)...)
	})
}

// own finds a role that the tenant may change, and the template that members
// hold when they do not hold the role.
func (r *Roles) own(ctx context.Context, id int64) (role, template domain.Role, err error) {
	if role, err = r.roles.Find(ctx, id); err != nil {
		return role, template, err
	}
	if role.Template() {
		return role, template, domain.ErrRoleNotFound
	}
	if role.Name == domain.RoleMember {
		template, err = r.templates.Template(ctx, role.Service, domain.RoleMember)
	}
	return role, template, err
}

// nothing is to be looked at in an input that is only an id.
func nothing(domain.Subject, time.Time) error { return nil }
