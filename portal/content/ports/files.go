package ports

import (
	"context"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/portal/content/domain"
)

// Files stores the rows of files; their content is in a blob.Store.
type Files interface {
	// Add stores a file whose content is still to come. An attachment of an owner who has domain.MaxPending that are not
	// attached to a post, complete or not, is domain.ErrTooManyPending, however many are added at the same time.
	Add(ctx context.Context, file domain.File) error
	// Find returns a file whose content is there and that was not discarded, or domain.ErrFileNotFound.
	Find(ctx context.Context, id uuid.UUID) (domain.File, error)
	// FindEach returns those of the files that Find would find, in no order.
	FindEach(ctx context.Context, ids []uuid.UUID) ([]domain.File, error)
	// Complete stores what is known of a file once its content is there.
	Complete(ctx context.Context, file domain.File) error
	// Attach makes these the attachments of a post and discards its others. It reports false when one of them was attached to
	// another post or discarded meanwhile, and has then not attached all.
	Attach(ctx context.Context, post uuid.UUID, ids []uuid.UUID, at time.Time) (bool, error)
	// Describe stores the descriptions of files.
	Describe(ctx context.Context, files []domain.File) error
	// Discard marks files for removal.
	Discard(ctx context.Context, at time.Time, ids ...uuid.UUID) error

	// Abandoned returns files of every tenant that were discarded, or that were uploaded before a moment and are not
	// attached to anything, up to a number.
	Abandoned(ctx context.Context, before time.Time, limit int) ([]domain.File, error)
	// Forget deletes the rows of files of any tenant.
	Forget(ctx context.Context, ids ...uuid.UUID) error
}

// Avatars draws avatars.
type Avatars interface {
	// Avatar draws a picture upright and small. Content that is no picture is errs.Unsupported, one of too many pixels
	// errs.TooLarge.
	Avatar(ctx context.Context, picture []byte) ([]byte, error)
}
