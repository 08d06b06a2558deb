package pg

import (
	"context"
	"database/sql"
	"errors"

	"go.updspace.com/bff/domain"
	"go.updspace.com/bff/ports"
	"go.updspace.com/libs/pg"
)

// Attempts keeps sign-ins under way. They are in PostgreSQL and not in Redis so
// that signing in works while Redis is away.
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

// Take implements ports.Attempts: one DELETE, so of two takers one finds the row.
func (a *Attempts) Take(ctx context.Context, state domain.Hash) (domain.Attempt, error) {
	var row attemptRow
	err := a.db.Do(bySecret(ctx), func(ctx context.Context) error {
		err := a.db.Conn(ctx).NewDelete().Model(&row).
			Where("a.state_hash = ?", state[:]).Returning("*").
			Scan(ctx)
		if errors.Is(err, sql.ErrNoRows) {
			return domain.ErrInvalidState
		}
		return pg.Error(err)
	})
	if err != nil {
		return domain.Attempt{}, err
	}
	return toAttempt(&row), nil
}
