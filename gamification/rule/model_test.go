package rule_test

import (
	"cmp"
	"encoding/binary"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"go.updspace.com/gamification/rule"
)

// model answers from the definition of a rule, over the set of facts, with no regard to cost.
type model struct {
	rule  rule.Rule
	zone  *time.Location
	facts []rule.Fact // one for each event, in order of time
}

func newModel(r rule.Rule, facts []rule.Fact) model {
	zone, err := time.LoadLocation(r.TimeZone) // "" is UTC
	if err != nil {
		panic(err)
	}
	facts = slices.Clone(facts)
	slices.SortFunc(facts, func(a, b rule.Fact) int {
		return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.Event.String(), b.Event.String()))
	})
	return model{r, zone, slices.CompactFunc(facts, func(a, b rule.Fact) bool { return a.Event == b.Event })}
}

// date is the day of a time as a text, which sorts as days do.
func (m model) date(at time.Time) string { return at.In(m.zone).Format(time.DateOnly) }

func (m model) fits(c rule.Condition, f rule.Fact) bool {
	kind := c.Fact
	if kind == rule.MemberAnniversary {
		kind = rule.MemberJoined
	}
	day := m.date(f.When)
	if f.Undone || f.Kind != kind || c.From != "" && day < c.From || c.Until != "" && day > c.Until {
		return false
	}
	for _, w := range c.Where {
		if !slices.Contains(w.AnyOf, f.Fields[w.Field]) {
			return false
		}
	}
	return true
}

// counting are the facts that count: one a key at most.
func (m model) counting(c rule.Condition) []rule.Fact {
	found := map[string]rule.Fact{}
	for _, f := range m.facts {
		kind := c.Fact
		if kind == rule.MemberAnniversary {
			kind = rule.MemberJoined
		}
		if f.Kind != kind {
			continue
		}
		_, has := found[f.Key]
		switch fits := m.fits(c, f); {
		case fits && !has:
			found[f.Key] = f
		case !fits && m.rule.TakesBack:
			delete(found, f.Key)
		}
	}
	var all []rule.Fact
	for _, f := range found {
		all = append(all, f)
	}
	return all
}

func (m model) size(c rule.Condition, facts []rule.Fact) int {
	things := map[string]bool{}
	for _, f := range facts {
		switch c.Measure {
		case rule.Distinct:
			things[cmp.Or(f.Object, f.Key)] = true
		case rule.Days:
			things[m.date(f.When)] = true
		default:
			things[f.Key] = true
		}
	}
	return len(things)
}

// have measures a condition.
func (m model) have(c rule.Condition, now time.Time) int {
	facts := m.counting(c)
	midnight := func(f rule.Fact) time.Time { // of the same date in UTC, where days have 24 hours
		at, err := time.Parse(time.DateOnly, m.date(f.When))
		if err != nil {
			panic(err)
		}
		return at
	}
	best := 0
	switch {
	case c.Measure == rule.Years:
		for _, f := range facts {
			for n := 1; midnight(f).AddDate(n, 0, 0).Format(time.DateOnly) <= m.date(now); n++ {
				best = max(best, n)
			}
		}
	case c.Measure == rule.Streak:
		units := map[string]bool{}
		name := func(at time.Time) string {
			switch c.Unit {
			case rule.Week:
				year, week := at.ISOWeek()
				return strconv.Itoa(year) + "W" + strconv.Itoa(week)
			case rule.Month:
				return at.Format("2006-01")
			default:
				return at.Format(time.DateOnly)
			}
		}
		for _, f := range facts {
			units[name(midnight(f))] = true
		}
		for _, f := range facts {
			run := 0
			for at := midnight(f); units[name(at)]; run++ {
				switch c.Unit {
				case rule.Week:
					at = at.AddDate(0, 0, 7)
				case rule.Month:
					at = time.Date(at.Year(), at.Month()+1, 1, 0, 0, 0, 0, time.UTC)
				default:
					at = at.AddDate(0, 0, 1)
				}
			}
			best = max(best, run)
		}
	case c.WindowDays > 0:
		for _, first := range facts {
			from := midnight(first)
			var inside []rule.Fact
			for _, f := range facts {
				if at := midnight(f); !at.Before(from) && at.Before(from.AddDate(0, 0, c.WindowDays)) {
					inside = append(inside, f)
				}
			}
			best = max(best, m.size(c, inside))
		}
	default:
		best = m.size(c, facts)
	}
	return best
}

func (m model) times(c rule.Condition, have int) int {
	if c.WindowDays > 0 || c.Measure == rule.Streak || c.Measure == rule.Years {
		return min(have/c.Need, 1)
	}
	return have / c.Need
}

