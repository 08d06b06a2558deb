package recall_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/libs/testkit"
	"go.updspace.com/voting/adapters/recall"
	"go.updspace.com/voting/domain"
	"go.updspace.com/voting/ports"
	"go.updspace.com/voting/ports/portstest"
)

func TestChoicesAreRemembered(t *testing.T) {
	choices := recall.NewChoices()
	by := portstest.Someone()
	ctx := portstest.As(t.Context(), by)
	choice := domain.Choice{Poll: portstest.NewPoll(t, by, portstest.Draft(by, "t"), portstest.Noon), QuestionID: uuid.New(), OptionID: uuid.New(), MaxVotes: 1, Offered: true}
	id := choice.Poll.ID()
	_, ok := choices.Recall(ctx, id, choice.QuestionID, choice.OptionID)
	require.False(t, ok)
	choices.Remember(ctx, choice)
	got, ok := choices.Recall(ctx, id, choice.QuestionID, choice.OptionID)
	require.True(t, ok)
	require.Equal(t, choice, got)
	for _, ids := range [][3]uuid.UUID{
		{uuid.New(), choice.QuestionID, choice.OptionID}, {id, uuid.New(), choice.OptionID}, {id, choice.QuestionID, uuid.New()},
	} {
		_, ok := choices.Recall(ctx, ids[0], ids[1], ids[2])
		require.False(t, ok)
	}
	_, ok = choices.Recall(portstest.As(t.Context(), portstest.Someone()), id, choice.QuestionID, choice.OptionID)
	require.False(t, ok, "another tenant")

	for range 10_000 { // the memory has an end
		choices.Remember(ctx, domain.Choice{OptionID: uuid.New()})
	}
	_, ok = choices.Recall(ctx, id, choice.QuestionID, choice.OptionID)
	require.False(t, ok)
}

// counter is ports.Ballots that counts how often it is asked to count.
type counter struct {
	ports.Ballots
	votes int64
	asked int
}

func (c *counter) Totals(_ context.Context, polls ...domain.Poll) (map[uuid.UUID]int64, error) {
	c.asked++
	totals := map[uuid.UUID]int64{}
	for _, p := range polls {
		totals[p.ID()] = c.votes
	}
	return totals, nil
}

func TestTotalsAreCountedWhenTheyMayHaveChanged(t *testing.T) {
	clock, ballots := testkit.NewClock(), &counter{}
	remembering := recall.NewBallots(ballots, clock)
	by := portstest.Someone()
	draft := portstest.NewPoll(t, by, portstest.Draft(by, "t"), portstest.Noon)
	paper := portstest.NewPaper(t, draft.ID(), 1)
	active := portstest.Move(t, draft, domain.StatusActive, paper)
	closed := portstest.Move(t, active, domain.StatusClosed, paper)
	expect := func(poll domain.Poll, votes int64, asked int) {
		t.Helper()
		totals, err := remembering.Totals(t.Context(), poll)
		require.NoError(t, err)
		require.Equal(t, votes, totals[poll.ID()])
		require.Equal(t, asked, ballots.asked)
	}
	expect(draft, 0, 0)
	ballots.votes = 5
	expect(active, 5, 1)
	ballots.votes = 6
	clock.Advance(time.Second - time.Microsecond)
	expect(active, 5, 1)
	clock.Advance(time.Microsecond)
	expect(active, 6, 2)
	ballots.votes = 7
	expect(closed, 7, 3)
	clock.Advance(24 * time.Hour)
	expect(closed, 7, 3)
}
