package app

import (
	"context"
	"strconv"
	"unicode/utf8"

	"github.com/google/uuid"

	"go.updspace.com/access/domain"
	"go.updspace.com/libs/audit"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/errs/why"
)

// Bounds of one call.
const (
	MaxBatch        = 100 // checks
	MaxScopeQueries = 16

	MaxPermission = 128 // characters of a key
)

// Decisions decides about the user of the request.
type Decisions struct{ Deps }

// CheckInput is a check of a request.
type CheckInput struct {
	Permission string
	ScopeType  domain.ScopeType
	ScopeID    string
	Visibility domain.Visibility
	Owner      uuid.UUID
	Explain    bool
}

// Validate returns the check, or what is wrong with the input.
func (in CheckInput) Validate(tenant uuid.UUID) (domain.Check, error) {
	return in.validate(tenant, "", "scope.")
}

// validate is Validate with the prefixes that fields, and those of the scope, have on the wire.
func (in CheckInput) validate(tenant uuid.UUID, prefix, scopePrefix string) (domain.Check, error) {
	fields := errs.Fields{}
	fields.Check(in.Permission != "", prefix+"permission", why.Required)
	fields.Check(utf8.RuneCountInString(in.Permission) <= MaxPermission, prefix+"permission", why.TooLong(MaxPermission))
	switch in.Visibility {
	case "", domain.Public, domain.VisibleCommunity, domain.VisibleTeam, domain.Private:
	default:
		fields.Add(prefix+"resource_visibility", why.NotAllowed("must be public, community, team or private"))
	}
	if err := fields.Err(); err != nil {
		return domain.Check{}, err
	}
	scope, err := domain.NewScope(tenant, in.ScopeType, in.ScopeID, prefix+scopePrefix)
	if err != nil {
		return domain.Check{}, err
	}
	return domain.Check{Permission: in.Permission, Scope: scope, Visibility: in.Visibility, Owner: in.Owner}, nil
}

// Answer is a decision, explained if that was asked for.
type Answer struct {
	domain.Decision
	Steps []domain.Step
}

// Check answers one check.
func (d Decisions) Check(ctx context.Context, in CheckInput) (Answer, error) {
	s, err := subjectOf(ctx)
	if err != nil {
		return Answer{}, err
	}
	check, err := in.Validate(s.Tenant)
	if err != nil {
		return Answer{}, err
	}
	answers, err := d.answer(ctx, s, []domain.Check{check}, func(int) bool { return in.Explain })
	if err != nil {
		return Answer{}, err
	}
	return answers[0], nil
}

// CheckAll answers checks in their order, all from one state of the facts.
func (d Decisions) CheckAll(ctx context.Context, in []CheckInput) ([]Answer, error) {
	if len(in) == 0 || len(in) > MaxBatch {
		return nil, errs.Fields{"checks": why.Count(len(in), 1, MaxBatch)}.Err()
	}
	return d.checkAll(ctx, in, "")
}

// checkAll is CheckAll with the prefix that fields have on the wire.
func (d Decisions) checkAll(ctx context.Context, in []CheckInput, prefix string) ([]Answer, error) {
	s, err := subjectOf(ctx)
	if err != nil {
		return nil, err
	}
	checks := make([]domain.Check, len(in))
	for i := range in {
		if checks[i], err = in[i].Validate(s.Tenant); err != nil {
			_, err = in[i].validate(s.Tenant, prefix+"checks."+strconv.Itoa(i)+".", "scope.") // again, for the field names of a batch
			return nil, err
		}
	}
	return d.answer(ctx, s, checks, func(i int) bool { return in[i].Explain })
}

