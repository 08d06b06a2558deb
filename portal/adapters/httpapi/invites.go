package httpapi

import (
	"context"

	"go.updspace.com/api/portalapi"
	"go.updspace.com/portal/app"
	"go.updspace.com/portal/domain"
)

type invites struct{ app *app.Invites }

func (s invites) ListCommunityInvites(ctx context.Context, r portalapi.ListCommunityInvitesRequestObject) (portalapi.ListCommunityInvitesResponseObject, error) {
	page, err := s.app.List(ctx, domain.CommunityScope(r.CommunityID), FromAPIListInvites(r.Params.Pending, r.Params.Limit, r.Params.Cursor))
	if err != nil {
		return nil, err
	}
	return portalapi.ListCommunityInvites200JSONResponse(ToAPIInvitePage(page)), nil
}

func (s invites) CreateCommunityInvite(ctx context.Context, r portalapi.CreateCommunityInviteRequestObject) (portalapi.CreateCommunityInviteResponseObject, error) {
	v, err := s.app.Create(ctx, actor(ctx), domain.CommunityScope(r.CommunityID), app.CreateInvite{User: r.Body.UserID, Role: domain.Role(value(r.Body.Role))})
	if err != nil {
		return nil, err
	}
	return portalapi.CreateCommunityInvite201JSONResponse(ToAPIInvite(v)), nil
}

func (s invites) RevokeCommunityInvite(ctx context.Context, r portalapi.RevokeCommunityInviteRequestObject) (portalapi.RevokeCommunityInviteResponseObject, error) {
	if err := s.app.Revoke(ctx, actor(ctx), domain.CommunityScope(r.CommunityID), r.InviteID); err != nil {
		return nil, err
	}
	return portalapi.RevokeCommunityInvite200JSONResponse{DoneJSONResponse: done}, nil
}

func (s invites) ListTeamInvites(ctx context.Context, r portalapi.ListTeamInvitesRequestObject) (portalapi.ListTeamInvitesResponseObject, error) {
	page, err := s.app.List(ctx, domain.TeamScope(r.TeamID), FromAPIListInvites(r.Params.Pending, r.Params.Limit, r.Params.Cursor))
	if err != nil {
		return nil, err
	}
	return portalapi.ListTeamInvites200JSONResponse(ToAPIInvitePage(page)), nil
}

func (s invites) CreateTeamInvite(ctx context.Context, r portalapi.CreateTeamInviteRequestObject) (portalapi.CreateTeamInviteResponseObject, error) {
	v, err := s.app.Create(ctx, actor(ctx), domain.TeamScope(r.TeamID), app.CreateInvite{User: r.Body.UserID, Role: domain.Role(value(r.Body.Role))})
	if err != nil {
		return nil, err
	}
	return portalapi.CreateTeamInvite201JSONResponse(ToAPIInvite(v)), nil
}

func (s invites) RevokeTeamInvite(ctx context.Context, r portalapi.RevokeTeamInviteRequestObject) (portalapi.RevokeTeamInviteResponseObject, error) {
	if err := s.app.Revoke(ctx, actor(ctx), domain.TeamScope(r.TeamID), r.InviteID); err != nil {
		return nil, err
	}
	return portalapi.RevokeTeamInvite200JSONResponse{DoneJSONResponse: done}, nil
}

func (s invites) ListMyInvites(ctx context.Context, r portalapi.ListMyInvitesRequestObject) (portalapi.ListMyInvitesResponseObject, error) {
	page, err := s.app.Mine(ctx, actor(ctx), FromAPIListInvites(r.Params.Pending, r.Params.Limit, r.Params.Cursor))
	if err != nil {
		return nil, err
	}
	return portalapi.ListMyInvites200JSONResponse(ToAPIInvitePage(page)), nil
}

func (s invites) AcceptInvite(ctx context.Context, r portalapi.AcceptInviteRequestObject) (portalapi.AcceptInviteResponseObject, error) {
	v, err := s.app.Accept(ctx, actor(ctx), r.InviteID)
	if err != nil {
		return nil, err
	}
	return portalapi.AcceptInvite200JSONResponse(ToAPIInvite(v)), nil
}

func (s invites) DeclineInvite(ctx context.Context, r portalapi.DeclineInviteRequestObject) (portalapi.DeclineInviteResponseObject, error) {
	v, err := s.app.Decline(ctx, actor(ctx), r.InviteID)
	if err != nil {
		return nil, err
	}
	return portalapi.DeclineInvite200JSONResponse(ToAPIInvite(v)), nil
}
