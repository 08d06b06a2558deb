package ports

import (
	"context"

	"github.com/google/uuid"

	"go.updspace.com/voting/domain"
)

// Questionnaires stores the questions and options of polls. A caller that changes them holds the lock of the poll.
type Questionnaires interface {
	// Find returns the questionnaire of a poll; an empty one when the poll has none.
	Find(ctx context.Context, poll uuid.UUID) (domain.Questionnaire, error)
	AddQuestions(ctx context.Context, questions ...domain.Question) error
	UpdateQuestion(ctx context.Context, question domain.Question) error
	// DeleteQuestion removes a question with its options, or returns domain.ErrQuestionHasVotes.
	DeleteQuestion(ctx context.Context, id uuid.UUID) error
	AddOptions(ctx context.Context, options ...domain.Option) error
	UpdateOption(ctx context.Context, option domain.Option) error
	// DeleteOption removes an option, or returns domain.ErrOptionHasVotes.
	DeleteOption(ctx context.Context, id uuid.UUID) error
}
