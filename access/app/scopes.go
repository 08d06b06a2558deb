package app

import (
	"context"
	"strconv"

	"go.updspace.com/access/domain"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/reqctx"
)

// MaxScopeQuestions bounds the questions about scopes in one call.
const MaxScopeQuestions = 16

// ScopesInput asks for the scopes in which something is allowed.
type ScopesInput struct {
	Permission string
	Visibility domain.Visibility
}

// AllowedScopes tells for each question in which scopes the user may do what it
// is about. Whoever gets the answer shows what is there, so the power of a
// system administrator is journalled as it is for a check.
func (d *Decisions) AllowedScopes(ctx context.Context, in []ScopesInput) ([]domain.AllowedScopes, error) {
	s, err := subjectOf(ctx)
	if err != nil {
		return nil, err
	}
	if len(in) == 0 || len(in) > MaxScopeQuestions {
		return nil, errs.Fields{"questions": "must hold 1 to " + strconv.Itoa(MaxScopeQuestions) + " questions"}.Err()
	}
	inTenant := make([]domain.Question, len(in)) // the same for one scope
	for i, q := range in {
		check := CheckInput{Permission: q.Permission, ScopeType: domain.Tenant, Visibility: q.Visibility}
		if inTenant[i], err = check.question(s.Tenant, "questions."+strconv.Itoa(i)+"."); err != nil {
			return nil, err
		}
	}
	facts, err := d.load(ctx, s, inTenant)
	if err != nil {
		return nil, err
	}
	answers := make([]domain.AllowedScopes, len(in))
	var powers []domain.Entry
	for i, q := range inTenant {
		answers[i] = d.catalogue.AllowedScopes(s, domain.ScopeQuestion{Permission: q.Permission, Visibility: q.Visibility}, facts)
		if d.catalogue.Decide(s, q, facts).Reason == domain.MasterSystemAdmin {
			powers = append(powers, domain.SystemAdminDecision(s, q, reqctx.From(ctx).RequestID, d.clock.Now()))
		}
	}
	if err := d.record(ctx, powers); err != nil {
		return nil, err
	}
	return answers, nil
}
