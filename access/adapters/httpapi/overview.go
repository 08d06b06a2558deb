package httpapi

import (
	"context"
	"maps"

	"github.com/google/uuid"

	"go.updspace.com/access/app"
	"go.updspace.com/access/domain"
	"go.updspace.com/api/accessapi"
	"go.updspace.com/api/commonapi"
	"go.updspace.com/libs/audit"
	"go.updspace.com/libs/page"
	"go.updspace.com/libs/wire"
)

type overview struct{ app app.Overview }

func (s overview) ListPermissions(ctx context.Context, r accessapi.ListPermissionsRequestObject) (accessapi.ListPermissionsResponseObject, error) {
	permissions, err := s.app.Permissions(ctx, domain.Service(wire.Value(r.Params.Service)))
	if err != nil {
		return nil, err
	}
	return accessapi.ListPermissions200JSONResponse(wire.Each(permissions, func(p domain.Permission) accessapi.Permission {
		return accessapi.Permission{
			Key: p.Key, Description: p.Description.EN, DescriptionI18N: toAPIText(p.Description), EffectI18N: toAPIText(p.Effect), Service: string(p.Service),
		}
	})), nil
}

func (s overview) ListAudit(ctx context.Context, r accessapi.ListAuditRequestObject) (accessapi.ListAuditResponseObject, error) {
	p := r.Params
	found, err := s.app.AuditLog(ctx, audit.FromAPI(p.ActorID, p.Action, p.TargetType, p.TargetID, p.From, p.To),
		page.Request{Limit: wire.Value(p.Limit), Cursor: wire.Value(p.Cursor)})
	if err != nil {
		return nil, err
	}
	return accessapi.ListAudit200JSONResponse{AuditJSONResponse: audit.ToAPI(found)}, nil
}

// ListAdminEvents is ListAudit in the form of the old frontend, whose pages may be longer than those of the log.
func (s overview) ListAdminEvents(ctx context.Context, r accessapi.ListAdminEventsRequestObject) (accessapi.ListAdminEventsResponseObject, error) {
	limit, events := wire.ValueOr(r.Params.Limit, page.DefaultLimit), []accessapi.AuditEvent{}
	next := wire.Value(r.Params.Cursor)
	for first := true; len(events) < limit && (first || next != ""); first = false {
		found, err := s.app.AuditLog(ctx, audit.Filter{}, page.Request{Limit: min(limit-len(events), page.MaxLimit), Cursor: next})
		if err != nil {
			return nil, err
		}
		events, next = append(events, wire.Each(found.Items, toAPIEvent)...), found.Next
	}
	return accessapi.ListAdminEvents200JSONResponse{
		Body: events, Headers: accessapi.ListAdminEvents200ResponseHeaders{XNextCursor: nextCursor(next)},
	}, nil
}

func toAPIEvent(e audit.Entry) accessapi.AuditEvent {
	metadata := maps.Clone(e.Metadata)
	if e.Reason != "" {
		metadata["reason"] = e.Reason
	}
	return accessapi.AuditEvent{
		ID: e.ID, Action: e.Action, TargetType: e.TargetType, TargetID: wire.OrNull(e.TargetID),
		Metadata: metadata, PerformedBy: e.Actor.ID, CreatedAt: e.At,
	}
}

func (s overview) GetUserPermissions(ctx context.Context, r accessapi.GetUserPermissionsRequestObject) (accessapi.GetUserPermissionsResponseObject, error) {
	held, denied, err := s.app.UserPermissions(ctx, fromAPIUser(r.UserID, r.Params.Member, r.Params.ScopeType, r.Params.ScopeID))
	if err != nil {
		return nil, err
	}
	return accessapi.GetUserPermissions200JSONResponse{Permissions: wire.Each(held, toAPIHeld), Denied: append([]string{}, denied...)}, nil
}

func (s overview) ExplainUserDecision(ctx context.Context, r accessapi.ExplainUserDecisionRequestObject) (accessapi.ExplainUserDecisionResponseObject, error) {
	p := r.Params
	answer, err := s.app.Explain(ctx, fromAPIUser(r.UserID, p.Member, p.ScopeType, p.ScopeID), app.CheckInput{
		Permission: p.Permission, Visibility: domain.Visibility(wire.Value(p.ResourceVisibility)), Owner: wire.Value(p.ResourceOwnerID),
	})
	if err != nil {
		return nil, err
	}
	return accessapi.ExplainUserDecision200JSONResponse(toAPIDecision(answer)), nil
}

func fromAPIUser(user uuid.UUID, member *bool, typ *commonapi.ScopeType, id *accessapi.ScopeID) app.UserInput {
	return app.UserInput{
		User: user, Member: wire.ValueOr(member, true),
		Scope: app.ScopeInput{Type: domain.ScopeType(wire.ValueOr(typ, commonapi.ScopeTypeTENANT)), ID: wire.Value(id)},
	}
}

func toAPIHeld(h domain.Held) accessapi.HeldPermission {
	return accessapi.HeldPermission{Key: h.Key, Origins: wire.Each(h.Origins, toAPIOrigin)}
}

func toAPIOrigin(o domain.Origin) accessapi.Origin {
	out := accessapi.Origin{Kind: accessapi.OriginKind(o.Kind)}
	if o.Role != nil {
		role := toAPIRoleRef(*o.Role)
		out.Role = &role
	}
	if o.Kind == domain.FromBinding {
		out.Scope = &accessapi.Scope{Type: commonapi.ScopeType(o.Scope.Type), ID: o.Scope.ID}
	}
	if o.Achievement != uuid.Nil {
		out.AchievementID = &o.Achievement
	}
	return out
}

type personalData struct{ app app.PersonalData }

func (s personalData) ExportPersonalData(ctx context.Context, r accessapi.ExportPersonalDataRequestObject) (accessapi.ExportPersonalDataResponseObject, error) {
	export, err := s.app.Export(ctx, r.UserID, page.Request{Limit: wire.Value(r.Params.Limit), Cursor: wire.Value(r.Params.Cursor)})
	if err != nil {
		return nil, err
	}
	return accessapi.ExportPersonalData200JSONResponse{PersonalDataJSONResponse: export.ToAPI()}, nil
}

func (s personalData) ErasePersonalData(ctx context.Context, r accessapi.ErasePersonalDataRequestObject) (accessapi.ErasePersonalDataResponseObject, error) {
	receipt, err := s.app.Erase(ctx, r.UserID)
	if err != nil {
		return nil, err
	}
	return accessapi.ErasePersonalData200JSONResponse{ErasureJSONResponse: receipt.ToAPI()}, nil
}
