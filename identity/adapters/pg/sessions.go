package pg

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"go.updspace.com/identity/domain"
	"go.updspace.com/libs/pg"
)

type sessionRow struct {
	bun.BaseModel `bun:"table:sessions,alias:s"`

	ID            uuid.UUID            `bun:"id,pk,type:uuid"`
	UserID        uuid.UUID            `bun:"user_id,type:uuid"`
	TokenHash     []byte               `bun:"token_hash"`
	Method        domain.SessionMethod `bun:"method"`
	Strong        bool                 `bun:"strong"`
	IP            string               `bun:"ip"`
	UserAgent     string               `bun:"user_agent"`
	CreatedAt     time.Time            `bun:"created_at"`
	AuthTime      time.Time            `bun:"authenticated_at"`
	ExpiresAt     time.Time            `bun:"expires_at"`
	RevokedAt     *time.Time           `bun:"revoked_at"`
	RevokedReason string               `bun:"revoked_reason"`
	UsedAt        *time.Time           `bun:"used_at"`
	User          *userRow             `bun:"rel:belongs-to,join:user_id=id"`
}

// Sessions implements ports.Sessions.
type Sessions struct{ DB *pg.DB }

func sessionToRow(d domain.Session) *sessionRow {
	return &sessionRow{
		ID: d.ID, UserID: d.UserID, TokenHash: d.TokenHash[:], Method: d.Method, Strong: d.Strong, IP: d.IP, UserAgent: d.UserAgent,
		CreatedAt: d.CreatedAt, AuthTime: d.AuthTime, ExpiresAt: d.ExpiresAt,
	}
}

func (r *sessionRow) session() domain.Session {
	return domain.Session{
		ID: r.ID, UserID: r.UserID, TokenHash: domain.Hash(r.TokenHash), Method: r.Method, Strong: r.Strong, IP: r.IP, UserAgent: r.UserAgent,
		CreatedAt: r.CreatedAt, AuthTime: r.AuthTime, ExpiresAt: r.ExpiresAt, RevokedAt: r.RevokedAt, UsedAt: r.UsedAt,
	}
}

// Insert implements ports.Sessions.
func (s Sessions) Insert(ctx context.Context, d domain.Session) error {
	return insert(ctx, s.DB, sessionToRow(d))
}

// Renew implements ports.Sessions.
func (s Sessions) Renew(ctx context.Context, d domain.Session) error {
	res, err := s.DB.Conn(ctx).NewUpdate().Model(sessionToRow(d)).
		Column("token_hash", "method", "strong", "ip", "user_agent", "authenticated_at", "expires_at").
		WherePK().Where("revoked_at IS NULL").Exec(ctx)
	return pg.ChangedOne(res, err, domain.ErrInvalidSession)
}

// Confirm implements ports.Sessions.
func (s Sessions) Confirm(ctx context.Context, d domain.Session) error {
	res, err := s.DB.Conn(ctx).NewUpdate().Model(sessionToRow(d)).Column("authenticated_at", "strong", "method").WherePK().Where("revoked_at IS NULL").Exec(ctx)
	return pg.ChangedOne(res, err, domain.ErrInvalidSession)
}

// ByToken implements ports.Sessions, in one query.
func (s Sessions) ByToken(ctx context.Context, token domain.Hash) (domain.Session, domain.User, error) {
	row, err := one[sessionRow](ctx, s.DB, domain.ErrInvalidSession, func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.Relation("User").Where("s.token_hash = ?", token[:])
	})
	if err != nil {
		return domain.Session{}, domain.User{}, err
	}
	return row.session(), row.User.user(), nil
}

// ByID implements ports.Sessions.
func (s Sessions) ByID(ctx context.Context, id uuid.UUID) (domain.Session, error) {
	return pg.One(ctx, s.DB, domain.ErrInvalidSession, (*sessionRow).session, func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.Where("s.id = ?", id)
	})
}

// Live implements ports.Sessions.
func (s Sessions) Live(ctx context.Context, user uuid.UUID, now time.Time) ([]domain.Session, error) {
	return pg.Many(ctx, s.DB, (*sessionRow).session, func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.Where("s.user_id = ?", user).Where("s.revoked_at IS NULL").Where("s.expires_at > ?", now).OrderExpr("s.created_at DESC, s.id DESC")
	})
}

// Used implements ports.Sessions.
func (s Sessions) Used(ctx context.Context, id uuid.UUID, at time.Time) error {
	_, err := s.DB.Conn(ctx).NewUpdate().Model((*sessionRow)(nil)).Set("used_at = ?", at).Where("id = ?", id).Exec(ctx)
	return pg.Error(err)
}

// End implements ports.Sessions.
func (s Sessions) End(ctx context.Context, id uuid.UUID, reason string, at time.Time) (bool, error) {
	res, err := s.DB.Conn(ctx).NewUpdate().Model((*sessionRow)(nil)).
		Set("revoked_at = ?", at).Set("revoked_reason = ?", reason).
		Where("id = ?", id).Where("revoked_at IS NULL").Exec(ctx)
	if err != nil {
		return false, pg.Error(err)
	}
	n, err := res.RowsAffected()
	return n > 0, pg.Error(err)
}
