package portstest

import (
	"bytes"
	"context"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/gamification/domain"
	"go.updspace.com/gamification/ports"
	"go.updspace.com/gamification/rule"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/valid"
	"go.updspace.com/tools/devkit/testkit"
)

// last is after every event of a person.
var last = uuid.MustParse("ffffffff-ffff-ffff-ffff-ffffffffffff")

// attended is a fact of a date of an event.
func attended(person, event, date uuid.UUID, in authz.Scope, at time.Time) ports.Told {
	return ports.Told{Source: "events", Fact: rule.Fact{
		Event: valid.NewID(), At: at, Kind: rule.EventAttended, Person: person, Key: date.String(), Object: event.String(), When: at.Add(-time.Hour),
		Fields: map[string]string{"event": event.String(), "scope_type": string(in.Type), "scope": in.ID.String()},
	}}
}

// tell stores facts, and gives those that were new.
func (w world) tell(t *testing.T, told ...ports.Told) (added []ports.Told) {
	t.Helper()
	w.do(t, func(ctx context.Context) (err error) {
		if err = w.Facts.LockTenant(ctx, false); err == nil {
			added, err = w.Facts.Add(ctx, told)
		}
		return err
	})
	return added
}

func (w world) facts(t *testing.T, ctx context.Context, q ports.FactQuery) []rule.Fact { //nolint:revive // of another tenant, too
	t.Helper()
	found, err := w.Facts.List(ctx, q)
	require.NoError(t, err)
	return found
}

// people are persons in their order.
func people(n int) []uuid.UUID {
	ids := make([]uuid.UUID, n)
	for i := range ids {
		ids[i] = uuid.New()
	}
	slices.SortFunc(ids, func(a, b uuid.UUID) int { return bytes.Compare(a[:], b[:]) })
	return ids
}

func facts(t *testing.T, w world) {
	tenant := authz.TenantScope(w.by.Tenant)
	told := attended(uuid.New(), uuid.New(), uuid.New(), tenant, Noon)
	back := told
	back.Fact.Event, back.Fact.Undone = valid.NewID(), true
	testkit.Filled(t, back.Fact)
	require.Equal(t, []ports.Told{told}, w.tell(t, told))
	require.Equal(t, []ports.Told{back}, w.tell(t, told, back), "an event counts once")
	elsewhere := told
	elsewhere.Source = "portal"
	require.Len(t, w.tell(t, elsewhere), 1, "ids of events are those of their source")
	require.Empty(t, w.tell(t))
	all := ports.FactQuery{Kinds: []rule.Kind{rule.EventAttended}, Limit: 10}
	require.ElementsMatch(t, []rule.Fact{told.Fact, back.Fact, told.Fact}, w.facts(t, w.ctx, all))
	require.Empty(t, w.facts(t, w.another, all))

	joined := ports.Told{Source: "portal", Fact: rule.Fact{
		Event: valid.NewID(), At: Noon, Kind: rule.MemberJoined, Person: told.Fact.Person, Key: "tenant", When: Noon, Fields: map[string]string{},
	}}
	young := attended(told.Fact.Person, uuid.New(), uuid.New(), tenant, Noon.Add(time.Hour))
	w.tell(t, joined, young)
	require.NoError(t, w.Facts.Forget(w.ctx, Noon.Add(time.Hour)))
	all.Kinds = append(all.Kinds, rule.MemberJoined)
	require.ElementsMatch(t, []rule.Fact{joined.Fact, young.Fact}, w.facts(t, w.ctx, all), "who joined stays")
}

