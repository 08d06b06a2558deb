package httpapi

import (
	"context"
	"time"

	"github.com/oapi-codegen/nullable"

	"go.updspace.com/api/commonapi"
	"go.updspace.com/api/identityapi"
	"go.updspace.com/identity/app"
	"go.updspace.com/identity/domain"
	"go.updspace.com/identity/ports"
	"go.updspace.com/libs/page"
	"go.updspace.com/libs/reqctx"
	"go.updspace.com/libs/wire"
)

func (s server) GetApplicationForm(ctx context.Context, _ identityapi.GetApplicationFormRequestObject) (identityapi.GetApplicationFormResponseObject, error) {
	form, err := s.Applications.Form(ctx)
	return identityapi.GetApplicationForm200JSONResponse{Body: toApplicationForm(form)}, err
}

func (s server) SetApplicationForm(ctx context.Context, r identityapi.SetApplicationFormRequestObject) (identityapi.SetApplicationFormResponseObject, error) {
	form, err := s.Applications.SetQuestions(ctx, r.Body.Version, wire.Each(r.Body.Questions, fromQuestion))
	return identityapi.SetApplicationForm200JSONResponse{Body: toApplicationForm(form)}, err
}

func toApplicationForm(f app.Form) identityapi.ApplicationForm {
	return identityapi.ApplicationForm{
		Open: f.Open(), Membership: identityapi.ApplicationFormMembership(f.Tenant.Admission), Version: f.Version,
		Questions: wire.Each(f.Questions, toQuestion), FormToken: f.Token, MinSeconds: int(domain.ApplicationMinAge / time.Second),
	}
}

func fromQuestion(q identityapi.ApplicationQuestion) domain.Question {
	return domain.Question{
		Key: q.Key, Kind: domain.QuestionKind(q.Kind), Label: fromLocalText(q.Label), Required: q.Required, MaxLength: wire.Value(q.MaxLength),
		Options: wire.Each(q.Options, func(o identityapi.ApplicationOption) domain.QuestionOption {
			return domain.QuestionOption{Value: o.Value, Label: fromLocalText(o.Label)}
		}),
	}
}

func toQuestion(q domain.Question) identityapi.ApplicationQuestion {
	out := identityapi.ApplicationQuestion{
		Key: q.Key, Kind: identityapi.ApplicationQuestionKind(q.Kind), Label: toLocalText(q.Label), Required: q.Required,
		Options: wire.Each(q.Options, func(o domain.QuestionOption) identityapi.ApplicationOption {
			return identityapi.ApplicationOption{Value: o.Value, Label: toLocalText(o.Label)}
		}),
	}
	if q.MaxLength > 0 {
		out.MaxLength = &q.MaxLength
	}
	return out
}

func fromLocalText(t identityapi.LocalText) domain.LocalText {
	return domain.LocalText{"en": wire.Value(t.En), "ru": wire.Value(t.Ru)}
}

func toLocalText(t domain.LocalText) (out identityapi.LocalText) {
	if text := t["en"]; text != "" {
		out.En = &text
	}
	if text := t["ru"]; text != "" {
		out.Ru = &text
	}
	return out
}

func (s server) SubmitApplication(ctx context.Context, r identityapi.SubmitApplicationRequestObject) (identityapi.SubmitApplicationResponseObject, error) {
	b := r.Body
	err := s.Applications.Submit(ctx, app.Submission{
		ApplicationDraft: domain.ApplicationDraft{
			Email: b.Email, DisplayName: wire.Value(b.PayloadJSON.DisplayName), Language: string(wire.Value(b.PayloadJSON.Language)), Answers: b.PayloadJSON.Answers,
		},
		FormToken: b.FormToken, Filled: wire.Value(b.Website) != "",
	})
	return identityapi.SubmitApplication201JSONResponse{Body: identityapi.ApplicationSubmitted{
		TenantSlug: reqctx.From(ctx).TenantSlug, Status: identityapi.ApplicationStatusPending,
	}}, err
}

func (s server) GetApplicationStatus(ctx context.Context, r identityapi.GetApplicationStatusRequestObject) (identityapi.GetApplicationStatusResponseObject, error) {
	a, err := s.Applications.Status(ctx, r.Body.Token)
	return identityapi.GetApplicationStatus200JSONResponse{Body: toApplicationState(a)}, err
}

