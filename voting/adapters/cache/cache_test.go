package cache_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/libs/authz"
	"go.updspace.com/tools/devkit/testkit"
	"go.updspace.com/voting/adapters/cache"
	"go.updspace.com/voting/domain"
	"go.updspace.com/voting/ports"
	"go.updspace.com/voting/ports/portstest"
)

// reads is ports.Ballots that counts the selections read.
type reads struct {
	ports.Ballots
	selection domain.Selection
	n         int
}

func (r *reads) Selection(_ context.Context, _, question, option uuid.UUID, _ bool) (domain.Selection, error) {
	r.n++
	r.selection.QuestionID, r.selection.OptionID = question, option
	return r.selection, nil
}

func TestSelectionsAreCached(t *testing.T) {
	t.Parallel()
	by := portstest.NewActor()
	stored := &reads{selection: domain.Selection{Poll: portstest.NewPoll(t, by, portstest.Draft(by, "t"), portstest.Noon), MaxVotes: 1, Offered: true}}
	cached, err := cache.NewBallots(stored, testkit.NewClock())
	require.NoError(t, err)
	poll, question, option := stored.selection.Poll.ID(), uuid.New(), uuid.New()
	read := func(by authz.Actor, poll, question, option uuid.UUID, fresh bool) int {
		before := stored.n
		got, err := cached.Selection(portstest.As(t.Context(), by), poll, question, option, fresh)
		require.NoError(t, err)
		require.Equal(t, [2]uuid.UUID{question, option}, [2]uuid.UUID{got.QuestionID, got.OptionID})
		return stored.n - before
	}
	require.Equal(t, 1, read(by, poll, question, option, false))
	require.Zero(t, read(by, poll, question, option, false))
	require.Equal(t, 1, read(by, poll, question, option, true), "a fresh read asks the database")
	require.Equal(t, 1, read(by, uuid.New(), question, option, false), "another poll")
	require.Equal(t, 1, read(by, poll, uuid.New(), option, false), "another question")
	require.Equal(t, 1, read(by, poll, question, uuid.New(), false), "another option")
	require.Equal(t, 1, read(portstest.NewActor(), poll, question, option, false), "another tenant")

	stored.selection.Offered = false
	missing := uuid.New()
	require.Equal(t, 1, read(by, poll, question, missing, false))
	require.Equal(t, 1, read(by, poll, question, missing, false), "what does not exist is not cached")

	stored.selection.Offered = true
	for range 5000 {
		read(by, poll, question, uuid.New(), false)
	}
	require.Equal(t, 1, read(by, poll, question, option, false), "the oldest entries leave a full cache")
}

func TestAFreshReadReplacesTheCachedSelection(t *testing.T) {
	t.Parallel()
	by := portstest.NewActor()
	stored := &reads{selection: domain.Selection{MaxVotes: 1, Offered: true}}
	cached, err := cache.NewBallots(stored, testkit.NewClock())
	require.NoError(t, err)
	ctx := portstest.As(t.Context(), by)
	for i, fresh := range []bool{false, true, false} {
		stored.selection.MaxVotes = i + 1
		_, err := cached.Selection(ctx, uuid.Nil, uuid.Nil, uuid.Nil, fresh)
		require.NoError(t, err)
	}
	got, err := cached.Selection(ctx, uuid.Nil, uuid.Nil, uuid.Nil, false)
	require.NoError(t, err)
	require.Equal(t, 2, got.MaxVotes)
}

// counter is ports.Ballots that counts the calls of Totals.
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
	t.Parallel()
	clock, ballots := testkit.NewClock(), &counter{}
	cached, err := cache.NewBallots(ballots, clock)
	require.NoError(t, err)
	by := portstest.NewActor()
	draft := portstest.NewPoll(t, by, portstest.Draft(by, "t"), portstest.Noon)
	questionnaire := portstest.NewQuestionnaire(t, draft.ID(), 1)
	active := portstest.Move(t, draft, domain.StatusActive, questionnaire)
	closed := portstest.Move(t, active, domain.StatusClosed, questionnaire)
	expect := func(poll domain.Poll, votes int64, asked int) {
		t.Helper()
		totals, err := cached.Totals(t.Context(), poll)
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
