package app_test

import (
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/voting/app"
	"go.updspace.com/voting/domain"
)

func TestEditingAQuestionnaire(t *testing.T) {
	t.Parallel()
	h := newFixture(t)
	id, ctx := h.make(nil).Poll.ID(), h.as(h.maker)
	q, err := h.questions.Add(ctx, h.maker, app.AddQuestion{PollID: id, Question: domain.QuestionDraft{Title: "q", Options: []domain.OptionDraft{{Title: "a"}, {Title: "b"}}}})
	require.NoError(t, err)
	o, err := h.questions.AddOption(ctx, h.maker, app.AddOption{PollID: id, QuestionID: q.ID(), Option: domain.OptionDraft{Title: "c"}})
	require.NoError(t, err)
	require.Equal(t, 2, o.Data().SortOrder)
	edited, err := h.questions.Edit(ctx, h.maker, id, q.ID(), domain.QuestionEdit{Title: ptr("new")})
	require.NoError(t, err)
	changed, err := h.questions.EditOption(ctx, h.maker, id, o.ID(), domain.OptionEdit{Title: ptr("new")})
	require.NoError(t, err)
	info, err := h.polls.Info(ctx, h.maker, id)
	require.NoError(t, err)
	require.Equal(t, []domain.Question{edited}, info.Questionnaire.Questions())
	require.Equal(t, changed, info.Questionnaire.Options()[2])

	require.NoError(t, h.questions.RemoveOption(ctx, h.maker, id, o.ID()))
	require.ErrorIs(t, h.questions.RemoveOption(ctx, h.maker, id, o.ID()), domain.ErrOptionNotFound)
	require.NoError(t, h.questions.Remove(ctx, h.maker, id, q.ID()))
	require.ErrorIs(t, h.questions.Remove(ctx, h.maker, id, q.ID()), domain.ErrQuestionNotFound)
	info, err = h.polls.Info(ctx, h.maker, id)
	require.NoError(t, err)
	require.Empty(t, info.Questionnaire.Options())
}

func TestRepeatedRequestsAddOnce(t *testing.T) {
	t.Parallel()
	h := newFixture(t)
	id, ctx := h.make(nil).Poll.ID(), h.as(h.maker)
	in := app.AddQuestion{PollID: id, Question: domain.QuestionDraft{Title: "q"}}
	q, err := h.questions.Add(ctx, h.maker, in)
	require.NoError(t, err)
	again, err := h.questions.Add(ctx, h.maker, in)
	require.NoError(t, err)
	require.Equal(t, q, again)
	option := app.AddOption{PollID: id, QuestionID: q.ID(), Option: domain.OptionDraft{Title: "o"}}
	o, err := h.questions.AddOption(ctx, h.maker, option)
	require.NoError(t, err)
	same, err := h.questions.AddOption(ctx, h.maker, option)
	require.NoError(t, err)
	require.Equal(t, o, same)
}

func TestAPublishedQuestionnaireIsLocked(t *testing.T) {
	t.Parallel()
	h := newFixture(t)
	info := h.make(nil, 1)
	id, question, option, ctx := info.Poll.ID(), info.Questionnaire.Questions()[0].ID(), info.Questionnaire.Options()[0].ID(), h.as(h.maker)
	for range 2 { // active, then closed
		_, err := h.questions.Add(h.as(h.maker), h.maker, app.AddQuestion{PollID: id, Question: domain.QuestionDraft{Title: "q"}})
		require.ErrorIs(t, err, domain.ErrPollLocked)
		_, err = h.questions.Edit(ctx, h.maker, id, question, domain.QuestionEdit{})
		require.ErrorIs(t, err, domain.ErrPollLocked)
		require.ErrorIs(t, h.questions.Remove(ctx, h.maker, id, question), domain.ErrPollLocked)
		_, err = h.questions.AddOption(h.as(h.maker), h.maker, app.AddOption{PollID: id, QuestionID: question, Option: domain.OptionDraft{Title: "o"}})
		require.ErrorIs(t, err, domain.ErrPollLocked)
		_, err = h.questions.EditOption(ctx, h.maker, id, option, domain.OptionEdit{})
		require.ErrorIs(t, err, domain.ErrPollLocked)
		require.ErrorIs(t, h.questions.RemoveOption(ctx, h.maker, id, option), domain.ErrPollLocked)
		h.move(info, domain.StatusClosed)
	}
}

func TestAQuestionOfAnotherPollIsNotFound(t *testing.T) {
	t.Parallel()
	h := newFixture(t)
	mine, theirs := h.make(nil), h.make(nil, 1)
	ctx := h.as(h.maker)
	require.ErrorIs(t, h.questions.Remove(ctx, h.maker, mine.Poll.ID(), theirs.Questionnaire.Questions()[0].ID()), domain.ErrQuestionNotFound)
	require.ErrorIs(t, h.questions.RemoveOption(ctx, h.maker, mine.Poll.ID(), theirs.Questionnaire.Options()[0].ID()), domain.ErrOptionNotFound)
	_, err := h.questions.Add(ctx, h.maker, app.AddQuestion{PollID: uuid.New(), Question: domain.QuestionDraft{Title: "q"}})
	require.ErrorIs(t, err, domain.ErrPollNotFound)
}
