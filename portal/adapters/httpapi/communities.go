package httpapi

import (
	"context"

	"go.updspace.com/api/portalapi"
	"go.updspace.com/portal/app"
	"go.updspace.com/portal/domain"
)

type communities struct{ app *app.Groups }

func (s communities) ListCommunities(ctx context.Context, r portalapi.ListCommunitiesRequestObject) (portalapi.ListCommunitiesResponseObject, error) {
	page, err := s.app.Communities(ctx, actor(ctx), FromAPIListGroups(r.Params.Q, r.Params.Status, r.Params.Limit, r.Params.Cursor))
	if err != nil {
		return nil, err
	}
	return portalapi.ListCommunities200JSONResponse{
		Body: each(page.Items, ToAPICommunity), Headers: portalapi.ListCommunities200ResponseHeaders{XNextCursor: next(page.Next)},
	}, nil
}

func (s communities) CreateCommunity(ctx context.Context, r portalapi.CreateCommunityRequestObject) (portalapi.CreateCommunityResponseObject, error) {
	v, err := s.app.CreateCommunity(ctx, actor(ctx), FromAPIGroupCreate(*r.Body))
	if err != nil {
		return nil, err
	}
	return portalapi.CreateCommunity201JSONResponse(ToAPICommunity(v)), nil
}

func (s communities) ListMyCommunities(ctx context.Context, r portalapi.ListMyCommunitiesRequestObject) (portalapi.ListMyCommunitiesResponseObject, error) {
	page, err := s.app.Mine(ctx, actor(ctx), domain.ScopeCommunity, FromAPIListGroups(r.Params.Q, r.Params.Status, r.Params.Limit, r.Params.Cursor))
	if err != nil {
		return nil, err
	}
	return portalapi.ListMyCommunities200JSONResponse{
		Body: each(page.Items, ToAPICommunity), Headers: portalapi.ListMyCommunities200ResponseHeaders{XNextCursor: next(page.Next)},
	}, nil
}

func (s communities) GetCommunity(ctx context.Context, r portalapi.GetCommunityRequestObject) (portalapi.GetCommunityResponseObject, error) {
	v, err := s.app.Get(ctx, actor(ctx), domain.CommunityScope(r.CommunityID))
	if err != nil {
		return nil, err
	}
	return portalapi.GetCommunity200JSONResponse(ToAPICommunity(v)), nil
}

func (s communities) UpdateCommunity(ctx context.Context, r portalapi.UpdateCommunityRequestObject) (portalapi.UpdateCommunityResponseObject, error) {
	v, err := s.app.Update(ctx, actor(ctx), domain.CommunityScope(r.CommunityID), FromAPIGroupUpdate(*r.Body))
	if err != nil {
		return nil, err
	}
	return portalapi.UpdateCommunity200JSONResponse(ToAPICommunity(v)), nil
}

func (s communities) ArchiveCommunity(ctx context.Context, r portalapi.ArchiveCommunityRequestObject) (portalapi.ArchiveCommunityResponseObject, error) {
	v, err := s.app.Put(ctx, actor(ctx), domain.CommunityScope(r.CommunityID), domain.StatusArchived)
	if err != nil {
		return nil, err
	}
	return portalapi.ArchiveCommunity200JSONResponse(ToAPICommunity(v)), nil
}

func (s communities) RestoreCommunity(ctx context.Context, r portalapi.RestoreCommunityRequestObject) (portalapi.RestoreCommunityResponseObject, error) {
	v, err := s.app.Put(ctx, actor(ctx), domain.CommunityScope(r.CommunityID), domain.StatusActive)
	if err != nil {
		return nil, err
	}
	return portalapi.RestoreCommunity200JSONResponse(ToAPICommunity(v)), nil
}

func (s communities) DeleteCommunity(ctx context.Context, r portalapi.DeleteCommunityRequestObject) (portalapi.DeleteCommunityResponseObject, error) {
	if err := s.app.Delete(ctx, actor(ctx), domain.CommunityScope(r.CommunityID)); err != nil {
		return nil, err
	}
	return portalapi.DeleteCommunity200JSONResponse{DoneJSONResponse: done}, nil
}
