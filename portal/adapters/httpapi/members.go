package httpapi

import (
	"context"

	"go.updspace.com/api/portalapi"
	"go.updspace.com/portal/app"
	"go.updspace.com/portal/domain"
)

type members struct{ app *app.Members }

func (s members) ListCommunityMembers(ctx context.Context, r portalapi.ListCommunityMembersRequestObject) (portalapi.ListCommunityMembersResponseObject, error) {
	page, err := s.app.List(ctx, domain.CommunityScope(r.CommunityID), app.ListMembers{
		Words: value(r.Params.Q), Role: domain.Role(value(r.Params.Role)), Paging: paging(r.Params.Limit, r.Params.Cursor),
	})
	if err != nil {
		return nil, err
	}
	return portalapi.ListCommunityMembers200JSONResponse(ToAPIMemberPage(page)), nil
}

func (s members) ChangeCommunityMembers(ctx context.Context, r portalapi.ChangeCommunityMembersRequestObject) (portalapi.ChangeCommunityMembersResponseObject, error) {
	if err := s.change(ctx, domain.CommunityScope(r.CommunityID), *r.Body); err != nil {
		return nil, err
	}
	return portalapi.ChangeCommunityMembers200JSONResponse{DoneJSONResponse: done}, nil
}

func (s members) GetCommunityMember(ctx context.Context, r portalapi.GetCommunityMemberRequestObject) (portalapi.GetCommunityMemberResponseObject, error) {
	v, err := s.app.Get(ctx, domain.CommunityScope(r.CommunityID), r.UserID)
	if err != nil {
		return nil, err
	}
	return portalapi.GetCommunityMember200JSONResponse(ToAPIMemberCheck(v)), nil
}

func (s members) SetCommunityMemberRole(ctx context.Context, r portalapi.SetCommunityMemberRoleRequestObject) (portalapi.SetCommunityMemberRoleResponseObject, error) {
	v, err := s.app.SetRole(ctx, actor(ctx), domain.CommunityScope(r.CommunityID), r.UserID, domain.Role(r.Body.Role))
	if err != nil {
		return nil, err
	}
	return portalapi.SetCommunityMemberRole200JSONResponse(ToAPIMember(v)), nil
}

func (s members) RemoveCommunityMember(ctx context.Context, r portalapi.RemoveCommunityMemberRequestObject) (portalapi.RemoveCommunityMemberResponseObject, error) {
	if err := s.app.Remove(ctx, actor(ctx), domain.CommunityScope(r.CommunityID), r.UserID); err != nil {
		return nil, err
	}
	return portalapi.RemoveCommunityMember200JSONResponse{DoneJSONResponse: done}, nil
}

func (s members) JoinCommunity(ctx context.Context, r portalapi.JoinCommunityRequestObject) (portalapi.JoinCommunityResponseObject, error) {
	v, err := s.app.Join(ctx, actor(ctx), domain.CommunityScope(r.CommunityID))
	if err != nil {
		return nil, err
	}
	return portalapi.JoinCommunity200JSONResponse(ToAPIMember(v)), nil
}

func (s members) LeaveCommunity(ctx context.Context, r portalapi.LeaveCommunityRequestObject) (portalapi.LeaveCommunityResponseObject, error) {
	if err := s.app.Leave(ctx, actor(ctx), domain.CommunityScope(r.CommunityID)); err != nil {
		return nil, err
	}
	return portalapi.LeaveCommunity200JSONResponse{DoneJSONResponse: done}, nil
}

func (s members) TransferCommunity(ctx context.Context, r portalapi.TransferCommunityRequestObject) (portalapi.TransferCommunityResponseObject, error) {
	v, err := s.app.Transfer(ctx, actor(ctx), domain.CommunityScope(r.CommunityID), r.Body.UserID)
	if err != nil {
		return nil, err
	}
	return portalapi.TransferCommunity200JSONResponse(ToAPIMember(v)), nil
}

