package httpapi

import (
	"context"

	"github.com/oapi-codegen/nullable"

	"go.updspace.com/api/identityapi"
	"go.updspace.com/identity/app"
	"go.updspace.com/libs/wire"
)

func (s server) GetMe(ctx context.Context, _ identityapi.GetMeRequestObject) (identityapi.GetMeResponseObject, error) {
	user, memberships, err := s.Accounts.Me(ctx)
	if err != nil {
		return nil, err
	}
	return identityapi.GetMe200JSONResponse{User: s.toMeUser(user), Memberships: wire.Each(memberships, s.toMembershipCard)}, nil
}

func (s server) GetPrincipal(ctx context.Context, _ identityapi.GetPrincipalRequestObject) (identityapi.GetPrincipalResponseObject, error) {
	user, membership, err := s.Accounts.Principal(ctx)
	if err != nil {
		return nil, err
	}
	out := identityapi.Principal{
		UserID: user.ID, MasterFlags: toFlags(user.Flags()), Membership: orNull[identityapi.Membership](nil), SessionsValidFrom: user.SessionsValidFrom,
	}
	if membership != nil {
		out.Membership = nullable.NewNullableWithValue(toMembership(*membership))
	}
	return identityapi.GetPrincipal200JSONResponse(out), nil
}

func (s server) GetTenant(ctx context.Context, r identityapi.GetTenantRequestObject) (identityapi.GetTenantResponseObject, error) {
	t, err := s.Tenants.Open(ctx, r.Slug)
	if err != nil {
		return nil, err
	}
	return identityapi.GetTenant200JSONResponse(ToTenantCard(t)), nil
}

// EndSession is for the gateway, which has ended its own sessions.
func (s server) EndSession(ctx context.Context, r identityapi.EndSessionRequestObject) (identityapi.EndSessionResponseObject, error) {
	err := s.SignOut.EndByID(ctx, r.SessionID, app.Ending{Reason: "signed out at the gateway", Except: s.SignOut.GatewayID})
	return identityapi.EndSession204Response{}, err
}
