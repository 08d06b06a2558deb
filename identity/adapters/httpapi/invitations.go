package httpapi

import (
	"context"

	"github.com/google/uuid"

	"go.updspace.com/api/identityapi"
	"go.updspace.com/identity/adapters/httpapi/browserauth"
	"go.updspace.com/identity/app"
	"go.updspace.com/identity/domain"
	"go.updspace.com/libs/page"
	"go.updspace.com/libs/wire"
)

func (s server) ListInvitations(ctx context.Context, r identityapi.ListInvitationsRequestObject) (identityapi.ListInvitationsResponseObject, error) {
	found, err := s.Invitations.List(ctx, domain.InvitationStatus(wire.Value(r.Params.Status)),
		page.Request{Limit: wire.Value(r.Params.Limit), Cursor: wire.Value(r.Params.Cursor)})
	return identityapi.ListInvitations200JSONResponse{Body: identityapi.InvitationPage{
		Items: wire.Each(found.Items, s.toInvitation), NextCursor: wire.OrNull(found.Next),
	}}, err
}

func (s server) toInvitation(i domain.Invitation) identityapi.Invitation {
	return identityapi.Invitation{
		ID: i.ID, Email: i.Email, Kind: identityapi.InvitationKind(i.Kind), Status: identityapi.InvitationStatus(i.Status(s.Invitations.Clock.Now())),
		CreatedAt: i.CreatedAt, SentAt: i.SentAt, ExpiresAt: i.ExpiresAt, AcceptedAt: orNull(i.AcceptedAt),
	}
}

func (s server) InviteMember(ctx context.Context, r identityapi.InviteMemberRequestObject) (identityapi.InviteMemberResponseObject, error) {
	made, err := s.Invitations.Invite(ctx, app.Invitee{Email: r.Body.Email, Language: string(wire.Value(r.Body.Language))})
	return identityapi.InviteMember201JSONResponse{Body: s.toInvitation(made)}, err
}

func (s server) InviteMembers(ctx context.Context, r identityapi.InviteMembersRequestObject) (identityapi.InviteMembersResponseObject, error) {
	lines, err := s.Invitations.InviteList(ctx, r.Body.Csv)
	out := identityapi.InvitationReport{Items: wire.Each(lines, func(l app.InvitedLine) identityapi.InvitationReportLine {
		return identityapi.InvitationReportLine{Line: l.Line, Email: l.Email, Outcome: identityapi.InvitationReportLineOutcome(l.Outcome)}
	})}
	for _, l := range lines {
		if l.Outcome == app.OutcomeInvited {
			out.Invited++
		}
	}
	return identityapi.InviteMembers200JSONResponse{Body: out}, err
}

func (s server) RevokeInvitation(ctx context.Context, r identityapi.RevokeInvitationRequestObject) (identityapi.RevokeInvitationResponseObject, error) {
	return identityapi.RevokeInvitation204Response{}, s.Invitations.Revoke(ctx, r.InvitationID)
}

func (s server) ResendInvitation(ctx context.Context, r identityapi.ResendInvitationRequestObject) (identityapi.ResendInvitationResponseObject, error) {
	i, err := s.Invitations.Resend(ctx, r.InvitationID)
	return identityapi.ResendInvitation200JSONResponse{Body: s.toInvitation(i)}, err
}

// PreviewInvitation is for the gateway.
func (s server) PreviewInvitation(ctx context.Context, r identityapi.PreviewInvitationRequestObject) (identityapi.PreviewInvitationResponseObject, error) {
	w, err := s.Invitations.Preview(ctx, domain.Secret(r.Body.Token))
	return identityapi.PreviewInvitation200JSONResponse{Body: identityapi.InvitationPreview{
		Email: w.Email, DisplayName: w.DisplayName, Kind: identityapi.InvitationKind(w.Kind), HasAccount: w.HasAccount, ExpiresAt: w.ExpiresAt,
	}}, err
}

// AcceptInvitation is for the gateway.
func (s server) AcceptInvitation(ctx context.Context, r identityapi.AcceptInvitationRequestObject) (identityapi.AcceptInvitationResponseObject, error) {
	b := r.Body
	in, err := s.Invitations.Accept(ctx, app.Acceptance{
		Token: domain.Secret(b.Token), Username: wire.Get(b.Username), DisplayName: wire.Value(b.DisplayName), Password: wire.Value(b.Password),
		Language: string(wire.Value(b.Language)), Timezone: wire.Value(b.Timezone),
	}, browserauth.From(ctx).Origin)
	if err != nil {
		return nil, err
	}
	out := identityapi.InvitationAccepted{Ok: true, UserID: in.User.ID, SessionID: orNull[uuid.UUID](nil)}
	if in.Session != nil {
		out.SessionID = orNull(&in.Session.ID)
	}
	return identityapi.AcceptInvitation200JSONResponse{Body: out}, nil
}
