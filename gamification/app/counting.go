package app

import (
	"context"
	"errors"
	"maps"
	"slices"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/gamification/domain"
	"go.updspace.com/gamification/ports"
	"go.updspace.com/gamification/rule"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/reqctx"
)

// Counting are the use cases that record facts, count them by the running rules and grant what the rules say. They work without a user.
//
// Facts decide: a state is what was counted of them, and is counted anew from them when there is none or when it is of another
// generation of the rule. Who counts for a person has locked the person before, so that no fact is left out or counted by two at once.
// Locks are taken in this order: the tenant, persons, achievements.
type Counting struct{ Deps }

// NewCounting returns the use cases.
func NewCounting(d Deps) *Counting { return &Counting{d} }

// runningRule is a rule that is ready to count.
type runningRule struct {
	ports.Rule
	program     *rule.Program
	achievement domain.Achievement
}

func (s *Counting) ready(ctx context.Context, stored []ports.Rule) ([]runningRule, error) {
	ids := make([]uuid.UUID, len(stored))
	for i, r := range stored {
		ids[i] = r.Achievement
	}
	achievements, err := s.Achievements.FindAll(ctx, ids)
	if err != nil {
		return nil, err
	}
	rules := make([]runningRule, len(stored))
	for i, r := range stored {
		program, err := rule.Compile(r.Rule)
		if err != nil {
			return nil, err
		}
		rules[i] = runningRule{r, program, achievements[r.Achievement]}
	}
	return rules, nil
}

// asService is the context of what the service does by itself, and not in the name of who caused an event.
func asService(ctx context.Context) context.Context {
	return reqctx.With(ctx, reqctx.Context{TenantID: reqctx.From(ctx).TenantID, RequestID: reqctx.From(ctx).RequestID, Caller: "gamification"})
}

// Record stores facts, and counts them by all running rules that look at their kinds. Facts that are known change nothing. It runs in the
// transaction of the events.
func (s *Counting) Record(ctx context.Context, told []ports.Told) error {
	if len(told) == 0 {
		return nil
	}
	ctx = asService(ctx)
	persons, kinds := map[uuid.UUID]bool{}, map[rule.Kind]bool{}
	for _, t := range told {
		persons[t.Fact.Person], kinds[t.Fact.Kind] = true, true
	}
	if err := s.lockPersons(ctx, slices.Collect(maps.Keys(persons))...); err != nil {
		return err
	}
	added, err := s.Facts.Add(ctx, told)
	if err != nil || len(added) == 0 {
		return err
	}
	stored, err := s.Rules.Running(ctx, slices.Collect(maps.Keys(kinds))...)
	if err != nil || len(stored) == 0 {
		return err
	}
	rules, err := s.ready(ctx, stored)
	if err != nil {
		return err
	}
	for _, r := range rules {
		if err := s.count(ctx, r, added); err != nil {
			return err
		}
	}
	return nil
}

// count counts new facts by a rule.
func (s *Counting) count(ctx context.Context, r runningRule, told []ports.Told) error {
	facts, requests := map[uuid.UUID][]rule.Fact{}, map[uuid.UUID]string{}
	for _, t := range told {
		if slices.Contains(r.program.Kinds(), t.Fact.Kind) && counts(r.achievement, t.Fact) {
			facts[t.Fact.Person] = append(facts[t.Fact.Person], t.Fact)
			requests[t.Fact.Person] = t.Request
		}
	}
	if len(facts) == 0 {
		return nil
	}
	before, err := s.Rules.States(ctx, r.Achievement, slices.Collect(maps.Keys(facts))...)
	if err != nil {
		return err
	}
	var states []ports.RuleState
	for person, facts := range facts {
		ctx := inRequest(ctx, requests[person])
		state, err := r.program.Load(before[person].State)
		if before[person].Generation != r.Generation || err != nil {
			if err := s.countAnew(ctx, r, person); err != nil {
				return err
			}
			continue
		}
		changed := false
		for _, f := range facts {
			changed = state.Apply(f) || changed
		}
		if !changed {
			continue
		}
		after, err := s.settle(ctx, r, person, state, before[person])
		if err != nil {
			return err
		}
		states = append(states, after)
	}
	return s.Rules.PutStates(ctx, states)
}

