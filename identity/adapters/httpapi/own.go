package httpapi

import (
	"context"

	"go.updspace.com/api/identityapi"
	"go.updspace.com/identity/adapters/httpapi/browserauth"
	"go.updspace.com/identity/app"
	"go.updspace.com/identity/domain"
	"go.updspace.com/libs/reqctx"
	"go.updspace.com/libs/wire"
)

// GetPreferences is for the gateway, for the signed user.
func (s server) GetPreferences(ctx context.Context, _ identityapi.GetPreferencesRequestObject) (identityapi.GetPreferencesResponseObject, error) {
	user, err := s.Own.Account(ctx, reqctx.From(ctx).UserID)
	return identityapi.GetPreferences200JSONResponse(toPreferences(user)), err
}

// UpdatePreferences is for the gateway, for the signed user.
func (s server) UpdatePreferences(ctx context.Context, r identityapi.UpdatePreferencesRequestObject) (identityapi.UpdatePreferencesResponseObject, error) {
	user, err := s.Own.Prefer(ctx, reqctx.From(ctx).UserID, fromPreferencesUpdate(*r.Body))
	return identityapi.UpdatePreferences200JSONResponse(toPreferences(user)), err
}

func (s server) GetHostPreferences(ctx context.Context, _ identityapi.GetHostPreferencesRequestObject) (identityapi.GetHostPreferencesResponseObject, error) {
	who, err := s.current(ctx)
	if err != nil {
		return nil, err
	}
	body, err := s.hostPreferences(ctx, who.User)
	return identityapi.GetHostPreferences200JSONResponse{Body: body}, err
}

func (s server) UpdateHostPreferences(ctx context.Context, r identityapi.UpdateHostPreferencesRequestObject) (identityapi.UpdateHostPreferencesResponseObject, error) {
	who, err := s.current(ctx)
	if err != nil {
		return nil, err
	}
	b := r.Body
	user, err := s.Own.Prefer(ctx, who.User.ID, domain.PreferencesEdit{
		Language: wire.As[string](b.Language), Timezone: b.Timezone, Theme: wire.As[domain.Theme](b.Theme),
	})
	if err != nil {
		return nil, err
	}
	err = s.PersonalConsents.Choose(ctx, who.User.ID, app.ConsentChoices{Marketing: b.MarketingOptIn, Policies: fromScopePolicies(b.PrivacyScopeDefaults)}, browserauth.From(ctx).Origin.IP)
	if err != nil {
		return nil, err
	}
	body, err := s.hostPreferences(ctx, user)
	return identityapi.UpdateHostPreferences200JSONResponse{Body: body}, err
}

func (s server) UpdateProfile(ctx context.Context, r identityapi.UpdateProfileRequestObject) (identityapi.UpdateProfileResponseObject, error) {
	who, err := s.current(ctx)
	if err != nil {
		return nil, err
	}
	b := r.Body
	user, err := s.Own.Edit(ctx, who.User.ID, domain.ProfileEdit{
		DisplayName: b.DisplayName, Username: b.Username, FirstName: b.FirstName, LastName: b.LastName, Phone: b.PhoneNumber, BirthDate: b.BirthDate,
	})
	if err != nil {
		return nil, err
	}
	shown, err := s.authUser(ctx, user)
	return identityapi.UpdateProfile200JSONResponse{Body: identityapi.ProfileUpdated{Ok: true, Message: "Saved.", User: shown}}, err
}

func (s server) ListSessions(ctx context.Context, _ identityapi.ListSessionsRequestObject) (identityapi.ListSessionsResponseObject, error) {
	who, err := s.current(ctx)
	if err != nil {
		return nil, err
	}
	sessions, err := s.Own.ListSessions(ctx, who)
	return identityapi.ListSessions200JSONResponse{
		Body: identityapi.SessionList{Sessions: wire.Each(sessions, toSessionInfo(who.Session))},
	}, err
}

func (s server) EndOwnSession(ctx context.Context, r identityapi.EndOwnSessionRequestObject) (identityapi.EndOwnSessionResponseObject, error) {
	who, err := s.current(ctx)
	if err == nil {
		err = s.Own.EndSession(ctx, who, r.SessionID, browserauth.From(ctx).Origin.IP)
	}
	return identityapi.EndOwnSession200JSONResponse{Body: identityapi.SessionEnded{Ok: true, ID: r.SessionID}}, err
}

func (s server) EndOtherSessions(ctx context.Context, _ identityapi.EndOtherSessionsRequestObject) (identityapi.EndOtherSessionsResponseObject, error) {
	who, err := s.current(ctx)
	if err != nil {
		return nil, err
	}
	n, err := s.Own.EndOthers(ctx, who, browserauth.From(ctx).Origin.IP)
	return identityapi.EndOtherSessions200JSONResponse{Body: identityapi.SessionsEnded{Ok: true, Count: n}}, err
}

// current is the session of the request, of which there must be one.
func (s server) current(ctx context.Context) (app.Current, error) {
	return s.Sessions.Find(ctx, browserauth.From(ctx).Token())
}

// ConfirmEndSession signs out, as the page of a logout request does.
func (s server) ConfirmEndSession(ctx context.Context, r identityapi.ConfirmEndSessionRequestObject) (identityapi.ConfirmEndSessionResponseObject, error) {
	b, who := r.Body, browserauth.From(ctx)
	request, err := s.SignOut.CheckLogout(ctx, app.LogoutParams{
		IDTokenHint: wire.Value(b.IDTokenHint), ClientID: wire.Value(b.ClientID), RedirectURI: wire.Value(b.PostLogoutRedirectURI), State: wire.Value(b.State),
	})
	if err != nil {
		return nil, err
	}
	if err := s.Sessions.EndQuietly(ctx, who.Origin, who.Cookie); err != nil {
		return nil, err
	}
	cookie := s.gate.NoSessionCookie().String()
	return identityapi.ConfirmEndSession200JSONResponse{
		Headers: identityapi.ConfirmEndSession200ResponseHeaders{SetCookie: &cookie},
		Body:    identityapi.EndedSession{RedirectURI: wire.OrNull(request.Target)},
	}, nil
}
