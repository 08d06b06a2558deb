package pg

import (
	"context"
	"log/slog"
	"time"

	"go.updspace.com/bff/ports"
	"go.updspace.com/libs/pg"
)

const (
	// sessions stay for a while after their end, for questions about who was signed in
	keepSessions   = 30 * 24 * time.Hour
	retentionEvery = time.Hour
)

// Retention deletes what is over.
type Retention struct {
	db    *pg.DB
	clock ports.Clock
	log   *slog.Logger
}

// NewRetention makes the job.
func NewRetention(db *pg.DB, clock ports.Clock, log *slog.Logger) *Retention {
	return &Retention{db: db, clock: clock, log: log}
}

// Run sweeps every hour until ctx ends. Any number of instances may do so.
func (r *Retention) Run(ctx context.Context) error {
	tick := time.NewTicker(retentionEvery)
	defer tick.Stop()
	for {
		if err := r.Sweep(ctx); err != nil && ctx.Err() == nil {
			r.log.WarnContext(ctx, "deleting old sessions failed", "error", err)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

// Sweep deletes, once, sessions long over and sign-ins never finished.
func (r *Retention) Sweep(ctx context.Context) error {
	now := r.clock.Now()
	return r.db.Do(pg.AcrossTenants(ctx, "retention"), func(ctx context.Context) error {
		if _, err := r.db.Conn(ctx).NewDelete().Model((*sessionRow)(nil)).
			Where("s.expires_at < ?", now.Add(-keepSessions)).Exec(ctx); err != nil {
			return pg.Error(err)
		}
		_, err := r.db.Conn(ctx).NewDelete().Model((*attemptRow)(nil)).Where("a.expires_at < ?", now).Exec(ctx)
		return pg.Error(err)
	})
}
