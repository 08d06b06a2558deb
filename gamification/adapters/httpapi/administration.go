package httpapi

import (
	"context"

	"go.updspace.com/api/gamificationapi"
	"go.updspace.com/libs/audit"
	"go.updspace.com/libs/page"
	"go.updspace.com/libs/reqctx"
	"go.updspace.com/libs/wire"
)

func (s *server) ListAudit(ctx context.Context, r gamificationapi.ListAuditRequestObject) (gamificationapi.ListAuditResponseObject, error) {
	p := r.Params
	entries, err := s.audit.List(ctx, reqctx.From(ctx).Actor(), audit.FromAPI(p.ActorID, p.Action, p.TargetType, p.TargetID, p.From, p.To),
		page.Request{Limit: wire.Value(p.Limit), Cursor: wire.Value(p.Cursor)})
	if err != nil {
		return nil, err
	}
	return gamificationapi.ListAudit200JSONResponse{AuditJSONResponse: audit.ToAPI(entries)}, nil
}

func (s *server) ExportPersonalData(ctx context.Context, r gamificationapi.ExportPersonalDataRequestObject) (gamificationapi.ExportPersonalDataResponseObject, error) {
	export, err := s.personalData.Export(ctx, r.UserID, page.Request{Limit: wire.Value(r.Params.Limit), Cursor: wire.Value(r.Params.Cursor)})
	if err != nil {
		return nil, err
	}
	return gamificationapi.ExportPersonalData200JSONResponse{PersonalDataJSONResponse: export.ToAPI()}, nil
}

func (s *server) ErasePersonalData(ctx context.Context, r gamificationapi.ErasePersonalDataRequestObject) (gamificationapi.ErasePersonalDataResponseObject, error) {
	receipt, err := s.personalData.Erase(ctx, r.UserID, r.Params.Name...)
	if err != nil {
		return nil, err
	}
	return gamificationapi.ErasePersonalData200JSONResponse{ErasureJSONResponse: receipt.ToAPI()}, nil
}
