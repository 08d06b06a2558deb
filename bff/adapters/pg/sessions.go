package pg

import (
	"context"
	"encoding/hex"
	"errors"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect/pgdialect"

	"go.updspace.com/bff/domain"
	"go.updspace.com/bff/ports"
	"go.updspace.com/libs/pg"
)

// Sessions stores sessions and their ends. Ending a session returns when no instance has it in its cache any more.
type Sessions struct{ db *pg.DB }

var _ ports.SignOuts = (*Sessions)(nil)

// NewSessions makes the store.
func NewSessions(db *pg.DB) *Sessions { return &Sessions{db: db} }

// Find implements the method of ports.Sessions, without a cache.
func (s *Sessions) Find(ctx context.Context, id domain.Hash) (domain.Session, error) {
	var row sessionRow
	if err := s.db.Read(bySecret(ctx), func(ctx context.Context) error {
		return pg.NotFound(s.db.QueryRow(ctx, &row, `SELECT token_hash, tenant_id, user_id, sid, created_at, expires_at
			FROM sessions WHERE token_hash = $1 AND revoked_at IS NULL`, id[:]), domain.ErrUnauthenticated)
	}); err != nil {
		return domain.Session{}, err
	}
	return toSession(&row), nil
}

// lockSID makes the opening and the ending of sessions of one sign-in wait for each other.
const lockSID = `SELECT pg_advisory_xact_lock(hashtextextended(?::text, 0))`

// change runs fn in a transaction that holds the lock of a sign-in.
func (s *Sessions) change(ctx context.Context, sid uuid.UUID, fn func(ctx context.Context) error) error {
	return s.db.Do(bySecret(ctx), func(ctx context.Context) error {
		if _, err := s.db.Conn(ctx).ExecContext(ctx, lockSID, sid); err != nil {
			return pg.Error(err)
		}
		return fn(ctx)
	})
}

// Create implements ports.Sessions.
func (s *Sessions) Create(ctx context.Context, session domain.Session) error {
	return s.change(ctx, session.SID, func(ctx context.Context) error {
		ended, err := s.db.Conn(ctx).NewSelect().Model((*signOutRow)(nil)).Where("o.sid = ?", session.SID).Exists(ctx)
		if err != nil {
			return pg.Error(err)
		}
		if ended {
			return domain.ErrSignedOut
		}
		_, err = s.db.Conn(ctx).NewInsert().Model(fromSession(session)).Exec(ctx)
		return pg.Error(err)
	})
}

// End implements ports.Sessions.
func (s *Sessions) End(ctx context.Context, id domain.Hash) error {
	return s.settled(ctx, s.db.Do(bySecret(ctx), func(ctx context.Context) error {
		return s.end(ctx, "s.token_hash = ?", id[:])
	}))
}

// end ends sessions and announces each to the caches, at the commit.
func (s *Sessions) end(ctx context.Context, where string, args ...any) error {
	var ended []sessionRow
	err := s.db.Conn(ctx).NewUpdate().Model(&ended).Set("revoked_at = clock_timestamp()").
		Where(where, args...).Where("s.revoked_at IS NULL").Returning("s.token_hash").Scan(ctx)
	if err != nil {
		return pg.Error(err)
	}
	hashes := []string{""}
	for i := range ended {
		hashes = append(hashes, hex.EncodeToString(ended[i].TokenHash))
	}
	return s.announce(ctx, hashes...)
}

// announce tells every cache, at the commit, to drop sessions and to let its lock go. The empty hash is no session's.
func (s *Sessions) announce(ctx context.Context, hashes ...string) error {
	_, err := s.db.Conn(ctx).ExecContext(ctx, "SELECT pg_notify(?, hash) FROM unnest(?::text[]) AS hash", endedChannel, pgdialect.Array(hashes))
	return pg.Error(err)
}

