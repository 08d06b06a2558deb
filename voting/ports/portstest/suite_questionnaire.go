package portstest

import (
	"context"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/tools/devkit/testkit"
	"go.updspace.com/voting/domain"
)

func questionnaireRoundTrip(t *testing.T, s Store) {
	by := NewActor()
	ctx := As(t.Context(), by)
	poll := NewPoll(t, by, Draft(by, "draft"), Noon)
	seven, zero := 7, 0
	questionnaire, err := domain.Questionnaire{}.AddAll(poll.ID(), []domain.QuestionDraft{
		{Title: "last", Description: "d", Kind: domain.KindGame, SortOrder: &seven, MaxVotes: 2, IsRequired: true, Config: map[string]any{"a": []any{1.0}}, Options: []domain.OptionDraft{
			{Title: "second", Description: "d", MediaURL: "https://example.org/x.png", GameID: uuid.New(), SortOrder: &seven},
			{Title: "first", SortOrder: &zero},
		}},
		{Title: "first", SortOrder: &zero},
	})
	require.NoError(t, err)
	testkit.Filled(t, questionnaire.Questions()[1].Data())
	testkit.Filled(t, questionnaire.Options()[1].Data())
	s.save(t, ctx, poll, questionnaire)
	found, err := s.Questionnaires.Find(ctx, poll.ID())
	require.NoError(t, err)
	require.Equal(t, questionnaire, found)
	require.Equal(t, "first", found.Questions()[0].Data().Title)
	require.Equal(t, "first", found.Options()[0].Data().Title)
}

func questionnaireChange(t *testing.T, s Store) {
	by := NewActor()
	ctx := As(t.Context(), by)
	poll := NewPoll(t, by, Draft(by, "draft"), Noon)
	questionnaire := NewQuestionnaire(t, poll.ID(), 2, 2)
	s.save(t, ctx, poll, questionnaire)
	title, two := "changed", 2
	q, err := questionnaire.EditQuestion(questionnaire.Questions()[0].ID(), domain.QuestionEdit{Title: &title, MaxVotes: &two, Config: map[string]any{"x": "y"}})
	require.NoError(t, err)
	o, err := questionnaire.EditOption(questionnaire.Options()[0].ID(), domain.OptionEdit{Title: &title, SortOrder: &two})
	require.NoError(t, err)
	gone, removed := questionnaire.Questions()[1].ID(), questionnaire.Options()[1].ID()
	require.NoError(t, s.Tx.Do(ctx, func(ctx context.Context) error {
		require.NoError(t, s.Questionnaires.UpdateQuestion(ctx, q))
		require.NoError(t, s.Questionnaires.UpdateOption(ctx, o))
		require.NoError(t, s.Questionnaires.DeleteOption(ctx, removed))
		return s.Questionnaires.DeleteQuestion(ctx, gone)
	}))
	found, err := s.Questionnaires.Find(ctx, poll.ID())
	require.NoError(t, err)
	require.Equal(t, domain.RestoreQuestionnaire([]domain.Question{q}, []domain.Option{o}), found)
}

func questionnaireSortOrders(t *testing.T, s Store) {
	by := NewActor()
	ctx := As(t.Context(), by)
	poll := NewPoll(t, by, Draft(by, "draft"), Noon)
	questionnaire := NewQuestionnaire(t, poll.ID(), 1, 1)
	s.save(t, ctx, poll, questionnaire)
	rival := NewQuestionnaire(t, poll.ID(), 1).Questions()[0] // takes scopeVisibility 0, knowing nothing of the others
	require.ErrorIs(t, s.Tx.Do(ctx, func(ctx context.Context) error { return s.Questionnaires.AddQuestions(ctx, rival) }), domain.ErrSortOrderTaken)
	moved := questionnaire.Questions()[1].Data()
	moved.SortOrder = 0
	require.ErrorIs(t, s.Tx.Do(ctx, func(ctx context.Context) error {
		return s.Questionnaires.UpdateQuestion(ctx, domain.RestoreQuestion(moved))
	}), domain.ErrSortOrderTaken)
}

func chosenStays(t *testing.T, s Store) {
	by := NewActor()
	ctx := As(t.Context(), by)
	poll, questionnaire := s.active(t, ctx, by, 2)
	option := questionnaire.Options()[0]
	require.True(t, s.cast(t, ctx, s.fill(t, ctx, by, poll, option, Noon)))
	require.ErrorIs(t, s.Tx.Do(ctx, func(ctx context.Context) error { return s.Questionnaires.DeleteOption(ctx, option.ID()) }), domain.ErrOptionHasVotes)
	require.ErrorIs(t, s.Tx.Do(ctx, func(ctx context.Context) error {
		return s.Questionnaires.DeleteQuestion(ctx, option.Data().QuestionID)
	}), domain.ErrQuestionHasVotes)
	found, err := s.Questionnaires.Find(ctx, poll.ID())
	require.NoError(t, err)
	require.Equal(t, questionnaire, found)
}
