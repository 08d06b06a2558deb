package app

import (
	"context"
	"slices"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/access/domain"
	"go.updspace.com/access/ports"
	"go.updspace.com/libs/page"
)

// Roles administers the roles of a tenant.
type Roles struct{ Administration }

// RoleInput is a new role, or the new state of one.
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

// List lists the roles of the tenant and the templates by service and name.
func (r Roles) List(ctx context.Context, search ports.RoleSearch, p page.Request) (page.Page[domain.Role], error) {
	if err := r.require(ctx, domain.ReadRoles); err != nil {
		return page.Page[domain.Role]{}, err
	}
	var after ports.RoleKey
	if further, err := page.Decode("roles", p.Cursor, &after.Service, &after.Name, &after.ID); err != nil {
		return page.Page[domain.Role]{}, err
	} else if further {
		search.After = &after
	}
	return page.FetchMax(p.Limit, MaxAdminPage, func(limit int) ([]domain.Role, error) {
		search.Limit = limit
		return r.Deps.Roles.Page(ctx, search)
	}, func(last domain.Role) string { return page.Encode("roles", last.Service, last.Name, last.ID) })
}

// Create makes a role of the tenant.
func (r Roles) Create(ctx context.Context, in RoleInput) (domain.Role, error) {
	return r.create(ctx, operation{id: "createAdminRole", permission: domain.WriteRoles, targetType: TargetRole}, in)
}

// CreateAsSystemAdmin makes a role of the tenant; only system administrators may.
func (r Roles) CreateAsSystemAdmin(ctx context.Context, in RoleInput) (domain.Role, error) {
	return r.create(ctx, operation{id: "createRole", targetType: TargetRole}, in)
}

func (r Roles) create(ctx context.Context, op operation, in RoleInput) (role domain.Role, err error) {
	var draft domain.RoleDraft
	op.validate = func(s domain.Subject, _ time.Time) (err error) {
		draft, err = in.Validate(r.Catalogue, s.Tenant)
		return err
	}
	err = r.change(ctx, op, func(ctx context.Context, w unitOfWork) error {
		create := func(ctx context.Context) (role domain.Role, err error) {
			role = domain.Role{Tenant: w.subject.Tenant, Service: draft.Service, Name: draft.Name, Keys: draft.Keys}
			if err := w.MayChangeRole(nil, &role, domain.Role{}); err != nil {
				return role, err
			}
			if role.ID, err = r.Deps.Roles.Add(ctx, draft, w.at); err != nil {
				return role, err
			}
			return role, r.Audit.Write(ctx, w.role(ActionRoleCreated, role))
		}
		role, err = once(ctx, r.Deps, op, in, create, func(r domain.Role) int64 { return r.ID }, r.Deps.Roles.Find)
		return err
	})
	return role, err
}

// Update replaces what a role of the tenant is.
func (r Roles) Update(ctx context.Context, id int64, in RoleInput) (role domain.Role, err error) {
	op := operation{id: "updateAdminRole", permission: domain.WriteRoles, targetType: TargetRole, targetID: domain.FormatID(id)}
	var draft domain.RoleDraft
	op.validate = func(s domain.Subject, _ time.Time) (err error) {
		draft, err = in.Validate(r.Catalogue, s.Tenant)
		return err
	}
	err = r.change(ctx, op, func(ctx context.Context, w unitOfWork) error {
		before, template, err := r.own(ctx, id)
		if err != nil {
			return err
		}
		role = domain.Role{ID: id, Tenant: w.subject.Tenant, Service: draft.Service, Name: draft.Name, Keys: draft.Keys}
		if role.Service == before.Service && role.Name == before.Name && slices.Equal(role.Keys, before.Keys) {
			return nil
		}
		if err := w.MayChangeRole(&before, &role, template); err != nil {
			return err
		}
		if err := r.Deps.Roles.Update(ctx, id, draft, w.at); err != nil {
			return err
		}
		return r.Audit.Write(ctx, updated(w.role(ActionRoleUpdated, before), w.role(ActionRoleUpdated, role)))
	})
	return role, err
}

// Delete removes a role of the tenant with its bindings.
func (r Roles) Delete(ctx context.Context, id int64) error {
	op := operation{id: "deleteAdminRole", permission: domain.WriteRoles, targetType: TargetRole, targetID: domain.FormatID(id)}
	return r.change(ctx, op, func(ctx context.Context, w unitOfWork) error {
		before, template, err := r.own(ctx, id)
		if err != nil {
			return err
		}
		if err := w.MayChangeRole(&before, nil, template); err != nil {
			return err
		}
		bindings, err := r.Deps.Roles.Delete(ctx, id)
		if err != nil {
			return err
		}
		ended := auditEntries{via: viaRoleDeleted, at: w.at}.bindings(ActionBindingDeleted, bindings...)
		if err := r.Audit.Write(ctx, append(ended, w.role(ActionRoleDeleted, before))...); err != nil {
			return err
		}
		var taken []domain.Event
		for _, b := range bindings {
			if b.InForce(w.at) {
				taken = append(taken, domain.RoleTaken{Binding: b, By: w.subject.User})
			}
		}
		return r.Events.Publish(ctx, taken...)
	})
}

// own finds a role of the tenant and, for a role named member, the template that it replaces.
func (r Roles) own(ctx context.Context, id int64) (role, template domain.Role, err error) {
	if role, err = r.Deps.Roles.Find(ctx, id); err != nil {
		return role, template, err
	}
	if role.Template() {
		return role, template, domain.ErrRoleNotFound
	}
	if role.Name == domain.RoleMember {
		template, err = r.Deps.Roles.Template(ctx, role.Service, domain.RoleMember)
	}
	return role, template, err
}
