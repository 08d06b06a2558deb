package httpapi

import (
	"context"

	"github.com/google/uuid"
	"github.com/oapi-codegen/nullable"

	"go.updspace.com/api/eventsapi"
	"go.updspace.com/events/app"
	"go.updspace.com/events/domain"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/page"
	"go.updspace.com/libs/wire"
)

func (s *server) ListInvitations(ctx context.Context, r eventsapi.ListInvitationsRequestObject) (eventsapi.ListInvitationsResponseObject, error) {
	list, err := s.invitations.List(ctx, actor(ctx), r.EventID, page.Request{Limit: wire.Value(r.Params.Limit), Cursor: wire.Value(r.Params.Cursor)})
	if err != nil {
		return nil, err
	}
	return eventsapi.ListInvitations200JSONResponse{Items: wire.Each(list.Items, ToAPIInvitation), NextCursor: wire.OrNull(list.Next)}, nil
}

func (s *server) CreateInvitations(ctx context.Context, r eventsapi.CreateInvitationsRequestObject) (eventsapi.CreateInvitationsResponseObject, error) {
	made, err := s.invitations.Create(ctx, actor(ctx), app.CreateInvitations{Event: r.EventID, Invitees: FromAPIInvitees(*r.Body)})
	if err != nil {
		return nil, err
	}
	return eventsapi.CreateInvitations201JSONResponse{Invited: made.Count}, nil
}

func (s *server) ResendInvitation(ctx context.Context, r eventsapi.ResendInvitationRequestObject) (eventsapi.ResendInvitationResponseObject, error) {
	i, err := s.invitations.Resend(ctx, actor(ctx), r.EventID, r.InvitationID)
	if err != nil {
		return nil, err
	}
	return eventsapi.ResendInvitation200JSONResponse(ToAPIInvitation(i)), nil
}

func (s *server) WithdrawInvitation(ctx context.Context, r eventsapi.WithdrawInvitationRequestObject) (eventsapi.WithdrawInvitationResponseObject, error) {
	if err := s.invitations.Withdraw(ctx, actor(ctx), r.EventID, r.InvitationID); err != nil {
		return nil, err
	}
	return eventsapi.WithdrawInvitation204Response{}, nil
}

func (s *server) PreviewInvitation(ctx context.Context, r eventsapi.PreviewInvitationRequestObject) (eventsapi.PreviewInvitationResponseObject, error) {
	view, err := s.links.Show(ctx, domain.InvitationToken(r.Body.Token))
	if err != nil {
		return nil, err
	}
	return eventsapi.PreviewInvitation200JSONResponse(ToAPIInvited(view)), nil
}

func (s *server) AnswerInvitation(ctx context.Context, r eventsapi.AnswerInvitationRequestObject) (eventsapi.AnswerInvitationResponseObject, error) {
	b := r.Body
	view, err := s.links.Answer(ctx, app.AnswerInvitation{
		Token: domain.InvitationToken(b.Token), Occurrence: b.OccurrenceID,
		Answer: domain.AnswerDraft{Status: domain.AnswerStatus(b.Status), PlusOnes: wire.Value(b.PlusOnes)},
	})
	if err != nil {
		return nil, err
	}
	return eventsapi.AnswerInvitation200JSONResponse(ToAPIInvited(view)), nil
}

// FromAPIInvitees converts who is to be invited.
func FromAPIInvitees(b eventsapi.InvitationsCreate) domain.Invitees {
	in := domain.Invitees{Users: b.UserIds, Addresses: b.Addresses}
	for _, g := range b.Groups {
		in.Groups = append(in.Groups, authz.Scope{Type: authz.ScopeType(g.ScopeType), ID: g.ScopeID})
	}
	return in
}

// ToAPIInvited converts the event of an invitation.
func ToAPIInvited(v app.InvitedView) eventsapi.InvitedEvent {
	return eventsapi.InvitedEvent{Event: ToAPIEvent(v.EventView), Guest: v.Guest}
}

// ToAPIInvitation converts an invitation.
func ToAPIInvitation(i domain.Invitation) eventsapi.Invitation {
	invitation := eventsapi.Invitation{
		ID: i.ID, UserID: nullable.NewNullNullable[uuid.UUID](), Address: wire.OrNull(i.Address), InvitedBy: i.By, InvitedAt: i.At,
		Delivery: eventsapi.InvitationDelivery(i.Delivery), Failure: wire.OrNull(eventsapi.InvitationFailure(i.Failure)), MailedAt: wire.TimeOrNull(i.MailedAt),
		Sequence: nullable.NewNullNullable[int](), Reply: nullable.NewNullNullable[eventsapi.InvitationReply](), Withdrawn: i.Withdrawn,
	}
	if !i.Guest {
		invitation.UserID.Set(i.UserID)
	}
	if i.Told != domain.NotTold {
		invitation.Sequence.Set(i.Told)
	}
	if i.Reply != nil {
		invitation.Reply.Set(eventsapi.InvitationReply{Status: eventsapi.InvitationReplyStatus(i.Reply.Status), Waiting: i.Reply.Waiting, At: i.Reply.At})
	}
	return invitation
}
