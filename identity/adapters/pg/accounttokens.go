package pg

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"go.updspace.com/identity/domain"
	"go.updspace.com/libs/pg"
)

type accountTokenRow struct {
	bun.BaseModel `bun:"table:account_tokens,alias:a"`

	ID        uuid.UUID               `bun:"id,pk,type:uuid"`
	Kind      domain.AccountTokenKind `bun:"kind"`
	UserID    *uuid.UUID              `bun:"user_id,type:uuid"`
	SessionID *uuid.UUID              `bun:"session_id,type:uuid"`
	Email     string                  `bun:"email"`
	TokenHash []byte                  `bun:"token_hash"`
	CreatedAt time.Time               `bun:"created_at"`
	ExpiresAt time.Time               `bun:"expires_at"`
	UsedAt    *time.Time              `bun:"used_at"`
}

func (r *accountTokenRow) token() domain.AccountToken {
	return domain.AccountToken{
		ID: r.ID, Kind: r.Kind, UserID: r.UserID, SessionID: r.SessionID, Email: r.Email, TokenHash: domain.Hash(r.TokenHash),
		CreatedAt: r.CreatedAt, ExpiresAt: r.ExpiresAt, UsedAt: r.UsedAt,
	}
}

// AccountTokens implements ports.AccountTokens.
type AccountTokens struct{ DB *pg.DB }

// Insert implements ports.AccountTokens.
func (s AccountTokens) Insert(ctx context.Context, t domain.AccountToken) error {
	return insert(ctx, s.DB, &accountTokenRow{
		ID: t.ID, Kind: t.Kind, UserID: t.UserID, SessionID: t.SessionID, Email: t.Email, TokenHash: t.TokenHash[:], CreatedAt: t.CreatedAt, ExpiresAt: t.ExpiresAt,
	})
}

// ByToken implements ports.AccountTokens.
func (s AccountTokens) ByToken(ctx context.Context, token domain.Hash) (domain.AccountToken, error) {
	return pg.One(ctx, s.DB, domain.ErrLinkUnknown, (*accountTokenRow).token, func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.Where("a.token_hash = ?", token[:])
	})
}

// Use implements ports.AccountTokens. The condition and the change are one statement, so one of several attempts succeeds.
func (s AccountTokens) Use(ctx context.Context, id uuid.UUID, now time.Time) error {
	res, err := s.DB.Conn(ctx).NewUpdate().Model((*accountTokenRow)(nil)).
		Set("used_at = ?", now).Where("id = ?", id).Where("used_at IS NULL").Where("expires_at > ?", now).Exec(ctx)
	return pg.ChangedOne(res, err, domain.ErrLinkUsed)
}

// Discard implements ports.AccountTokens.
func (s AccountTokens) Discard(ctx context.Context, user uuid.UUID, kind domain.AccountTokenKind, since time.Time) error {
	_, err := s.DB.Conn(ctx).NewDelete().Model((*accountTokenRow)(nil)).
		Where("user_id = ?", user).Where("kind = ?", kind).Where("used_at IS NULL").Where("created_at >= ?", since).Exec(ctx)
	return pg.Error(err)
}

// Pending implements ports.AccountTokens.
func (s AccountTokens) Pending(ctx context.Context, user uuid.UUID, kind domain.AccountTokenKind, now time.Time) (*domain.AccountToken, error) {
	found, err := pg.Many(ctx, s.DB, (*accountTokenRow).token, func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.Where("a.user_id = ?", user).Where("a.kind = ?", kind).Where("a.used_at IS NULL").Where("a.expires_at > ?", now).
			OrderExpr("a.created_at DESC, a.id DESC").Limit(1)
	})
	if err != nil || len(found) == 0 {
		return nil, err
	}
	return &found[0], nil
}
