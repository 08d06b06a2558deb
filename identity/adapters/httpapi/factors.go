package httpapi

import (
	"context"
	"encoding/base64"
	"encoding/json"

	"github.com/oapi-codegen/nullable"

	"go.updspace.com/api/identityapi"
	"go.updspace.com/identity/adapters/httpapi/browserauth"
	"go.updspace.com/identity/app"
	"go.updspace.com/identity/domain"
	"go.updspace.com/libs/reqctx"
	"go.updspace.com/libs/wire"
)

func (s server) GetFactorStatus(ctx context.Context, _ identityapi.GetFactorStatusRequestObject) (identityapi.GetFactorStatusResponseObject, error) {
	who, err := s.current(ctx)
	if err != nil {
		return nil, err
	}
	status, err := s.Factors.Status(ctx, who)
	return identityapi.GetFactorStatus200JSONResponse{Body: identityapi.FactorStatus{
		HasTotp: status.TOTP, HasWebauthn: status.Passkeys > 0, HasRecoveryCodes: status.RecoveryCodes > 0, RecoveryCodesLeft: status.RecoveryCodes,
		HasPassword: status.Password, SecondStep: status.SecondStep(), ConfirmedUntil: status.ConfirmedUntil.UTC(),
	}}, err
}

func (s server) BeginTOTP(ctx context.Context, _ identityapi.BeginTOTPRequestObject) (identityapi.BeginTOTPResponseObject, error) {
	who, err := s.current(ctx)
	if err != nil {
		return nil, err
	}
	setup, err := s.Factors.BeginTOTP(ctx, who)
	return identityapi.BeginTOTP200JSONResponse{Body: identityapi.TOTPSetup{
		Secret: setup.Secret, OtpauthURL: setup.URL, Svg: setup.SVG,
		SvgDataURI: "data:image/svg+xml;base64," + base64.StdEncoding.EncodeToString([]byte(setup.SVG)),
	}}, err
}

func (s server) ConfirmTOTP(ctx context.Context, r identityapi.ConfirmTOTPRequestObject) (identityapi.ConfirmTOTPResponseObject, error) {
	who, err := s.current(ctx)
	if err != nil {
		return nil, err
	}
	codes, err := s.Factors.ConfirmTOTP(ctx, who, r.Body.Code, browserauth.From(ctx).Origin.IP)
	return identityapi.ConfirmTOTP200JSONResponse{Body: identityapi.FactorAdded{Ok: true, RecoveryCodes: listOrNull(codes)}}, err
}

func (s server) DisableTOTP(ctx context.Context, _ identityapi.DisableTOTPRequestObject) (identityapi.DisableTOTPResponseObject, error) {
	who, err := s.current(ctx)
	if err == nil {
		err = s.Factors.DisableTOTP(ctx, who, browserauth.From(ctx).Origin.IP)
	}
	return identityapi.DisableTOTP200JSONResponse{Body: identityapi.Message{Ok: true, Message: "Removed."}}, err
}

func (s server) RegenerateRecoveryCodes(ctx context.Context, _ identityapi.RegenerateRecoveryCodesRequestObject) (identityapi.RegenerateRecoveryCodesResponseObject, error) {
	who, err := s.current(ctx)
	if err != nil {
		return nil, err
	}
	codes, err := s.Factors.RegenerateCodes(ctx, who, browserauth.From(ctx).Origin.IP)
	return identityapi.RegenerateRecoveryCodes200JSONResponse{Body: identityapi.RecoveryCodes{RecoveryCodes: codes}}, err
}

func (s server) BeginReauthentication(ctx context.Context, _ identityapi.BeginReauthenticationRequestObject) (identityapi.BeginReauthenticationResponseObject, error) {
	who, err := s.current(ctx)
	if err != nil {
		return nil, err
	}
	ways, options, err := s.StepUp.Begin(ctx, who)
	if err != nil {
		return nil, err
	}
	out := identityapi.ReauthenticationBegun{
		Ways:           wire.Each(ways, func(w string) identityapi.ReauthenticationBegunWays { return identityapi.ReauthenticationBegunWays(w) }),
		RequestOptions: nullable.NewNullNullable[identityapi.PasskeyOptions](),
	}
	if options != nil {
		out.RequestOptions = nullable.NewNullableWithValue(identityapi.PasskeyOptions(app.Options(options)))
	}
	return identityapi.BeginReauthentication200JSONResponse{Body: out}, nil
}