// settled waits, after a commit that ended sessions, until no instance has them in its cache: see Cache. A server that has
// just started may have forgotten who held the lock, and lets those run out first.
func (s *Sessions) settled(ctx context.Context, ended error) error {
	if ended != nil {
		return ended
	}
	return s.db.Do(bySecret(ctx), func(ctx context.Context) error {
		_, err := s.db.Conn(ctx).ExecContext(ctx, `
			SELECT pg_sleep(greatest(0, ? - extract(epoch FROM clock_timestamp() - pg_postmaster_start_time())));
			SELECT pg_advisory_xact_lock(`+cacheLock+`)`, trustTime.Seconds())
		return pg.Error(err)
	})
}

// SignOut implements ports.SignOuts.
func (s *Sessions) SignOut(ctx context.Context, id domain.Hash, now time.Time) (uuid.UUID, error) {
	self := func(row *sessionRow) *sessionRow { return row }
	row, err := pg.One(bySecret(ctx), s.db, domain.ErrUnauthenticated, self, func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.Where("s.token_hash = ?", id[:]).Where("s.expires_at > ?", now)
	})
	if err != nil {
		return uuid.Nil, err
	}
	return row.SID, s.settled(ctx, s.change(ctx, row.SID, func(ctx context.Context) error {
		if row.RevokedAt != nil { // ended before: only a sign-out that was not confirmed can be repeated
			open, err := s.db.Conn(ctx).NewSelect().Model((*signOutRow)(nil)).
				Where("o.sid = ?", row.SID).Where("o.confirmed_at IS NULL").Exists(ctx)
			switch {
			case err != nil:
				return pg.Error(err)
			case !open:
				return domain.ErrUnauthenticated
			}
			return s.announce(ctx, "")
		}
		return s.endAll(ctx, &signOutRow{SID: row.SID, EndedAt: now})
	}))
}

// Accept implements ports.SignOuts. The ID service has ended the session itself, so there is nothing left to confirm.
func (s *Sessions) Accept(ctx context.Context, token domain.LogoutToken) error {
	return s.settled(ctx, s.change(ctx, token.SID, func(ctx context.Context) error {
		result, err := s.db.Conn(ctx).NewInsert().Model(&logoutTokenRow{JTIHash: token.ID[:], IssuedAt: token.IssuedAt}).
			On("CONFLICT DO NOTHING").Exec(ctx)
		if err := pg.ChangedOne(result, err, domain.ErrLogoutToken.Wrap(errors.New("the token was used before"))); err != nil {
			return err
		}
		return s.endAll(ctx, &signOutRow{SID: token.SID, EndedAt: token.IssuedAt, ConfirmedAt: &token.IssuedAt})
	}))
}

// endAll ends every session of a sign-in, in all tenants.
func (s *Sessions) endAll(ctx context.Context, out *signOutRow) error {
	_, err := s.db.Conn(ctx).NewInsert().Model(out).
		On("CONFLICT (sid) DO UPDATE SET confirmed_at = coalesce(o.confirmed_at, excluded.confirmed_at)").Exec(ctx)
	if err != nil {
		return pg.Error(err)
	}
	return s.end(ctx, "s.sid = ?", out.SID)
}

// Confirm implements ports.SignOuts.
func (s *Sessions) Confirm(ctx context.Context, sid uuid.UUID) error {
	return s.db.Do(bySecret(ctx), func(ctx context.Context) error {
		_, err := s.db.Conn(ctx).NewUpdate().Model((*signOutRow)(nil)).Set("confirmed_at = clock_timestamp()").
			Where("o.sid = ?", sid).Exec(ctx)
		return pg.Error(err)
	})
}

// Unconfirmed implements ports.SignOuts.
func (s *Sessions) Unconfirmed(ctx context.Context, before time.Time) (sids []uuid.UUID, err error) {
	err = s.db.Read(pg.AcrossTenants(ctx, "sign-outs to repeat"), func(ctx context.Context) error {
		return pg.Error(s.db.Conn(ctx).NewSelect().Model((*signOutRow)(nil)).Column("sid").
			Where("o.confirmed_at IS NULL").Where("o.ended_at < ?", before).OrderExpr("o.ended_at").Limit(100).Scan(ctx, &sids))
	})
	return sids, err
}
