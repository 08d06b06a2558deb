package ports

import (
	"context"

	"go.updspace.com/portal/domain"
)

// Reaches tells where the caller of the request context holds permissions, for lists. The scope of a question is
// ignored: the answer is all scopes. Answers come in the order of the questions.
type Reaches interface {
	Reach(ctx context.Context, asks []domain.Ask) ([]domain.Reach, error)
}