func listedFacts(t *testing.T, w world) {
	chess, tenant := authz.CommunityScope(uuid.New()), authz.TenantScope(w.by.Tenant)
	persons := people(4)
	var told []ports.Told
	for i, person := range persons {
		for j := range 2 {
			told = append(told, attended(person, uuid.New(), uuid.New(), []authz.Scope{tenant, chess}[(i+j)%2], Noon))
		}
	}
	held := ports.Told{Source: "gamification", Fact: rule.Fact{
		Event: valid.NewID(), At: Noon, Kind: rule.AchievementHeld, Person: persons[3], Key: "held", When: Noon, Fields: map[string]string{},
	}}
	told = append(told, held)
	w.tell(t, told...)
	of := func(keep func(i int, f rule.Fact) bool) []rule.Fact {
		want := []rule.Fact{}
		for i, f := range told {
			if keep(i, f.Fact) {
				want = append(want, f.Fact)
			}
		}
		return want
	}
	both := []rule.Kind{rule.EventAttended, rule.AchievementHeld}
	for name, c := range map[string]struct {
		q    ports.FactQuery
		keep func(i int, f rule.Fact) bool
	}{
		"all":     {ports.FactQuery{Kinds: both}, func(int, rule.Fact) bool { return true }},
		"a kind":  {ports.FactQuery{Kinds: both[:1]}, func(_ int, f rule.Fact) bool { return f.Kind == rule.EventAttended }},
		"persons": {ports.FactQuery{Kinds: both, Persons: []uuid.UUID{persons[3], persons[0]}}, func(i int, _ rule.Fact) bool { return i < 2 || i > 5 }},
		"a scope": {ports.FactQuery{Kinds: both, Scope: chess.ID}, func(_ int, f rule.Fact) bool {
			return f.Fields["scope"] == chess.ID.String() || f.Kind == rule.AchievementHeld
		}},
		"a place":    {ports.FactQuery{Kinds: both, AfterPerson: persons[1], AfterEvent: told[2].Fact.Event}, func(i int, _ rule.Fact) bool { return i > 2 }},
		"a person":   {ports.FactQuery{Kinds: both, AfterPerson: persons[1], AfterEvent: last}, func(i int, _ rule.Fact) bool { return i > 3 }},
		"no persons": {ports.FactQuery{Kinds: both, Persons: []uuid.UUID{uuid.New()}}, func(int, rule.Fact) bool { return false }},
	} {
		c.q.Limit = 100
		require.Equal(t, of(c.keep), w.facts(t, w.ctx, c.q), name)
	}
	require.Len(t, w.facts(t, w.ctx, ports.FactQuery{Kinds: both, Limit: 3}), 3)
	found, err := w.Facts.Persons(w.ctx, both[:1], persons[0], 2)
	require.NoError(t, err)
	require.Equal(t, persons[1:3], found)
	found, err = w.Facts.Persons(w.ctx, both[1:], uuid.Nil, 10)
	require.NoError(t, err)
	require.Equal(t, persons[3:], found)
}

func attendees(t *testing.T, w world) {
	chess, event := authz.CommunityScope(uuid.New()), uuid.New()
	first, second := uuid.New(), uuid.New()
	persons := people(3)
	undone := func(of ports.Told, at time.Time) ports.Told {
		of.Fact.Event, of.Fact.At, of.Fact.Undone = valid.NewID(), at, true
		return of
	}
	gone, back := attended(persons[0], event, first, chess, Noon), attended(persons[1], event, first, chess, Noon)
	again := attended(persons[1], event, first, chess, Noon.Add(2*time.Hour))
	w.tell(t, gone, undone(gone, Noon.Add(time.Hour)), back, undone(back, Noon.Add(time.Hour)), again,
		attended(persons[1], event, second, chess, Noon), attended(persons[2], event, second, chess, Noon), attended(persons[0], uuid.New(), first, chess, Noon))
	for occurrence, want := range map[uuid.UUID][]uuid.UUID{uuid.Nil: persons[1:], first: persons[1:2], second: persons[1:], uuid.New(): nil} {
		found, err := w.Facts.Attendees(w.ctx, event, occurrence, 10)
		require.NoError(t, err)
		var got []uuid.UUID
		for _, a := range found {
			got = append(got, a.Person)
			require.Equal(t, chess, a.Scope)
		}
		require.Equal(t, want, got)
	}
	found, err := w.Facts.Attendees(w.ctx, event, uuid.Nil, 1)
	require.NoError(t, err)
	require.Len(t, found, 1)
}