func (d Decisions) answer(ctx context.Context, s domain.Subject, checks []domain.Check, explain func(int) bool) ([]Answer, error) {
	facts, err := d.load(ctx, s, checks)
	if err != nil {
		return nil, err
	}
	answers := make([]Answer, len(checks))
	var powers []audit.Entry
	for i, check := range checks {
		if explain(i) {
			answers[i].Decision, answers[i].Steps = d.Catalogue.Explain(s, check, facts)
		} else {
			answers[i].Decision = d.Catalogue.Decide(s, check, facts)
		}
		if answers[i].Reason == domain.MasterSystemAdmin {
			powers = append(powers, systemAdminDecision(check, d.Clock.Now()))
		}
	}
	if err := d.recordPowers(ctx, powers); err != nil {
		return nil, err
	}
	return answers, nil
}

// recordPowers writes what is allowed to a system administrator to the audit log. If that fails, nothing is allowed.
func (d Decisions) recordPowers(ctx context.Context, powers []audit.Entry) error {
	if len(powers) == 0 {
		return nil
	}
	return d.Powers.Write(ctx, powers...)
}

// load reads nothing when no answer depends on it.
func (d Decisions) load(ctx context.Context, s domain.Subject, checks []domain.Check) (*domain.Facts, error) {
	for _, check := range checks {
		if d.Catalogue.NeedsFacts(s, check) {
			return d.Facts.Load(ctx, s, d.Clock.Now())
		}
	}
	return &domain.Facts{}, nil
}

// AllowedScopes returns for each query the scopes in which the user is allowed to do it. The caller shows what is in them, so
// a system administrator's power is recorded in the audit log as for a check.
func (d Decisions) AllowedScopes(ctx context.Context, queries []domain.ScopeQuery) ([]domain.AllowedScopes, error) {
	s, err := subjectOf(ctx)
	if err != nil {
		return nil, err
	}
	if len(queries) == 0 || len(queries) > MaxScopeQueries {
		return nil, errs.Fields{"questions": why.Count(len(queries), 1, MaxScopeQueries)}.Err()
	}
	inTenant := make([]domain.Check, len(queries)) // the same queries about the TENANT scope
	for i, q := range queries {
		in := CheckInput{Permission: q.Permission, ScopeType: domain.Tenant, Visibility: q.Visibility}
		if inTenant[i], err = in.validate(s.Tenant, "questions."+strconv.Itoa(i)+".", "scope."); err != nil {
			return nil, err
		}
	}
	facts, err := d.load(ctx, s, inTenant)
	if err != nil {
		return nil, err
	}
	answers := make([]domain.AllowedScopes, len(queries))
	var powers []audit.Entry
	for i, q := range queries {
		answers[i] = d.Catalogue.AllowedScopes(s, q, facts)
		if d.Catalogue.Decide(s, inTenant[i], facts).Reason == domain.MasterSystemAdmin {
			powers = append(powers, systemAdminDecision(inTenant[i], d.Clock.Now()))
		}
	}
	if err := d.recordPowers(ctx, powers); err != nil {
		return nil, err
	}
	return answers, nil
}

// ScopeInput names a scope.
type ScopeInput struct {
	Type domain.ScopeType
	ID   string
}

// Effective lists everything the user may do in a scope. It allows nothing, so it is not recorded in the audit log.
func (d Decisions) Effective(ctx context.Context, in ScopeInput) (domain.Effective, error) {
	s, err := subjectOf(ctx)
	if err != nil {
		return domain.Effective{}, err
	}
	scope, facts, err := d.inScope(ctx, s, in)
	if err != nil {
		return domain.Effective{}, err
	}
	return d.Catalogue.Effective(s, scope, facts), nil
}

// inScope validates a scope and loads the facts about a subject.
func (d Deps) inScope(ctx context.Context, s domain.Subject, in ScopeInput) (domain.Scope, *domain.Facts, error) {
	scope, err := domain.NewScope(s.Tenant, in.Type, in.ID, "scope_")
	if err != nil {
		return domain.Scope{}, nil, err
	}
	facts, err := d.Facts.Load(ctx, s, d.Clock.Now())
	return scope, facts, err
}