// inRequest is the context of what a request caused.
func inRequest(ctx context.Context, request string) context.Context {
	rc := reqctx.From(ctx)
	rc.RequestID = request
	return reqctx.With(ctx, rc)
}

// countAnew counts all facts of persons, who are locked.
func (s *Counting) countAnew(ctx context.Context, r runningRule, persons ...uuid.UUID) error {
	var states []ports.RuleState
	size := 0
	flush := func() error {
		err := s.Rules.PutStates(ctx, states)
		states, size = nil, 0
		return err
	}
	outcomes, err := s.Rules.Outcomes(ctx, r.Achievement, persons)
	if err != nil {
		return err
	}
	facts := s.each(ctx, r.achievement, ports.FactQuery{Kinds: r.program.Kinds(), Persons: persons, Limit: factsAtOnce})
	err = r.program.EachPerson(facts, func(person uuid.UUID, state *rule.State) error {
		after, err := s.settle(ctx, r, person, state, outcomes[person])
		if err != nil {
			return err
		}
		states = append(states, after)
		if size += len(after.State); size > bytesAtOnce {
			return flush()
		}
		return nil
	})
	return errors.Join(err, flush())
}

const (
	factsAtOnce = 5_000     // that are read
	bytesAtOnce = 4_000_000 // of states that are written
)

// each reads facts page by page, and gives those that the rules of an achievement look at.
func (d Deps) each(ctx context.Context, a domain.Achievement, q ports.FactQuery) func(yield func(rule.Fact, error) bool) {
	if scope := a.Data().Scope; scope.Type != authz.ScopeTenant {
		q.Scope = scope.ID
	}
	return func(yield func(rule.Fact, error) bool) {
		for {
			facts, err := d.Facts.List(ctx, q)
			if err != nil {
				yield(rule.Fact{}, err)
				return
			}
			for _, f := range facts {
				if counts(a, f) && !yield(f, nil) {
					return
				}
			}
			if len(facts) < q.Limit {
				return
			}
			last := facts[len(facts)-1]
			q.AfterPerson, q.AfterEvent = last.Person, last.Event
		}
	}
}

const (
	grantsAtOnce  = 50 // to one person by one rule in a transaction; the rest follows
	shortestPause = time.Minute
	longestPause  = 24 * time.Hour
)

// settle grants a person what a rule says, takes back what it does not say any more, and returns the state to store.
func (s *Counting) settle(ctx context.Context, r runningRule, person uuid.UUID, state *rule.State, before ports.RuleState) (ports.RuleState, error) {
	now := s.Clock.Now()
	progress := state.Progress(now)
	after := ports.RuleState{
		Achievement: r.Achievement, Person: person, Generation: r.Generation, State: state.Marshal(), Times: progress.Times, DueAt: progress.Next,
	}
	if progress.Times == 0 && before.Times == 0 {
		return after, nil
	}
	refused, more, err := s.grantAll(ctx, r, person, progress)
	switch {
	case err != nil:
		return after, err
	case refused:
		after.RefusedSince = before.RefusedSince
		if after.RefusedSince.IsZero() {
			after.RefusedSince = now
		}
		after.DueAt = earlier(after.DueAt, now.Add(min(max(now.Sub(after.RefusedSince), shortestPause), longestPause)))
	case more:
		after.DueAt = now
	}
	return after, nil
}

// earlier is the earlier of two times, of which the first may be none.
func earlier(a, b time.Time) time.Time {
	if a.IsZero() || b.Before(a) {
		return b
	}
	return a
}

