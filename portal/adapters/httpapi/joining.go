package httpapi

import (
	"context"

	"go.updspace.com/api/portalapi"
	"go.updspace.com/libs/wire"
	groupsapp "go.updspace.com/portal/groups/app"
	groupsdomain "go.updspace.com/portal/groups/domain"
)

// joining are the operations of join requests, invitations and invite links.
type joining struct {
	requests groupsapp.JoinRequests
	invites  groupsapp.Invites
	links    groupsapp.InviteLinks
}

func (s joining) ListJoinRequests(ctx context.Context, r portalapi.ListJoinRequestsRequestObject) (portalapi.ListJoinRequestsResponseObject, error) {
	p, err := s.requests.List(ctx, actor(ctx), r.GroupID, groupsapp.ListJoinRequests{
		Status: groupsdomain.JoinRequestStatus(wire.Value(r.Params.Status)), Request: pageRequest(r.Params.Limit, r.Params.Cursor),
	})
	return portalapi.ListJoinRequests200JSONResponse(ToAPIJoinRequestPage(p)), err
}

func (s joining) ListMyJoinRequests(ctx context.Context, r portalapi.ListMyJoinRequestsRequestObject) (portalapi.ListMyJoinRequestsResponseObject, error) {
	p, err := s.requests.Mine(ctx, actor(ctx), groupsapp.ListJoinRequests{
		Status: groupsdomain.JoinRequestStatus(wire.Value(r.Params.Status)), Request: pageRequest(r.Params.Limit, r.Params.Cursor),
	})
	return portalapi.ListMyJoinRequests200JSONResponse(ToAPIJoinRequestPage(p)), err
}

func (s joining) CreateJoinRequest(ctx context.Context, r portalapi.CreateJoinRequestRequestObject) (portalapi.CreateJoinRequestResponseObject, error) {
	v, err := s.requests.Create(ctx, actor(ctx), r.GroupID, wire.Get(r.Body.Message))
	return portalapi.CreateJoinRequest201JSONResponse(ToAPIJoinRequest(v)), err
}

func (s joining) ApproveJoinRequest(ctx context.Context, r portalapi.ApproveJoinRequestRequestObject) (portalapi.ApproveJoinRequestResponseObject, error) {
	v, err := s.requests.Approve(ctx, actor(ctx), r.GroupID, r.RequestID)
	return portalapi.ApproveJoinRequest200JSONResponse(ToAPIJoinRequest(v)), err
}

func (s joining) DeclineJoinRequest(ctx context.Context, r portalapi.DeclineJoinRequestRequestObject) (portalapi.DeclineJoinRequestResponseObject, error) {
	v, err := s.requests.Decline(ctx, actor(ctx), r.GroupID, r.RequestID)
	return portalapi.DeclineJoinRequest200JSONResponse(ToAPIJoinRequest(v)), err
}

func (s joining) CancelJoinRequest(ctx context.Context, r portalapi.CancelJoinRequestRequestObject) (portalapi.CancelJoinRequestResponseObject, error) {
	v, err := s.requests.Cancel(ctx, actor(ctx), r.GroupID, r.RequestID)
	return portalapi.CancelJoinRequest200JSONResponse(ToAPIJoinRequest(v)), err
}

func (s joining) ListInvites(ctx context.Context, r portalapi.ListInvitesRequestObject) (portalapi.ListInvitesResponseObject, error) {
	p, err := s.invites.List(ctx, actor(ctx), r.GroupID, groupsapp.ListInvites{Pending: wire.Value(r.Params.Pending), Request: pageRequest(r.Params.Limit, r.Params.Cursor)})
	return portalapi.ListInvites200JSONResponse(ToAPIInvitePage(p)), err
}

