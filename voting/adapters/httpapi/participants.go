package httpapi

import (
	"context"

	"go.updspace.com/api/votingapi"
	"go.updspace.com/libs/wire"
	"go.updspace.com/voting/app"
	"go.updspace.com/voting/domain"
)

func (s *server) ListParticipants(ctx context.Context, r votingapi.ListParticipantsRequestObject) (votingapi.ListParticipantsResponseObject, error) {
	list, err := s.participants.List(ctx, actor(ctx), r.PollID)
	if err != nil {
		return nil, err
	}
	return votingapi.ListParticipants200JSONResponse(wire.Each(list, ToAPIParticipant)), nil
}

func (s *server) PutParticipant(ctx context.Context, r votingapi.PutParticipantRequestObject) (votingapi.PutParticipantResponseObject, error) {
	participant, err := s.participants.Put(ctx, actor(ctx), r.PollID, r.Body.UserID, domain.Role(r.Body.Role), wire.Value(r.Body.Invite))
	if err != nil {
		return nil, err
	}
	return votingapi.PutParticipant200JSONResponse(ToAPIParticipant(participant)), nil
}

func (s *server) RemoveParticipant(ctx context.Context, r votingapi.RemoveParticipantRequestObject) (votingapi.RemoveParticipantResponseObject, error) {
	if err := s.participants.Remove(ctx, actor(ctx), r.PollID, r.UserID); err != nil {
		return nil, err
	}
	return votingapi.RemoveParticipant200JSONResponse{DoneJSONResponse: done}, nil
}

func (s *server) AddParticipants(ctx context.Context, r votingapi.AddParticipantsRequestObject) (votingapi.AddParticipantsResponseObject, error) {
	all, added, err := s.participants.Add(ctx, actor(ctx), r.PollID, app.AddParticipants{
		Users: r.Body.UserIds, Role: domain.Role(r.Body.Role), Invite: wire.Value(r.Body.Invite),
	})
	if err != nil {
		return nil, err
	}
	return votingapi.AddParticipants200JSONResponse{Added: added, Items: wire.Each(all, ToAPIParticipant)}, nil
}

func (s *server) ListMyInvites(ctx context.Context, _ votingapi.ListMyInvitesRequestObject) (votingapi.ListMyInvitesResponseObject, error) {
	mine, err := s.invites.ListMine(ctx, actor(ctx))
	if err != nil {
		return nil, err
	}
	return votingapi.ListMyInvites200JSONResponse(wire.Each(mine, func(i app.MyInvite) votingapi.MyInvite {
		d := i.Poll.Data()
		return votingapi.MyInvite{
			PollID: d.ID, PollTitle: d.Title, Role: votingapi.ParticipantRole(i.Invite.Role), InvitedBy: i.Invite.InvitedBy,
			CreatedAt: i.Invite.AddedAt, Phase: votingapi.PollPhase(i.Phase), EndsAt: wire.OrNull(d.Schedule.Ends),
		}
	})), nil
}

func (s *server) AcceptInvite(ctx context.Context, r votingapi.AcceptInviteRequestObject) (votingapi.AcceptInviteResponseObject, error) {
	participant, err := s.invites.Accept(ctx, actor(ctx), r.PollID)
	if err != nil {
		return nil, err
	}
	return votingapi.AcceptInvite200JSONResponse(ToAPIParticipant(participant)), nil
}

func (s *server) DeclineInvite(ctx context.Context, r votingapi.DeclineInviteRequestObject) (votingapi.DeclineInviteResponseObject, error) {
	if err := s.invites.Decline(ctx, actor(ctx), r.PollID); err != nil {
		return nil, err
	}
	return votingapi.DeclineInvite200JSONResponse{DoneJSONResponse: done}, nil
}
