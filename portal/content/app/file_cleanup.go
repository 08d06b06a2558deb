package app

import (
	"context"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/libs/blob"
	"go.updspace.com/portal/content/domain"
)

// FileCleanup removes discarded files, pending files that were never attached, and posts deleted long ago. It works across
// tenants: its context must say so.
type FileCleanup struct{ Deps }

// deletedLife is how long a deleted post stays in the database, for questions about it.
const deletedLife = 30 * 24 * time.Hour

// Sweep removes everything that is due and returns the number of files. Two instances may sweep at the same time.
func (c FileCleanup) Sweep(ctx context.Context) (swept int, err error) {
	now := c.Clock.Now()
	if _, err := c.Posts.Purge(ctx, now.Add(-deletedLife)); err != nil {
		return 0, err
	}
	return blob.Sweep(ctx, c.Blobs, func(ctx context.Context, limit int) ([]domain.File, error) {
		return c.Files.Abandoned(ctx, now.Add(-domain.PendingLife), limit)
	}, domain.File.Key, func(ctx context.Context, files []domain.File) error {
		return c.Tx.Do(ctx, func(ctx context.Context) error { return c.Files.Forget(ctx, fileIDs(files)...) })
	})
}

func fileIDs(files []domain.File) []uuid.UUID {
	ids := make([]uuid.UUID, len(files))
	for i, file := range files {
		ids[i] = file.ID()
	}
	return ids
}