// ruled stores a rule for an achievement.
func (w world) ruled(t *testing.T, a domain.Achievement, version int, kinds ...rule.Kind) ports.Rule {
	t.Helper()
	r := rule.Rule{TimeZone: "Europe/Moscow", TakesBack: true, Conditions: []rule.Condition{{Fact: rule.EventAttended, Measure: rule.Count, Need: 2}}}
	stored := ports.Rule{Achievement: a.ID(), Rule: r, Revision: uuid.New(), UpdatedAt: Noon, Version: version}
	w.do(t, func(ctx context.Context) error { return w.Rules.Put(ctx, stored, kinds) })
	found, err := w.Rules.Find(w.ctx, a.ID())
	require.NoError(t, err)
	stored.Generation = found.Generation
	require.Equal(t, stored, found)
	return found
}

func rules(t *testing.T, w world) {
	in := w.category(t, "skill", 0)
	a, hidden := w.achievement(t, in, func(*domain.AchievementData) {}), w.achievement(t, in, func(d *domain.AchievementData) { d.Status = domain.StatusHidden })
	first := w.ruled(t, a, 1, rule.EventAttended)
	w.ruled(t, hidden, 1, rule.EventAttended)
	running := func(ctx context.Context, kinds ...rule.Kind) []ports.Rule {
		found, err := w.Rules.Running(ctx, kinds...)
		require.NoError(t, err)
		return found
	}
	require.Equal(t, []ports.Rule{first}, running(w.ctx), "one of a hidden achievement rests")
	require.Equal(t, []ports.Rule{first}, running(w.ctx, rule.PostWritten, rule.EventAttended))
	require.Empty(t, running(w.ctx, rule.PostWritten))
	require.Empty(t, running(w.another))
	w.do(t, func(ctx context.Context) error {
		n, err := w.Rules.Count(ctx)
		require.Equal(t, 2, n)
		return err
	})

	toCount := func() (own []uuid.UUID) {
		found, err := w.Rules.ToCount(w.ctx, 1000)
		require.NoError(t, err)
		for _, o := range found {
			if o.Tenant == w.by.Tenant {
				own = append(own, o.Achievement)
			}
		}
		return own
	}
	require.Equal(t, []uuid.UUID{a.ID()}, toCount())
	person := uuid.New()
	counted := func(of ports.Rule, person uuid.UUID, at time.Time) {
		w.do(t, func(ctx context.Context) error { return w.Rules.CountedTo(ctx, of, person, at) })
	}
	counted(first, person, time.Time{})
	found, err := w.Rules.Find(w.ctx, a.ID())
	require.NoError(t, err)
	require.Equal(t, person, found.CountedTo)
	require.Equal(t, []uuid.UUID{a.ID()}, toCount())
	counted(first, person, Noon)
	require.Empty(t, toCount())

	second := w.ruled(t, a, 2, rule.EventAttended)
	require.Greater(t, second.Generation, first.Generation)
	require.Equal(t, []uuid.UUID{a.ID()}, toCount(), "another rule counts anew")
	counted(first, person, Noon)
	require.Equal(t, []uuid.UUID{a.ID()}, toCount(), "the former generation says nothing of this one")
	_, err = w.Rules.Find(w.another, a.ID())
	require.ErrorIs(t, err, domain.ErrRuleNotFound)
	for range 2 {
		err = w.Tx.Do(w.ctx, func(ctx context.Context) error { return w.Rules.Delete(ctx, a.ID()) })
	}
	require.ErrorIs(t, err, domain.ErrRuleNotFound)
}

