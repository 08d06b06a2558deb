package pg

import (
	"context"
	"time"

	"go.updspace.com/bff/domain"
	"go.updspace.com/bff/ports"
	"go.updspace.com/libs/pg"
)

const (
	keepSessions = 30 * 24 * time.Hour // after their end, for questions about who was signed in
	keepSignOuts = 24 * time.Hour      // longer than any sign-in takes that began before
)

// Retention deletes sessions, sign-ins and sign-outs that are long over.
type Retention struct {
	db    *pg.DB
	clock ports.Clock
}

// NewRetention makes the store.
func NewRetention(db *pg.DB, clock ports.Clock) *Retention {
	return &Retention{db: db, clock: clock}
}

// Sweep runs the deletion once. Any number of instances may do so at the same time.
func (r *Retention) Sweep(ctx context.Context) error {
	now := r.clock.Now()
	return r.db.Do(pg.AcrossTenants(ctx, "retention"), func(ctx context.Context) error {
		for _, over := range []struct {
			rows   any
			where  string
			before time.Time
		}{
			{(*sessionRow)(nil), "s.expires_at < ?", now.Add(-keepSessions)},
			{(*attemptRow)(nil), "a.expires_at < ?", now},
			{(*signOutRow)(nil), "o.ended_at < ? AND o.confirmed_at IS NOT NULL", now.Add(-keepSignOuts)},
			{(*logoutTokenRow)(nil), "l.issued_at < ?", now.Add(-2 * domain.LogoutTokenAge)},
		} {
			if _, err := r.db.Conn(ctx).NewDelete().Model(over.rows).Where(over.where, over.before).Exec(ctx); err != nil {
				return pg.Error(err)
			}
		}
		return nil
	})
}
