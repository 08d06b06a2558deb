package app

import (
	"context"
	"errors"

	"go.updspace.com/access/domain"
	"go.updspace.com/access/ports"
)

// errRehearsed undoes a change that was made to see whether it can be made.
var errRehearsed = errors.New("the change was only a rehearsal")

// Preview says what a change of a role of the tenant would do, or why it would be refused: it makes the change and undoes it.
// Refusals are not recorded, because nothing was to be changed.
func (r Roles) Preview(ctx context.Context, id int64, keys []string, remove bool) (preview domain.RolePreview, err error) {
	s, err := subjectOf(ctx)
	if err != nil {
		return preview, err
	}
	op := operation{id: "previewAdminRole", permission: domain.WriteRoles}
	err = r.Tx.Do(ctx, func(ctx context.Context) error {
		err := r.attempt(ctx, s, op, func(ctx context.Context, w unitOfWork) error {
			change, err := domain.NewRoleChange(keys, remove)
			if err != nil {
				return err
			}
			preview, err = r.rehearse(ctx, w, id, change)
			return err
		})
		if err != nil {
			return err
		}
		return errRehearsed
	})
	if errors.Is(err, errRehearsed) {
		err = nil
	}
	return preview, err
}

func (r Roles) rehearse(ctx context.Context, w unitOfWork, id int64, change domain.RoleChange) (preview domain.RolePreview, err error) {
	before, template, err := r.own(ctx, id)
	if err != nil {
		return preview, err
	}
	draft, err := change.Apply(r.Catalogue, before)
	if err != nil {
		return preview, err
	}
	var after *domain.Role
	if draft != nil {
		after = &domain.Role{ID: id, Tenant: before.Tenant, Service: draft.Service, Name: draft.Name, Keys: draft.Keys}
	}
	if err := w.MayChangeRole(&before, after, template); err != nil {
		return preview, err
	}
	preview = domain.NewRolePreview(before, draft, template)
	preview.RoleLoss, err = r.Deps.Roles.Loss(ctx, ports.LossQuery{Role: before, Removed: preview.Removed, Deleted: draft == nil, At: w.at})
	switch {
	case err != nil:
	case draft != nil:
		err = r.Deps.Roles.Update(ctx, id, *draft, w.at)
	default:
		_, err = r.Deps.Roles.Delete(ctx, id)
	}
	return preview, err
}
