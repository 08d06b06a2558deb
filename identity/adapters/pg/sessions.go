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

	ID            uuid.UUID  `bun:"id,pk,type:uuid"`
	UserID        uuid.UUID  `bun:"user_id,type:uuid"`
	TokenHash     []byte     `bun:"token_hash"`
	Method        string     `bun:"method"`
	IP            string     `bun:"ip"`
	UserAgent     string     `bun:"user_agent"`
	CreatedAt     time.Time  `bun:"created_at"`
	ExpiresAt     time.Time  `bun:"expires_at"`
	RevokedAt     *time.Time `bun:"revoked_at"`
	RevokedReason string     `bun:"revoked_reason"`
	User          *userRow   `bun:"rel:belongs-to,join:user_id=id"`
}

// Sessions implements ports.Sessions.
type Sessions struct{ DB *pg.DB }

// Insert implements ports.Sessions.
func (s Sessions) Insert(ctx context.Context, d domain.Session) error {
	row := sessionRow{
		ID: d.ID, UserID: d.UserID, TokenHash: d.TokenHash[:], Method: string(d.Method), IP: d.IP, UserAgent: d.UserAgent,
		CreatedAt: d.CreatedAt, ExpiresAt: d.ExpiresAt,
	}
	_, err := s.DB.Conn(ctx).NewInsert().Model(&row).Exec(ctx)
	return pg.Error(err)
}

// ByToken implements ports.Sessions, in one query.
func (s Sessions) ByToken(ctx context.Context, token domain.Hash) (domain.Session, domain.User, error) {
	var row sessionRow
	err := s.DB.Conn(ctx).NewSelect().Model(&row).Relation("User").Where("s.token_hash = ?", token[:]).Scan(ctx)
	if err != nil {
		return domain.Session{}, domain.User{}, orElse(err, domain.ErrInvalidSession)
	}
	return domain.Session{
		ID: row.ID, UserID: row.UserID, TokenHash: token, Method: domain.SessionMethod(row.Method), IP: row.IP, UserAgent: row.UserAgent,
		CreatedAt: row.CreatedAt, ExpiresAt: row.ExpiresAt, RevokedAt: row.RevokedAt,
	}, row.User.user(), nil
}

// Revoke implements ports.Sessions.
func (s Sessions) Revoke(ctx context.Context, id uuid.UUID, reason string, at time.Time) error {
	return s.revoke(ctx, "id = ?", id, reason, at)
}

// RevokeAll implements ports.Sessions.
func (s Sessions) RevokeAll(ctx context.Context, user uuid.UUID, reason string, at time.Time) error {
	return s.revoke(ctx, "user_id = ?", user, reason, at)
}

func (s Sessions) revoke(ctx context.Context, where string, arg any, reason string, at time.Time) error {
	_, err := s.DB.Conn(ctx).NewUpdate().Model((*sessionRow)(nil)).
		Set("revoked_at = ?", at).Set("revoked_reason = ?", reason).
		Where(where, arg).Where("revoked_at IS NULL").Exec(ctx)
	return pg.Error(err)
}