// times is how often a rule grants its achievement: once, unless the achievement is repeatable. Grants are facts themselves: a rule that looks
// at them never grants more than once, or it would for its own grants and those of others like it.
func (r runningRule) times(a domain.Achievement, p rule.Progress) int {
	if a.Data().Rules.Kind != domain.KindRepeatable || slices.Contains(r.program.Kinds(), rule.AchievementHeld) {
		return min(p.Times, 1)
	}
	return p.Times
}

func (s *Counting) grantAll(ctx context.Context, r runningRule, person uuid.UUID, p rule.Progress) (refused, more bool, err error) {
	a, err := s.Achievements.Lock(ctx, r.Achievement)
	if err != nil || !a.Grantable() { // it counts anew when it is published again
		return false, false, err
	}
	made, err := s.Rules.Grants(ctx, r.Achievement, person)
	if err != nil {
		return false, false, err
	}
	times, has := r.times(a, p), map[int]bool{}
	for _, g := range made {
		if g.Nth > times && r.Rule.Rule.TakesBack && g.Revision == r.Revision {
			if err := s.takeBack(ctx, a, g); err != nil {
				return false, false, err
			}
			continue
		}
		has[g.Nth] = true
	}
	granted := 0
	for nth := 1; nth <= times; nth++ {
		if has[nth] {
			continue
		}
		if granted++; granted > grantsAtOnce {
			return false, true, nil
		}
		err := s.grant(ctx, a, ports.RuleGrant{Achievement: a.ID(), Person: person, Nth: nth, Revision: r.Revision, Evidence: p.Evidence(nth)})
		if refusal := new(errs.Error); errors.As(err, &refusal) && slices.Contains([]errs.Kind{errs.Invalid, errs.Conflict}, refusal.Kind) {
			return true, false, nil
		} else if err != nil {
			return false, false, err
		}
	}
	return false, false, nil
}

// grant makes a grant, unless the person has the achievement by hand.
func (s *Counting) grant(ctx context.Context, a domain.Achievement, g ports.RuleGrant) error {
	now := s.Clock.Now()
	current, err := s.Grants.Current(ctx, a.ID(), g.Person)
	switch {
	case errors.Is(err, domain.ErrGrantNotFound):
	case err != nil:
		return err
	default:
		ended, over := current.Expire(now)
		if !over {
			return nil
		}
		if err := s.Grants.Update(ctx, ended); err != nil {
			return err
		}
	}
	standing, err := s.Grants.Standing(ctx, a, g.Person, uuid.Nil, now)
	if err != nil {
		return err
	}
	standing.IssuedLately = 0 // the limit is for persons
	grant, err := domain.NewGrant(a, authz.Actor{Tenant: reqctx.From(ctx).TenantID}, domain.GrantDraft{Recipient: g.Person}, standing, now)
	if err != nil {
		return err
	}
	if err := s.give(ctx, a, grant); err != nil {
		return err
	}
	g.Grant = grant.ID()
	if err := s.Rules.AddGrant(ctx, g); err != nil {
		return err
	}
	return s.Audit.Write(ctx, grantEntry("grant.created_by_rule", grant))
}

// takeBack revokes a grant. One that has ended otherwise stays as it is, and is not made again.
func (s *Counting) takeBack(ctx context.Context, a domain.Achievement, g ports.RuleGrant) error {
	grant, err := s.Grants.Lock(ctx, g.Grant)
	if err != nil {
		return err
	}
	revoked, changed, err := grant.Revoke(uuid.Nil, "", s.Clock.Now())
	if err != nil || !changed {
		return err
	}
	if err := s.take(ctx, revoked, a); err != nil {
		return err
	}
	if err := s.Rules.TakeBack(ctx, g.Grant); err != nil {
		return err
	}
	return s.Audit.Write(ctx, grantEntry("grant.revoked_by_rule", revoked))
}
