package httpapi

import (
	"context"

	"go.updspace.com/api/identityapi"
	"go.updspace.com/identity/app"
	"go.updspace.com/identity/domain"
)

type accounts struct {
	use     *app.Accounts
	tenants *app.Tenants
}

func (a accounts) GetMe(ctx context.Context, _ identityapi.GetMeRequestObject) (identityapi.GetMeResponseObject, error) {
	user, membership, err := a.use.Me(ctx)
	if err != nil {
		return nil, err
	}
	out := identityapi.Me{User: toMeUser(user), Memberships: []identityapi.Membership{}}
	if membership != nil {
		out.Memberships = toMemberships([]domain.Membership{*membership})
	}
	return identityapi.GetMe200JSONResponse(out), nil
}

func (a accounts) GetPrincipal(ctx context.Context, _ identityapi.GetPrincipalRequestObject) (identityapi.GetPrincipalResponseObject, error) {
	user, membership, err := a.use.Principal(ctx)
	if err != nil {
		return nil, err
	}
	out := identityapi.Principal{
		UserID: user.ID, MasterFlags: toFlags(user.Flags()), Membership: null[identityapi.Membership](), SessionsValidFrom: user.SessionsValidFrom,
	}
	if membership != nil {
		out.Membership = value(toMembership(*membership))
	}
	return identityapi.GetPrincipal200JSONResponse(out), nil
}

func (a accounts) GetTenant(ctx context.Context, r identityapi.GetTenantRequestObject) (identityapi.GetTenantResponseObject, error) {
	t, err := a.tenants.Find(ctx, r.Slug)
	if err != nil {
		return nil, err
	}
	return identityapi.GetTenant200JSONResponse(identityapi.Tenant{ID: t.ID, Slug: t.Slug, Name: t.Name}), nil
}
