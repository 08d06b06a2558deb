package httpapi

import (
	"context"

	"go.updspace.com/api/eventsapi"
	"go.updspace.com/libs/audit"
	"go.updspace.com/libs/page"
	"go.updspace.com/libs/wire"
)

func (s *server) ListAudit(ctx context.Context, r eventsapi.ListAuditRequestObject) (eventsapi.ListAuditResponseObject, error) {
	p := r.Params
	entries, err := s.audit.List(ctx, actor(ctx), audit.FromAPI(p.ActorID, p.Action, p.TargetType, p.TargetID, p.From, p.To),
		page.Request{Limit: wire.Value(p.Limit), Cursor: wire.Value(p.Cursor)})
	if err != nil {
		return nil, err
	}
	return eventsapi.ListAudit200JSONResponse{AuditJSONResponse: audit.ToAPI(entries)}, nil
}

func (s *server) ExportPersonalData(ctx context.Context, r eventsapi.ExportPersonalDataRequestObject) (eventsapi.ExportPersonalDataResponseObject, error) {
	export, err := s.personalData.Export(ctx, r.UserID, page.Request{Limit: wire.Value(r.Params.Limit), Cursor: wire.Value(r.Params.Cursor)})
	if err != nil {
		return nil, err
	}
	return eventsapi.ExportPersonalData200JSONResponse{PersonalDataJSONResponse: export.ToAPI()}, nil
}

func (s *server) ErasePersonalData(ctx context.Context, r eventsapi.ErasePersonalDataRequestObject) (eventsapi.ErasePersonalDataResponseObject, error) {
	receipt, err := s.personalData.Erase(ctx, r.UserID)
	if err != nil {
		return nil, err
	}
	return eventsapi.ErasePersonalData200JSONResponse{ErasureJSONResponse: receipt.ToAPI()}, nil
}
