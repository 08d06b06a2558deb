package httpapi

import (
	"context"

	"go.updspace.com/access/app"
	"go.updspace.com/access/domain"
	"go.updspace.com/api/accessapi"
	"go.updspace.com/libs/httpx"
	"go.updspace.com/libs/reqctx"
	"go.updspace.com/libs/wire"
)

type decisions struct{ app app.Decisions }

func (s decisions) CheckPermission(ctx context.Context, r accessapi.CheckPermissionRequestObject) (accessapi.CheckPermissionResponseObject, error) {
	check, ok := httpx.ScannedBody[app.CheckInput](ctx)
	if !ok {
		check = fromAPICheck(*r.Body)
	}
	answer, err := s.app.Check(ctx, check)
	if err != nil {
		return nil, err
	}
	return accessapi.CheckPermission200JSONResponse(toAPIDecision(answer)), nil
}

func (s decisions) CheckPermissions(ctx context.Context, r accessapi.CheckPermissionsRequestObject) (accessapi.CheckPermissionsResponseObject, error) {
	checks, ok := httpx.ScannedBody[[]app.CheckInput](ctx)
	if !ok {
		checks = wire.Each(r.Body.Checks, fromAPICheck)
	}
	answers, err := s.app.CheckAll(ctx, checks)
	if err != nil {
		return nil, err
	}
	return accessapi.CheckPermissions200JSONResponse{Decisions: wire.Each(answers, toAPIDecision)}, nil
}

func (s decisions) CheckSubjects(ctx context.Context, r accessapi.CheckSubjectsRequestObject) (accessapi.CheckSubjectsResponseObject, error) {
	subjects, ok := httpx.ScannedBody[[]app.SubjectChecks](ctx)
	if !ok {
		subjects = wire.Each(r.Body.Subjects, fromAPISubject)
	}
	answers, err := s.app.CheckSubjects(ctx, subjects)
	if err != nil {
		return nil, err
	}
	return accessapi.CheckSubjects200JSONResponse{Subjects: wire.Each(answers, func(of []app.Answer) accessapi.DecisionBatch {
		return accessapi.DecisionBatch{Decisions: wire.Each(of, toAPIDecision)}
	})}, nil
}

func (s decisions) CheckUsers(ctx context.Context, r accessapi.CheckUsersRequestObject) (accessapi.CheckUsersResponseObject, error) {
	allowed, err := s.app.Allowed(ctx, fromAPICheck(r.Body.Check), r.Body.UserIds)
	if err != nil {
		return nil, err
	}
	return accessapi.CheckUsers200JSONResponse{UserIds: allowed}, nil
}

func (s decisions) GetEffectivePermissions(ctx context.Context, r accessapi.GetEffectivePermissionsRequestObject) (accessapi.GetEffectivePermissionsResponseObject, error) {
	effective, err := s.app.Effective(ctx, app.ScopeInput{Type: domain.ScopeType(r.Params.ScopeType), ID: wire.Value(r.Params.ScopeID)})
	if err != nil {
		return nil, err
	}
	return accessapi.GetEffectivePermissions200JSONResponse{Permissions: effective.Keys, Roles: wire.Each(effective.Roles, toAPIRoleRef)}, nil
}

func (s decisions) ListAllowedScopes(ctx context.Context, r accessapi.ListAllowedScopesRequestObject) (accessapi.ListAllowedScopesResponseObject, error) {
	answers, err := s.app.AllowedScopes(ctx, wire.Each(r.Body.Questions, func(q accessapi.ScopeQuestion) domain.ScopeQuery {
		return domain.ScopeQuery{Permission: q.Permission, Visibility: domain.Visibility(wire.Value(q.ResourceVisibility))}
	}))
	if err != nil {
		return nil, err
	}
	return accessapi.ListAllowedScopes200JSONResponse{Answers: wire.Each(answers, toAPIAllowedScopes)}, nil
}

type rewards struct{ app app.Rewards }

func (s rewards) CheckReward(ctx context.Context, r accessapi.CheckRewardRequestObject) (accessapi.CheckRewardResponseObject, error) {
	answer, err := s.app.Check(ctx, app.RewardCheck{
		Role: r.Body.RoleID, Scope: app.ScopeInput{Type: domain.ScopeType(r.Body.Scope.Type), ID: r.Body.Scope.ID},
	})
	if err != nil {
		return nil, err
	}
	out := accessapi.CheckReward200JSONResponse{Allowed: answer.Refusal == nil, ReasonCode: accessapi.RewardDecisionReasonCodeALLOWED, Missing: []string{}}
	if answer.Refusal != nil {
		out.ReasonCode = accessapi.RewardDecisionReasonCode(answer.Refusal.Code)
		missing, _ := answer.Refusal.Details["missing"].([]string)
		out.Missing = append(out.Missing, missing...)
	}
	if answer.Role.ID != 0 {
		out.Role = new(toAPIRoleRef(answer.Role))
	}
	return out, nil
}

func (s rewards) ListHeldRoles(ctx context.Context, r accessapi.ListHeldRolesRequestObject) (accessapi.ListHeldRolesResponseObject, error) {
	held, err := s.app.HeldRoles(ctx, r.Body.UserID, wire.Each(r.Body.Roles, func(c accessapi.RewardCheck) app.ScopedRole {
		return app.ScopedRole{Role: c.RoleID, Scope: app.ScopeInput{Type: domain.ScopeType(c.Scope.Type), ID: c.Scope.ID}}
	}))
	if err != nil {
		return nil, err
	}
	return accessapi.ListHeldRoles200JSONResponse{Held: held}, nil
}

func fromAPICheck(c accessapi.Check) app.CheckInput {
	return app.CheckInput{
		Permission: c.Permission,
		ScopeType:  domain.ScopeType(c.Scope.Type),
		ScopeID:    c.Scope.ID,
		Visibility: domain.Visibility(wire.Value(c.ResourceVisibility)),
		Owner:      wire.Value(c.ResourceOwnerID),
		Explain:    wire.Value(c.Explain),
	}
}

func fromAPISubject(s accessapi.SubjectChecks) app.SubjectChecks {
	return app.SubjectChecks{Tenant: s.TenantID, User: s.UserID, Flags: reqctx.Flags(s.Flags), Checks: wire.Each(s.Checks, fromAPICheck)}
}

func toAPIDecision(a app.Answer) accessapi.Decision {
	d := accessapi.Decision{Allowed: a.Allowed, ReasonCode: accessapi.ReasonCode(a.Reason)}
	for _, s := range a.Steps {
		d.Explanation = append(d.Explanation, accessapi.ExplanationStep{
			Rule:    accessapi.ExplanationStepRule(s.Rule),
			Outcome: accessapi.ExplanationStepOutcome(s.Outcome),
			Detail:  s.Detail,
		})
	}
	return d
}

func toAPIAllowedScopes(a domain.AllowedScopes) accessapi.AllowedScopes {
	return accessapi.AllowedScopes{
		Everywhere: a.Everywhere, Tenant: a.Tenant,
		Communities: append([]string{}, a.Communities...), Teams: append([]string{}, a.Teams...), // lists, never null
	}
}

func toAPIRoleRef(r domain.Role) accessapi.RoleRef {
	return accessapi.RoleRef{ID: r.ID, Service: string(r.Service), Name: r.Name}
}