// anyFacts draws what happened to a person: few keys and few days, so that facts meet.
func anyFacts(t *rapid.T, r rule.Rule) []rule.Fact {
	start := time.Date(2025, 12, 20, 0, 0, 0, 0, time.UTC)
	facts := make([]rule.Fact, rapid.IntRange(0, 60).Draw(t, "facts"))
	for i := range facts {
		kind := rapid.SampledFrom(r.Conditions).Draw(t, "for").Fact
		if kind == rule.MemberAnniversary {
			kind = rule.MemberJoined
		}
		hours := rapid.IntRange(0, 24*rapid.SampledFrom([]int{3, 30, 100}).Draw(t, "spread")).Draw(t, "hours")
		f := rule.Fact{
			Kind: kind, Person: uuid.UUID{1}, Key: "key " + strconv.Itoa(rapid.IntRange(0, 25).Draw(t, "key")),
			At: start.Add(time.Duration(hours) * time.Hour), Undone: rapid.IntRange(0, 4).Draw(t, "undone") == 0, Fields: map[string]string{},
		}
		f.When = f.At
		if kind == rule.EventAttended {
			f.When = f.At.Add(-time.Duration(rapid.IntRange(0, 72).Draw(t, "marked late")) * time.Hour)
		}
		if rapid.Bool().Draw(t, "object") {
			f.Object = "object " + strconv.Itoa(rapid.IntRange(0, 5).Draw(t, "n"))
		}
		for _, field := range rule.Fields(kind) {
			f.Fields[field] = rapid.SampledFrom(valuesOf(kind, field)).Draw(t, field)
		}
		binary.BigEndian.PutUint64(f.Event[:8], rapid.Uint64().Draw(t, "event"))
		f.Event[15] = byte(i + 1)
		facts[i] = f
	}
	return facts
}

// Whatever the order, the repetitions and the restarts: the progress is that of the set of facts.
func TestProgressIsThatOfTheSetOfFacts(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := anyRule(t)
		program, err := rule.Compile(r)
		require.NoError(t, err)
		facts := anyFacts(t, r)
		now := time.Date(2025, 12, 20, 0, 0, 0, 0, time.UTC).AddDate(rapid.IntRange(0, 8).Draw(t, "years"), 0, rapid.IntRange(0, 120).Draw(t, "days"))

		delivered := slices.Clone(facts)
		if len(facts) > 0 {
			delivered = append(delivered, rapid.SliceOfN(rapid.SampledFrom(facts), 0, 30).Draw(t, "again")...)
		}
		delivered = rapid.Permutation(delivered).Draw(t, "order")
		state := program.NewState()
		seen := map[uuid.UUID]bool{}
		for _, f := range delivered {
			if changed := state.Apply(f); changed && seen[f.Event] {
				t.Fatalf("the event %s was counted twice", f.Event)
			}
			seen[f.Event] = true
			if rapid.IntRange(0, 5).Draw(t, "restart") == 0 {
				state, err = program.Load(state.Marshal())
				require.NoError(t, err)
			}
		}
		progress := state.Progress(now)

		m := newModel(r, facts)
		have, need, times := 0, 0, -1
		for i, c := range r.Conditions {
			h := m.have(c, now)
			if progress.Parts[i].Have != h || progress.Parts[i].Need != c.Need {
				t.Fatalf("condition %d: %d of %d, the model says %d of %d", i, progress.Parts[i].Have, progress.Parts[i].Need, h, c.Need)
			}
			have, need = have+min(h, c.Need), need+c.Need
			if n := m.times(c, h); times < 0 || n < times {
				times = n
			}
		}
		require.Equal(t, []int{have, need, times}, []int{progress.Have, progress.Need, progress.Times})
		require.Equal(t, times > 0, progress.Met)

		inOrder := program.NewState()
		for _, f := range m.facts {
			inOrder.Apply(f)
		}
		require.Equal(t, inOrder.Progress(now), progress, "evidence included")
		require.Equal(t, inOrder.Marshal(), state.Marshal(), "nothing of the order is left in the state")

		evidenceSuffices(t, program, m, progress, now)
	})
}

// evidenceSuffices requires that each time the rule is met the evidence alone meets it, and that no event is evidence twice.
func evidenceSuffices(t *rapid.T, program *rule.Program, m model, progress rule.Progress, now time.Time) {
	used := map[uuid.UUID]int{}
	for n := 1; n <= progress.Times; n++ {
		events := progress.Evidence(n)
		state := program.NewState()
		for _, f := range m.facts {
			if slices.Contains(events, f.Event) {
				state.Apply(f)
			}
		}
		if !state.Progress(now).Met {
			t.Fatalf("the evidence for the time %d does not meet the rule: %v", n, events)
		}
		for _, e := range events {
			used[e]++
		}
	}
	if len(m.rule.Conditions) == 1 {
		for e, n := range used {
			require.Equal(t, 1, n, "%s is evidence %d times", e, n)
		}
	}
	require.NotPanics(t, func() { progress.Evidence(progress.Times + 1) })
}

// What is taken back leaves no trace, and what does not take back never loses.
func TestTakingBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := anyRule(t)
		program, err := rule.Compile(r)
		require.NoError(t, err)
		now := time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC)
		state := program.NewState()
		facts := newModel(r, anyFacts(t, r)).facts
		last := 0
		for _, f := range facts {
			state.Apply(f)
			if have := state.Progress(now).Have; !r.TakesBack && have < last {
				t.Fatalf("the progress fell from %d to %d", last, have)
			} else {
				last = have
			}
		}
		for i, f := range facts {
			f.Event, f.At, f.Undone = uuid.UUID{2, byte(i)}, time.Date(2029, 1, 1, 0, 0, 0, 0, time.UTC), true
			state.Apply(f)
		}
		if progress := state.Progress(now); r.TakesBack && (progress.Have > 0 || len(progress.Evidence(1)) > 0) {
			t.Fatalf("all was taken back, and %d is left", progress.Have)
		}
	})
}
