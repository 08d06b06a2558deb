package cache_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/events/adapters/cache"
	"go.updspace.com/events/domain"
	"go.updspace.com/events/ports"
	"go.updspace.com/events/ports/portstest"
	"go.updspace.com/libs/authz"
)

// stored is ports.Answers with one date, which counts how often it is read.
type stored struct {
	ports.Answers
	date domain.Occurrence
	n    int
}

func (s *stored) Answerable(context.Context, uuid.UUID, *uuid.UUID, time.Time, bool) (ports.Answerable, error) {
	s.n++
	return ports.Answerable{Dated: ports.Dated{Occurrence: s.date}}, nil
}

func TestDatesAreCachedUntilTheyEnd(t *testing.T) {
	t.Parallel()
	ends := portstest.Noon.Add(time.Hour)
	answers := &stored{date: domain.RestoreOccurrence(domain.OccurrenceData{ID: uuid.New(), Starts: portstest.Noon, Ends: ends})}
	cached, err := cache.NewAnswers(answers)
	require.NoError(t, err)
	by, event, date := portstest.NewActor(), uuid.New(), uuid.New()
	reads := func(by authz.Actor, event uuid.UUID, date *uuid.UUID, now time.Time, fresh bool) bool {
		t.Helper()
		before := answers.n
		got, err := cached.Answerable(portstest.As(t.Context(), by), event, date, now, fresh)
		require.NoError(t, err)
		require.Equal(t, answers.date.ID(), got.Occurrence.ID())
		require.Equal(t, answers.n == before, got.Cached)
		return answers.n > before
	}
	require.True(t, reads(by, event, nil, portstest.Noon, false))
	require.False(t, reads(by, event, nil, portstest.Noon, false))
	require.False(t, reads(by, event, nil, ends.Add(-time.Second), false))
	require.True(t, reads(by, event, nil, portstest.Noon, true), "a fresh read asks the database")
	require.True(t, reads(by, event, nil, ends, false), "another date may come next")
	require.True(t, reads(by, event, &date, portstest.Noon, false), "a date that is named")
	require.True(t, reads(by, uuid.New(), nil, portstest.Noon, false), "another event")
	require.True(t, reads(portstest.NewActor(), event, nil, portstest.Noon, false), "another tenant")
}
