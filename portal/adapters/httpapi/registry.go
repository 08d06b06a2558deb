package httpapi

import (
	"context"

	"github.com/google/uuid"

	"go.updspace.com/api/portalapi"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/reqctx"
	"go.updspace.com/portal/app"
)

// registry answers other services. They sign for a tenant, and for no user.
type registry struct{ app *app.Registry }

func (s registry) ListUserMemberships(ctx context.Context, r portalapi.ListUserMembershipsRequestObject) (portalapi.ListUserMembershipsResponseObject, error) {
	if err := ofATenant(ctx); err != nil {
		return nil, err
	}
	found, err := s.app.Of(ctx, r.UserID)
	if err != nil {
		return nil, err
	}
	return portalapi.ListUserMemberships200JSONResponse{Memberships: each(found, ToAPIUserMembership)}, nil
}

func (s registry) CheckMemberships(ctx context.Context, r portalapi.CheckMembershipsRequestObject) (portalapi.CheckMembershipsResponseObject, error) {
	if err := ofATenant(ctx); err != nil {
		return nil, err
	}
	roles, err := s.app.Check(ctx, each(r.Body.Pairs, FromAPIMembershipQuestion))
	if err != nil {
		return nil, err
	}
	return portalapi.CheckMemberships200JSONResponse{Answers: each(roles, ToAPIMembershipAnswer)}, nil
}

func ofATenant(ctx context.Context) error {
	if reqctx.From(ctx).TenantID == uuid.Nil {
		return errs.New(errs.BadRequest, "MISSING_TENANT_CONTEXT", "The request names no tenant.")
	}
	return nil
}
