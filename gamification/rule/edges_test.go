package rule_test

import (
	"bytes"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/gamification/rule"
)

// A fact at a bound is one: the longest key and object, the first and the last time, all fields of its kind.
func TestFactsAtTheirBoundsAreCounted(t *testing.T) {
	p := compile(t, `{"takes_back":true,"conditions":[{"fact":"event_attended","measure":"count","need":2}]}`)
	good := attendance(1, time.Date(2026, 3, 1, 20, 0, 0, 0, time.UTC))
	for name, change := range map[string]func(*rule.Fact){
		"key":         func(f *rule.Fact) { f.Key = strings.Repeat("x", 128) },
		"object":      func(f *rule.Fact) { f.Object = strings.Repeat("x", 128) },
		"no object":   func(f *rule.Fact) { f.Object = "" },
		"first time":  func(f *rule.Fact) { f.At, f.When = time.Unix(0, 0).UTC(), time.Unix(0, 0).UTC() },
		"last time":   func(f *rule.Fact) { f.At = time.Date(2199, 12, 31, 23, 59, 59, 0, time.UTC); f.When = f.At },
		"fields":      func(f *rule.Fact) { f.Fields = map[string]string{"a": "", "b": "", "c": "", "d": "", "e": ""} },
		"no fields":   func(f *rule.Fact) { f.Fields = nil },
		"a long time": func(f *rule.Fact) { f.When = f.When.AddDate(-40, 0, 0) },
	} {
		f := good
		change(&f)
		require.NoError(t, f.Validate(), name)
		require.True(t, p.NewState().Apply(f), name)
	}
	for _, year := range []int{1969, 2200} {
		early, late := good, good
		early.At, late.When = early.At.AddDate(year-2026, 0, 0), late.When.AddDate(year-2026, 0, 0)
		require.Error(t, early.Validate(), year)
		require.Error(t, late.Validate(), year)
	}
}

// The days from and until count, those before and after do not; a rule may have one of them, both or none.
func TestTheFirstAndTheLastDayCount(t *testing.T) {
	noon := time.Date(2026, 3, 10, 12, 0, 0, 0, time.UTC)
	for dates, want := range map[string]string{
		``:                      "09 10 11 12",
		`,"from":"2026-03-10"`:  "10 11 12",
		`,"until":"2026-03-11"`: "09 10 11",
		`,"from":"2026-03-10","until":"2026-03-11"`: "10 11",
		`,"from":"2026-03-10","until":"2026-03-10"`: "10",
		`,"from":"2026-03-13","until":"2026-03-14"`: "",
		`,"from":"2026-03-01","until":"2026-03-08"`: "",
	} {
		p := compile(t, `{"takes_back":false,"conditions":[{"fact":"event_attended","measure":"count","need":9`+dates+`}]}`)
		var counted []string
		for n := range 4 {
			at := noon.AddDate(0, 0, n-1)
			if p.NewState().Apply(attendance(n, at)) {
				counted = append(counted, at.Format("02"))
			}
		}
		require.Equal(t, want, strings.Join(counted, " "), dates)
	}
}

// What a state drops depends on the facts and not on chance: of equally crowded keys the first.
func TestEqualFactsGiveEqualStates(t *testing.T) {
	at := time.Date(1980, 3, 1, 20, 0, 0, 0, time.UTC)
	for measure, days := range map[string]int{"days": 1, "count": 0} {
		p := compile(t, `{"takes_back":true,"conditions":[{"fact":"event_attended","measure":"`+measure+`","need":1000}]}`)
		all, facts := p.NewState(), map[string]rule.Fact{}
		for n := range 10_003 {
			f := attendance(n, at.AddDate(0, 0, n*days))
			f.Key = fmt.Sprintf("key %05d", (n*7_919)%10_007) // in no order
			facts[f.Key] = f
			require.True(t, all.Apply(f))
			if len(facts) > 10_000 {
				delete(facts, slices.Min(slices.Collect(maps.Keys(facts))))
			}
		}
		kept := p.NewState()
		for _, f := range facts {
			require.True(t, kept.Apply(f))
		}
		require.True(t, bytes.Equal(kept.Marshal(), all.Marshal()), measure)
	}
}

// A fact that stands is dropped for one that does not, however crowded the others are.
func TestWhatDoesNotCountIsDroppedFirst(t *testing.T) {
	at := time.Date(2026, 3, 1, 20, 0, 0, 0, time.UTC)
	p := compile(t, `{"takes_back":true,"conditions":[{"fact":"event_attended","measure":"count","need":1000}]}`)
	s := p.NewState()
	undone := attendance(50_000, at)
	undone.Key, undone.Undone = "zz undone", true
	require.True(t, s.Apply(undone))
	for n := range 10_000 {
		require.True(t, s.Apply(attendance(n, at)))
	}
	require.Equal(t, 10_000, s.Progress(at).Parts[0].Have)
	require.NotContains(t, string(s.Marshal()), "zz undone")
}

// A state that was stored is as bounded as the one that it was.
func TestALoadedStateIsBounded(t *testing.T) {
	at := time.Date(2026, 3, 1, 20, 0, 0, 0, time.UTC)
	p := compile(t, `{"takes_back":true,"conditions":[{"fact":"event_attended","measure":"count","need":1000}]}`)
	s := p.NewState()
	for n := range 10_000 {
		require.True(t, s.Apply(attendance(n, at)))
	}
	loaded, err := p.Load(s.Marshal())
	require.NoError(t, err)
	require.True(t, loaded.Apply(attendance(10_000, at)))
	require.Equal(t, 10_000, loaded.Progress(at).Parts[0].Have)
}

// Without taking back, the first fact of a key counts, also when it comes later; a fact that comes twice changes nothing.
func TestTheFirstFactOfAKeyCounts(t *testing.T) {
	at := time.Date(2026, 3, 1, 20, 0, 0, 0, time.UTC)
	p := compile(t, `{"conditions":[{"fact":"event_attended","measure":"days","need":9}]}`)
	s := p.NewState()
	second, first := attendance(1, at), attendance(1, at.Add(-48*time.Hour))
	first.Event = uuid.UUID{7}
	require.True(t, s.Apply(second))
	require.False(t, s.Apply(second))
	require.True(t, s.Apply(first))
	require.False(t, s.Apply(second))
	require.Equal(t, []uuid.UUID{first.Event}, s.Progress(at).Evidence(1))
	require.Equal(t, 1, s.Progress(at).Have)
}
