package httpapi

import (
	"context"
	"net/http"

	"github.com/oapi-codegen/nullable"

	"go.updspace.com/api/identityapi"
	"go.updspace.com/identity/adapters/httpapi/browserauth"
	"go.updspace.com/identity/app"
	"go.updspace.com/identity/domain"
	"go.updspace.com/libs/wire"
)

func (s server) ListPasskeys(ctx context.Context, _ identityapi.ListPasskeysRequestObject) (identityapi.ListPasskeysResponseObject, error) {
	who, err := s.current(ctx)
	if err != nil {
		return nil, err
	}
	passkeys, err := s.Passkeys.List(ctx, who.User.ID)
	return identityapi.ListPasskeys200JSONResponse{Body: identityapi.PasskeyList{Authenticators: wire.Each(passkeys, toPasskey)}}, err
}

func (s server) BeginPasskey(ctx context.Context, r identityapi.BeginPasskeyRequestObject) (identityapi.BeginPasskeyResponseObject, error) {
	who, err := s.current(ctx)
	if err != nil {
		return nil, err
	}
	alone := r.Body != nil && wire.Value(r.Body.Passwordless)
	options, err := s.Passkeys.Begin(ctx, who, alone)
	return identityapi.BeginPasskey200JSONResponse{Body: identityapi.PasskeyCreation{CreationOptions: app.Options(options)}}, err
}

func (s server) CompletePasskey(ctx context.Context, r identityapi.CompletePasskeyRequestObject) (identityapi.CompletePasskeyResponseObject, error) {
	who, err := s.current(ctx)
	if err != nil {
		return nil, err
	}
	passkey, err := s.Passkeys.Complete(ctx, who, wire.Get(r.Body.Name), answer(&r.Body.Credential), browserauth.From(ctx).Origin.IP)
	return identityapi.CompletePasskey200JSONResponse{
		Body: identityapi.PasskeyAdded{Ok: true, Authenticator: toPasskey(passkey), RecoveryCodes: listOrNull(nil)},
	}, err
}

func (s server) RenamePasskey(ctx context.Context, r identityapi.RenamePasskeyRequestObject) (identityapi.RenamePasskeyResponseObject, error) {
	who, err := s.current(ctx)
	if err == nil {
		err = s.Passkeys.Rename(ctx, who, r.Body.AuthenticatorID, r.Body.NewName, browserauth.From(ctx).Origin.IP)
	}
	return identityapi.RenamePasskey200JSONResponse{Body: identityapi.Message{Ok: true, Message: "Renamed."}}, err
}

func (s server) DeletePasskeys(ctx context.Context, r identityapi.DeletePasskeysRequestObject) (identityapi.DeletePasskeysResponseObject, error) {
	who, err := s.current(ctx)
	if err == nil {
		err = s.Passkeys.Remove(ctx, who, r.Body.Ids, browserauth.From(ctx).Origin.IP)
	}
	return identityapi.DeletePasskeys200JSONResponse{Body: identityapi.Message{Ok: true, Message: "Removed."}}, err
}

func (s server) BeginPasskeyLogin(ctx context.Context, _ identityapi.BeginPasskeyLoginRequestObject) (identityapi.BeginPasskeyLoginResponseObject, error) {
	options, err := s.SignIn.BeginPasskey(ctx, browserauth.From(ctx).Origin)
	return identityapi.BeginPasskeyLogin200JSONResponse{Body: identityapi.PasskeyRequest{RequestOptions: app.Options(options)}}, err
}

func (s server) CompletePasskeyLogin(ctx context.Context, r identityapi.CompletePasskeyLoginRequestObject) (identityapi.CompletePasskeyLoginResponseObject, error) {
	from := browserauth.From(ctx)
	if err := fromHere(ctx); err != nil { // another site must not sign a user in
		return nil, err
	}
	in, err := s.SignIn.WithPasskey(ctx, answer(&r.Body.Credential), from.Token(), from.Known, from.Origin)
	if err != nil {
		return nil, err
	}
	out, err := s.signedIn(ctx, in)
	return passkeySignedIn{out}, err
}

// passkeySignedIn is signedIn for the other operation.
type passkeySignedIn struct{ signedIn }

// VisitCompletePasskeyLoginResponse implements the generated interface.
func (s passkeySignedIn) VisitCompletePasskeyLoginResponse(w http.ResponseWriter) error {
	return s.VisitLoginResponse(w)
}

func toPasskey(p domain.Passkey) identityapi.Passkey {
	out := identityapi.Passkey{
		ID: p.ID, Name: p.Name, Type: identityapi.PasskeyTypeWebauthn, CreatedAt: p.CreatedAt.Unix(), IsPasswordless: p.Alone,
		LastUsedAt: nullable.NewNullNullable[int64](),
	}
	if p.LastUsedAt != nil {
		out.LastUsedAt = nullable.NewNullableWithValue(p.LastUsedAt.Unix())
	}
	return out
}
