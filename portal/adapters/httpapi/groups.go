package httpapi

import (
	"context"

	"go.updspace.com/api/portalapi"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/page"
	"go.updspace.com/libs/wire"
	groupsapp "go.updspace.com/portal/groups/app"
	groupsdomain "go.updspace.com/portal/groups/domain"
)

type groups struct{ groups groupsapp.Groups }

func (s groups) ListCommunities(ctx context.Context, r portalapi.ListCommunitiesRequestObject) (portalapi.ListCommunitiesResponseObject, error) {
	p, err := s.groups.Communities(ctx, actor(ctx), FromAPIListGroups(r.Params.Q, r.Params.Status, int(wire.ValueOr(r.Params.Limit, groupsapp.MaxGroups)), r.Params.Cursor))
	if err != nil {
		return nil, err
	}
	return portalapi.ListCommunities200JSONResponse{
		Body: wire.Each(p.Items, ToAPIGroup), Headers: portalapi.ListCommunities200ResponseHeaders{XNextCursor: next(p.Next)},
	}, nil
}

func (s groups) CreateCommunity(ctx context.Context, r portalapi.CreateCommunityRequestObject) (portalapi.CreateCommunityResponseObject, error) {
	v, err := s.groups.CreateCommunity(ctx, actor(ctx), groupsdomain.GroupDraft{
		Name: r.Body.Name, Description: wire.Get(r.Body.Description), JoinPolicy: joinPolicy(r.Body.JoinPolicy, r.Body.JoinPolicyCamel), Hue: wire.Value(fromAPIHue(r.Body.Hue)),
	})
	return portalapi.CreateCommunity201JSONResponse(ToAPIGroup(v)), err
}

func (s groups) ListTeams(ctx context.Context, r portalapi.ListTeamsRequestObject) (portalapi.ListTeamsResponseObject, error) {
	p, err := s.groups.Teams(ctx, actor(ctx), r.Params.CommunityID, FromAPIListGroups(r.Params.Q, r.Params.Status, int(wire.ValueOr(r.Params.Limit, groupsapp.MaxGroups)), r.Params.Cursor))
	if err != nil {
		return nil, err
	}
	return portalapi.ListTeams200JSONResponse{
		Body: wire.Each(p.Items, ToAPIGroup), Headers: portalapi.ListTeams200ResponseHeaders{XNextCursor: next(p.Next)},
	}, nil
}

func (s groups) CreateTeam(ctx context.Context, r portalapi.CreateTeamRequestObject) (portalapi.CreateTeamResponseObject, error) {
	community, err := required("community_id", either(r.Body.CommunityID, r.Body.CommunityIDCamel))
	if err != nil {
		return nil, err
	}
	v, err := s.groups.CreateTeam(ctx, actor(ctx), community, groupsdomain.GroupDraft{
		Name: r.Body.Name, Description: wire.Get(r.Body.Description), JoinPolicy: joinPolicy(r.Body.JoinPolicy, r.Body.JoinPolicyCamel), Hue: wire.Value(fromAPIHue(r.Body.Hue)),
	})
	return portalapi.CreateTeam201JSONResponse(ToAPIGroup(v)), err
}

func (s groups) ListMyGroups(ctx context.Context, r portalapi.ListMyGroupsRequestObject) (portalapi.ListMyGroupsResponseObject, error) {
	p, err := s.groups.Mine(ctx, actor(ctx), authz.ScopeType(wire.Value(r.Params.Kind)), FromAPIListGroups(r.Params.Q, r.Params.Status, min(wire.Value(r.Params.Limit), page.MaxLimit), r.Params.Cursor))
	return portalapi.ListMyGroups200JSONResponse{Items: wire.Each(p.Items, ToAPIGroup), NextCursor: wire.OrNull(p.Next)}, err
}

func (s groups) GetGroup(ctx context.Context, r portalapi.GetGroupRequestObject) (portalapi.GetGroupResponseObject, error) {
	v, err := s.groups.Get(ctx, actor(ctx), r.GroupID)
	return portalapi.GetGroup200JSONResponse(ToAPIGroup(v)), err
}

func (s groups) UpdateGroup(ctx context.Context, r portalapi.UpdateGroupRequestObject) (portalapi.UpdateGroupResponseObject, error) {
	v, err := s.groups.Update(ctx, actor(ctx), r.GroupID, groupsdomain.GroupEdit{
		Name: r.Body.Name, Description: wire.Edit(r.Body.Description), JoinPolicy: wire.As[groupsdomain.JoinPolicy](r.Body.JoinPolicy),
		Hue: fromAPIHue(r.Body.Hue),
	})
	return portalapi.UpdateGroup200JSONResponse(ToAPIGroup(v)), err
}

func (s groups) ArchiveGroup(ctx context.Context, r portalapi.ArchiveGroupRequestObject) (portalapi.ArchiveGroupResponseObject, error) {
	v, err := s.groups.SetStatus(ctx, actor(ctx), r.GroupID, groupsdomain.StatusArchived)
	return portalapi.ArchiveGroup200JSONResponse(ToAPIGroup(v)), err
}

func (s groups) RestoreGroup(ctx context.Context, r portalapi.RestoreGroupRequestObject) (portalapi.RestoreGroupResponseObject, error) {
	v, err := s.groups.SetStatus(ctx, actor(ctx), r.GroupID, groupsdomain.StatusActive)
	return portalapi.RestoreGroup200JSONResponse(ToAPIGroup(v)), err
}

func (s groups) DeleteGroup(ctx context.Context, r portalapi.DeleteGroupRequestObject) (portalapi.DeleteGroupResponseObject, error) {
	return portalapi.DeleteGroup204Response{}, s.groups.Delete(ctx, actor(ctx), r.GroupID)
}
