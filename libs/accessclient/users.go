package accessclient

import (
	"context"
	"slices"

	"github.com/google/uuid"

	"go.updspace.com/api/accessapi"
	"go.updspace.com/libs/authz"
)

// AllowedUsers returns those of some users who may do something in the tenant of ctx, in their order. Suspended users are not left out, and system
// administrators have no power: no request has brought their flags.
func (c *Client) AllowedUsers(ctx context.Context, check authz.Check, users []uuid.UUID) ([]uuid.UUID, error) {
	ctx, cancel := context.WithTimeout(ctx, c.budget)
	defer cancel()
	var allowed []uuid.UUID
	for part := range slices.Chunk(users, maxBatch) {
		resp, err := call(ctx, c, "checking users", func(ctx context.Context) (*accessapi.CheckUsersResponse, error) {
			return c.api.CheckUsersWithResponse(ctx, accessapi.UsersCheck{Check: toAPICheck(check), UserIds: part})
		})
		if err != nil {
			return nil, err
		}
		if resp.JSON200 == nil {
			return nil, unexpected("check of users", resp.StatusCode())
		}
		allowed = append(allowed, resp.JSON200.UserIds...)
	}
	return allowed, nil
}
