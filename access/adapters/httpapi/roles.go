package httpapi

import (
	"context"

	"go.updspace.com/access/app"
	"go.updspace.com/access/domain"
	"go.updspace.com/access/ports"
	"go.updspace.com/api/accessapi"
	"go.updspace.com/libs/errs"
)

type roles struct{ app *app.Roles }

func (s roles) ListRoles(ctx context.Context, r accessapi.ListRolesRequestObject) (accessapi.ListRolesResponseObject, error) {
	after, err := fromAPIRolePosition(r.Params.Cursor)
	if err != nil {
		return nil, err
	}
	page, err := s.app.List(ctx, ports.RoleSearch{
		Service: domain.Service(value(r.Params.Service)), Order: ports.ByOwner, After: after, Limit: valueOr(r.Params.Limit, 500),
	})
	if err != nil {
		return nil, err
	}
	return accessapi.ListRoles200JSONResponse{
		Body:    each(page.Items, toAPIRole),
		Headers: accessapi.ListRoles200ResponseHeaders{XNextCursor: nextOf(page, rolePositionOf)},
	}, nil
}

func (s roles) CreateRole(ctx context.Context, r accessapi.CreateRoleRequestObject) (accessapi.CreateRoleResponseObject, error) {
	if value(r.Body.IsSystemTemplate) {
		return nil, errs.Fields{"is_system_template": "must be false: templates come from the platform's code"}.Err()
	}
	role, err := s.app.CreateAsSystemAdmin(ctx, app.RoleInput{
		Tenant: get(r.Body.TenantID), Service: domain.Service(r.Body.Service), Name: r.Body.Name, Keys: value(r.Body.PermissionKeys),
	})
	if err != nil {
		return nil, err
	}
	return accessapi.CreateRole201JSONResponse(toAPIRole(role)), nil
}

func (s roles) ListAdminRoles(ctx context.Context, r accessapi.ListAdminRolesRequestObject) (accessapi.ListAdminRolesResponseObject, error) {
	after, err := fromAPIRolePosition(r.Params.Cursor)
	if err != nil {
		return nil, err
	}
	page, err := s.app.List(ctx, ports.RoleSearch{
		Service: domain.Service(value(r.Params.Service)), Words: value(r.Params.Query), After: after, Limit: valueOr(r.Params.Limit, 200),
	})
	if err != nil {
		return nil, err
	}
	return accessapi.ListAdminRoles200JSONResponse{
		Body:    each(page.Items, toAPIAdminRole),
		Headers: accessapi.ListAdminRoles200ResponseHeaders{XNextCursor: nextOf(page, rolePositionOf)},
	}, nil
}

func (s roles) CreateAdminRole(ctx context.Context, r accessapi.CreateAdminRoleRequestObject) (accessapi.CreateAdminRoleResponseObject, error) {
	role, err := s.app.Create(ctx, fromAPIRoleWrite(*r.Body))
	if err != nil {
		return nil, err
	}
	return accessapi.CreateAdminRole201JSONResponse(toAPIAdminRole(role)), nil
}

func (s roles) UpdateAdminRole(ctx context.Context, r accessapi.UpdateAdminRoleRequestObject) (accessapi.UpdateAdminRoleResponseObject, error) {
	role, err := s.app.Update(ctx, r.RoleID, fromAPIRoleWrite(*r.Body))
	if err != nil {
		return nil, err
	}
	return accessapi.UpdateAdminRole200JSONResponse(toAPIAdminRole(role)), nil
}

func (s roles) DeleteAdminRole(ctx context.Context, r accessapi.DeleteAdminRoleRequestObject) (accessapi.DeleteAdminRoleResponseObject, error) {
	if err := s.app.Delete(ctx, r.RoleID); err != nil {
		return nil, err
	}
	return accessapi.DeleteAdminRole200JSONResponse{DoneJSONResponse: done}, nil
}

func fromAPIRoleWrite(b accessapi.AdminRoleWrite) app.RoleInput {
	return app.RoleInput{Service: domain.Service(b.Service), Name: b.Name, Keys: b.PermissionKeys}
}

func toAPIRole(r domain.Role) accessapi.Role {
	return accessapi.Role{
		ID: r.ID, TenantID: orNull(r.Tenant), Service: string(r.Service), Name: r.Name, IsSystemTemplate: r.Template(),
	}
}

func toAPIAdminRole(r domain.Role) accessapi.AdminRole {
	keys := r.Keys
	if keys == nil {
		keys = []string{}
	}
	return accessapi.AdminRole{ID: r.ID, TenantID: orNull(r.Tenant), Service: string(r.Service), Name: r.Name, PermissionKeys: keys}
}
