// Package blob keeps the content of files: in a folder, for development and for a platform on one machine, or in an
// S3-compatible store (package s3). Package upload takes files in, package blobhttp answers requests with them, and Sweep
// removes them. Package blobtest has the suite that every store passes.
package blob

import (
	"context"
	"io"
	"time"

	"go.updspace.com/libs/errs"
)

// ErrNotFound is returned for a key that has no content.
var ErrNotFound = errs.New(errs.NotFound, "NOT_FOUND", "There is no such file.")

// Store keeps content by key. Keys are made by the service, never by its callers.
type Store interface {
	// Put stores everything that content has, or nothing: when reading fails, so does Put, and the key stays as it was.
	Put(ctx context.Context, key string, content io.Reader) error
	// Open returns the content, or ErrNotFound.
	Open(ctx context.Context, key string) (io.ReadSeekCloser, error)
	// Delete removes the content, if there is any.
	Delete(ctx context.Context, key string) error
	// Link returns an address from which the content can be downloaded without authentication for a while; it is empty when
	// the store makes no such addresses.
	Link(ctx context.Context, key string, as Link) (string, error)
}

// Link says how content is delivered from an address, and for how long.
type Link struct {
	Name        string
	ContentType string
	Inline      bool
	Life        time.Duration
}
