package httpapi

import (
	"context"

	"go.updspace.com/access/app"
	"go.updspace.com/access/domain"
	"go.updspace.com/access/ports"
	"go.updspace.com/api/accessapi"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/errs/why"
	"go.updspace.com/libs/page"
	"go.updspace.com/libs/wire"
)

type roles struct{ app app.Roles }

func (s roles) ListRoles(ctx context.Context, r accessapi.ListRolesRequestObject) (accessapi.ListRolesResponseObject, error) {
	found, err := s.app.List(ctx, ports.RoleSearch{Service: domain.Service(wire.Value(r.Params.Service))},
		page.Request{Limit: wire.Value(r.Params.Limit), Cursor: wire.Value(r.Params.Cursor)})
	if err != nil {
		return nil, err
	}
	return accessapi.ListRoles200JSONResponse{Items: wire.Each(found.Items, toAPIRole), NextCursor: wire.OrNull(found.Next)}, nil
}

func (s roles) CreateRole(ctx context.Context, r accessapi.CreateRoleRequestObject) (accessapi.CreateRoleResponseObject, error) {
	if wire.Value(r.Body.IsSystemTemplate) {
		return nil, errs.Fields{"is_system_template": why.NotAllowed("must be false: templates come from the platform's code")}.Err()
	}
	role, err := s.app.CreateAsSystemAdmin(ctx, app.RoleInput{
		Tenant: wire.Get(r.Body.TenantID), Service: domain.Service(r.Body.Service), Name: r.Body.Name, Keys: wire.Value(r.Body.PermissionKeys),
	})
	if err != nil {
		return nil, err
	}
	return accessapi.CreateRole201JSONResponse(toAPIRole(role)), nil
}

func (s roles) ListAdminRoles(ctx context.Context, r accessapi.ListAdminRolesRequestObject) (accessapi.ListAdminRolesResponseObject, error) {
	p := r.Params
	found, err := s.app.List(ctx, ports.RoleSearch{Service: domain.Service(wire.Value(p.Service)), Query: wire.ValueOr(p.Q, wire.Value(p.Query))},
		page.Request{Limit: wire.ValueOr(p.Limit, 200), Cursor: wire.Value(p.Cursor)})
	if err != nil {
		return nil, err
	}
	return accessapi.ListAdminRoles200JSONResponse{
		Body:    wire.Each(found.Items, toAPIAdminRole),
		Headers: accessapi.ListAdminRoles200ResponseHeaders{XNextCursor: nextCursor(found.Next)},
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
	return accessapi.DeleteAdminRole204Response{}, s.app.Delete(ctx, r.RoleID)
}

func (s roles) PreviewAdminRole(ctx context.Context, r accessapi.PreviewAdminRoleRequestObject) (accessapi.PreviewAdminRoleResponseObject, error) {
	preview, err := s.app.Preview(ctx, r.RoleID, r.Body.Permissions, wire.Value(r.Body.Delete))
	if err != nil {
		return nil, err
	}
	return accessapi.PreviewAdminRole200JSONResponse{
		Added: append([]string{}, preview.Added...), Removed: append([]string{}, preview.Removed...), Holders: preview.Holders, Losing: preview.Losers,
		Losses: wire.Each(preview.Keys, func(l domain.KeyLoss) accessapi.RoleLoss {
			return accessapi.RoleLoss{Key: l.Key, Lost: l.Lost, Kept: l.Kept}
		}),
		FirstLosing: wire.Each(preview.First, func(l domain.Loser) accessapi.RoleLoser {
			return accessapi.RoleLoser{UserID: l.User, Permissions: l.Keys}
		}),
	}, nil
}

func fromAPIRoleWrite(b accessapi.AdminRoleWrite) app.RoleInput {
	return app.RoleInput{Service: domain.Service(b.Service), Name: b.Name, Keys: b.PermissionKeys}
}

func toAPIRole(r domain.Role) accessapi.Role {
	return accessapi.Role{
		ID: r.ID, TenantID: wire.OrNull(r.Tenant), Service: string(r.Service), Name: r.Name, IsSystemTemplate: r.Template(),
	}
}

func toAPIAdminRole(r domain.Role) accessapi.AdminRole {
	role := accessapi.AdminRole{
		ID: r.ID, TenantID: wire.OrNull(r.Tenant), Service: string(r.Service), Name: r.Name, PermissionKeys: append([]string{}, r.Keys...),
	}
	if text, ok := domain.TextOf(r); ok {
		name, description := toAPIText(text.Name), toAPIText(text.Description)
		role.NameI18N, role.DescriptionI18N = &name, &description
	}
	return role
}

func toAPIText(t domain.Text) accessapi.LocalizedText {
	return accessapi.LocalizedText{En: t.EN, Ru: t.RU}
}
