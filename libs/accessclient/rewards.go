package accessclient

import (
	"context"

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
