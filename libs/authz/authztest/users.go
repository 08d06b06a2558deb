package authztest

import (
	"context"

	"github.com/google/uuid"

	"go.updspace.com/api/accessapi"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/reqctx"
)

// AllowedUsers decides as accessclient.Client does.
func (a *Access) AllowedUsers(ctx context.Context, check authz.Check, users []uuid.UUID) ([]uuid.UUID, error) {
	return answer(a, []authz.Check{check}, func(decider) []uuid.UUID {
		var allowed []uuid.UUID
		for _, user := range users {
			if a.named(reqctx.From(ctx).TenantID, user).decide(check).Allowed {
				allowed = append(allowed, user)
			}
		}
		return allowed
	}, reqctx.From(ctx))
}

func (s server) CheckUsers(ctx context.Context, r accessapi.CheckUsersRequestObject) (accessapi.CheckUsersResponseObject, error) {
	if err := s.admit(ctx); err != nil {
		return nil, err
	}
	check, err := fromAPICheck(r.Body.Check, reqctx.From(ctx).TenantID)
	if err != nil {
		return nil, err
	}
	allowed, err := s.access.AllowedUsers(ctx, check, r.Body.UserIds)
	if err != nil {
		return nil, err
	}
	return accessapi.CheckUsers200JSONResponse{UserIds: append([]uuid.UUID{}, allowed...)}, nil
}
