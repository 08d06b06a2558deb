package app

import (
	"context"
	"strconv"
	"unicode/utf8"

	"github.com/google/uuid"

	"go.updspace.com/access/domain"
	"go.updspace.com/access/ports"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/reqctx"
)

// MaxBatch bounds the questions of one batch.
const MaxBatch = 100

const maxPermissionLength = 128

// Decisions answers questions about the user of the request.
type Decisions struct {
	catalogue domain.Catalogue
	facts     ports.Facts
	journal   ports.Journal
	clock     ports.Clock
}

// NewDecisions makes the use cases of deciding.
func NewDecisions(c domain.Catalogue, f ports.Facts, j ports.Journal, clock ports.Clock) *Decisions {
	return &Decisions{catalogue: c, facts: f, journal: j, clock: clock}
}

// CheckInput is a question as it was asked.
type CheckInput struct {
	Permission string
	ScopeType  domain.ScopeType
	ScopeID    string
	Visibility domain.Visibility
	Owner      uuid.UUID
	Explain    bool
}

// Validate returns the question, or what is wrong with the input.
func (in CheckInput) Validate(tenant uuid.UUID) (domain.Question, error) {
	return in.question(tenant, "")
}

// flat is Validate for a question that came without nested fields.
func (in CheckInput) flat(tenant uuid.UUID) (domain.Question, error) {
	return in.named(tenant, "", "scope_")
}

func (in CheckInput) question(tenant uuid.UUID, prefix string) (domain.Question, error) {
	return in.named(tenant, prefix, prefix+"scope.")
}

// named is question with the names that fields have on the wire.
func (in CheckInput) named(tenant uuid.UUID, prefix, scopePrefix string) (domain.Question, error) {
	fields := errs.Fields{}
	fields.Check(in.Permission != "", prefix+"permission", "is required")
	fields.Check(utf8.RuneCountInString(in.Permission) <= maxPermissionLength, prefix+"permission", "must be at most 128 characters long")
	switch in.Visibility {
	case "", domain.Public, domain.VisibleCommunity, domain.VisibleTeam, domain.Private:
	default:
		fields.Add(prefix+"resource_visibility", "must be public, community, team or private")
	}
	if err := fields.Err(); err != nil {
		return domain.Question{}, err
	}
	scope, err := domain.NewScope(tenant, in.ScopeType, in.ScopeID, scopePrefix)
	if err != nil {
		return domain.Question{}, err
	}
	return domain.Question{Permission: in.Permission, Scope: scope, Visibility: in.Visibility, Owner: in.Owner}, nil
}

// Answer is a decision, explained if that was asked for.
type Answer struct {
	domain.Decision
	Steps []domain.Step
}

// Check answers one question.
func (d *Decisions) Check(ctx context.Context, in CheckInput) (Answer, error) {
	s, err := subjectOf(ctx)
	if err != nil {
		return Answer{}, err
	}
	q, err := in.Validate(s.Tenant)
	if err != nil {
		return Answer{}, err
	}
	answers, err := d.answer(ctx, s, []domain.Question{q}, func(int) bool { return in.Explain })
	if err != nil {
		return Answer{}, err
	}
	return answers[0], nil
}

// CheckAll answers questions in their order, all from one state of the facts.
func (d *Decisions) CheckAll(ctx context.Context, in []CheckInput) ([]Answer, error) {
	s, err := subjectOf(ctx)
	if err != nil {
		return nil, err
	}
	if len(in) == 0 || len(in) > MaxBatch {
		return nil, errs.Fields{"checks": "must hold 1 to " + strconv.Itoa(MaxBatch) + " questions"}.Err()
	}
	questions := make([]domain.Question, len(in))
	for i := range in {
		if questions[i], err = in[i].Validate(s.Tenant); err != nil {
			_, err = in[i].question(s.Tenant, "checks."+strconv.Itoa(i)+".") // names made up only when they are needed
			return nil, err
		}
	}
	return d.answer(ctx, s, questions, func(i int) bool { return in[i].Explain })
}

func (d *Decisions) answer(ctx context.Context, s domain.Subject, questions []domain.Question, explain func(int) bool) ([]Answer, error) {
	facts, err := d.load(ctx, s, questions)
	if err != nil {
		return nil, err
	}
	answers := make([]Answer, len(questions))
	var powers []domain.Entry
	for i, q := range questions {
		if explain(i) {
			answers[i].Decision, answers[i].Steps = d.catalogue.Explain(s, q, facts)
		} else {
			answers[i].Decision = d.catalogue.Decide(s, q, facts)
		}
		if answers[i].Reason == domain.MasterSystemAdmin {
			powers = append(powers, domain.SystemAdminDecision(s, q, reqctx.From(ctx).RequestID, d.clock.Now()))
		}
	}
	if err := d.record(ctx, powers); err != nil {
		return nil, err
	}
	return answers, nil
}

// record journals what is allowed for being a system administrator. A power
// that leaves no trace is not handed out.
func (d *Decisions) record(ctx context.Context, powers []domain.Entry) error {
	if len(powers) == 0 {
		return nil
	}
	return d.journal.Record(ctx, powers...)
}

// load reads nothing when no answer depends on it.
func (d *Decisions) load(ctx context.Context, s domain.Subject, questions []domain.Question) (*domain.Facts, error) {
	for _, q := range questions {
		if d.catalogue.NeedsFacts(s, q) {
			return d.facts.Load(ctx, s, d.clock.Now())
		}
	}
	return &domain.Facts{}, nil
}

// EffectiveInput names a scope.
type EffectiveInput struct {
	ScopeType domain.ScopeType
	ScopeID   string
}

// Effective lists everything the user may do in a scope. It exercises no
// power, so it is not journalled for system administrators.
func (d *Decisions) Effective(ctx context.Context, in EffectiveInput) (domain.Effective, error) {
	s, err := subjectOf(ctx)
	if err != nil {
		return domain.Effective{}, err
	}
	scope, err := domain.NewScope(s.Tenant, in.ScopeType, in.ScopeID, "scope_")
	if err != nil {
		return domain.Effective{}, err
	}
	facts, err := d.facts.Load(ctx, s, d.clock.Now())
	if err != nil {
		return domain.Effective{}, err
	}
	return d.catalogue.Effective(s, scope, facts), nil
}