func (s server) WithdrawApplication(ctx context.Context, r identityapi.WithdrawApplicationRequestObject) (identityapi.WithdrawApplicationResponseObject, error) {
	a, err := s.Applications.Withdraw(ctx, r.Body.Token)
	return identityapi.WithdrawApplication200JSONResponse{Body: toApplicationState(a)}, err
}

func toApplicationState(a domain.Application) identityapi.ApplicationState {
	return identityapi.ApplicationState{
		Status: identityapi.ApplicationStatus(a.Status), Reason: a.Reason, DisplayName: a.DisplayName, CreatedAt: a.CreatedAt, ReviewedAt: orNull(a.ReviewedAt),
	}
}

func (s server) ListApplications(ctx context.Context, r identityapi.ListApplicationsRequestObject) (identityapi.ListApplicationsResponseObject, error) {
	found, err := s.Reviews.List(ctx, ports.ApplicationFilter{
		Status: domain.ApplicationStatus(wire.Value(r.Params.Status)), Text: wire.Value(r.Params.Q),
	}, page.Request{Limit: wire.Value(r.Params.Limit), Cursor: wire.Value(r.Params.Cursor)})
	return identityapi.ListApplications200JSONResponse{Body: identityapi.ApplicationPage{
		Items: wire.Each(found.Items, s.toApplication(ctx)), NextCursor: wire.OrNull(found.Next),
	}}, err
}

func (s server) ApproveApplication(ctx context.Context, r identityapi.ApproveApplicationRequestObject) (identityapi.ApproveApplicationResponseObject, error) {
	a, err := s.Reviews.Approve(ctx, r.ApplicationID)
	if err != nil {
		return nil, err
	}
	out := identityapi.ApplicationApproved{
		Ok: true, ActivationToken: orNull[string](nil), ActivationExpiresAt: orNull[time.Time](nil), Application: s.toApplication(ctx)(a),
	}
	if a.Invitation != nil {
		out.ActivationExpiresAt = nullable.NewNullableWithValue(a.Invitation.ExpiresAt)
	}
	return identityapi.ApproveApplication200JSONResponse{Body: out}, nil
}

func (s server) RejectApplication(ctx context.Context, r identityapi.RejectApplicationRequestObject) (identityapi.RejectApplicationResponseObject, error) {
	reason := ""
	if r.Body != nil {
		reason = wire.Value(r.Body.Reason)
	}
	a, err := s.Reviews.Reject(ctx, r.ApplicationID, reason)
	return identityapi.RejectApplication200JSONResponse{Body: identityapi.ApplicationDecided{Ok: true, Application: s.toApplication(ctx)(a)}}, err
}

func (s server) ResendActivation(ctx context.Context, r identityapi.ResendActivationRequestObject) (identityapi.ResendActivationResponseObject, error) {
	a, err := s.Reviews.Resend(ctx, r.ApplicationID)
	if err != nil {
		return nil, err
	}
	return identityapi.ResendActivation200JSONResponse{Body: identityapi.ApplicationDecided{Ok: true, Application: s.toApplication(ctx)(a)}}, nil
}

func (s server) toApplication(ctx context.Context) func(app.Reviewed) identityapi.Application {
	slug := reqctx.From(ctx).TenantSlug
	return func(a app.Reviewed) identityapi.Application {
		out := identityapi.Application{
			ID: a.ID, TenantSlug: slug, Email: a.Email, DisplayName: a.DisplayName, Status: identityapi.ApplicationStatus(a.Status), Reason: a.Reason,
			CreatedAt: a.CreatedAt, ReviewedAt: orNull(a.ReviewedAt), ReviewedBy: orNull(a.ReviewedBy),
			Invitation: orNull[identityapi.Invitation](nil),
			PayloadJSON: identityapi.ApplicationPayload{
				Email: &a.Email, DisplayName: &a.DisplayName, Language: new(commonapi.Language(a.Language)), Answers: a.Answers,
			},
		}
		if a.Invitation != nil {
			out.Invitation = nullable.NewNullableWithValue(s.toInvitation(*a.Invitation))
		}
		return out
	}
}
