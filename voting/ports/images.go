package ports

import (
	"context"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/voting/domain"
)

// Images stores the rows of pictures; their content is in a blob.Store.
type Images interface {
	// Add stores an image whose content is still to come. It returns domain.ErrTooManyImages when the poll has
	// domain.MaxImages. The poll must be locked.
	Add(ctx context.Context, image domain.Image) error
	// Find returns an image of a poll whose content is there, or domain.ErrImageNotFound.
	Find(ctx context.Context, poll, id uuid.UUID) (domain.Image, error)
	// Complete stores what is known of an image once its content is there.
	Complete(ctx context.Context, image domain.Image) error

	// Abandoned returns images of every tenant whose poll is deleted, and those made before a moment that no option of their
	// poll has, up to a number.
	Abandoned(ctx context.Context, before time.Time, limit int) ([]domain.Image, error)
	// Forget deletes the rows of images of any tenant.
	Forget(ctx context.Context, ids ...uuid.UUID) error
}
