package rule_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/gamification/rule"
)

func compile(t testing.TB, text string) *rule.Program {
	t.Helper()
	r, err := rule.Parse([]byte(text))
	require.NoError(t, err)
	p, err := rule.Compile(r)
	require.NoError(t, err)
	return p
}

// attendance is the nth event that a person attended.
func attendance(n int, at time.Time) rule.Fact {
	var id uuid.UUID
	copy(id[:], fmt.Sprintf("%016d", n))
	return rule.Fact{Event: id, At: at, When: at, Kind: rule.EventAttended, Person: uuid.UUID{1}, Key: fmt.Sprint("date ", n), Object: fmt.Sprint("event ", n/2)}
}

func TestProgressGrowsAndShrinks(t *testing.T) {
	p := compile(t, `{"takes_back":true,"conditions":[{"fact":"event_attended","measure":"count","need":2}]}`)
	at := time.Date(2026, 3, 1, 20, 0, 0, 0, time.UTC)
	s := p.NewState()
	require.Equal(t, "0 of 2", s.Progress(at).Due(rule.English))
	first, second := attendance(1, at), attendance(2, at.Add(time.Hour))
	require.True(t, s.Apply(first))
	require.False(t, s.Apply(first), "the same event")
	require.Equal(t, "1 of 2", s.Progress(at).Due(rule.English))
	require.True(t, s.Apply(second))
	progress := s.Progress(at)
	require.True(t, progress.Met)
	require.Equal(t, []uuid.UUID{first.Event, second.Event}, progress.Evidence(1))
	require.Empty(t, progress.Evidence(2))

	unmarked := first
	unmarked.Event, unmarked.At, unmarked.Undone = uuid.UUID{9}, at.Add(2*time.Hour), true
	require.True(t, s.Apply(unmarked))
	progress = s.Progress(at)
	require.False(t, progress.Met)
	require.Equal(t, []uuid.UUID{second.Event}, progress.Evidence(1))

	marked := first
	marked.Event, marked.At = uuid.UUID{10}, at.Add(3*time.Hour)
	require.True(t, s.Apply(marked))
	require.Equal(t, []uuid.UUID{second.Event, marked.Event}, s.Progress(at).Evidence(1), "the mark that counts is the one after the last that was taken back")
	post := first
	post.Kind, post.Event = rule.PostWritten, uuid.UUID{11}
	require.False(t, s.Apply(post), "no condition counts posts")
}

func TestFactsThatAreNotValidAreNotCounted(t *testing.T) {
	p := compile(t, `{"takes_back":true,"conditions":[{"fact":"event_attended","measure":"count","need":2}]}`)
	good := attendance(1, time.Date(2026, 3, 1, 20, 0, 0, 0, time.UTC))
	require.NoError(t, good.Validate())
	for name, change := range map[string]func(*rule.Fact){
		"kind":        func(f *rule.Fact) { f.Kind = "slept" },
		"anniversary": func(f *rule.Fact) { f.Kind = rule.MemberAnniversary },
		"event":       func(f *rule.Fact) { f.Event = uuid.Nil },
		"person":      func(f *rule.Fact) { f.Person = uuid.Nil },
		"no key":      func(f *rule.Fact) { f.Key = "" },
		"long key":    func(f *rule.Fact) { f.Key = strings.Repeat("x", 129) },
		"long object": func(f *rule.Fact) { f.Object = strings.Repeat("x", 129) },
		"no time":     func(f *rule.Fact) { f.At = time.Time{} },
		"no day":      func(f *rule.Fact) { f.When = f.When.AddDate(900, 0, 0) },
		"fields":      func(f *rule.Fact) { f.Fields = map[string]string{"a": "", "b": "", "c": "", "d": "", "e": "", "f": ""} },
	} {
		f := good
		change(&f)
		require.Error(t, f.Validate(), name)
		require.False(t, p.NewState().Apply(f), name)
	}
}

func TestRepeatedGrantsHaveTheirOwnEvidence(t *testing.T) {
	p := compile(t, `{"conditions":[{"fact":"event_attended","measure":"count","need":3}]}`)
	s := p.NewState()
	at := time.Date(2026, 3, 1, 20, 0, 0, 0, time.UTC)
	for n := range 7 {
		s.Apply(attendance(n, at.AddDate(0, 0, n)))
	}
	progress := s.Progress(at)
	require.Equal(t, 2, progress.Times)
	require.Equal(t, 3, progress.Have, "what is shown is of the first time")
	require.Equal(t, 7, progress.Parts[0].Have)
	require.Equal(t, []uuid.UUID{attendance(3, at).Event, attendance(4, at).Event, attendance(5, at).Event}, progress.Evidence(2))
}

