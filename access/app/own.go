package app

import (
	"context"

	"github.com/google/uuid"

	"go.updspace.com/access/domain"
	"go.updspace.com/access/ports"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/errs/why"
)

// Own tells users about their own rights: what they may do in scopes, why they may or may not do something, and who can
// change that. It allows nothing, so it is not recorded in the audit log.
type Own struct{ Deps }

// Bounds of an answer.
const (
	MaxOwnScopes      = 20
	maxGrantingRoles  = 20
	maxAdministrators = 5
)

// OwnDecision is a decision about the user of the request, and who can change it.
type OwnDecision struct {
	domain.OwnDecision
	Granting       []domain.Role // the roles of the tenant and the templates that hold the permission
	AdministeredBy string        // the permission that is needed to change the decision; empty: only the platform can
	AdminRoles     []domain.Role // that hold it
	Administrators []uuid.UUID   // some who hold it
}

// Decide answers a check about the user of the request. Users who are not members of the tenant and hold no role there are
// not told who administers it.
func (o Own) Decide(ctx context.Context, in CheckInput) (own OwnDecision, err error) {
	s, err := subjectOf(ctx)
	if err != nil {
		return own, err
	}
	check, err := in.validate(s.Tenant, "", "scope_")
	if err != nil {
		return own, err
	}
	now := o.Clock.Now()
	facts, err := o.Facts.Load(ctx, s, now)
	if err != nil {
		return own, err
	}
	own.OwnDecision = o.Catalogue.OwnDecision(s, check, facts)
	permission, known := o.Catalogue.Find(check.Permission)
	if !known || !s.Member && len(facts.Bindings) == 0 {
		return own, nil
	}
	holding := func(service domain.Service, key string) ([]domain.Role, error) {
		return o.Roles.Page(ctx, ports.RoleSearch{Service: service, Permission: key, Limit: maxGrantingRoles})
	}
	if own.Granting, err = holding(permission.Service, permission.Key); err != nil {
		return own, err
	}
	if own.AdministeredBy = own.OwnDecision.AdministeredBy(); own.AdministeredBy == "" {
		return own, nil
	}
	if own.AdminRoles, err = holding(domain.Portal, own.AdministeredBy); err != nil {
		return own, err
	}
	own.Administrators, err = o.Admins.Holders(ctx, own.AdministeredBy, now, maxAdministrators)
	return own, err
}

// ScopePermissions is what the user of the request may do in a scope.
type ScopePermissions struct {
	Scope domain.Scope
	domain.Effective
}

// Permissions lists what the user of the request may do in each of the scopes, all from one state of the facts. The fields
// of errors are named by field.
func (o Own) Permissions(ctx context.Context, in []ScopeInput, field func(i int) string) ([]ScopePermissions, error) {
	s, err := subjectOf(ctx)
	if err != nil {
		return nil, err
	}
	if len(in) == 0 || len(in) > MaxOwnScopes {
		return nil, errs.Fields{"scope": why.Count(len(in), 1, MaxOwnScopes)}.Err()
	}
	answers := make([]ScopePermissions, len(in))
	for i, scope := range in {
		if answers[i].Scope, err = domain.NewScope(s.Tenant, scope.Type, scope.ID, field(i)); err != nil {
			return nil, err
		}
	}
	facts, err := o.Facts.Load(ctx, s, o.Clock.Now())
	if err != nil {
		return nil, err
	}
	for i := range answers {
		answers[i].Effective = o.Catalogue.Effective(s, answers[i].Scope, facts)
	}
	return answers, nil
}
