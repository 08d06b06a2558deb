package app

import (
	"context"

	"github.com/google/uuid"

	"go.updspace.com/libs/errs"
	"go.updspace.com/voting/domain"
)

// AddOption is what the maker of an option sends.
type AddOption struct {
	PollID     uuid.UUID
	QuestionID uuid.UUID
	Option     domain.OptionDraft
}

// Validate checks what can be told without looking anything up.
func (in AddOption) Validate() error {
	fields := errs.Fields{}
	fields.Check(in.QuestionID != uuid.Nil, "nomination_id", "is required")
	return fields.Err()
}

// AddOption puts an option to a question of a draft.
func (s *Questions) AddOption(ctx context.Context, by domain.Actor, in AddOption) (domain.Option, error) {
	if err := in.Validate(); err != nil {
		return domain.Option{}, err
	}
	if err := s.manage(ctx, by, in.PollID); err != nil {
		return domain.Option{}, err
	}
	id, err := s.once.Once(ctx, "createOption", in, func(ctx context.Context) (uuid.UUID, error) {
		paper, err := s.open(ctx, in.PollID)
		if err != nil {
			return uuid.Nil, err
		}
		_, option, err := paper.AddOption(in.QuestionID, in.Option)
		if err != nil {
			return uuid.Nil, err
		}
		return option.ID(), s.papers.AddOptions(ctx, option)
	})
	if err != nil {
		return domain.Option{}, err
	}
	paper, err := s.papers.Find(ctx, in.PollID)
	if err != nil {
		return domain.Option{}, err
	}
	return paper.Option(id)
}

// EditOption changes an option of a draft.
func (s *Questions) EditOption(ctx context.Context, by domain.Actor, poll, option uuid.UUID, edit domain.OptionEdit) (edited domain.Option, err error) {
	err = s.rewrite(ctx, by, poll, func(ctx context.Context, paper domain.Paper) error {
		if edited, err = paper.EditOption(option, edit); err != nil {
			return err
		}
		return s.papers.UpdateOption(ctx, edited)
	})
	return edited, err
}

// RemoveOption takes an option away from a draft.
func (s *Questions) RemoveOption(ctx context.Context, by domain.Actor, poll, option uuid.UUID) error {
	return s.rewrite(ctx, by, poll, func(ctx context.Context, paper domain.Paper) error {
		if _, err := paper.Option(option); err != nil {
			return err
		}
		return s.papers.DeleteOption(ctx, option)
	})
}
