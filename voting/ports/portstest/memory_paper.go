package portstest

import (
	"context"
	"maps"

	"github.com/google/uuid"

	"go.updspace.com/voting/domain"
)

type memoryPapers struct{ *Memory }

func (m memoryPapers) Find(ctx context.Context, poll uuid.UUID) (paper domain.Paper, err error) {
	m.use(ctx, func(s *state) {
		if _, err := s.poll(ctx, poll); err != nil {
			return
		}
		var questions []domain.Question
		for _, q := range s.questions {
			if q.Data().PollID == poll {
				questions = append(questions, q)
			}
		}
		var options []domain.Option
		for _, o := range s.options {
			if o.Data().PollID == poll {
				options = append(options, o)
			}
		}
		paper = domain.RestorePaper(questions, options)
	})
	return paper, nil
}

func (m memoryPapers) AddQuestions(ctx context.Context, questions ...domain.Question) (err error) {
	m.use(ctx, func(s *state) {
		for _, q := range questions {
			if s.placeTaken(q) {
				err = domain.ErrSortOrderTaken
				return
			}
			s.questions[q.ID()] = q
		}
	})
	return err
}

func (m memoryPapers) UpdateQuestion(ctx context.Context, q domain.Question) (err error) {
	m.use(ctx, func(s *state) {
		if s.placeTaken(q) {
			err = domain.ErrSortOrderTaken
			return
		}
		s.questions[q.ID()] = q
	})
	return err
}

func (s *state) placeTaken(q domain.Question) bool {
	for _, other := range s.questions {
		if other.ID() != q.ID() && other.Data().PollID == q.Data().PollID && other.Data().SortOrder == q.Data().SortOrder {
			return true
		}
	}
	return false
}

func (m memoryPapers) DeleteQuestion(ctx context.Context, id uuid.UUID) (err error) {
	m.use(ctx, func(s *state) {
		for _, b := range s.ballots {
			if b.Data().QuestionID == id {
				err = domain.ErrQuestionHasVotes
				return
			}
		}
		delete(s.questions, id)
		maps.DeleteFunc(s.options, func(_ uuid.UUID, o domain.Option) bool { return o.Data().QuestionID == id })
	})
	return err
}

func (m memoryPapers) AddOptions(ctx context.Context, options ...domain.Option) error {
	m.use(ctx, func(s *state) {
		for _, o := range options {
			s.options[o.ID()] = o
		}
	})
	return nil
}

func (m memoryPapers) UpdateOption(ctx context.Context, o domain.Option) error {
	return m.AddOptions(ctx, o)
}

func (m memoryPapers) DeleteOption(ctx context.Context, id uuid.UUID) (err error) {
	m.use(ctx, func(s *state) {
		for _, b := range s.ballots {
			if b.Data().OptionID == id {
				err = domain.ErrOptionHasVotes
				return
			}
		}
		delete(s.options, id)
	})
	return err
}