func TestDaysAreThoseOfTheZone(t *testing.T) {
	at := time.Date(2026, 3, 1, 20, 30, 0, 0, time.UTC)                       // 23:30 in Moscow
	facts := []rule.Fact{attendance(1, at), attendance(2, at.Add(time.Hour))} // 21:30, which is tomorrow in Moscow
	for zone, want := range map[string]int{"UTC": 1, "Europe/Moscow": 2, "Pacific/Apia": 1} {
		s := compile(t, `{"time_zone":"`+zone+`","conditions":[{"fact":"event_attended","measure":"days","need":5}]}`).NewState()
		for _, f := range facts {
			s.Apply(f)
		}
		require.Equal(t, want, s.Progress(at).Have, zone)
	}
}

func TestAnniversariesComeByTime(t *testing.T) {
	p := compile(t, `{"time_zone":"Europe/Moscow","takes_back":true,"conditions":[{"fact":"member_anniversary","measure":"years","need":2}]}`)
	require.True(t, p.ByTime())
	require.Equal(t, []rule.Kind{rule.MemberJoined}, p.Kinds())
	s := p.NewState()
	require.Zero(t, s.Progress(time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)).Next, "not a member")
	joined := time.Date(2024, 2, 28, 22, 0, 0, 0, time.UTC) // 29 February in Moscow
	s.Apply(rule.Fact{Event: uuid.UUID{1}, At: joined, When: joined, Kind: rule.MemberJoined, Person: uuid.UUID{1}, Key: "tenant"})
	for at, want := range map[string]struct {
		have int
		next string
	}{
		"2024-02-28T22:00:00Z": {0, "2025-02-28T21:00:00Z"}, // 1 March in Moscow
		"2025-02-28T20:59:59Z": {0, "2025-02-28T21:00:00Z"},
		"2025-02-28T21:00:00Z": {1, "2026-02-28T21:00:00Z"},
		"2026-02-28T20:59:59Z": {1, "2026-02-28T21:00:00Z"},
		"2026-02-28T21:00:00Z": {2, "0001-01-01T00:00:00Z"},
		"2031-02-28T21:00:00Z": {7, "0001-01-01T00:00:00Z"},
		"2020-01-01T00:00:00Z": {0, "2025-02-28T21:00:00Z"},
	} {
		now, err := time.Parse(time.RFC3339, at)
		require.NoError(t, err)
		progress := s.Progress(now)
		require.Equal(t, want.have, progress.Parts[0].Have, at)
		require.Equal(t, want.next, progress.Next.UTC().Format(time.RFC3339), at)
		require.Equal(t, want.have >= 2, progress.Met)
		require.Equal(t, []uuid.UUID{{1}}, progress.Evidence(1))
	}
	left := joined.AddDate(1, 6, 0)
	s.Apply(rule.Fact{Event: uuid.UUID{2}, At: left, When: left, Kind: rule.MemberJoined, Person: uuid.UUID{1}, Key: "tenant", Undone: true})
	require.Zero(t, s.Progress(joined.AddDate(3, 0, 0)).Have)
}

// With two anniversaries to wait for, the first one is next.
func TestNextIsTheFirstOfAll(t *testing.T) {
	for _, order := range [][2]string{{"2", "5"}, {"5", "2"}} {
		p := compile(t, `{"conditions":[{"fact":"member_anniversary","measure":"years","need":`+order[0]+`},{"fact":"member_anniversary","measure":"years","need":`+order[1]+
			`,"where":[{"field":"scope_type","any_of":["TEAM"]}]}]}`)
		s := p.NewState()
		tenant, team := time.Date(2024, 3, 1, 9, 0, 0, 0, time.UTC), time.Date(2024, 2, 1, 9, 0, 0, 0, time.UTC)
		s.Apply(rule.Fact{Event: uuid.UUID{1}, At: tenant, When: tenant, Kind: rule.MemberJoined, Person: uuid.UUID{1}, Key: "tenant"})
		require.Equal(t, "2025-03-01", s.Progress(tenant).Next.Format(time.DateOnly))
		s.Apply(rule.Fact{
			Event: uuid.UUID{2}, At: team, When: team, Kind: rule.MemberJoined, Person: uuid.UUID{1}, Key: "team", Fields: map[string]string{"scope_type": "TEAM"},
		})
		require.Equal(t, "2025-02-01", s.Progress(tenant).Next.Format(time.DateOnly))
	}
}

