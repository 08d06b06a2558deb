package app

import (
	"context"

	"github.com/google/uuid"

	"go.updspace.com/access/domain"
)

// Inspection shows administrators what others may do, and why. Whether somebody
// is suspended, a system administrator or a member travels with their own
// requests only, so the answers are for somebody who is neither of the first
// two, and the asker says whether for a member. No power of anybody is used.
type Inspection struct{ decisions *Decisions }

// NewInspection makes the use cases.
func NewInspection(d *Decisions) *Inspection { return &Inspection{decisions: d} }

// InspectInput names a user and a scope.
type InspectInput struct {
	User      uuid.UUID
	Member    bool // take the user for a member of the tenant
	ScopeType domain.ScopeType
	ScopeID   string
}

// Permissions lists what the user may do in the scope, with where it comes
// from, and the keys that an override takes away.
func (i *Inspection) Permissions(ctx context.Context, in InspectInput) (held []domain.Held, denied []string, err error) {
	s, err := i.about(ctx, in)
	if err != nil {
		return nil, nil, err
	}
	scope, err := domain.NewScope(s.Tenant, in.ScopeType, in.ScopeID, "scope_")
	if err != nil {
		return nil, nil, err
	}
	facts, err := i.decisions.facts.Load(ctx, s, i.decisions.clock.Now())
	if err != nil {
		return nil, nil, err
	}
	held, denied = i.decisions.catalogue.Trace(s, scope, facts)
	return held, denied, nil
}

// Explain answers a question as if the user asked it, and lists every step. The
// scope is that of the question.
func (i *Inspection) Explain(ctx context.Context, in InspectInput, question CheckInput) (Answer, error) {
	s, err := i.about(ctx, in)
	if err != nil {
		return Answer{}, err
	}
	question.ScopeType, question.ScopeID = in.ScopeType, in.ScopeID
	q, err := question.flat(s.Tenant)
	if err != nil {
		return Answer{}, err
	}
	facts, err := i.decisions.facts.Load(ctx, s, i.decisions.clock.Now())
	if err != nil {
		return Answer{}, err
	}
	var a Answer
	a.Decision, a.Steps = i.decisions.catalogue.Explain(s, q, facts)
	return a, nil
}

// about authorises and returns whom it is about.
func (i *Inspection) about(ctx context.Context, in InspectInput) (domain.Subject, error) {
	if err := i.decisions.requireAny(ctx, domain.ReadRoles); err != nil {
		return domain.Subject{}, err
	}
	s, err := subjectOf(ctx)
	return domain.Subject{Tenant: s.Tenant, User: in.User, Member: in.Member}, err
}