func ruleStates(t *testing.T, w world) {
	a := w.achievement(t, w.category(t, "skill", 0), func(*domain.AchievementData) {})
	w.ruled(t, a, 1, rule.EventAttended)
	persons := people(2)
	full := ports.RuleState{
		Achievement: a.ID(), Person: persons[0], Generation: 3, State: []byte("counted"), Times: 2, DueAt: Noon.Add(time.Hour), RefusedSince: Noon,
	}
	testkit.Filled(t, full)
	put := func(states ...ports.RuleState) {
		w.do(t, func(ctx context.Context) error { return w.Rules.PutStates(ctx, states) })
	}
	put()
	put(ports.RuleState{Achievement: a.ID(), Person: persons[0], State: []byte{}})
	put(full, ports.RuleState{Achievement: a.ID(), Person: persons[1], State: []byte("none")})
	states, err := w.Rules.States(w.ctx, a.ID(), persons[0], uuid.New())
	require.NoError(t, err)
	require.Equal(t, map[uuid.UUID]ports.RuleState{persons[0]: full}, states)
	outcomes, err := w.Rules.Outcomes(w.ctx, a.ID(), persons[:1])
	require.NoError(t, err)
	light := full
	light.State = nil
	require.Equal(t, map[uuid.UUID]ports.RuleState{persons[0]: light}, outcomes)
	of, err := w.Rules.StatesOf(w.ctx, persons[0])
	require.NoError(t, err)
	require.Equal(t, []ports.RuleState{full}, of)
	none, err := w.Rules.StatesOf(w.another, persons[0])
	require.NoError(t, err)
	require.Empty(t, none)
	due := func(at time.Time) (own []ports.OfTenant) {
		found, err := w.Rules.Due(w.ctx, at, 1000)
		require.NoError(t, err)
		return slices.DeleteFunc(found, func(o ports.OfTenant) bool { return o.Tenant != w.by.Tenant })
	}
	require.Empty(t, due(full.DueAt.Add(-time.Second)))
	require.Equal(t, []ports.OfTenant{{Tenant: w.by.Tenant, Achievement: a.ID(), Person: persons[0]}}, due(full.DueAt))
}

func ruleGrants(t *testing.T, w world) {
	a := w.achievement(t, w.category(t, "skill", 0), func(d *domain.AchievementData) { d.Rules.Kind = domain.KindRepeatable })
	person := uuid.New()
	later := attended(person, uuid.New(), uuid.New(), authz.TenantScope(w.by.Tenant), Noon)
	earlier := attended(person, uuid.New(), uuid.New(), authz.TenantScope(w.by.Tenant), Noon.Add(-time.Hour))
	w.tell(t, later, earlier)
	g := w.grant(t, a, person, domain.GrantPublic)
	made := ports.RuleGrant{
		Grant: g.ID(), Achievement: a.ID(), Person: person, Nth: 1, Revision: uuid.New(), Evidence: []uuid.UUID{later.Fact.Event, earlier.Fact.Event, uuid.New()},
	}
	w.do(t, func(ctx context.Context) error { return w.Rules.AddGrant(ctx, made) })
	grants := func(ctx context.Context) []ports.RuleGrant {
		found, err := w.Rules.Grants(ctx, a.ID(), person)
		require.NoError(t, err)
		return found
	}
	require.Equal(t, []ports.RuleGrant{made}, grants(w.ctx))
	require.Empty(t, grants(w.another))
	evidence, total, err := w.Rules.Evidence(w.ctx, g.ID(), 10)
	require.NoError(t, err)
	require.Equal(t, []rule.Fact{earlier.Fact, later.Fact}, evidence, "forgotten ones are only counted")
	require.Equal(t, 3, total)
	evidence, _, err = w.Rules.Evidence(w.ctx, g.ID(), 1)
	require.NoError(t, err)
	require.Equal(t, []rule.Fact{earlier.Fact}, evidence)
	_, total, err = w.Rules.Evidence(w.ctx, uuid.New(), 10)
	require.NoError(t, err)
	require.Zero(t, total, "a grant by no rule")
	w.do(t, func(ctx context.Context) error { return w.Rules.TakeBack(ctx, g.ID()) })
	require.Empty(t, grants(w.ctx))
}
