package httpapi

import (
	"context"

	"go.updspace.com/access/app"
	"go.updspace.com/access/domain"
	"go.updspace.com/api/accessapi"
)

type catalogue struct{ app *app.Catalogue }

func (s catalogue) ListPermissions(ctx context.Context, r accessapi.ListPermissionsRequestObject) (accessapi.ListPermissionsResponseObject, error) {
	var service domain.Service
	if r.Params.Service != nil {
		service = domain.Service(*r.Params.Service)
	}
	permissions, err := s.app.List(ctx, service)
	if err != nil {
		return nil, err
	}
	return accessapi.ListPermissions200JSONResponse(toAPIPermissions(permissions)), nil
}
