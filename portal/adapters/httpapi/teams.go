package httpapi

import (
	"context"

	"go.updspace.com/api/portalapi"
	"go.updspace.com/portal/app"
	"go.updspace.com/portal/domain"
)

type teams struct{ app *app.Groups }

func (s teams) ListTeams(ctx context.Context, r portalapi.ListTeamsRequestObject) (portalapi.ListTeamsResponseObject, error) {
	page, err := s.app.Teams(ctx, actor(ctx), r.Params.CommunityID, FromAPIListGroups(r.Params.Q, r.Params.Status, r.Params.Limit, r.Params.Cursor))
	if err != nil {
		return nil, err
	}
	return portalapi.ListTeams200JSONResponse{
		Body: each(page.Items, ToAPITeam), Headers: portalapi.ListTeams200ResponseHeaders{XNextCursor: next(page.Next)},
	}, nil
}

func (s teams) CreateTeam(ctx context.Context, r portalapi.CreateTeamRequestObject) (portalapi.CreateTeamResponseObject, error) {
	v, err := s.app.CreateTeam(ctx, actor(ctx), FromAPITeamCreate(*r.Body))
	if err != nil {
		return nil, err
	}
	return portalapi.CreateTeam201JSONResponse(ToAPITeam(v)), nil
}

func (s teams) ListMyTeams(ctx context.Context, r portalapi.ListMyTeamsRequestObject) (portalapi.ListMyTeamsResponseObject, error) {
	page, err := s.app.Mine(ctx, actor(ctx), domain.ScopeTeam, FromAPIListGroups(r.Params.Q, r.Params.Status, r.Params.Limit, r.Params.Cursor))
	if err != nil {
		return nil, err
	}
	return portalapi.ListMyTeams200JSONResponse{
		Body: each(page.Items, ToAPITeam), Headers: portalapi.ListMyTeams200ResponseHeaders{XNextCursor: next(page.Next)},
	}, nil
}

func (s teams) GetTeam(ctx context.Context, r portalapi.GetTeamRequestObject) (portalapi.GetTeamResponseObject, error) {
	v, err := s.app.Get(ctx, actor(ctx), domain.TeamScope(r.TeamID))
	if err != nil {
		return nil, err
	}
	return portalapi.GetTeam200JSONResponse(ToAPITeam(v)), nil
}

func (s teams) UpdateTeam(ctx context.Context, r portalapi.UpdateTeamRequestObject) (portalapi.UpdateTeamResponseObject, error) {
	v, err := s.app.Update(ctx, actor(ctx), domain.TeamScope(r.TeamID), FromAPIGroupUpdate(*r.Body))
	if err != nil {
		return nil, err
	}
	return portalapi.UpdateTeam200JSONResponse(ToAPITeam(v)), nil
}

func (s teams) ArchiveTeam(ctx context.Context, r portalapi.ArchiveTeamRequestObject) (portalapi.ArchiveTeamResponseObject, error) {
	v, err := s.app.Put(ctx, actor(ctx), domain.TeamScope(r.TeamID), domain.StatusArchived)
	if err != nil {
		return nil, err
	}
	return portalapi.ArchiveTeam200JSONResponse(ToAPITeam(v)), nil
}

func (s teams) RestoreTeam(ctx context.Context, r portalapi.RestoreTeamRequestObject) (portalapi.RestoreTeamResponseObject, error) {
	v, err := s.app.Put(ctx, actor(ctx), domain.TeamScope(r.TeamID), domain.StatusActive)
	if err != nil {
		return nil, err
	}
	return portalapi.RestoreTeam200JSONResponse(ToAPITeam(v)), nil
}

func (s teams) DeleteTeam(ctx context.Context, r portalapi.DeleteTeamRequestObject) (portalapi.DeleteTeamResponseObject, error) {
	if err := s.app.Delete(ctx, actor(ctx), domain.TeamScope(r.TeamID)); err != nil {
		return nil, err
	}
	return portalapi.DeleteTeam200JSONResponse{DoneJSONResponse: done}, nil
}
