package httpapi

import (
	"context"

	"go.updspace.com/access/app"
	"go.updspace.com/access/domain"
	"go.updspace.com/access/ports"
	"go.updspace.com/api/accessapi"
)

type bindings struct{ app *app.Bindings }

func (s bindings) CreateRoleBinding(ctx context.Context, r accessapi.CreateRoleBindingRequestObject) (accessapi.CreateRoleBindingResponseObject, error) {
	record, err := s.app.CreateAsSystemAdmin(ctx, fromAPIBindingCreate(*r.Body))
	if err != nil {
		return nil, err
	}
	return accessapi.CreateRoleBinding201JSONResponse{
		ID: record.ID, TenantID: record.Tenant, UserID: record.User, RoleID: record.Role.ID, CreatedAt: record.CreatedAt,
		ScopeType: accessapi.ScopeType(record.Scope.Type), ScopeID: record.Scope.ID,
	}, nil
}

func (s bindings) DeleteRoleBinding(ctx context.Context, r accessapi.DeleteRoleBindingRequestObject) (accessapi.DeleteRoleBindingResponseObject, error) {
	if err := s.app.DeleteAsSystemAdmin(ctx, r.BindingID); err != nil {
		return nil, err
	}
	return accessapi.DeleteRoleBinding200JSONResponse{DoneJSONResponse: done}, nil
}

func (s bindings) SearchAdminRoleBindings(ctx context.Context, r accessapi.SearchAdminRoleBindingsRequestObject) (accessapi.SearchAdminRoleBindingsResponseObject, error) {
	found, next, err := s.search(ctx, r.Params)
	if err != nil {
		return nil, err
	}
	return accessapi.SearchAdminRoleBindings200JSONResponse{
		Body: found, Headers: accessapi.SearchAdminRoleBindings200ResponseHeaders{XNextCursor: next},
	}, nil
}

func (s bindings) ListAdminRoleBindings(ctx context.Context, r accessapi.ListAdminRoleBindingsRequestObject) (accessapi.ListAdminRoleBindingsResponseObject, error) {
	found, next, err := s.search(ctx, accessapi.SearchAdminRoleBindingsParams(r.Params))
	if err != nil {
		return nil, err
	}
	return accessapi.ListAdminRoleBindings200JSONResponse{
		Body: found, Headers: accessapi.ListAdminRoleBindings200ResponseHeaders{XNextCursor: next},
	}, nil
}

func (s bindings) search(ctx context.Context, p accessapi.SearchAdminRoleBindingsParams) ([]accessapi.AdminBinding, *string, error) {
	before, err := fromAPINumber(p.Cursor)
	if err != nil {
		return nil, nil, err
	}
	page, err := s.app.Search(ctx, ports.BindingSearch{
		Words: value(p.Q), ScopeType: domain.ScopeType(value(p.ScopeType)), ScopeID: value(p.ScopeID),
		User: value(p.UserID), Role: value(p.RoleID), Before: before, Limit: valueOr(p.Limit, 50),
	})
	if err != nil {
		return nil, nil, err
	}
	next := nextOf(page, func(b domain.BindingRecord) *string { return cursorOf(domain.FormatRoleID(b.ID)) })
	return each(page.Items, toAPIAdminBinding), next, nil
}

func (s bindings) CreateAdminRoleBinding(ctx context.Context, r accessapi.CreateAdminRoleBindingRequestObject) (accessapi.CreateAdminRoleBindingResponseObject, error) {
	record, err := s.app.Create(ctx, fromAPIBindingCreate(*r.Body))
	if err != nil {
		return nil, err
	}
	return accessapi.CreateAdminRoleBinding201JSONResponse(toAPIAdminBinding(record)), nil
}

func (s bindings) UpdateAdminRoleBinding(ctx context.Context, r accessapi.UpdateAdminRoleBindingRequestObject) (accessapi.UpdateAdminRoleBindingResponseObject, error) {
	record, err := s.app.Expire(ctx, r.BindingID, instant(get(r.Body.ExpiresAt)))
	if err != nil {
		return nil, err
	}
	return accessapi.UpdateAdminRoleBinding200JSONResponse(toAPIAdminBinding(record)), nil
}

func (s bindings) DeleteAdminRoleBinding(ctx context.Context, r accessapi.DeleteAdminRoleBindingRequestObject) (accessapi.DeleteAdminRoleBindingResponseObject, error) {
	if err := s.app.Delete(ctx, r.BindingID); err != nil {
		return nil, err
	}
	return accessapi.DeleteAdminRoleBinding200JSONResponse{DoneJSONResponse: done}, nil
}

func fromAPIBindingCreate(b accessapi.BindingCreate) app.BindingInput {
	return app.BindingInput{
		Tenant: b.TenantID, User: b.UserID, ScopeType: domain.ScopeType(b.ScopeType), ScopeID: b.ScopeID,
		Role: b.RoleID, Expires: instant(get(b.ExpiresAt)),
	}
}

func toAPIAdminBinding(b domain.BindingRecord) accessapi.AdminBinding {
	return accessapi.AdminBinding{
		ID: b.ID, TenantID: b.Tenant, UserID: b.User, ScopeType: accessapi.ScopeType(b.Scope.Type), ScopeID: b.Scope.ID,
		RoleID: b.Role.ID, RoleName: b.Role.Name, RoleService: string(b.Role.Service),
		CreatedAt: b.CreatedAt, CreatedBy: orNull(b.By), ExpiresAt: timeOrNull(b.Expires), Source: accessapi.AdminBindingSource(b.Source),
	}
}
