package pg

import (
	"context"
	"time"

	"go.updspace.com/access/ports"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/pg"
)

// Tx makes changes whole, and done only when every instance knows: Do returns
// when no decision is made from what was true before.
type Tx struct{ db *pg.DB }

var _ ports.Tx = (*Tx)(nil)

// NewTx makes transactions of db.
func NewTx(db *pg.DB) *Tx { return &Tx{db: db} }

// waits marks a context whose transaction a Tx began and waits for.
type waits struct{}

// Do implements ports.Tx. Inside of a transaction it joins it, and the waiting
// comes at the end of that.
//
// An error of kind Unavailable may mean that the change was made and that some
// instance could not be heard of: whoever repeats the request learns which.
func (t *Tx) Do(ctx context.Context, fn func(ctx context.Context) error) error {
	if t.db.InTx(ctx) {
		if ctx.Value(waits{}) == nil {
			// A consumer's: there is nobody to tell if an instance is not heard of.
			// ctx is no use any more, because the transaction in it is over.
			t.db.AfterCommit(ctx, func() { _ = t.settle(context.Background()) })
		}
		return t.db.Do(ctx, fn)
	}
	if err := t.db.Do(context.WithValue(ctx, waits{}, true), fn); err != nil {
		return err
	}
	return t.settle(ctx)
}

// waitAtMost is far more than a lease lasts: only an instance that renews its
// lease and does not answer, or a database that went away, gets there.
const waitAtMost = 5 * leaseTime

const (
	drawBarrier = `
WITH barrier AS MATERIALIZED (SELECT nextval('barriers') AS number)
SELECT number FROM barrier, pg_notify('access_changes', number::text)`
	notHeard = `SELECT EXISTS (SELECT FROM leases WHERE heard < ? AND until > clock_timestamp())`
)

// settle waits until every instance that may remember has heard of all that
// was committed before.
func (t *Tx) settle(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, waitAtMost)
	defer cancel()
	err := t.await(ctx)
	if err != nil {
		return errs.Unavailablef("The change is stored, but may not be known everywhere yet. Try again in a moment.").Wrap(err).WithRetryAfter(leaseTime)
	}
	return nil
}

func (t *Tx) await(ctx context.Context) error {
	var barrier int64
	if err := t.db.Conn(ctx).QueryRowContext(ctx, drawBarrier).Scan(&barrier); err != nil {
		return pg.Error(err)
	}
	const first, longest = 500 * time.Microsecond, 20 * time.Millisecond
	for pause := first; ; pause = min(2*pause, longest) {
		var waiting bool
		if err := t.db.Conn(ctx).QueryRowContext(ctx, notHeard, barrier).Scan(&waiting); err != nil || !waiting {
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
