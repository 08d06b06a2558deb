package portstest

import (
	"context"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/voting/domain"
)

func paperRoundTrip(t *testing.T, s Store) {
	by := Someone()
	ctx := As(t.Context(), by)
	poll := NewPoll(t, by, Draft(by, "draft"), Noon)
	seven, zero := 7, 0
	paper, err := domain.Paper{}.Write(poll.ID(), []domain.QuestionDraft{
		{Title: "last", Description: "d", Kind: domain.KindGame, SortOrder: &seven, MaxVotes: 2, IsRequired: true, Config: map[string]any{"a": []any{1.0}}, Options: []domain.OptionDraft{
			{Title: "second", Description: "d", MediaURL: "https://example.org/x.png", GameID: uuid.New(), SortOrder: &seven},
			{Title: "first", SortOrder: &zero},
		}},
		{Title: "first", SortOrder: &zero},
	})
	require.NoError(t, err)
	s.save(t, ctx, poll, paper)
	found, err := s.Papers.Find(ctx, poll.ID())
	require.NoError(t, err)
	require.Equal(t, paper, found)
	require.Equal(t, "first", found.Questions()[0].Data().Title)
	require.Equal(t, "first", found.Options()[0].Data().Title)
}

func paperChange(t *testing.T, s Store) {
	by := Someone()
	ctx := As(t.Context(), by)
	poll := NewPoll(t, by, Draft(by, "draft"), Noon)
	paper := NewPaper(t, poll.ID(), 2, 2)
	s.save(t, ctx, poll, paper)
	title, two := "changed", 2
	q, err := paper.EditQuestion(paper.Questions()[0].ID(), domain.QuestionEdit{Title: &title, MaxVotes: &two, Config: map[string]any{"x": "y"}})
	require.NoError(t, err)
	o, err := paper.EditOption(paper.Options()[0].ID(), domain.OptionEdit{Title: &title, SortOrder: &two})
	require.NoError(t, err)
	gone, removed := paper.Questions()[1].ID(), paper.Options()[1].ID()
	require.NoError(t, s.Tx.Do(ctx, func(ctx context.Context) error {
		require.NoError(t, s.Papers.UpdateQuestion(ctx, q))
		require.NoError(t, s.Papers.UpdateOption(ctx, o))
		require.NoError(t, s.Papers.DeleteOption(ctx, removed))
		return s.Papers.DeleteQuestion(ctx, gone)
	}))
	found, err := s.Papers.Find(ctx, poll.ID())
	require.NoError(t, err)
	require.Equal(t, domain.RestorePaper([]domain.Question{q}, []domain.Option{o}), found)
}

func paperPlaces(t *testing.T, s Store) {
	by := Someone()
	ctx := As(t.Context(), by)
	poll := NewPoll(t, by, Draft(by, "draft"), Noon)
	paper := NewPaper(t, poll.ID(), 1, 1)
	s.save(t, ctx, poll, paper)
	rival := NewPaper(t, poll.ID(), 1).Questions()[0] // takes place 0, knowing nothing of the others
	require.ErrorIs(t, s.Tx.Do(ctx, func(ctx context.Context) error { return s.Papers.AddQuestions(ctx, rival) }), domain.ErrSortOrderTaken)
	moved := paper.Questions()[1].Data()
	moved.SortOrder = 0
	require.ErrorIs(t, s.Tx.Do(ctx, func(ctx context.Context) error {
		return s.Papers.UpdateQuestion(ctx, domain.RestoreQuestion(moved))
	}), domain.ErrSortOrderTaken)
}

func chosenStays(t *testing.T, s Store) {
	by := Someone()
	ctx := As(t.Context(), by)
	poll, paper := s.active(t, ctx, by, 2)
	option := paper.Options()[0]
	require.True(t, s.cast(t, ctx, s.fill(t, ctx, by, poll, option, Noon)))
	require.ErrorIs(t, s.Tx.Do(ctx, func(ctx context.Context) error { return s.Papers.DeleteOption(ctx, option.ID()) }), domain.ErrOptionHasVotes)
	require.ErrorIs(t, s.Tx.Do(ctx, func(ctx context.Context) error {
		return s.Papers.DeleteQuestion(ctx, option.Data().QuestionID)
	}), domain.ErrQuestionHasVotes)
	found, err := s.Papers.Find(ctx, poll.ID())
	require.NoError(t, err)
	require.Equal(t, paper, found)
}
