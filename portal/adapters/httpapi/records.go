package httpapi

import (
	"context"

	"go.updspace.com/api/portalapi"
	"go.updspace.com/libs/audit"
	"go.updspace.com/libs/personaldata"
	groupsapp "go.updspace.com/portal/groups/app"
)

// records are the audit log and the personal data.
type records struct {
	groups groupsapp.Groups
	data   *personaldata.Store
}

func (s records) ListAudit(ctx context.Context, r portalapi.ListAuditRequestObject) (portalapi.ListAuditResponseObject, error) {
	p := r.Params
	found, err := s.groups.AuditLog(ctx, actor(ctx), audit.FromAPI(p.ActorID, p.Action, p.TargetType, p.TargetID, p.From, p.To), pageRequest(p.Limit, p.Cursor))
	return portalapi.ListAudit200JSONResponse{AuditJSONResponse: audit.ToAPI(found)}, err
}

func (s records) ExportPersonalData(ctx context.Context, r portalapi.ExportPersonalDataRequestObject) (portalapi.ExportPersonalDataResponseObject, error) {
	export, err := s.data.Export(ctx, r.UserID, pageRequest(r.Params.Limit, r.Params.Cursor))
	return portalapi.ExportPersonalData200JSONResponse{PersonalDataJSONResponse: export.ToAPI()}, err
}

func (s records) ErasePersonalData(ctx context.Context, r portalapi.ErasePersonalDataRequestObject) (portalapi.ErasePersonalDataResponseObject, error) {
	receipt, err := s.data.Erase(ctx, r.UserID)
	return portalapi.ErasePersonalData200JSONResponse{ErasureJSONResponse: receipt.ToAPI()}, err
}