func (s members) ListTeamMembers(ctx context.Context, r portalapi.ListTeamMembersRequestObject) (portalapi.ListTeamMembersResponseObject, error) {
	page, err := s.app.List(ctx, domain.TeamScope(r.TeamID), app.ListMembers{
		Words: value(r.Params.Q), Role: domain.Role(value(r.Params.Role)), Paging: paging(r.Params.Limit, r.Params.Cursor),
	})
	if err != nil {
		return nil, err
	}
	return portalapi.ListTeamMembers200JSONResponse(ToAPIMemberPage(page)), nil
}

func (s members) ChangeTeamMembers(ctx context.Context, r portalapi.ChangeTeamMembersRequestObject) (portalapi.ChangeTeamMembersResponseObject, error) {
	if err := s.change(ctx, domain.TeamScope(r.TeamID), *r.Body); err != nil {
		return nil, err
	}
	return portalapi.ChangeTeamMembers200JSONResponse{DoneJSONResponse: done}, nil
}

func (s members) GetTeamMember(ctx context.Context, r portalapi.GetTeamMemberRequestObject) (portalapi.GetTeamMemberResponseObject, error) {
	v, err := s.app.Get(ctx, domain.TeamScope(r.TeamID), r.UserID)
	if err != nil {
		return nil, err
	}
	return portalapi.GetTeamMember200JSONResponse(ToAPIMemberCheck(v)), nil
}

func (s members) SetTeamMemberRole(ctx context.Context, r portalapi.SetTeamMemberRoleRequestObject) (portalapi.SetTeamMemberRoleResponseObject, error) {
	v, err := s.app.SetRole(ctx, actor(ctx), domain.TeamScope(r.TeamID), r.UserID, domain.Role(r.Body.Role))
	if err != nil {
		return nil, err
	}
	return portalapi.SetTeamMemberRole200JSONResponse(ToAPIMember(v)), nil
}

func (s members) RemoveTeamMember(ctx context.Context, r portalapi.RemoveTeamMemberRequestObject) (portalapi.RemoveTeamMemberResponseObject, error) {
	if err := s.app.Remove(ctx, actor(ctx), domain.TeamScope(r.TeamID), r.UserID); err != nil {
		return nil, err
	}
	return portalapi.RemoveTeamMember200JSONResponse{DoneJSONResponse: done}, nil
}

func (s members) JoinTeam(ctx context.Context, r portalapi.JoinTeamRequestObject) (portalapi.JoinTeamResponseObject, error) {
	v, err := s.app.Join(ctx, actor(ctx), domain.TeamScope(r.TeamID))
	if err != nil {
		return nil, err
	}
	return portalapi.JoinTeam200JSONResponse(ToAPIMember(v)), nil
}

func (s members) LeaveTeam(ctx context.Context, r portalapi.LeaveTeamRequestObject) (portalapi.LeaveTeamResponseObject, error) {
	if err := s.app.Leave(ctx, actor(ctx), domain.TeamScope(r.TeamID)); err != nil {
		return nil, err
	}
	return portalapi.LeaveTeam200JSONResponse{DoneJSONResponse: done}, nil
}

func (s members) TransferTeam(ctx context.Context, r portalapi.TransferTeamRequestObject) (portalapi.TransferTeamResponseObject, error) {
	v, err := s.app.Transfer(ctx, actor(ctx), domain.TeamScope(r.TeamID), r.Body.UserID)
	if err != nil {
		return nil, err
	}
	return portalapi.TransferTeam200JSONResponse(ToAPIMember(v)), nil
}

// change adds somebody or removes him, as the body says. Removing whoever is no member is done already.
func (s members) change(ctx context.Context, scope domain.Scope, body portalapi.MemberChange) error {
	in := FromAPIMemberChange(body)
	if valueOr(body.Action, portalapi.MemberActionAdd) == portalapi.MemberActionAdd {
		return s.app.Put(ctx, actor(ctx), scope, in)
	}
	return s.app.Drop(ctx, actor(ctx), scope, in)
}
