package ports

import (
	"context"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/gamification/domain"
)

// Images stores the rows of uploaded pictures.
type Images interface {
	// Add stores an image without content. More than domain.MaxUploads of its author since a time are domain.ErrTooManyImages.
	Add(ctx context.Context, image domain.Image, since time.Time) error
	// Complete stores what is known of the content.
	Complete(ctx context.Context, image domain.Image) error
	// Find returns an image that has its content, or domain.ErrImageNotFound.
	Find(ctx context.Context, id uuid.UUID) (domain.Image, error)
	// Use notes that achievements get or lose images, which keeps those until UnusedImageLife from now, and returns the ids of no image.
	Use(ctx context.Context, now time.Time, ids ...uuid.UUID) (missing []uuid.UUID, err error)
	// Discard returns images of all tenants that no achievement has and that were used last before a time. They are not found any more.
	Discard(ctx context.Context, before time.Time, limit int) ([]domain.Image, error)
	Forget(ctx context.Context, ids ...uuid.UUID) error
}

// Pictures draws pictures.
type Pictures interface {
	// Sizes draws a picture once for each length of its longer side.
	Sizes(ctx context.Context, picture []byte, sides ...int) (drawn [][]byte, contentType string, err error)
	// PNG encodes a picture as PNG.
	PNG(ctx context.Context, picture []byte) ([]byte, error)
}
