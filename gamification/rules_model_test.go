package gamification_test

import (
	"context"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/api/gamificationapi"
	"go.updspace.com/gamification/rule"
	"go.updspace.com/libs/authz"
)

// modelled is a rule with what it says of all facts of a person, from its definition and with no regard to cost.
type modelled struct {
	name  string
	rule  gamificationapi.Rule
	kind  gamificationapi.AchievementKind
	times func(facts []rule.Fact) (have, times int)
}

// standing is how many events the member attended: the latest fact about an event decides, or the first mark if nothing is taken back.
func standing(facts []rule.Fact, takesBack bool) map[string]rule.Fact {
	latest := map[string]rule.Fact{}
	for _, f := range facts {
		if !takesBack && f.Undone {
			continue
		}
		if l, ok := latest[f.Key]; !ok || f.At.After(l.At) == takesBack {
			latest[f.Key] = f
		}
	}
	for key, f := range latest {
		if f.Undone {
			delete(latest, key)
		}
	}
	return latest
}

func models() []modelled {
	keep, back := attendances(2), attendances(3, takesBack)
	days := attendances(2, takesBack, func(r *gamificationapi.Rule) { r.Conditions[0].Measure = gamificationapi.RuleConditionMeasureDays })
	return []modelled{
		{"keeps", keep, gamificationapi.AchievementKindRepeatable, func(facts []rule.Fact) (int, int) {
			n := len(standing(facts, false))
			return min(n, 2), n / 2
		}},
		{"takes back", back, gamificationapi.AchievementKindOnce, func(facts []rule.Fact) (int, int) {
			n := len(standing(facts, true))
			return min(n, 3), min(n/3, 1)
		}},
		{"repeats and takes back", attendances(1, takesBack), gamificationapi.AchievementKindRepeatable, func(facts []rule.Fact) (int, int) {
			n := len(standing(facts, true))
			return min(n, 1), n
		}},
		{"days", days, gamificationapi.AchievementKindOnce, func(facts []rule.Fact) (int, int) {
			on := map[string]bool{}
			for _, f := range standing(facts, true) {
				on[f.When.UTC().Format(time.DateOnly)] = true
			}
			return min(len(on), 2), min(len(on)/2, 1)
		}},
	}
}

// Facts that come in any order, more than once, to two instances, with back-fills in between, give the grants and the progress of a model
// over the set of facts, and the points that go with the grants.
func TestDeliveriesInAnyOrderGiveWhatTheModelSays(t *testing.T) {
	t.Parallel()
	s := start(t)
	achievements, points := map[string]uuid.UUID{}, map[string]int{}
	for i, m := range models() {
		points[m.name] = []int{7, 0, 100, 3}[i]
		achievements[m.name] = s.ruled(m.rule, named(m.name), worth(points[m.name]), func(b *gamificationapi.AchievementCreate) { b.Kind = &m.kind }).ID
	}
	s.backFill()
	for seed := range uint64(8) {
		random := rand.New(rand.NewPCG(seed, 1))
		member := s.people(1)[0]
		facts := s.history(random, member)
		deliveries := append(append([]rule.Fact{}, facts...), facts[:random.IntN(len(facts))]...)
		random.Shuffle(len(deliveries), func(i, j int) { deliveries[i], deliveries[j] = deliveries[j], deliveries[i] })
		var batches [][]rule.Fact
		for len(deliveries) > 0 {
			n := 1 + random.IntN(min(3, len(deliveries)))
			batches, deliveries = append(batches, deliveries[:n]), deliveries[n:]
		}
		republish := random.IntN(len(batches))
		for i := 0; i < len(batches); i += 2 {
			if i == republish-republish%2 {
				for _, id := range achievements {
					s.move(s.admin, id, gamificationapi.AchievementUpdateStatusHidden)
				}
			}
			var both sync.WaitGroup
			errs := make([]error, 2)
			for j := range errs {
				if i+j < len(batches) {
					both.Go(func() { errs[j] = s.record(batches[i+j]...) })
				}
			}
			both.Wait()
			require.NoError(t, errs[0])
			require.NoError(t, errs[1])
			if i == republish-republish%2 {
				for _, id := range achievements {
					s.move(s.admin, id, gamificationapi.AchievementUpdateStatusPublished)
				}
			}
		}
		require.NoError(t, s.counting.BackFill(context.Background()))
		have := map[uuid.UUID]int{}
		for _, p := range s.progress(member) {
			have[p.AchievementID] = p.Have
		}
		held := map[uuid.UUID]int{}
		r, err := s.As(member).ListMyGrantsWithResponse(t.Context(), &gamificationapi.ListMyGrantsParams{Limit: new(100)})
		require.NoError(t, err)
		for _, h := range r.JSON200.Items {
			held[h.Achievement.ID]++
		}
		wantPoints := 0
		for _, m := range models() {
			wantHave, wantTimes := m.times(facts)
			require.Equal(t, wantHave, have[achievements[m.name]], "progress of %q, seed %d", m.name, seed)
			require.Equal(t, wantTimes, held[achievements[m.name]], "grants of %q, seed %d", m.name, seed)
			wantPoints += wantTimes * points[m.name]
		}
		require.EqualValues(t, wantPoints, s.points(member).Points, "points, seed %d", seed)
	}
	s.requireSums()
}

// history are marks of attendance at a few events, and their being taken back.
func (s *fixture) history(random *rand.Rand, member authz.Actor) []rule.Fact {
	events := []uuid.UUID{uuid.New(), uuid.New(), uuid.New(), uuid.New()}
	facts := make([]rule.Fact, 4+random.IntN(8))
	for i := range facts {
		n := random.IntN(len(events))
		facts[i] = attended(member, events[n], s.Clock.Now().Add(time.Duration(i)*time.Minute), random.IntN(3) == 0)
		facts[i].When = s.Clock.Now().AddDate(0, 0, n/2)
	}
	return facts
}
