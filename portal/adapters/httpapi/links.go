package httpapi

import (
	"context"

	"go.updspace.com/api/portalapi"
	"go.updspace.com/portal/app"
	"go.updspace.com/portal/domain"
)

type links struct{ app *app.Links }

func (s links) ListCommunityLinks(ctx context.Context, r portalapi.ListCommunityLinksRequestObject) (portalapi.ListCommunityLinksResponseObject, error) {
	page, err := s.app.List(ctx, domain.CommunityScope(r.CommunityID), paging(r.Params.Limit, r.Params.Cursor))
	if err != nil {
		return nil, err
	}
	return portalapi.ListCommunityLinks200JSONResponse(ToAPILinkPage(page)), nil
}

func (s links) CreateCommunityLink(ctx context.Context, r portalapi.CreateCommunityLinkRequestObject) (portalapi.CreateCommunityLinkResponseObject, error) {
	v, err := s.app.Create(ctx, actor(ctx), domain.CommunityScope(r.CommunityID), FromAPILinkCreate(*r.Body))
	if err != nil {
		return nil, err
	}
	return portalapi.CreateCommunityLink201JSONResponse(ToAPINewLink(v)), nil
}

func (s links) RevokeCommunityLink(ctx context.Context, r portalapi.RevokeCommunityLinkRequestObject) (portalapi.RevokeCommunityLinkResponseObject, error) {
	if err := s.app.Revoke(ctx, actor(ctx), domain.CommunityScope(r.CommunityID), r.LinkID); err != nil {
		return nil, err
	}
	return portalapi.RevokeCommunityLink200JSONResponse{DoneJSONResponse: done}, nil
}

func (s links) ListTeamLinks(ctx context.Context, r portalapi.ListTeamLinksRequestObject) (portalapi.ListTeamLinksResponseObject, error) {
	page, err := s.app.List(ctx, domain.TeamScope(r.TeamID), paging(r.Params.Limit, r.Params.Cursor))
	if err != nil {
		return nil, err
	}
	return portalapi.ListTeamLinks200JSONResponse(ToAPILinkPage(page)), nil
}

func (s links) CreateTeamLink(ctx context.Context, r portalapi.CreateTeamLinkRequestObject) (portalapi.CreateTeamLinkResponseObject, error) {
	v, err := s.app.Create(ctx, actor(ctx), domain.TeamScope(r.TeamID), FromAPILinkCreate(*r.Body))
	if err != nil {
		return nil, err
	}
	return portalapi.CreateTeamLink201JSONResponse(ToAPINewLink(v)), nil
}

func (s links) RevokeTeamLink(ctx context.Context, r portalapi.RevokeTeamLinkRequestObject) (portalapi.RevokeTeamLinkResponseObject, error) {
	if err := s.app.Revoke(ctx, actor(ctx), domain.TeamScope(r.TeamID), r.LinkID); err != nil {
		return nil, err
	}
	return portalapi.RevokeTeamLink200JSONResponse{DoneJSONResponse: done}, nil
}

func (s links) PreviewLink(ctx context.Context, r portalapi.PreviewLinkRequestObject) (portalapi.PreviewLinkResponseObject, error) {
	v, err := s.app.Preview(ctx, actor(ctx), r.Body.Token)
	if err != nil {
		return nil, err
	}
	return portalapi.PreviewLink200JSONResponse(ToAPILinkPreview(v)), nil
}

func (s links) AcceptLink(ctx context.Context, r portalapi.AcceptLinkRequestObject) (portalapi.AcceptLinkResponseObject, error) {
	v, err := s.app.Accept(ctx, actor(ctx), r.Body.Token)
	if err != nil {
		return nil, err
	}
	return portalapi.AcceptLink200JSONResponse(ToAPILinkPreview(v)), nil
}
