package accessclient

import (
	"context"

	"github.com/google/uuid"

	"go.updspace.com/api/accessapi"
	"go.updspace.com/api/commonapi"
	"go.updspace.com/libs/authz"
)

// CheckReward decides whether the user of the request context may reward others with a role in a scope.
func (c *Client) CheckReward(ctx context.Context, role int64, scope authz.Scope) (authz.RewardDecision, error) {
	resp, err := call(ctx, c, "checking a reward", func(ctx context.Context) (*accessapi.CheckRewardResponse, error) {
		return c.api.CheckRewardWithResponse(ctx, accessapi.RewardCheck{
			RoleID: role, Scope: accessapi.Scope{Type: commonapi.ScopeType(scope.Type), ID: toAPIScopeID(scope)},
		})
	})
	if err != nil {
		return authz.RewardDecision{}, err
	}
	if resp.JSON200 == nil {
		return authz.RewardDecision{}, unexpected("reward check", resp.StatusCode())
	}
	d := authz.RewardDecision{Allowed: resp.JSON200.Allowed, Reason: authz.RewardReason(resp.JSON200.ReasonCode), Missing: resp.JSON200.Missing}
	if r := resp.JSON200.Role; r != nil {
		d.Role = authz.RoleRef{ID: r.ID, Service: r.Service, Name: r.Name}
	}
	return d, nil
}

// HeldRoles answers which of some roles are bound to a user in exactly their scopes, in the order of the roles. It asks for the tenant of the
// request context, and for no user.
func (c *Client) HeldRoles(ctx context.Context, user uuid.UUID, roles []authz.ScopedRole) ([]bool, error) {
	question := accessapi.HeldRolesQuestion{UserID: user, Roles: make([]accessapi.RewardCheck, len(roles))}
	for i, r := range roles {
		question.Roles[i] = accessapi.RewardCheck{RoleID: r.Role, Scope: accessapi.Scope{Type: commonapi.ScopeType(r.Scope.Type), ID: toAPIScopeID(r.Scope)}}
	}
	resp, err := call(ctx, c, "asking for held roles", func(ctx context.Context) (*accessapi.ListHeldRolesResponse, error) {
		return c.api.ListHeldRolesWithResponse(ctx, question)
	})
	if err != nil {
		return nil, err
	}
	if resp.JSON200 == nil || len(resp.JSON200.Held) != len(roles) {
		return nil, unexpected("held roles", resp.StatusCode())
	}
	return resp.JSON200.Held, nil
}
