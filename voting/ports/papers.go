package ports

import (
	"context"

	"github.com/google/uuid"

	"go.updspace.com/voting/domain"
)

// Papers keeps the questions and options of polls. Whoever changes a paper holds the lock of its poll.
type Papers interface {
	// Find returns the paper of a poll; an empty one when the poll has none.
	Find(ctx context.Context, poll uuid.UUID) (domain.Paper, error)
	AddQuestions(ctx context.Context, questions ...domain.Question) error
	UpdateQuestion(ctx context.Context, question domain.Question) error
	// DeleteQuestion removes a question with its options; domain.ErrQuestionHasVotes when ballots chose one.
	DeleteQuestion(ctx context.Context, id uuid.UUID) error
	AddOptions(ctx context.Context, options ...domain.Option) error
	UpdateOption(ctx context.Context, option domain.Option) error
	// DeleteOption removes an option; domain.ErrOptionHasVotes when ballots chose it.
	DeleteOption(ctx context.Context, id uuid.UUID) error
}
