package ports

import (
	"context"
	"io"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/portal/domain"
)

// Files keeps what is known of files; their content is in Blobs.
type Files interface {
	Add(ctx context.Context, file domain.File) error
	// Find returns a file whose content is there and that was not discarded, or domain.ErrFileNotFound.
	Find(ctx context.Context, id uuid.UUID) (domain.File, error)
	// FindEach returns those of the files that Find would find, in no order.
	FindEach(ctx context.Context, ids []uuid.UUID) ([]domain.File, error)
	// Complete stores what is known of a file once its content is there.
	Complete(ctx context.Context, file domain.File) error
	// Pending counts the attachments of a person that are not attached, arrived or not.
	Pending(ctx context.Context, owner uuid.UUID) (int, error)
	// Attach makes these the attachments of a post and discards those that it had besides. It reports false and has
	// attached not all of them when one was attached elsewhere or discarded meanwhile.
	Attach(ctx context.Context, post uuid.UUID, ids []uuid.UUID, at time.Time) (bool, error)
	// Discard gives files up.
	Discard(ctx context.Context, at time.Time, ids ...uuid.UUID) error

	// Abandoned returns files of every tenant that were discarded, or that were uploaded before a moment and are not
	// attached to anything, up to a number.
	Abandoned(ctx context.Context, before time.Time, limit int) ([]domain.File, error)
	// Forget removes files of any tenant whose content is gone.
	Forget(ctx context.Context, ids ...uuid.UUID) error
}

// Blobs keeps the content of files. Keys are made by domain.File alone.
type Blobs interface {
	// Put stores everything that content has, or nothing: when reading fails, so does Put, and the key stays as it was.
	Put(ctx context.Context, key string, content io.Reader) error
	// Open returns the content, or domain.ErrFileNotFound.
	Open(ctx context.Context, key string) (io.ReadCloser, error)
	// Delete removes the content. What is not there is fine.
	Delete(ctx context.Context, key string) error
	// Link is an address that anybody can download the content from for a while, or "" when the store gives out none.
	Link(ctx context.Context, key string, as BlobLink) (string, error)
}

// BlobLink says how content is delivered through a link, and for how long.
type BlobLink struct {
	Name        string
	ContentType string
	Inline      bool
	Life        time.Duration
}

// Sniffer tells from the first bytes of a file, 512 if there are as many, what it is.
type Sniffer interface {
	ContentType(head []byte) string
}

// Pictures draws avatars.
type Pictures interface {
	// Avatar reads a picture and draws it anew, small, and of nothing but what can be seen. What is none is
	// domain.ErrNotAPicture, one of too many pixels domain.ErrPictureTooLarge.
	Avatar(content io.Reader) (drawn io.Reader, err error)
}
