package rule_test

import (
	"errors"
	"iter"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/gamification/rule"
)

// sequence gives facts, and then an error if there is one.
func sequence(facts []rule.Fact, err error) iter.Seq2[rule.Fact, error] {
	return func(yield func(rule.Fact, error) bool) {
		for _, f := range facts {
			if !yield(f, nil) {
				return
			}
		}
		if err != nil {
			yield(rule.Fact{}, err)
		}
	}
}

func TestEachPersonIsCountedAlone(t *testing.T) {
	p := compile(t, `{"conditions":[{"fact":"event_attended","measure":"count","need":2}]}`)
	at := time.Date(2026, 3, 1, 20, 0, 0, 0, time.UTC)
	of := func(person byte, n int) rule.Fact {
		f := attendance(n, at)
		f.Person = uuid.UUID{person}
		return f
	}
	have := map[uuid.UUID]int{}
	count := func(person uuid.UUID, s *rule.State) error {
		require.NotContains(t, have, person)
		have[person] = s.Progress(at).Have
		return nil
	}
	require.NoError(t, p.EachPerson(sequence([]rule.Fact{of(1, 1), of(1, 1), of(2, 1), of(2, 2), of(9, 3)}, nil), count))
	require.Equal(t, map[uuid.UUID]int{{1}: 1, {2}: 2, {9}: 1}, have)

	require.NoError(t, p.EachPerson(sequence(nil, nil), func(uuid.UUID, *rule.State) error { return errors.New("there is no person") }))
	require.ErrorIs(t, p.EachPerson(sequence([]rule.Fact{of(2, 1), of(1, 1)}, nil), func(uuid.UUID, *rule.State) error { return nil }), rule.ErrOrder)
	broken := errors.New("broken")
	none := func(uuid.UUID, *rule.State) error { return errors.New("a person who is not complete") }
	require.ErrorIs(t, p.EachPerson(sequence([]rule.Fact{of(1, 1)}, broken), none), broken)
	stop := func(uuid.UUID, *rule.State) error { return broken }
	require.ErrorIs(t, p.EachPerson(sequence([]rule.Fact{of(1, 1), of(2, 1)}, nil), stop), broken)
	require.ErrorIs(t, p.EachPerson(sequence([]rule.Fact{of(1, 1)}, nil), stop), broken)
}
