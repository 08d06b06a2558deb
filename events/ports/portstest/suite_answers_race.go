package portstest

import (
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"go.updspace.com/events/domain"
	"go.updspace.com/events/ports"
)

// Answers that come at the same time are stored as if they had come one after the other, a member's in their order: whatever they replace, the
// date counts the answers that there are, and the seats hold.
func answersAtOnceAreCounted(t *testing.T, s Store) {
	by := NewActor()
	ctx := As(t.Context(), by)
	members := make([]uuid.UUID, 40)
	for i := range members {
		members[i] = uuid.New()
	}
	statuses := []domain.AnswerStatus{domain.AnswerGoing, domain.AnswerInterested, domain.AnswerNotGoing, domain.AnswerGoing, domain.AnswerWithdrawn}
	for _, capacity := range []int{0, 1_000, 25} {
		event, dates := s.scheduled(t, by, 1, domain.AnswerRules{Capacity: capacity, PlusOnes: 1})
		o := dates[0]
		last := make([]domain.Answer, len(members))
		var group sync.WaitGroup
		for i, member := range members {
			group.Go(func() {
				for n := range statuses {
					a := domain.Answer{
						UserID: member, By: member, OccurrenceID: o.ID(), Status: statuses[(i+n)%len(statuses)], At: Noon.Add(time.Duration(n) * time.Second),
					}
					if a.Status == domain.AnswerGoing {
						a.PlusOnes = (i + n) % 2
					}
					outcome, _, err := s.Answers.Set(ctx, event, o, a)
					if assert.NoError(t, err) && outcome != ports.OutcomeFull {
						last[i] = a
					}
				}
			})
		}
		group.Wait()
		var want domain.Counts
		answers, err := s.Answers.Page(ctx, o.ID(), ports.AnswerFilter{NotGoing: true}, nil, 100)
		require.NoError(t, err)
		stored := map[uuid.UUID]domain.AnswerStatus{}
		for _, a := range answers {
			stored[a.UserID] = a.Status
			switch {
			case a.Waiting:
				want.Waiting++
			case a.Status == domain.AnswerGoing:
				want.Going++
				want.Seats += 1 + a.PlusOnes
			case a.Status == domain.AnswerInterested:
				want.Interested++
			case a.Status == domain.AnswerNotGoing:
				want.NotGoing++
			}
		}
		require.Equal(t, want, s.counted(t, ctx, o))
		require.True(t, capacity == 0 || want.Seats <= capacity, "%d of %d seats", want.Seats, capacity)
		for i, member := range members {
			if last[i].Status != domain.AnswerWithdrawn {
				require.Equal(t, last[i].Status, stored[member])
			}
		}
		if capacity != 25 {
			require.Zero(t, want.Waiting)
		}
	}
}
