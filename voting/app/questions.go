package app

import (
	"context"

	"github.com/google/uuid"

	"go.updspace.com/libs/errs"
	"go.updspace.com/voting/domain"
	"go.updspace.com/voting/ports"
)

// Questions are the use cases around the paper of a draft: its questions and their options.
type Questions struct {
	gate   gate
	polls  ports.Polls
	papers ports.Papers
	tx     ports.Tx
	once   ports.Once
}

// NewQuestions needs everything but its own rules from outside.
func NewQuestions(access ports.Access, polls ports.Polls, papers ports.Papers, tx ports.Tx, once ports.Once) *Questions {
	return &Questions{gate: gate{access}, polls: polls, papers: papers, tx: tx, once: once}
}

// AddQuestion is what the maker of a question sends.
type AddQuestion struct {
	PollID   uuid.UUID
	Question domain.QuestionDraft
}

// Validate checks what can be told without looking anything up.
func (in AddQuestion) Validate() error {
	fields := errs.Fields{}
	fields.Check(len(in.Question.Options) <= domain.MaxOptions, "options", "must be at most 200")
	return fields.Err()
}

// Add puts a question and its options on the paper of a draft.
func (s *Questions) Add(ctx context.Context, by domain.Actor, in AddQuestion) (domain.Question, error) {
	if err := in.Validate(); err != nil {
		return domain.Question{}, err
	}
	if err := s.manage(ctx, by, in.PollID); err != nil {
		return domain.Question{}, err
	}
	id, err := s.once.Once(ctx, "createNomination", in, func(ctx context.Context) (uuid.UUID, error) {
		paper, err := s.open(ctx, in.PollID)
		if err != nil {
			return uuid.Nil, err
		}
		written, question, err := paper.Add(in.PollID, in.Question)
		if err != nil {
			return uuid.Nil, err
		}
		if err := s.papers.AddQuestions(ctx, question); err != nil {
			return uuid.Nil, err
		}
		return question.ID(), s.papers.AddOptions(ctx, written.OptionsOf(question.ID())...)
	})
	if err != nil {
		return domain.Question{}, err
	}
	paper, err := s.papers.Find(ctx, in.PollID)
	if err != nil {
		return domain.Question{}, err
	}
	return paper.Question(id)
}

// Edit changes a question of a draft.
func (s *Questions) Edit(ctx context.Context, by domain.Actor, poll, question uuid.UUID, edit domain.QuestionEdit) (edited domain.Question, err error) {
	err = s.rewrite(ctx, by, poll, func(ctx context.Context, paper domain.Paper) error {
		if edited, err = paper.EditQuestion(question, edit); err != nil {
			return err
		}
		return s.papers.UpdateQuestion(ctx, edited)
	})
	return edited, err
}

// Remove takes a question and its options off the paper of a draft.
func (s *Questions) Remove(ctx context.Context, by domain.Actor, poll, question uuid.UUID) error {
	return s.rewrite(ctx, by, poll, func(ctx context.Context, paper domain.Paper) error {
		if _, err := paper.Question(question); err != nil {
			return err
		}
		return s.papers.DeleteQuestion(ctx, question)
	})
}

// rewrite runs fn on the paper of a draft, with the poll locked.
func (s *Questions) rewrite(ctx context.Context, by domain.Actor, poll uuid.UUID, fn func(context.Context, domain.Paper) error) error {
	if err := s.manage(ctx, by, poll); err != nil {
		return err
	}
	return s.tx.Do(ctx, func(ctx context.Context) error {
		paper, err := s.open(ctx, poll)
		if err != nil {
			return err
		}
		return fn(ctx, paper)
	})
}

func (s *Questions) manage(ctx context.Context, by domain.Actor, id uuid.UUID) error {
	poll, err := s.polls.Find(ctx, id)
	if err != nil {
		return err
	}
	return s.gate.manage(ctx, by, poll)
}

// open locks a draft, so that two editors of its paper come one after the other, and returns the paper.
func (s *Questions) open(ctx context.Context, id uuid.UUID) (domain.Paper, error) {
	poll, err := s.polls.Lock(ctx, id)
	if err != nil {
		return domain.Paper{}, err
	}
	if err := poll.Locked(); err != nil {
		return domain.Paper{}, err
	}
	return s.papers.Find(ctx, id)
}
