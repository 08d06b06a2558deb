package httpapi

import (
	"context"

	"go.updspace.com/api/portalapi"
	"go.updspace.com/libs/wire"
	groupsapp "go.updspace.com/portal/groups/app"
	groupsdomain "go.updspace.com/portal/groups/domain"
)

type members struct {
	members groupsapp.Members
	bans    groupsapp.Bans
}

func (s members) ListGroupMembers(ctx context.Context, r portalapi.ListGroupMembersRequestObject) (portalapi.ListGroupMembersResponseObject, error) {
	p, err := s.members.List(ctx, actor(ctx), r.GroupID, groupsapp.ListMembers{
		Query: wire.Value(r.Params.Q), Role: groupsdomain.Role(wire.Value(r.Params.Role)), Request: pageRequest(r.Params.Limit, r.Params.Cursor),
	})
	return portalapi.ListGroupMembers200JSONResponse{Items: wire.Each(p.Items, ToAPIMember), NextCursor: wire.OrNull(p.Next)}, err
}

func (s members) AddGroupMember(ctx context.Context, r portalapi.AddGroupMemberRequestObject) (portalapi.AddGroupMemberResponseObject, error) {
	m, err := s.members.Add(ctx, actor(ctx), r.GroupID, groupsapp.AddMember{User: r.Body.UserID, Role: groupsdomain.Role(wire.Value(r.Body.Role))})
	return portalapi.AddGroupMember200JSONResponse(ToAPIMember(m)), err
}

func (s members) GetGroupMember(ctx context.Context, r portalapi.GetGroupMemberRequestObject) (portalapi.GetGroupMemberResponseObject, error) {
	m, err := s.members.Get(ctx, actor(ctx), r.GroupID, r.UserID)
	return portalapi.GetGroupMember200JSONResponse(ToAPIMember(m)), err
}

func (s members) ChangeGroupMemberRole(ctx context.Context, r portalapi.ChangeGroupMemberRoleRequestObject) (portalapi.ChangeGroupMemberRoleResponseObject, error) {
	m, err := s.members.ChangeRole(ctx, actor(ctx), r.GroupID, r.UserID, groupsdomain.Role(r.Body.Role))
	return portalapi.ChangeGroupMemberRole200JSONResponse(ToAPIMember(m)), err
}

func (s members) RemoveGroupMember(ctx context.Context, r portalapi.RemoveGroupMemberRequestObject) (portalapi.RemoveGroupMemberResponseObject, error) {
	return portalapi.RemoveGroupMember204Response{}, s.members.Remove(ctx, actor(ctx), r.GroupID, r.UserID)
}

func (s members) JoinGroup(ctx context.Context, r portalapi.JoinGroupRequestObject) (portalapi.JoinGroupResponseObject, error) {
	m, err := s.members.Join(ctx, actor(ctx), r.GroupID)
	return portalapi.JoinGroup200JSONResponse(ToAPIMember(m)), err
}

func (s members) LeaveGroup(ctx context.Context, r portalapi.LeaveGroupRequestObject) (portalapi.LeaveGroupResponseObject, error) {
	return portalapi.LeaveGroup204Response{}, s.members.Leave(ctx, actor(ctx), r.GroupID)
}

func (s members) TransferGroup(ctx context.Context, r portalapi.TransferGroupRequestObject) (portalapi.TransferGroupResponseObject, error) {
	m, err := s.members.Transfer(ctx, actor(ctx), r.GroupID, r.Body.UserID)
	return portalapi.TransferGroup200JSONResponse(ToAPIMember(m)), err
}

func (s members) ListBans(ctx context.Context, r portalapi.ListBansRequestObject) (portalapi.ListBansResponseObject, error) {
	p, err := s.bans.List(ctx, actor(ctx), r.GroupID, pageRequest(r.Params.Limit, r.Params.Cursor))
	return portalapi.ListBans200JSONResponse{Items: wire.Each(p.Items, ToAPIBan), NextCursor: wire.OrNull(p.Next)}, err
}

func (s members) BanUser(ctx context.Context, r portalapi.BanUserRequestObject) (portalapi.BanUserResponseObject, error) {
	ban, err := s.bans.Put(ctx, actor(ctx), r.GroupID, r.UserID, groupsdomain.BanDraft{Reason: wire.Value(r.Body.Reason), Until: wire.Get(r.Body.Until)})
	return portalapi.BanUser200JSONResponse(ToAPIBan(ban)), err
}

func (s members) LiftBan(ctx context.Context, r portalapi.LiftBanRequestObject) (portalapi.LiftBanResponseObject, error) {
	return portalapi.LiftBan204Response{}, s.bans.Lift(ctx, actor(ctx), r.GroupID, r.UserID)
}

// Other services sign for a tenant and no user.

func (s members) ListUserMemberships(ctx context.Context, r portalapi.ListUserMembershipsRequestObject) (portalapi.ListUserMembershipsResponseObject, error) {
	if err := requireTenant(ctx); err != nil {
		return nil, err
	}
	found, err := s.members.MembershipsOf(ctx, r.UserID)
	return portalapi.ListUserMemberships200JSONResponse{Memberships: wire.Each(found, ToAPIUserMembership)}, err
}

func (s members) CheckMemberships(ctx context.Context, r portalapi.CheckMembershipsRequestObject) (portalapi.CheckMembershipsResponseObject, error) {
	if err := requireTenant(ctx); err != nil {
		return nil, err
	}
	roles, err := s.members.Members.Check(ctx, wire.Each(r.Body.Pairs, FromAPIMembershipQuestion)...)
	return portalapi.CheckMemberships200JSONResponse{Answers: wire.Each(roles, ToAPIMembershipAnswer)}, err
}
