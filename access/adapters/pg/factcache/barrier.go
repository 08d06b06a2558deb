package factcache

import (
	"context"
	"time"

	"go.updspace.com/access/ports"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/pg"
)

// Tx is a ports.Tx that returns from a committed change when no instance can decide by the facts before it.
type Tx struct{ db *pg.DB }

var _ ports.Tx = (*Tx)(nil)

// NewTx runs transactions of db.
func NewTx(db *pg.DB) *Tx { return &Tx{db: db} }

// ownTx marks the context of a transaction that a Tx began: that Tx waits for the barrier.
type ownTx struct{}

// Do implements ports.Tx. Inside a transaction it joins it, and the barrier follows its commit.
//
// An error of kind Unavailable may mean that the change is stored but not acknowledged by every instance. Repeating the
// request tells.
func (t *Tx) Do(ctx context.Context, fn func(ctx context.Context) error) error {
	if t.db.InTx(ctx) {
		if ctx.Value(ownTx{}) == nil {
			// An event consumer's transaction. A missing acknowledgement has no caller to be reported to, and the
			// transaction in ctx is over by then.
			t.db.AfterCommit(ctx, func() { _ = t.waitForInstances(context.Background()) })
		}
		return t.db.Do(ctx, fn)
	}
	if err := t.db.Do(context.WithValue(ctx, ownTx{}, true), fn); err != nil {
		return err
	}
	return t.waitForInstances(ctx)
}

// maxWait is far longer than a lease: it is reached only if an instance renews its lease without acknowledging, or if
// the database is away.
const maxWait = 5 * leaseTime

const (
	sendBarrier = `
WITH barrier AS MATERIALIZED (SELECT nextval('barriers') AS number)
SELECT number FROM barrier, pg_notify('access_changes', number::text)`
	anyUnacknowledged = `SELECT EXISTS (SELECT FROM leases WHERE acknowledged < ? AND until > clock_timestamp())`
)

// waitForInstances waits until every instance with a live lease has processed all notifications committed before.
func (t *Tx) waitForInstances(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, maxWait)
	defer cancel()
	if err := t.pollBarrier(ctx); err != nil {
		return errs.Unavailablef("The change is stored, but may not be known everywhere yet. Try again in a moment.").Wrap(err).WithRetryAfter(leaseTime)
	}
	return nil
}

func (t *Tx) pollBarrier(ctx context.Context) error {
	var barrier int64
	if err := t.db.Conn(ctx).QueryRowContext(ctx, sendBarrier).Scan(&barrier); err != nil {
		return pg.Error(err)
	}
	const first, longest = 500 * time.Microsecond, 20 * time.Millisecond
	for pause := first; ; pause = min(2*pause, longest) {
		var waiting bool
		if err := t.db.Conn(ctx).QueryRowContext(ctx, anyUnacknowledged, barrier).Scan(&waiting); err != nil || !waiting {
			return pg.Error(err)
		}
		timer := time.NewTimer(pause)
		select {
		case <-timer.C:
		case <-ctx.Done():
			timer.Stop()
			return ctx.Err()
		}
	}
}
