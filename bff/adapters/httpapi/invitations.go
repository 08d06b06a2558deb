package httpapi

import (
	"context"

	"go.updspace.com/api/bffapi"
	"go.updspace.com/bff/domain"
	"go.updspace.com/libs/wire"
)

// invitationsPath is the path of the operations about the links of invitations.
const invitationsPath = "/api/v1/invite"

// applicationsPath takes the applications of guests.
const applicationsPath = "/api/v1/portal/applications"

// PreviewInvitation says what the link of an invitation is for. It changes nothing.
func (h loginHandlers) PreviewInvitation(ctx context.Context, req bffapi.PreviewInvitationRequestObject) (bffapi.PreviewInvitationResponseObject, error) {
	i, err := h.logins.PreviewInvitation(ctx, stateOf(ctx).tenant, req.Body.Token)
	if err != nil {
		return nil, err
	}
	return bffapi.PreviewInvitation200JSONResponse{Body: bffapi.InvitationPreview{
		Email: i.Email, DisplayName: i.DisplayName, Kind: bffapi.InvitationPreviewKind(i.Kind), HasAccount: i.HasAccount, ExpiresAt: i.ExpiresAt,
	}}, nil
}

// ActivateInvitation is what the button of the page sends.
func (h loginHandlers) ActivateInvitation(ctx context.Context, req bffapi.ActivateInvitationRequestObject) (bffapi.ActivateInvitationResponseObject, error) {
	state, b := stateOf(ctx), req.Body
	accepted, in, err := h.logins.AcceptInvitation(ctx, state.tenant, domain.Acceptance{
		Token: b.Token, Username: wire.Get(b.Username), DisplayName: wire.Value(b.DisplayName), Password: wire.Value(b.Password),
		Language: string(wire.Value(b.Language)), Timezone: wire.Value(b.Timezone),
	}, state.token)
	if err != nil {
		return nil, err
	}
	var out bffapi.ActivateInvitation200JSONResponse
	out.Body.Ok, out.Body.SignedIn, out.Body.UserID = true, in.Token != "", accepted.UserID
	if out.Body.SignedIn {
		err = h.signedIn(state, in, nil)
	}
	return out, err
}
