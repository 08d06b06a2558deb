package httpapi

import (
	"go.updspace.com/access/app"
	"go.updspace.com/access/domain"
	"go.updspace.com/api/accessapi"
)

func fromAPICheck(c accessapi.Check) app.CheckInput {
	in := app.CheckInput{
		Permission: c.Permission,
		ScopeType:  domain.ScopeType(c.Scope.Type),
		ScopeID:    c.Scope.ID,
	}
	if c.ResourceVisibility != nil {
		in.Visibility = domain.Visibility(*c.ResourceVisibility)
	}
	if c.ResourceOwnerID != nil {
		in.Owner = *c.ResourceOwnerID
	}
	if c.Explain != nil {
		in.Explain = *c.Explain
	}
	return in
}

func fromAPIEffective(p accessapi.GetEffectivePermissionsParams) app.EffectiveInput {
	in := app.EffectiveInput{ScopeType: domain.ScopeType(p.ScopeType)}
	if p.ScopeID != nil {
		in.ScopeID = *p.ScopeID
	}
	return in
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

func toAPIEffective(e domain.Effective) accessapi.EffectivePermissions {
	roles := make([]accessapi.RoleRef, len(e.Roles))
	for i, r := range e.Roles {
		roles[i] = accessapi.RoleRef{ID: r.ID, Service: string(r.Service), Name: r.Name}
	}
	return accessapi.EffectivePermissions{Permissions: e.Keys, Roles: roles}
}

func toAPIPermissions(permissions []domain.Permission) []accessapi.Permission {
	out := make([]accessapi.Permission, len(permissions))
	for i, p := range permissions {
		out[i] = accessapi.Permission{Key: p.Key, Description: p.Description, Service: string(p.Service)}
	}
	return out
}

func fromAPIScopeQuestions(questions []accessapi.ScopeQuestion) []app.ScopesInput {
	in := make([]app.ScopesInput, len(questions))
	for i, q := range questions {
		in[i].Permission = q.Permission
		if q.ResourceVisibility != nil {
			in[i].Visibility = domain.Visibility(*q.ResourceVisibility)
		}
	}
	return in
}

func toAPIAllowedScopes(answers []domain.AllowedScopes) []accessapi.AllowedScopes {
	out := make([]accessapi.AllowedScopes, len(answers))
	for i, a := range answers {
		out[i] = accessapi.AllowedScopes{
			Everywhere: a.Everywhere, Tenant: a.Tenant,
			Communities: append([]string{}, a.Communities...), Teams: append([]string{}, a.Teams...), // lists, never null
		}
	}
	return out
}
