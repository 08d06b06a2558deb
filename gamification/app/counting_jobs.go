package app

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/gamification/domain"
	"go.updspace.com/gamification/ports"
	"go.updspace.com/libs/reqctx"
)

// How much the jobs take at once.
const (
	rulesAtOnce   = 100
	personsAtOnce = 200
	duesAtOnce    = 500
)

// BackFill counts the recorded facts by rules that have not done so: new ones, changed ones, and those of achievements that were published.
// It goes on where it was stopped.
func (s *Counting) BackFill(ctx context.Context) error {
	rules, err := s.Rules.ToCount(ctx, rulesAtOnce)
	if err != nil {
		return err
	}
	var failed []error
	for _, r := range rules {
		failed = append(failed, s.backFill(asService(reqctx.With(ctx, reqctx.Context{TenantID: r.Tenant})), r.Achievement))
	}
	return errors.Join(failed...)
}

func (s *Counting) backFill(ctx context.Context, achievement uuid.UUID) error {
	// Transactions that did not know the rule yet have ended when this one has the lock, so that their facts are found.
	if err := s.Tx.Do(ctx, func(ctx context.Context) error { return s.Facts.LockTenant(ctx, true) }); err != nil {
		return err
	}
	for done := false; !done; {
		err := s.Tx.Do(ctx, func(ctx context.Context) (err error) {
			done, err = s.backFillSome(ctx, achievement)
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// backFillSome counts the facts of the next persons. done is true if none are left, or if the rule does not run any more.
func (s *Counting) backFillSome(ctx context.Context, achievement uuid.UUID) (done bool, err error) {
	rules, err := s.find(ctx, achievement)
	if err != nil || len(rules) == 0 {
		return true, err
	}
	r := rules[0]
	persons, err := s.Facts.Persons(ctx, r.program.Kinds(), r.CountedTo, personsAtOnce)
	if err != nil {
		return false, err
	}
	if len(persons) == 0 {
		return true, s.Rules.CountedTo(ctx, r.Rule, uuid.Nil, s.Clock.Now())
	}
	if err := s.lockPersons(ctx, persons...); err != nil {
		return false, err
	}
	if err := s.countAnew(ctx, r, persons...); err != nil {
		return false, err
	}
	return false, s.Rules.CountedTo(ctx, r.Rule, persons[len(persons)-1], time.Time{})
}

// find returns the rule of an achievement, or nothing if it does not run.
func (s *Counting) find(ctx context.Context, achievement uuid.UUID) ([]runningRule, error) {
	stored, err := s.Rules.Find(ctx, achievement)
	if errors.Is(err, domain.ErrRuleNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	rules, err := s.ready(ctx, []ports.Rule{stored})
	if err != nil || !rules[0].achievement.Grantable() {
		return nil, err
	}
	return rules, nil
}

// FollowTime looks again at those whose time has come: anniversaries, and grants that were refused.
func (s *Counting) FollowTime(ctx context.Context) error {
	dues, err := s.Rules.Due(ctx, s.Clock.Now(), duesAtOnce)
	if err != nil {
		return err
	}
	var failed []error
	for _, d := range dues {
		ctx := asService(reqctx.With(ctx, reqctx.Context{TenantID: d.Tenant}))
		failed = append(failed, s.Tx.Do(ctx, func(ctx context.Context) error { return s.lookAgain(ctx, d) }))
	}
	return errors.Join(failed...)
}

func (s *Counting) lookAgain(ctx context.Context, d ports.OfTenant) error {
	if err := s.lockPersons(ctx, d.Person); err != nil {
		return err
	}
	states, err := s.Rules.States(ctx, d.Achievement, d.Person)
	before := states[d.Person]
	if err != nil || before.DueAt.IsZero() || before.DueAt.After(s.Clock.Now()) {
		return err
	}
	rules, err := s.find(ctx, d.Achievement)
	if err != nil {
		return err
	}
	if len(rules) == 0 { // it counts anew when it runs again
		before.DueAt = time.Time{}
		return s.Rules.PutStates(ctx, []ports.RuleState{before})
	}
	r := rules[0]
	if before.Generation != r.Generation {
		return s.countAnew(ctx, r, d.Person)
	}
	state, err := r.program.Load(before.State)
	if err != nil {
		return s.countAnew(ctx, r, d.Person)
	}
	after, err := s.settle(ctx, r, d.Person, state, before)
	if err != nil {
		return err
	}
	return s.Rules.PutStates(ctx, []ports.RuleState{after})
}

// keepFacts is how long facts are kept, except those of who joined, which anniversaries need.
const keepFacts = 5 * 366 * 24 * time.Hour

// ForgetFacts deletes old facts. What was counted of them stays counted until the rule is changed.
func (s *Counting) ForgetFacts(ctx context.Context) error {
	return s.Facts.Forget(ctx, s.Clock.Now().Add(-keepFacts))
}
