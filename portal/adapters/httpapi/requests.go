package httpapi

import (
	"context"

	"go.updspace.com/api/portalapi"
	"go.updspace.com/portal/app"
	"go.updspace.com/portal/domain"
)

type requests struct{ app *app.Requests }

func (s requests) ListCommunityRequests(ctx context.Context, r portalapi.ListCommunityRequestsRequestObject) (portalapi.ListCommunityRequestsResponseObject, error) {
	page, err := s.app.List(ctx, domain.CommunityScope(r.CommunityID), FromAPIListRequests(r.Params.Status, r.Params.Limit, r.Params.Cursor))
	if err != nil {
		return nil, err
	}
	return portalapi.ListCommunityRequests200JSONResponse(ToAPIRequestPage(page)), nil
}

func (s requests) CreateCommunityRequest(ctx context.Context, r portalapi.CreateCommunityRequestRequestObject) (portalapi.CreateCommunityRequestResponseObject, error) {
	v, err := s.app.Ask(ctx, actor(ctx), domain.CommunityScope(r.CommunityID), get(r.Body.Message))
	if err != nil {
		return nil, err
	}
	return portalapi.CreateCommunityRequest201JSONResponse(ToAPIRequest(v)), nil
}

func (s requests) ApproveCommunityRequest(ctx context.Context, r portalapi.ApproveCommunityRequestRequestObject) (portalapi.ApproveCommunityRequestResponseObject, error) {
	v, err := s.app.Approve(ctx, actor(ctx), domain.CommunityScope(r.CommunityID), r.RequestID)
	if err != nil {
		return nil, err
	}
	return portalapi.ApproveCommunityRequest200JSONResponse(ToAPIRequest(v)), nil
}

func (s requests) DeclineCommunityRequest(ctx context.Context, r portalapi.DeclineCommunityRequestRequestObject) (portalapi.DeclineCommunityRequestResponseObject, error) {
	v, err := s.app.Decline(ctx, actor(ctx), domain.CommunityScope(r.CommunityID), r.RequestID)
	if err != nil {
		return nil, err
	}
	return portalapi.DeclineCommunityRequest200JSONResponse(ToAPIRequest(v)), nil
}

func (s requests) CancelCommunityRequest(ctx context.Context, r portalapi.CancelCommunityRequestRequestObject) (portalapi.CancelCommunityRequestResponseObject, error) {
	v, err := s.app.Cancel(ctx, actor(ctx), domain.CommunityScope(r.CommunityID), r.RequestID)
	if err != nil {
		return nil, err
	}
	return portalapi.CancelCommunityRequest200JSONResponse(ToAPIRequest(v)), nil
}

func (s requests) ListTeamRequests(ctx context.Context, r portalapi.ListTeamRequestsRequestObject) (portalapi.ListTeamRequestsResponseObject, error) {
	page, err := s.app.List(ctx, domain.TeamScope(r.TeamID), FromAPIListRequests(r.Params.Status, r.Params.Limit, r.Params.Cursor))
	if err != nil {
		return nil, err
	}
	return portalapi.ListTeamRequests200JSONResponse(ToAPIRequestPage(page)), nil
}

func (s requests) CreateTeamRequest(ctx context.Context, r portalapi.CreateTeamRequestRequestObject) (portalapi.CreateTeamRequestResponseObject, error) {
	v, err := s.app.Ask(ctx, actor(ctx), domain.TeamScope(r.TeamID), get(r.Body.Message))
	if err != nil {
		return nil, err
	}
	return portalapi.CreateTeamRequest201JSONResponse(ToAPIRequest(v)), nil
}

func (s requests) ApproveTeamRequest(ctx context.Context, r portalapi.ApproveTeamRequestRequestObject) (portalapi.ApproveTeamRequestResponseObject, error) {
	v, err := s.app.Approve(ctx, actor(ctx), domain.TeamScope(r.TeamID), r.RequestID)
	if err != nil {
		return nil, err
	}
	return portalapi.ApproveTeamRequest200JSONResponse(ToAPIRequest(v)), nil
}

func (s requests) DeclineTeamRequest(ctx context.Context, r portalapi.DeclineTeamRequestRequestObject) (portalapi.DeclineTeamRequestResponseObject, error) {
	v, err := s.app.Decline(ctx, actor(ctx), domain.TeamScope(r.TeamID), r.RequestID)
	if err != nil {
		return nil, err
	}
	return portalapi.DeclineTeamRequest200JSONResponse(ToAPIRequest(v)), nil
}

func (s requests) CancelTeamRequest(ctx context.Context, r portalapi.CancelTeamRequestRequestObject) (portalapi.CancelTeamRequestResponseObject, error) {
	v, err := s.app.Cancel(ctx, actor(ctx), domain.TeamScope(r.TeamID), r.RequestID)
	if err != nil {
		return nil, err
	}
	return portalapi.CancelTeamRequest200JSONResponse(ToAPIRequest(v)), nil
}

func (s requests) ListMyRequests(ctx context.Context, r portalapi.ListMyRequestsRequestObject) (portalapi.ListMyRequestsResponseObject, error) {
	page, err := s.app.Mine(ctx, actor(ctx), FromAPIListRequests(r.Params.Status, r.Params.Limit, r.Params.Cursor))
	if err != nil {
		return nil, err
	}
	return portalapi.ListMyRequests200JSONResponse(ToAPIRequestPage(page)), nil
}
