package httpapi

import (
	"context"

	"go.updspace.com/access/app"
	"go.updspace.com/api/accessapi"
)

type decisions struct{ app *app.Decisions }

func (s decisions) CheckPermission(ctx context.Context, r accessapi.CheckPermissionRequestObject) (accessapi.CheckPermissionResponseObject, error) {
	answer, err := s.app.Check(ctx, fromAPICheck(*r.Body))
	if err != nil {
		return nil, err
	}
	return accessapi.CheckPermission200JSONResponse(toAPIDecision(answer)), nil
}

func (s decisions) CheckPermissions(ctx context.Context, r accessapi.CheckPermissionsRequestObject) (accessapi.CheckPermissionsResponseObject, error) {
	questions := make([]app.CheckInput, len(r.Body.Checks))
	for i, c := range r.Body.Checks {
		questions[i] = fromAPICheck(c)
	}
	answers, err := s.app.CheckAll(ctx, questions)
	if err != nil {
		return nil, err
	}
	out := make([]accessapi.Decision, len(answers))
	for i, a := range answers {
		out[i] = toAPIDecision(a)
	}
	return accessapi.CheckPermissions200JSONResponse{Decisions: out}, nil
}

func (s decisions) GetEffectivePermissions(ctx context.Context, r accessapi.GetEffectivePermissionsRequestObject) (accessapi.GetEffectivePermissionsResponseObject, error) {
	effective, err := s.app.Effective(ctx, fromAPIEffective(r.Params))
	if err != nil {
		return nil, err
	}
	return accessapi.GetEffectivePermissions200JSONResponse(toAPIEffective(effective)), nil
}

func (s decisions) ListAllowedScopes(ctx context.Context, r accessapi.ListAllowedScopesRequestObject) (accessapi.ListAllowedScopesResponseObject, error) {
	answers, err := s.app.AllowedScopes(ctx, fromAPIScopeQuestions(r.Body.Questions))
	if err != nil {
		return nil, err
	}
	return accessapi.ListAllowedScopes200JSONResponse{Answers: toAPIAllowedScopes(answers)}, nil
}
