package httpapi

import (
	"context"
	"time"

	"go.updspace.com/api/identityapi"
	"go.updspace.com/identity/adapters/httpapi/browserauth"
	"go.updspace.com/identity/domain"
	"go.updspace.com/identity/domain/useragent"
	"go.updspace.com/libs/httpx"
	"go.updspace.com/libs/signature"
	"go.updspace.com/libs/wire"
)

func (s server) GetEmail(ctx context.Context, _ identityapi.GetEmailRequestObject) (identityapi.GetEmailResponseObject, error) {
	who, err := s.current(ctx)
	if err != nil {
		return nil, err
	}
	pending, err := s.EmailChanges.Pending(ctx, who)
	if err != nil {
		return nil, err
	}
	bounced, err := s.MailBounces.Since(ctx, who.User)
	return identityapi.GetEmail200JSONResponse{Body: toEmailState(who.User, pending, bounced)}, err
}

func (s server) AllowEmail(ctx context.Context, _ identityapi.AllowEmailRequestObject) (identityapi.AllowEmailResponseObject, error) {
	who, err := s.current(ctx)
	if err == nil {
		err = s.MailBounces.Allow(ctx, who.User)
	}
	return identityapi.AllowEmail200JSONResponse{Body: identityapi.Message{Ok: true, Message: "Mails are sent to the address again."}}, err
}

// reportsPath is where the mail server tells of mails.
const reportsPath = "/api/v1/mail/reports"

func (s server) ReportMail(ctx context.Context, r identityapi.ReportMailRequestObject) (identityapi.ReportMailResponseObject, error) {
	err := s.MailBounces.Receive(ctx, signature.Message{
		ID: wire.Value(r.Params.WebhookID), Timestamp: wire.Value(r.Params.WebhookTimestamp), Signature: wire.Value(r.Params.WebhookSignature), Body: httpx.KeptBody(ctx),
	})
	return identityapi.ReportMail200JSONResponse{Ok: true, Message: "The report was taken."}, err
}

func (s server) ChangeEmail(ctx context.Context, r identityapi.ChangeEmailRequestObject) (identityapi.ChangeEmailResponseObject, error) {
	who, err := s.current(ctx)
	if err == nil {
		err = s.EmailChanges.Request(ctx, who, r.Body.NewEmail, browserauth.From(ctx).Origin)
	}
	return identityapi.ChangeEmail200JSONResponse{Body: mailOnItsWay}, err
}

func (s server) ResendEmail(ctx context.Context, _ identityapi.ResendEmailRequestObject) (identityapi.ResendEmailResponseObject, error) {
	who, err := s.current(ctx)
	if err == nil {
		err = s.EmailChanges.Resend(ctx, who, browserauth.From(ctx).Origin)
	}
	return identityapi.ResendEmail200JSONResponse{Body: mailOnItsWay}, err
}

var mailOnItsWay = identityapi.Message{Ok: true, Message: "The mail is on its way."}

func (s server) ConfirmEmail(ctx context.Context, r identityapi.ConfirmEmailRequestObject) (identityapi.ConfirmEmailResponseObject, error) {
	if err := fromHere(ctx); err != nil {
		return nil, err
	}
	email, err := s.EmailChanges.Confirm(ctx, domain.Secret(r.Body.Token), browserauth.From(ctx).Origin)
	return identityapi.ConfirmEmail200JSONResponse{Body: identityapi.EmailSet{Ok: true, Email: email}}, err
}

func (s server) UndoEmail(ctx context.Context, r identityapi.UndoEmailRequestObject) (identityapi.UndoEmailResponseObject, error) {
	if err := fromHere(ctx); err != nil {
		return nil, err
	}
	email, err := s.EmailChanges.Undo(ctx, domain.Secret(r.Body.Token), browserauth.From(ctx).Origin)
	return identityapi.UndoEmail200JSONResponse{Body: identityapi.EmailSet{Ok: true, Email: email}}, err
}

func (s server) ListLogins(ctx context.Context, _ identityapi.ListLoginsRequestObject) (identityapi.ListLoginsResponseObject, error) {
	who, err := s.current(ctx)
	if err != nil {
		return nil, err
	}
	events, err := s.Own.ListLogins(ctx, who)
	return identityapi.ListLogins200JSONResponse{Body: identityapi.LoginHistory{Events: wire.Each(events, toLoginEvent)}}, err
}

func toEmailState(u domain.User, pending *domain.AccountToken, bounced *time.Time) identityapi.EmailState {
	out := identityapi.EmailState{Email: u.Email, Verified: u.EmailVerified, BouncedAt: orNull(bounced)}
	out.Pending.SetNull()
	if pending != nil {
		out.Pending.Set(identityapi.PendingEmail{Email: pending.Email, ExpiresAt: pending.ExpiresAt.UTC()})
	}
	return out
}

func toLoginEvent(e domain.LoginEvent) identityapi.LoginEvent {
	on := useragent.Parse(e.UserAgent)
	out := identityapi.LoginEvent{
		ID: e.ID, Status: identityapi.LoginEventStatusFailure, Method: string(e.Method), Reason: e.Reason, IPAddress: e.IP, UserAgent: e.UserAgent,
		Device: identityapi.LoginEventDevice(on.Device), Browser: on.Browser, Os: on.System, DeviceID: orNull(e.DeviceID), IsNewDevice: e.NewDevice,
		CreatedAt: e.CreatedAt.UTC(),
	}
	if e.Succeeded {
		out.Status = identityapi.LoginEventStatusSuccess
	}
	return out
}
