package domain_test

import (
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/libs/authz"
	"go.updspace.com/tools/devkit/testkit"
	"go.updspace.com/voting/domain"
)

// A copy has everything but the schedule.
func TestACopyHasWhatThePollHas(t *testing.T) {
	t.Parallel()
	want := domain.PollDraft{
		Title: "Game of the year", Description: "Which one?", Scope: authz.CommunityScope(uuid.New()), Visibility: authz.VisibilityCommunity,
		Template: "awards", Rules: domain.Rules{AllowRevoting: true, Anonymous: true, Results: domain.ResultsAdminsOnly},
		Settings: map[string]any{"theme": "dark"}, Schedule: domain.Schedule{Starts: noon, Ends: noon.AddDate(0, 0, 1)},
	}
	testkit.Filled(t, want)
	poll, err := domain.NewPoll(maker, want, noon)
	require.NoError(t, err)
	want.Schedule = domain.Schedule{}
	require.Equal(t, want, poll.Draft(nil))
	title := "Game of the month"
	want.Title = title
	require.Equal(t, want, poll.Draft(&title))

	seven := 7
	questions := []domain.QuestionDraft{{
		Title: "Best game", Description: "Of this year", Kind: domain.KindGame, SortOrder: &seven, MaxVotes: 2, IsRequired: true, Config: map[string]any{"a": "b"},
		Options: []domain.OptionDraft{{Title: "Chess", Description: "Old", MediaURL: "https://example.org/chess.png", GameID: uuid.New(), SortOrder: &seven}},
	}}
	testkit.Filled(t, questions[0])
	questionnaire, err := domain.Questionnaire{}.AddAll(poll.ID(), questions)
	require.NoError(t, err)
	require.Equal(t, questions, questionnaire.Drafts())
}