// The evidence is of the first window and of the first streak that is long enough, not of a better one later.
func TestEvidenceIsOfTheFirstTime(t *testing.T) {
	for _, condition := range []string{`"measure":"count","need":2,"window_days":3`, `"measure":"streak","unit":"day","need":2`} {
		s := compile(t, `{"conditions":[{"fact":"event_attended",`+condition+`}]}`).NewState()
		at := time.Date(2026, 3, 1, 20, 0, 0, 0, time.UTC)
		for n, day := range []int{0, 1, 20, 21, 22} {
			s.Apply(attendance(n, at.AddDate(0, 0, day)))
		}
		progress := s.Progress(at)
		require.Equal(t, 3, progress.Parts[0].Have)
		require.Equal(t, 1, progress.Times)
		require.Equal(t, []uuid.UUID{attendance(0, at).Event, attendance(1, at).Event}, progress.Evidence(1))
	}
}

// Where a zone skips midnight, time is up when the day begins.
func TestNextIsOnTheDay(t *testing.T) {
	p := compile(t, `{"time_zone":"America/Sao_Paulo","conditions":[{"fact":"member_anniversary","measure":"years","need":1}]}`)
	s := p.NewState()
	joined := time.Date(2017, 11, 4, 15, 0, 0, 0, time.UTC)
	s.Apply(rule.Fact{Event: uuid.UUID{1}, At: joined, When: joined, Kind: rule.MemberJoined, Person: uuid.UUID{1}, Key: "tenant"})
	next := s.Progress(joined).Next // 4 November 2018 begins at 01:00
	require.Equal(t, "2018-11-04T03:00:00Z", next.UTC().Format(time.RFC3339))
	require.True(t, s.Progress(next).Met)
	require.False(t, s.Progress(next.Add(-time.Second)).Met)
}

func TestStatesOfOtherRulesAreNotLoaded(t *testing.T) {
	p := compile(t, `{"conditions":[{"fact":"event_attended","measure":"count","need":2}]}`)
	edited := compile(t, `{"conditions":[{"fact":"event_attended","measure":"count","need":3}]}`)
	s := p.NewState()
	s.Apply(attendance(1, time.Date(2026, 3, 1, 20, 0, 0, 0, time.UTC)))
	stored := s.Marshal()
	_, err := p.Load(stored)
	require.NoError(t, err)
	_, err = edited.Load(stored)
	require.ErrorIs(t, err, rule.ErrOtherRule)
	for cut := range stored {
		_, err = p.Load(stored[:cut])
		require.Error(t, err, "cut after %d bytes", cut)
	}
	_, err = p.Load(append(slices.Clone(stored), 0))
	require.ErrorContains(t, err, "damaged")
}

// Whether a fact fits is 0 or 1. The ids of events are 16 digits here, and what follows says whether the fact fits.
func TestAStateWithAnotherAnswerIsDamaged(t *testing.T) {
	p := compile(t, `{"takes_back":true,"conditions":[{"fact":"event_attended","measure":"distinct","need":2}]}`)
	s := p.NewState()
	facts(1, 20, func(a rule.Fact) {
		a.Key, a.Undone = a.Object, a.At.Day()%3 == 0
		s.Apply(a)
	})
	stored, tried := s.Marshal(), 0
	for i := 16; i < len(stored); i++ {
		if stored[i] > 1 || slices.ContainsFunc(stored[i-16:i], func(b byte) bool { return b < '0' || b > '9' }) {
			continue
		}
		tried++
		changed := slices.Clone(stored)
		changed[i] = 2
		_, err := p.Load(changed)
		require.ErrorContains(t, err, "damaged")
	}
	require.Positive(t, tried)
}

// FuzzLoad reads damaged states: none makes the program fail, and one that is read is the state that is stored again.
func FuzzLoad(f *testing.F) {
	p := compile(f, `{"takes_back":true,"conditions":[{"fact":"event_attended","measure":"distinct","need":2},{"fact":"post_written","measure":"count","need":2}]}`)
	s := p.NewState()
	facts(1, 20, func(a rule.Fact) {
		a.Key, a.Undone = a.Object, a.At.Day()%3 == 0
		s.Apply(a)
	})
	f.Add(s.Marshal())
	f.Add(p.NewState().Marshal())
	f.Fuzz(func(t *testing.T, stored []byte) {
		s, err := p.Load(stored)
		if err != nil {
			return
		}
		again, err := p.Load(s.Marshal())
		require.NoError(t, err)
		now := time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC)
		require.Equal(t, s.Progress(now), again.Progress(now))
		s.Apply(attendance(1, now))
	})
}

