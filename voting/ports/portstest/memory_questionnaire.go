package portstest

import (
	"context"

	"github.com/google/uuid"

	"go.updspace.com/voting/domain"
)

type memoryQuestionnaires struct{ *Memory }

func (m memoryQuestionnaires) Find(ctx context.Context, poll uuid.UUID) (questionnaire domain.Questionnaire, err error) {
	err = m.Do(ctx, func(ctx context.Context) error {
		questionnaire = domain.RestoreQuestionnaire(
			m.questions.All(ctx, func(q domain.Question) bool { return q.Data().PollID == poll }),
			m.options.All(ctx, func(o domain.Option) bool { return o.Data().PollID == poll }))
		return nil
	})
	return questionnaire, err
}

func (m memoryQuestionnaires) AddQuestions(ctx context.Context, questions ...domain.Question) error {
	return m.Do(ctx, func(ctx context.Context) error {
		for _, q := range questions {
			if _, taken := m.questions.First(ctx, func(other domain.Question) bool {
				return other.ID() != q.ID() && other.Data().PollID == q.Data().PollID && other.Data().SortOrder == q.Data().SortOrder
			}); taken {
				return domain.ErrSortOrderTaken
			}
			m.questions.Put(ctx, q.ID(), q)
		}
		return nil
	})
}

func (m memoryQuestionnaires) UpdateQuestion(ctx context.Context, q domain.Question) error {
	return m.AddQuestions(ctx, q)
}

func (m memoryQuestionnaires) DeleteQuestion(ctx context.Context, id uuid.UUID) error {
	return m.Do(ctx, func(ctx context.Context) error {
		if _, voted := m.ballots.First(ctx, func(b domain.Ballot) bool { return b.Data().QuestionID == id }); voted {
			return domain.ErrQuestionHasVotes
		}
		m.questions.Delete(ctx, func(q domain.Question) bool { return q.ID() == id })
		m.options.Delete(ctx, func(o domain.Option) bool { return o.Data().QuestionID == id })
		return nil
	})
}

func (m memoryQuestionnaires) AddOptions(ctx context.Context, options ...domain.Option) error {
	return m.Do(ctx, func(ctx context.Context) error {
		for _, o := range options {
			m.options.Put(ctx, o.ID(), o)
		}
		return nil
	})
}

func (m memoryQuestionnaires) UpdateOption(ctx context.Context, o domain.Option) error {
	return m.AddOptions(ctx, o)
}

func (m memoryQuestionnaires) DeleteOption(ctx context.Context, id uuid.UUID) error {
	return m.Do(ctx, func(ctx context.Context) error {
		if _, voted := m.ballots.First(ctx, func(b domain.Ballot) bool { return b.Data().OptionID == id }); voted {
			return domain.ErrOptionHasVotes
		}
		m.options.Delete(ctx, func(o domain.Option) bool { return o.ID() == id })
		return nil
	})
}
