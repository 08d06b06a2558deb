package pg

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"go.updspace.com/access/domain"
	"go.updspace.com/access/ports"
	"go.updspace.com/libs/pg"
)

const (
	// what has expired stays for a while, for questions about what was
	keepExpired = 30 * 24 * time.Hour
	// far longer than any client goes on repeating a create
	keepRequests   = 7 * 24 * time.Hour
	retentionEvery = time.Hour
	retentionBatch = 500
	retentionJob   = "retention of rights"
)

// Retention deletes what is over: bindings and overrides that expired, each
// with an entry in the journal, the journal's own entries when they are old
// enough, and remembered requests.
type Retention struct {
	db      *pg.DB
	journal *Journal
	clock   ports.Clock
	log     *slog.Logger
	keep    time.Duration // the journal
}

// NewRetention makes the job. keep is how long the journal keeps its entries.
func NewRetention(db *pg.DB, j *Journal, clock ports.Clock, log *slog.Logger, keep time.Duration) *Retention {
	return &Retention{db: db, journal: j, clock: clock, log: log, keep: keep}
}

// Run sweeps every hour until ctx ends. Any number of instances may do so.
func (r *Retention) Run(ctx context.Context) {
	tick := time.NewTicker(retentionEvery)
	defer tick.Stop()
	for {
		if err := r.Sweep(ctx); err != nil && ctx.Err() == nil {
			r.log.WarnContext(ctx, "deleting what is over failed", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// Sweep deletes everything that is over, once.
func (r *Retention) Sweep(ctx context.Context) error {
	ctx = pg.AcrossTenants(ctx, retentionJob)
	now := r.clock.Now()
	_, err := r.db.Prune(ctx, "audit_events", "created_at", now.Add(-r.keep))
	problems := []error{err}
	_, err = r.db.Prune(ctx, "idempotency", "created_at", now.Add(-keepRequests))
	problems = append(problems, err)
	for _, batch := range []func(context.Context, time.Time) (int, error){r.bindings, r.overrides} {
		for n, err := retentionBatch, error(nil); n == retentionBatch && err == nil; {
			if n, err = batch(ctx, now); err != nil {
				problems = append(problems, err)
			}
		}
	}
	return errors.Join(problems...)
}

func (r *Retention) bindings(ctx context.Context, now time.Time) (n int, err error) {
	var rows []boundRow
	err = r.db.Do(ctx, func(ctx context.Context) error {
		err := r.db.Conn(ctx).NewDelete().Model(&rows).
			Where("b.id IN (SELECT id FROM role_bindings WHERE expires_at < ? LIMIT ? FOR UPDATE SKIP LOCKED)", now.Add(-keepExpired), retentionBatch).
			Returning("b.tenant_id, b.id, b.user_id, b.scope_type, b.scope_id, b.role_id").Scan(ctx)
		if err != nil {
			return pg.Error(err)
		}
		entries := make([]domain.Entry, len(rows))
		for i := range rows {
			entries[i] = domain.Change{Tenant: rows[i].TenantID, At: now}.BindingExpired(rows[i].toDomain())
		}
		return r.journal.Record(ctx, entries...)
	})
	return len(rows), err
}

func (r *Retention) overrides(ctx context.Context, now time.Time) (n int, err error) {
	var rows []overrideRow
	err = r.db.Do(ctx, func(ctx context.Context) error {
		err := r.db.Conn(ctx).NewDelete().Model(&rows).
			Where("o.id IN (SELECT id FROM policy_overrides WHERE expires_at < ? LIMIT ? FOR UPDATE SKIP LOCKED)", now.Add(-keepExpired), retentionBatch).
			Returning("o.*").Scan(ctx)
		if err != nil {
			return pg.Error(err)
		}
		entries := make([]domain.Entry, len(rows))
		for i := range rows {
			entries[i] = domain.Change{Tenant: rows[i].TenantID, At: now}.OverrideExpired(rows[i].toDomain())
		}
		return r.journal.Record(ctx, entries...)
	})
	return len(rows), err
}
