package domain_test

import (
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/libs/authz"
	"go.updspace.com/voting/domain"
)

func TestWinnersTiesAndTurnout(t *testing.T) {
	t.Parallel()
	poll := newPoll(t, nil)
	p := questionnaire(t, poll.ID(), 3, 2, 1)
	options := func(question int) (ids []uuid.UUID) {
		for _, o := range p.OptionsOf(p.Questions()[question].ID()) {
			ids = append(ids, o.ID())
		}
		return ids
	}
	first, second := options(0), options(1)
	results := p.Results(poll, domain.Tally{first[0]: 2, first[2]: 1, second[0]: 3, second[1]: 3}, domain.Voters{
		Poll: 4, Questions: map[uuid.UUID]int64{p.Questions()[0].ID(): 3, p.Questions()[1].ID(): 4},
	})
	require.EqualValues(t, 9, results.Votes)
	require.False(t, results.Final)
	require.Equal(t, first[:1], results.Questions[0].Winners)
	require.False(t, results.Questions[0].Tie())
	require.Equal(t, []float64{66.7, 0, 33.3}, []float64{results.Questions[0].Options[0].Percent, results.Questions[0].Options[1].Percent, results.Questions[0].Options[2].Percent})
	require.Equal(t, second, results.Questions[1].Winners)
	require.True(t, results.Questions[1].Tie())
	require.Empty(t, results.Questions[2].Winners, "nothing without a vote wins")
	require.Equal(t, domain.Turnout{Voters: 4}, results.Turnout)

	people := []domain.Participant{{Role: domain.RoleOwner}, {Role: domain.RoleObserver}, {Role: domain.RoleParticipant}}
	require.Nil(t, results.WithEligible(poll, people).Turnout.Eligible, "the audience of a public poll is not known")
	private := newPoll(t, func(d *domain.PollDraft) { d.Visibility = authz.VisibilityPrivate })
	require.EqualValues(t, 4, *results.WithEligible(private, people).Turnout.Eligible, "never less than voted")
	results.Turnout.Voters = 1
	require.EqualValues(t, 2, *results.WithEligible(private, people).Turnout.Eligible, "observers do not vote")
	require.InDelta(t, 100, domain.Percent(5, 4), 0)
}
