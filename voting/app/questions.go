package app

import (
	"context"

	"github.com/google/uuid"

	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/errs/why"
	"go.updspace.com/libs/idempotency"
	"go.updspace.com/voting/domain"
)

// Questions are the use cases of the questionnaire of a draft: its questions and their options.
type Questions struct{ Deps }

// AddQuestion is the input of Questions.Add.
type AddQuestion struct {
	PollID   uuid.UUID
	Question domain.QuestionDraft
}

// Validate checks what needs no lookup.
func (in AddQuestion) Validate() error {
	fields := errs.Fields{}
	fields.Check(len(in.Question.Options) <= domain.MaxOptions, "options", why.TooMany(domain.MaxOptions))
	return fields.Err()
}

// Add adds a question with its options to a draft.
func (s *Questions) Add(ctx context.Context, by authz.Actor, in AddQuestion) (domain.Question, error) {
	if err := in.Validate(); err != nil {
		return domain.Question{}, err
	}
	if err := s.requireEdit(ctx, by, in.PollID); err != nil {
		return domain.Question{}, err
	}
	return idempotency.Once(ctx, s.Once, "createNomination", in, func(ctx context.Context) (domain.Question, error) {
		questionnaire, err := s.lockDraft(ctx, in.PollID)
		if err != nil {
			return domain.Question{}, err
		}
		added, question, err := questionnaire.Add(in.PollID, in.Question)
		if err != nil {
			return domain.Question{}, err
		}
		if err := s.Questionnaires.AddQuestions(ctx, question); err != nil {
			return domain.Question{}, err
		}
		return question, s.Questionnaires.AddOptions(ctx, added.OptionsOf(question.ID())...)
	}, domain.Question.ID, func(ctx context.Context, id uuid.UUID) (domain.Question, error) {
		questionnaire, err := s.Questionnaires.Find(ctx, in.PollID)
		if err != nil {
			return domain.Question{}, err
		}
		return questionnaire.Question(id)
	})
}

// Edit changes a question of a draft.
func (s *Questions) Edit(ctx context.Context, by authz.Actor, poll, question uuid.UUID, edit domain.QuestionEdit) (edited domain.Question, err error) {
	err = s.editDraft(ctx, by, poll, func(ctx context.Context, questionnaire domain.Questionnaire) error {
		if edited, err = questionnaire.EditQuestion(question, edit); err != nil {
			return err
		}
		return s.Questionnaires.UpdateQuestion(ctx, edited)
	})
	return edited, err
}

// Remove removes a question with its options from a draft.
func (s *Questions) Remove(ctx context.Context, by authz.Actor, poll, question uuid.UUID) error {
	return s.editDraft(ctx, by, poll, func(ctx context.Context, questionnaire domain.Questionnaire) error {
		if _, err := questionnaire.Question(question); err != nil {
			return err
		}
		return s.Questionnaires.DeleteQuestion(ctx, question)
	})
}

// editDraft calls fn with the questionnaire of a draft, while the poll is locked.
func (s *Questions) editDraft(ctx context.Context, by authz.Actor, poll uuid.UUID, fn func(context.Context, domain.Questionnaire) error) error {
	if err := s.requireEdit(ctx, by, poll); err != nil {
		return err
	}
	return s.Tx.Do(ctx, func(ctx context.Context) error {
		questionnaire, err := s.lockDraft(ctx, poll)
		if err != nil {
			return err
		}
		return fn(ctx, questionnaire)
	})
}

// requireEdit refuses callers who may not edit the questionnaire.
func (s *Questions) requireEdit(ctx context.Context, by authz.Actor, id uuid.UUID) error {
	poll, err := s.Polls.Find(ctx, id)
	if err != nil {
		return err
	}
	access, err := authorizer{s.Deps}.loadAccess(ctx, by, poll)
	if err == nil && !access.CanEditQuestions {
		err = authz.Denied(domain.PermissionPollsAdmin)
	}
	return err
}

// lockDraft locks a draft, so that changes of its questionnaire happen one after another, and returns the questionnaire.
func (s *Questions) lockDraft(ctx context.Context, id uuid.UUID) (domain.Questionnaire, error) {
	poll, err := s.Polls.Lock(ctx, id)
	if err != nil {
		return domain.Questionnaire{}, err
	}
	if err := poll.CanEditQuestions(); err != nil {
		return domain.Questionnaire{}, err
	}
	return s.Questionnaires.Find(ctx, id)
}
