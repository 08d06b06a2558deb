package httpapi

import (
	"context"

	"go.updspace.com/access/app"
	"go.updspace.com/access/domain"
	"go.updspace.com/api/accessapi"
)

type users struct{ app *app.Inspection }

func (s users) GetUserPermissions(ctx context.Context, r accessapi.GetUserPermissionsRequestObject) (accessapi.GetUserPermissionsResponseObject, error) {
	held, denied, err := s.app.Permissions(ctx, app.InspectInput{
		User: r.UserID, Member: valueOr(r.Params.Member, true),
		ScopeType: domain.ScopeType(valueOr(r.Params.ScopeType, accessapi.ScopeTypeTENANT)), ScopeID: value(r.Params.ScopeID),
	})
	if err != nil {
		return nil, err
	}
	if denied == nil {
		denied = []string{}
	}
	return accessapi.GetUserPermissions200JSONResponse{Permissions: each(held, toAPIHeld), Denied: denied}, nil
}

func (s users) ExplainUserDecision(ctx context.Context, r accessapi.ExplainUserDecisionRequestObject) (accessapi.ExplainUserDecisionResponseObject, error) {
	p := r.Params
	about := app.InspectInput{
		User: r.UserID, Member: valueOr(p.Member, true),
		ScopeType: domain.ScopeType(valueOr(p.ScopeType, accessapi.ScopeTypeTENANT)), ScopeID: value(p.ScopeID),
	}
	answer, err := s.app.Explain(ctx, about, app.CheckInput{
		Permission: p.Permission, Visibility: domain.Visibility(value(p.ResourceVisibility)), Owner: value(p.ResourceOwnerID),
	})
	if err != nil {
		return nil, err
	}
	return accessapi.ExplainUserDecision200JSONResponse(toAPIDecision(answer)), nil
}

func toAPIHeld(h domain.Held) accessapi.HeldPermission {
	return accessapi.HeldPermission{Key: h.Key, Origins: each(h.Origins, toAPIOrigin)}
}

func toAPIOrigin(o domain.Origin) accessapi.Origin {
	out := accessapi.Origin{Kind: accessapi.OriginKind(o.Kind)}
	if o.Role != nil {
		out.Role = &accessapi.RoleRef{ID: o.Role.ID, Service: string(o.Role.Service), Name: o.Role.Name}
	}
	if o.Kind == domain.FromBinding {
		out.Scope = &accessapi.Scope{Type: accessapi.ScopeType(o.Scope.Type), ID: o.Scope.ID}
	}
	return out
}
