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

// AddOption is the input of Questions.AddOption.
type AddOption struct {
	PollID     uuid.UUID
	QuestionID uuid.UUID
	Option     domain.OptionDraft
}

// Validate checks what needs no lookup.
func (in AddOption) Validate() error {
	fields := errs.Fields{}
	fields.Check(in.QuestionID != uuid.Nil, "nomination_id", why.Required)
	return fields.Err()
}

// AddOption adds an option to a question of a draft.
func (s *Questions) AddOption(ctx context.Context, by authz.Actor, in AddOption) (domain.Option, error) {
	if err := in.Validate(); err != nil {
		return domain.Option{}, err
	}
	if err := s.requireEdit(ctx, by, in.PollID); err != nil {
		return domain.Option{}, err
	}
	return idempotency.Once(ctx, s.Once, "createOption", in, func(ctx context.Context) (domain.Option, error) {
		questionnaire, err := s.lockDraft(ctx, in.PollID)
		if err != nil {
			return domain.Option{}, err
		}
		_, option, err := questionnaire.AddOption(in.QuestionID, in.Option)
		if err != nil {
			return domain.Option{}, err
		}
		return option, s.Questionnaires.AddOptions(ctx, option)
	}, domain.Option.ID, func(ctx context.Context, id uuid.UUID) (domain.Option, error) {
		questionnaire, err := s.Questionnaires.Find(ctx, in.PollID)
		if err != nil {
			return domain.Option{}, err
		}
		return questionnaire.Option(id)
	})
}

// EditOption changes an option of a draft.
func (s *Questions) EditOption(ctx context.Context, by authz.Actor, poll, option uuid.UUID, edit domain.OptionEdit) (edited domain.Option, err error) {
	err = s.editDraft(ctx, by, poll, func(ctx context.Context, questionnaire domain.Questionnaire) error {
		if edited, err = questionnaire.EditOption(option, edit); err != nil {
			return err
		}
		return s.Questionnaires.UpdateOption(ctx, edited)
	})
	return edited, err
}

// RemoveOption removes an option from a draft.
func (s *Questions) RemoveOption(ctx context.Context, by authz.Actor, poll, option uuid.UUID) error {
	return s.editDraft(ctx, by, poll, func(ctx context.Context, questionnaire domain.Questionnaire) error {
		if _, err := questionnaire.Option(option); err != nil {
			return err
		}
		return s.Questionnaires.DeleteOption(ctx, option)
	})
}
