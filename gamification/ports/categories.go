package ports

import (
	"context"

	"github.com/google/uuid"

	"go.updspace.com/gamification/domain"
)

// Categories stores categories.
type Categories interface {
	// List lists all categories in the order in which they are shown.
	List(ctx context.Context) ([]domain.Category, error)
	// Find returns a category by the id that it is stored under, or domain.ErrCategoryNotFound.
	Find(ctx context.Context, id uuid.UUID) (domain.Category, error)
	// Lock returns a category by its slug, or domain.ErrCategoryNotFound, and makes other changes of it wait until Tx.Do ends.
	Lock(ctx context.Context, slug string) (domain.Category, error)
	// FindOpen returns a category by its slug, or domain.ErrCategoryNotFound, and keeps it from being changed until Tx.Do ends.
	FindOpen(ctx context.Context, slug string) (domain.Category, error)
	// LockAll is List, and makes other changes of the categories wait until Tx.Do ends.
	LockAll(ctx context.Context) ([]domain.Category, error)
	// Add stores a new category. A slug that is taken is domain.ErrCategoryExists.
	Add(ctx context.Context, category domain.Category) error
	Update(ctx context.Context, categories ...domain.Category) error
	// Delete removes a category. One that an achievement is in is domain.ErrCategoryUsed.
	Delete(ctx context.Context, id uuid.UUID) error
	// MoveAchievements puts the achievements of a category into another one, and says how many there were.
	MoveAchievements(ctx context.Context, from, into uuid.UUID) (int, error)
}
