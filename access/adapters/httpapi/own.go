package httpapi

import (
	"context"
	"fmt"
	"strings"

	"github.com/google/uuid"

	"go.updspace.com/access/app"
	"go.updspace.com/access/domain"
	"go.updspace.com/api/accessapi"
	"go.updspace.com/api/commonapi"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/errs/why"
	"go.updspace.com/libs/wire"
)

type own struct{ app app.Own }

func (s own) GetMyDecision(ctx context.Context, r accessapi.GetMyDecisionRequestObject) (accessapi.GetMyDecisionResponseObject, error) {
	p := r.Params
	decision, err := s.app.Decide(ctx, app.CheckInput{
		Permission: p.Permission, ScopeType: domain.ScopeType(wire.ValueOr(p.ScopeType, commonapi.ScopeTypeTENANT)), ScopeID: wire.Value(p.ScopeID),
		Visibility: domain.Visibility(wire.Value(p.ResourceVisibility)), Owner: wire.Value(p.ResourceOwnerID),
	})
	if err != nil {
		return nil, err
	}
	return accessapi.GetMyDecision200JSONResponse(toAPIOwnDecision(decision)), nil
}

func toAPIOwnDecision(d app.OwnDecision) accessapi.OwnDecision {
	out := accessapi.OwnDecision{
		Allowed: d.Allowed, ReasonCode: accessapi.ReasonCode(d.Reason), DecidedBy: accessapi.OwnDecisionDecidedBy(d.Decider),
		Roles: wire.Each(d.Roles, toAPIMyRole), GrantedBy: wire.Each(d.Granting, toAPIRoleRef),
		AdministeredBy: accessapi.Administrators{
			Permission: wire.OrNull(d.AdministeredBy), Roles: wire.Each(d.AdminRoles, toAPIRoleRef),
			UserIds: append([]uuid.UUID{}, d.Administrators...),
		},
	}
	if d.Role != nil {
		out.Role = new(toAPIMyRole(*d.Role))
	}
	if d.Override != nil {
		out.Override = &accessapi.MyOverride{
			Action: accessapi.OverrideAction(d.Override.Effect), PermissionKey: wire.OrNull(d.Override.Permission), ExpiresAt: wire.TimeOrNull(d.Override.Expires),
		}
	}
	return out
}

func toAPIMyRole(h domain.HeldRole) accessapi.MyRole {
	out := accessapi.MyRole{Role: toAPIRoleRef(h.Role), Grants: h.Grants}
	if h.Bound != nil {
		out.BoundIn = &accessapi.Scope{Type: commonapi.ScopeType(h.Bound.Type), ID: h.Bound.ID}
	}
	return out
}

func (s own) GetMyPermissions(ctx context.Context, r accessapi.GetMyPermissionsRequestObject) (accessapi.GetMyPermissionsResponseObject, error) {
	scopes, field, err := fromAPIScopes(r.Params)
	if err != nil {
		return nil, err
	}
	answers, err := s.app.Permissions(ctx, scopes, field)
	if err != nil {
		return nil, err
	}
	return accessapi.GetMyPermissions200JSONResponse{Scopes: wire.Each(answers, func(a app.ScopePermissions) accessapi.ScopePermissions {
		return accessapi.ScopePermissions{
			Scope:       accessapi.Scope{Type: commonapi.ScopeType(a.Scope.Type), ID: a.Scope.ID},
			Permissions: a.Keys, Roles: wire.Each(a.Roles, toAPIRoleRef),
		}
	})}, nil
}

// fromAPIScopes reads the scopes of the query: one in scope_type and scope_id, or several in scope, as TYPE:id.
func fromAPIScopes(p accessapi.GetMyPermissionsParams) (scopes []app.ScopeInput, field func(int) string, err error) {
	several := p.Scope
	if len(several) == 0 {
		return []app.ScopeInput{{Type: domain.ScopeType(wire.ValueOr(p.ScopeType, commonapi.ScopeTypeTENANT)), ID: wire.Value(p.ScopeID)}},
			func(int) string { return "scope_" }, nil
	}
	if p.ScopeType != nil || p.ScopeID != nil {
		return nil, nil, errs.Fields{"scope": why.Mismatch("must not stand beside scope_type and scope_id")}.Err()
	}
	for _, text := range several {
		kind, id, _ := strings.Cut(text, ":")
		scopes = append(scopes, app.ScopeInput{Type: domain.ScopeType(kind), ID: id})
	}
	return scopes, func(i int) string { return fmt.Sprintf("scope.%d.", i) }, nil
}
