package pg

import (
	"context"

	"github.com/uptrace/bun"

	"go.updspace.com/bff/domain"
	"go.updspace.com/bff/ports"
	"go.updspace.com/libs/pg"
)

// Attempts stores sign-ins under way.
type Attempts struct{ db *pg.DB }

var _ ports.Attempts = (*Attempts)(nil)

// NewAttempts makes the store.
func NewAttempts(db *pg.DB) *Attempts { return &Attempts{db: db} }

// Save implements ports.Attempts.
func (a *Attempts) Save(ctx context.Context, attempt domain.Attempt) error {
	return a.db.Do(bySecret(ctx), func(ctx context.Context) error {
		_, err := a.db.Conn(ctx).NewInsert().Model(fromAttempt(attempt)).Exec(ctx)
		return pg.Error(err)
	})
}

// Take implements ports.Attempts. The row is locked before it is read, so that one of two takers sees it unused.
func (a *Attempts) Take(ctx context.Context, state, browser domain.Hash) (attempt domain.Attempt, err error) {
	err = a.db.Do(bySecret(ctx), func(ctx context.Context) (err error) {
		attempt, err = pg.One(ctx, a.db, domain.ErrInvalidState, toAttempt, func(q *bun.SelectQuery) *bun.SelectQuery {
			return q.Where("a.state_hash = ?", state[:]).Where("a.browser_hash = ?", browser[:]).For("UPDATE")
		})
		if err != nil || attempt.Used {
			return err
		}
		_, err = a.db.Conn(ctx).NewUpdate().Model((*attemptRow)(nil)).Set("used_at = clock_timestamp()").
			Where("a.state_hash = ?", state[:]).Exec(ctx)
		return pg.Error(err)
	})
	return attempt, err
}