func (s joining) ListMyInvites(ctx context.Context, r portalapi.ListMyInvitesRequestObject) (portalapi.ListMyInvitesResponseObject, error) {
	p, err := s.invites.Mine(ctx, actor(ctx), groupsapp.ListInvites{Pending: wire.Value(r.Params.Pending), Request: pageRequest(r.Params.Limit, r.Params.Cursor)})
	return portalapi.ListMyInvites200JSONResponse(ToAPIInvitePage(p)), err
}

func (s joining) CreateInvite(ctx context.Context, r portalapi.CreateInviteRequestObject) (portalapi.CreateInviteResponseObject, error) {
	v, err := s.invites.Create(ctx, actor(ctx), r.GroupID, groupsapp.CreateInvite{User: r.Body.UserID, Role: groupsdomain.Role(wire.Value(r.Body.Role))})
	return portalapi.CreateInvite201JSONResponse(ToAPIInvite(v)), err
}

func (s joining) RevokeInvite(ctx context.Context, r portalapi.RevokeInviteRequestObject) (portalapi.RevokeInviteResponseObject, error) {
	return portalapi.RevokeInvite204Response{}, s.invites.Revoke(ctx, actor(ctx), r.GroupID, r.InviteID)
}

func (s joining) AcceptInvite(ctx context.Context, r portalapi.AcceptInviteRequestObject) (portalapi.AcceptInviteResponseObject, error) {
	v, err := s.invites.Accept(ctx, actor(ctx), r.InviteID)
	return portalapi.AcceptInvite200JSONResponse(ToAPIInvite(v)), err
}

func (s joining) DeclineInvite(ctx context.Context, r portalapi.DeclineInviteRequestObject) (portalapi.DeclineInviteResponseObject, error) {
	v, err := s.invites.Decline(ctx, actor(ctx), r.InviteID)
	return portalapi.DeclineInvite200JSONResponse(ToAPIInvite(v)), err
}

func (s joining) ListInviteLinks(ctx context.Context, r portalapi.ListInviteLinksRequestObject) (portalapi.ListInviteLinksResponseObject, error) {
	p, err := s.links.List(ctx, actor(ctx), r.GroupID, pageRequest(r.Params.Limit, r.Params.Cursor))
	return portalapi.ListInviteLinks200JSONResponse{Items: wire.Each(p.Items, ToAPIInviteLink), NextCursor: wire.OrNull(p.Next)}, err
}

func (s joining) CreateInviteLink(ctx context.Context, r portalapi.CreateInviteLinkRequestObject) (portalapi.CreateInviteLinkResponseObject, error) {
	v, err := s.links.Create(ctx, actor(ctx), r.GroupID, groupsdomain.InviteLinkDraft{MaxUses: int(wire.Get(r.Body.MaxUses)), ExpiresAt: wire.Get(r.Body.ExpiresAt)})
	return portalapi.CreateInviteLink201JSONResponse{Link: ToAPIInviteLink(v.Link), Token: v.Token}, err
}

func (s joining) RevokeInviteLink(ctx context.Context, r portalapi.RevokeInviteLinkRequestObject) (portalapi.RevokeInviteLinkResponseObject, error) {
	return portalapi.RevokeInviteLink204Response{}, s.links.Revoke(ctx, actor(ctx), r.GroupID, r.LinkID)
}

func (s joining) PreviewInviteLink(ctx context.Context, r portalapi.PreviewInviteLinkRequestObject) (portalapi.PreviewInviteLinkResponseObject, error) {
	v, err := s.links.Preview(ctx, actor(ctx), r.Body.Token)
	return portalapi.PreviewInviteLink200JSONResponse(ToAPIInviteLinkPreview(v)), err
}

func (s joining) AcceptInviteLink(ctx context.Context, r portalapi.AcceptInviteLinkRequestObject) (portalapi.AcceptInviteLinkResponseObject, error) {
	v, err := s.links.Accept(ctx, actor(ctx), r.Body.Token)
	return portalapi.AcceptInviteLink200JSONResponse(ToAPIInviteLinkPreview(v)), err
}
