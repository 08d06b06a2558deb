package httpapi

import (
	"context"

	"go.updspace.com/access/app"
	"go.updspace.com/access/domain"
	"go.updspace.com/access/ports"
	"go.updspace.com/api/accessapi"
	"go.updspace.com/api/commonapi"
	"go.updspace.com/libs/page"
	"go.updspace.com/libs/valid"
	"go.updspace.com/libs/wire"
)

type bindings struct{ app app.Bindings }

func (s bindings) CreateRoleBinding(ctx context.Context, r accessapi.CreateRoleBindingRequestObject) (accessapi.CreateRoleBindingResponseObject, error) {
	record, err := s.app.CreateAsSystemAdmin(ctx, fromAPIBindingCreate(*r.Body))
	if err != nil {
		return nil, err
	}
	return accessapi.CreateRoleBinding201JSONResponse{
		ID: record.ID, TenantID: record.Tenant, UserID: record.User, RoleID: record.Role.ID, CreatedAt: record.CreatedAt,
		ScopeType: commonapi.ScopeType(record.Scope.Type), ScopeID: record.Scope.ID,
	}, nil
}

func (s bindings) DeleteRoleBinding(ctx context.Context, r accessapi.DeleteRoleBindingRequestObject) (accessapi.DeleteRoleBindingResponseObject, error) {
	return accessapi.DeleteRoleBinding204Response{}, s.app.DeleteAsSystemAdmin(ctx, r.BindingID)
}

func (s bindings) SearchAdminRoleBindings(ctx context.Context, r accessapi.SearchAdminRoleBindingsRequestObject) (accessapi.SearchAdminRoleBindingsResponseObject, error) {
	p := r.Params
	found, err := s.app.Search(ctx, ports.BindingSearch{
		Query: wire.Value(p.Q), ScopeType: domain.ScopeType(wire.Value(p.ScopeType)), ScopeID: wire.Value(p.ScopeID),
		User: wire.Value(p.UserID), Role: wire.Value(p.RoleID),
	}, page.Request{Limit: wire.Value(p.Limit), Cursor: wire.Value(p.Cursor)})
	if err != nil {
		return nil, err
	}
	return accessapi.SearchAdminRoleBindings200JSONResponse{
		Body: wire.Each(found.Items, toAPIAdminBinding), Headers: accessapi.SearchAdminRoleBindings200ResponseHeaders{XNextCursor: nextCursor(found.Next)},
	}, nil
}

func (s bindings) CreateAdminRoleBinding(ctx context.Context, r accessapi.CreateAdminRoleBindingRequestObject) (accessapi.CreateAdminRoleBindingResponseObject, error) {
	record, err := s.app.Create(ctx, fromAPIBindingCreate(*r.Body))
	if err != nil {
		return nil, err
	}
	return accessapi.CreateAdminRoleBinding201JSONResponse(toAPIAdminBinding(record)), nil
}

func (s bindings) UpdateAdminRoleBinding(ctx context.Context, r accessapi.UpdateAdminRoleBindingRequestObject) (accessapi.UpdateAdminRoleBindingResponseObject, error) {
	record, err := s.app.Expire(ctx, r.BindingID, valid.Instant(wire.Get(r.Body.ExpiresAt)))
	if err != nil {
		return nil, err
	}
	return accessapi.UpdateAdminRoleBinding200JSONResponse(toAPIAdminBinding(record)), nil
}

func (s bindings) DeleteAdminRoleBinding(ctx context.Context, r accessapi.DeleteAdminRoleBindingRequestObject) (accessapi.DeleteAdminRoleBindingResponseObject, error) {
	return accessapi.DeleteAdminRoleBinding204Response{}, s.app.Delete(ctx, r.BindingID)
}

func fromAPIBindingCreate(b accessapi.BindingCreate) app.BindingInput {
	return app.BindingInput{
		Tenant: b.TenantID, User: b.UserID, ScopeType: domain.ScopeType(b.ScopeType), ScopeID: b.ScopeID,
		Role: b.RoleID, Expires: valid.Instant(wire.Get(b.ExpiresAt)),
	}
}

func toAPIAdminBinding(b domain.BindingRecord) accessapi.AdminBinding {
	return accessapi.AdminBinding{
		ID: b.ID, TenantID: b.Tenant, UserID: b.User, ScopeType: commonapi.ScopeType(b.Scope.Type), ScopeID: b.Scope.ID,
		RoleID: b.Role.ID, RoleName: b.Role.Name, RoleService: string(b.Role.Service),
		CreatedAt: b.CreatedAt, CreatedBy: wire.OrNull(b.By), ExpiresAt: wire.TimeOrNull(b.Expires), Source: accessapi.AdminBindingSource(b.Source),
		AchievementID: wire.OrNull(b.Achievement),
	}
}
