package app

import (
	"context"
	"log/slog"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/portal/domain"
	"go.updspace.com/portal/ports"
)

// Janitor clears away what nobody will ask for again: files that were given up or never attached, and posts that were
// deleted long ago. It works across tenants; the context it is given says so.
type Janitor struct {
	files ports.Files
	blobs ports.Blobs
	posts ports.Posts
	tx    ports.Tx
	clock ports.Clock
	log   *slog.Logger
}

const (
	sweepEvery = 5 * time.Minute
	sweepBatch = 100
	// deletedLife is how long a deleted post can still be looked into by whoever has to answer for it.
	deletedLife = 30 * 24 * time.Hour
)

// NewJanitor needs everything but its own rules from outside.
func NewJanitor(files ports.Files, blobs ports.Blobs, posts ports.Posts, tx ports.Tx, clock ports.Clock, log *slog.Logger) *Janitor {
	return &Janitor{files: files, blobs: blobs, posts: posts, tx: tx, clock: clock, log: log}
}

// Run sweeps now and then until ctx ends.
func (j *Janitor) Run(ctx context.Context) error {
	tick := time.NewTicker(sweepEvery)
	defer tick.Stop()
	for {
		if swept, err := j.Sweep(ctx); err != nil && ctx.Err() == nil {
			j.log.WarnContext(ctx, "clearing away is interrupted", "error", err)
		} else if swept > 0 {
			j.log.InfoContext(ctx, "cleared away", "files", swept)
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return nil
		}
	}
}

// Sweep clears away everything there is, and says how many files that were. A file goes after its content: what
// fails in between is found again. Two instances that sweep at once do the same twice, which does no harm.
func (j *Janitor) Sweep(ctx context.Context) (swept int, err error) {
	now := j.clock.Now()
	if _, err := j.posts.Purge(ctx, now.Add(-deletedLife)); err != nil {
		return 0, err
	}
	for {
		files, err := j.files.Abandoned(ctx, now.Add(-domain.PendingLife), sweepBatch)
		if err != nil || len(files) == 0 {
			return swept, err
		}
		gone := make([]uuid.UUID, 0, len(files))
		for _, file := range files {
			if err := j.blobs.Delete(ctx, file.Key()); err != nil {
				return swept, err
			}
			gone = append(gone, file.ID())
		}
		if err := j.tx.Do(ctx, func(ctx context.Context) error { return j.files.Forget(ctx, gone...) }); err != nil {
			return swept, err
		}
		swept += len(gone)
	}
}
