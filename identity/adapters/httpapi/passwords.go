package httpapi

import (
	"context"

	"go.updspace.com/api/identityapi"
	"go.updspace.com/identity/adapters/httpapi/browserauth"
	"go.updspace.com/identity/domain"
)

func (s server) ChangePassword(ctx context.Context, r identityapi.ChangePasswordRequestObject) (identityapi.ChangePasswordResponseObject, error) {
	who, err := s.current(ctx)
	if err == nil {
		err = s.PasswordChanges.Change(ctx, who, r.Body.CurrentPassword, r.Body.NewPassword, browserauth.From(ctx).Origin)
	}
	return identityapi.ChangePassword200JSONResponse{Body: identityapi.Message{Ok: true, Message: "The password is changed."}}, err
}

func (s server) RequestPasswordReset(ctx context.Context, r identityapi.RequestPasswordResetRequestObject) (identityapi.RequestPasswordResetResponseObject, error) {
	err := fromHere(ctx)
	if err == nil {
		err = s.PasswordChanges.RequestReset(ctx, r.Body.Email, browserauth.From(ctx).Origin)
	}
	return identityapi.RequestPasswordReset200JSONResponse{
		Body: identityapi.Message{Ok: true, Message: "The mail is on its way if the address has an account."},
	}, err
}

func (s server) ResetPassword(ctx context.Context, r identityapi.ResetPasswordRequestObject) (identityapi.ResetPasswordResponseObject, error) {
	err := fromHere(ctx)
	if err == nil {
		err = s.PasswordChanges.Reset(ctx, domain.Secret(r.Body.Token), r.Body.NewPassword, browserauth.From(ctx).Origin)
	}
	return identityapi.ResetPassword200JSONResponse{Body: identityapi.Message{Ok: true, Message: "The password is set."}}, err
}

// fromHere refuses what another site has made a browser send, with or without a cookie.
func fromHere(ctx context.Context) error {
	if from := browserauth.From(ctx); from.Foreign && from.Header == "" {
		return domain.ErrCrossSite
	}
	return nil
}
