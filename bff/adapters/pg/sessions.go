package pg

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"go.updspace.com/bff/domain"
	"go.updspace.com/bff/ports"
	"go.updspace.com/libs/pg"
)

// Sessions is the store of record of sessions.
type Sessions struct {
	db    *pg.DB
	clock ports.Clock
}

var (
	_ ports.Sessions    = (*Sessions)(nil)
	_ ports.Revocations = (*Sessions)(nil)
)

// NewSessions makes the store.
func NewSessions(db *pg.DB, clock ports.Clock) *Sessions { return &Sessions{db: db, clock: clock} }

// Create implements ports.Sessions.
func (s *Sessions) Create(ctx context.Context, session domain.Session) error {
	return s.db.Do(bySecret(ctx), func(ctx context.Context) error {
		_, err := s.db.Conn(ctx).NewInsert().Model(fromSession(session)).Exec(ctx)
		return pg.Error(err)
	})
}

// Find implements ports.Sessions.
func (s *Sessions) Find(ctx context.Context, id domain.Hash) (domain.Session, error) {
	var row sessionRow
	err := s.db.Read(bySecret(ctx), func(ctx context.Context) error {
		err := s.db.Conn(ctx).NewSelect().Model(&row).
			Where("s.token_hash = ?", id[:]).Where("s.revoked_at IS NULL").Where("s.expires_at > ?", s.clock.Now()).
			Scan(ctx)
		if errors.Is(err, sql.ErrNoRows) {
			return domain.ErrUnauthenticated
		}
		return pg.Error(err)
	})
	if err != nil {
		return domain.Session{}, err
	}
	return toSession(&row), nil
}

// Revoke implements ports.Sessions. The time is the database's, so that the
// feed of revocations does not depend on the clocks of the instances.
func (s *Sessions) Revoke(ctx context.Context, id domain.Hash) error {
	return s.db.Do(bySecret(ctx), func(ctx context.Context) error {
		_, err := s.db.Conn(ctx).NewUpdate().Model((*sessionRow)(nil)).
			Set("revoked_at = clock_timestamp()").
			Where("s.token_hash = ?", id[:]).Where("s.revoked_at IS NULL").
			Exec(ctx)
		return pg.Error(err)
	})
}

// RevokedWithin implements ports.Revocations.
func (s *Sessions) RevokedWithin(ctx context.Context, window time.Duration) ([]domain.Hash, error) {
	var hashes [][]byte
	err := s.db.Read(pg.AcrossTenants(ctx, "feed of revoked sessions"), func(ctx context.Context) error {
		return pg.Error(s.db.Conn(ctx).NewSelect().Model((*sessionRow)(nil)).Column("token_hash").
			Where("s.revoked_at > clock_timestamp() - ? * interval '1 second'", window.Seconds()).
			Scan(ctx, &hashes))
	})
	if err != nil {
		return nil, err
	}
	ids := make([]domain.Hash, len(hashes))
	for i, h := range hashes {
		ids[i] = domain.Hash(h)
	}
	return ids, nil
}
