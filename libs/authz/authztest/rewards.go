package authztest

import (
	"context"
	"slices"

	"github.com/google/uuid"

	"go.updspace.com/api/accessapi"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/reqctx"
)

// bindRoles is the permission without which a user gives no roles to others.
const bindRoles authz.Permission = "portal.role_bindings.write"

type tenantRole struct {
	tenant uuid.UUID
	Role
}

// PutRole makes a role of a tenant known, which achievements can reward with.
func (a *Access) PutRole(tenant uuid.UUID, id int64, role Role) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.roles == nil {
		a.roles = map[int64]tenantRole{}
	}
	a.roles[id] = tenantRole{tenant, role}
}

// DeleteRole deletes a role.
func (a *Access) DeleteRole(id int64) {
	a.mu.Lock()
	defer a.mu.Unlock()
	delete(a.roles, id)
}

// CheckReward decides as the access service does, except that it does not know which communities are archived.
func (a *Access) CheckReward(ctx context.Context, id int64, scope authz.Scope) (authz.RewardDecision, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	rc := reqctx.From(ctx)
	if a.failure != nil {
		return authz.RewardDecision{}, a.failure
	}
	role, known := a.roles[id]
	if !known || role.tenant != rc.TenantID {
		return authz.RewardDecision{Reason: authz.RewardRoleNotFound, Missing: []string{}}, nil
	}
	decision := authz.RewardDecision{Reason: authz.RewardAllowed, Missing: []string{}, Role: authz.RoleRef{ID: id, Service: role.Service, Name: role.Name}}
	rc.Flags.SystemAdmin = false
	decider := a.decider(rc)
	decider.member = decider.member || decider.Facts.Member
	for _, p := range role.Permissions {
		if !decider.decide(authz.Check{Permission: p, Scope: scope}).Allowed {
			decision.Reason, decision.Missing = authz.RewardNotHeld, append(decision.Missing, string(p))
		}
	}
	switch {
	case role.Name == RoleAdmin || slices.Contains(role.Permissions, bindRoles):
		decision.Reason, decision.Missing = authz.RewardRoleNotRewardable, []string{}
	case !decider.decide(authz.Check{Permission: bindRoles, Scope: authz.TenantScope(rc.TenantID)}).Allowed:
		decision.Reason, decision.Missing = authz.RewardForbidden, []string{}
	}
	decision.Allowed = decision.Reason == authz.RewardAllowed
	return decision, nil
}

func (s server) CheckReward(ctx context.Context, r accessapi.CheckRewardRequestObject) (accessapi.CheckRewardResponseObject, error) {
	if err := s.admit(ctx); err != nil {
		return nil, err
	}
	scope, err := fromAPIScope(r.Body.Scope.Type, r.Body.Scope.ID, reqctx.From(ctx).TenantID)
	if err != nil {
		return nil, err
	}
	d, err := s.access.CheckReward(ctx, r.Body.RoleID, scope)
	if err != nil {
		return nil, err
	}
	out := accessapi.CheckReward200JSONResponse{Allowed: d.Allowed, ReasonCode: accessapi.RewardDecisionReasonCode(d.Reason), Missing: d.Missing}
	if d.Role.ID != 0 {
		out.Role = &accessapi.RoleRef{ID: d.Role.ID, Service: d.Role.Service, Name: d.Role.Name}
	}
	return out, nil
}