func (s server) Reauthenticate(ctx context.Context, r identityapi.ReauthenticateRequestObject) (identityapi.ReauthenticateResponseObject, error) {
	who, err := s.current(ctx)
	if err != nil {
		return nil, err
	}
	err = s.StepUp.Confirm(ctx, who, app.Evidence{
		Password: wire.Get(r.Body.Password), Code: wire.Get(r.Body.MfaCode), Passkey: answer(r.Body.Credential),
	}, browserauth.From(ctx).Origin)
	return identityapi.Reauthenticate200JSONResponse{Body: identityapi.Message{Ok: true, Message: "Confirmed."}}, err
}

// GetAccountFactors is for the gateway, for the signed user.
func (s server) GetAccountFactors(ctx context.Context, _ identityapi.GetAccountFactorsRequestObject) (identityapi.GetAccountFactorsResponseObject, error) {
	factors, ways, err := s.Factors.Ways(ctx, reqctx.From(ctx).UserID)
	return identityapi.GetAccountFactors200JSONResponse{
		TotpEnabled: factors.TOTP, WebauthnEnabled: factors.Passkeys > 0, RecoveryCodesAvailable: factors.RecoveryCodes,
		Authenticators: wire.Each(ways, func(w app.SignInWay) identityapi.AccountAuthenticator {
			out := identityapi.AccountAuthenticator{
				ID: w.ID, Type: identityapi.AccountAuthenticatorType(w.Kind), Name: w.Name, CreatedAt: w.CreatedAt.UTC(), LastUsedAt: orNull(w.LastUsedAt),
			}
			return out
		}),
	}, err
}

// ListAccountSessions is for the gateway, for the signed user.
func (s server) ListAccountSessions(ctx context.Context, r identityapi.ListAccountSessionsRequestObject) (identityapi.ListAccountSessionsResponseObject, error) {
	user, err := s.Own.Account(ctx, reqctx.From(ctx).UserID)
	if err != nil {
		return nil, err
	}
	sessions, err := s.Own.ListSessions(ctx, app.Current{User: user})
	current := wire.Value(r.Params.Current)
	return identityapi.ListAccountSessions200JSONResponse(wire.Each(sessions, func(d domain.Session) identityapi.AccountSession {
		return identityapi.AccountSession{
			ID: d.ID, IP: d.IP, UserAgent: d.UserAgent, CreatedAt: d.CreatedAt.UTC(), LastUsedAt: d.LastUsed().UTC(), IsCurrent: d.ID == current,
		}
	})), err
}

// EndAccountSession is for the gateway, for the signed user.
func (s server) EndAccountSession(ctx context.Context, r identityapi.EndAccountSessionRequestObject) (identityapi.EndAccountSessionResponseObject, error) {
	user, err := s.Own.Account(ctx, reqctx.From(ctx).UserID)
	if err == nil {
		err = s.Own.EndSession(ctx, app.Current{User: user}, r.SessionID, browserauth.From(ctx).Origin.IP)
	}
	return identityapi.EndAccountSession200JSONResponse{Ok: true, ID: r.SessionID}, err
}

// answer is what a passkey has said, in the form in which it came; nil when it has said nothing.
func answer(credential *identityapi.PasskeyCredential) []byte {
	if credential == nil || *credential == nil {
		return nil
	}
	text, err := json.Marshal(*credential)
	if err != nil { // it was JSON
		return []byte("{}")
	}
	return text
}

func listOrNull(list []string) nullable.Nullable[[]string] {
	if list == nil {
		return nullable.NewNullNullable[[]string]()
	}
	return nullable.NewNullableWithValue(list)
}