// A state is bounded: what it drops does not change the progress.
func TestStatesAreBounded(t *testing.T) {
	at := time.Date(2026, 3, 1, 20, 0, 0, 0, time.UTC)
	for _, takesBack := range []string{"true", "false"} {
		for _, measure := range []string{"count", "distinct", "days"} {
			p := compile(t, `{"takes_back":`+takesBack+`,"conditions":[{"fact":"event_attended","measure":"`+measure+`","need":1000}]}`)
			s := p.NewState()
			for n := range 10_020 {
				f := attendance(n, at.AddDate(0, 0, max(0, n-9_500))) // crowded at first
				f.Object = fmt.Sprint("event ", max(0, n-9_500))
				require.True(t, s.Apply(f))
			}
			want := map[string]int{"count": 10_000, "distinct": 520, "days": 520}[measure]
			require.Equal(t, want, s.Progress(at).Parts[0].Have, measure)
			again, err := p.Load(s.Marshal())
			require.NoError(t, err)
			require.Equal(t, s.Progress(at), again.Progress(at))
		}
	}
	p := compile(t, `{"takes_back":true,"conditions":[{"fact":"event_attended","measure":"count","need":1000}]}`)
	s := p.NewState()
	kept := attendance(1, at)
	s.Apply(kept)
	for n := range 500 {
		f := attendance(100+n, at.Add(time.Duration(n)*time.Minute))
		f.Key, f.Undone = "date", n%2 == 1
		s.Apply(f)
	}
	require.Equal(t, 1, s.Progress(at).Have)
	early := attendance(7, at.Add(-time.Hour))
	early.Key = "date"
	require.False(t, s.Apply(early), "older than all of the many that are known")
	require.Less(t, len(s.Marshal()), 5_000, "one key has a bounded number of records")
}

// facts makes n facts of each of so many persons, in the order of persons.
func facts(persons, n int, each func(rule.Fact)) {
	start := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	for person := 1; person <= persons; person++ {
		for i := range n {
			f := attendance(i, start.Add(time.Duration(i*7)*time.Hour))
			f.Person = uuid.UUID{byte(person >> 8), byte(person)}
			f.Fields = map[string]string{"scope_type": "TENANT", "method": "scan"}
			each(f)
		}
	}
}

// BenchmarkBackfill counts facts in the order of persons, as a dry run and a back-fill do.
func BenchmarkBackfill(b *testing.B) {
	for _, c := range []struct{ name, condition string }{
		{"count", `"measure":"count","need":5,"where":[{"field":"method","any_of":["scan"]}]`},
		{"window", `"measure":"distinct","need":5,"window_days":30`},
		{"streak", `"measure":"streak","unit":"week","need":5`},
	} {
		b.Run(c.name, func(b *testing.B) {
			p := compile(b, `{"time_zone":"Europe/Moscow","takes_back":true,"conditions":[{"fact":"event_attended",`+c.condition+`}]}`)
			var all []rule.Fact
			facts(10, 100, func(f rule.Fact) { all = append(all, f) })
			now := time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC)
			b.ResetTimer()
			n := 0
			for b.Loop() {
				err := p.EachPerson(sequence(all, nil), func(_ uuid.UUID, s *rule.State) error {
					if !s.Progress(now).Met {
						return errors.New("not met")
					}
					return nil
				})
				require.NoError(b, err)
				n += len(all)
			}
			b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "facts/s")
		})
	}
}

// BenchmarkOneFact is what an event costs a service: it loads the state of the person, counts, measures and stores.
func BenchmarkOneFact(b *testing.B) {
	for _, known := range []int{10, 100, 1_000, 9_000} {
		b.Run(fmt.Sprint("after ", known), func(b *testing.B) {
			p := compile(b, `{"time_zone":"Europe/Moscow","takes_back":true,"conditions":[{"fact":"event_attended","measure":"days","need":50}]}`)
			s := p.NewState()
			facts(1, known, func(f rule.Fact) { s.Apply(f) })
			stored := s.Marshal()
			f := attendance(known, time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC))
			for b.Loop() {
				s, err := p.Load(stored)
				require.NoError(b, err)
				s.Apply(f)
				s.Progress(f.At)
				s.Marshal()
			}
		})
	}
}
