package pg

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"go.updspace.com/identity/domain"
	"go.updspace.com/libs/pg"
)

type magicLinkRow struct {
	bun.BaseModel `bun:"table:magic_links,alias:l"`
	pg.Tenanted

	ID        uuid.UUID  `bun:"id,pk,type:uuid"`
	UserID    *uuid.UUID `bun:"user_id,type:uuid"`
	TokenHash []byte     `bun:"token_hash"`
	Browser   []byte     `bun:"browser_hash"`
	CreatedAt time.Time  `bun:"created_at"`
	ExpiresAt time.Time  `bun:"expires_at"`
	UsedAt    *time.Time `bun:"used_at"`
}

// MagicLinks implements ports.MagicLinks.
type MagicLinks struct{ DB *pg.DB }

// Insert implements ports.MagicLinks.
func (s MagicLinks) Insert(ctx context.Context, l domain.MagicLink) error {
	row := magicLinkRow{ID: l.ID, UserID: l.UserID, TokenHash: l.TokenHash[:], Browser: l.Browser[:], CreatedAt: l.CreatedAt, ExpiresAt: l.ExpiresAt}
	row.TenantID = l.TenantID
	return insert(ctx, s.DB, &row)
}

// ByToken implements ports.MagicLinks.
func (s MagicLinks) ByToken(ctx context.Context, token domain.Hash) (domain.MagicLink, error) {
	return pg.One(ctx, s.DB, domain.ErrLinkUnknown, func(r *magicLinkRow) domain.MagicLink {
		return domain.MagicLink{
			ID: r.ID, TenantID: r.TenantID, UserID: r.UserID, TokenHash: token, Browser: domain.Hash(r.Browser), CreatedAt: r.CreatedAt, ExpiresAt: r.ExpiresAt, UsedAt: r.UsedAt,
		}
	}, func(q *bun.SelectQuery) *bun.SelectQuery { return q.Where("l.token_hash = ?", token[:]) })
}

// Use implements ports.MagicLinks. The condition and the change are one statement, so one of several attempts succeeds.
func (s MagicLinks) Use(ctx context.Context, id uuid.UUID, now time.Time) error {
	res, err := s.DB.Conn(ctx).NewUpdate().Model((*magicLinkRow)(nil)).
		Set("used_at = ?", now).Where("id = ?", id).Where("used_at IS NULL").Where("expires_at > ?", now).Exec(ctx)
	return pg.ChangedOne(res, err, domain.ErrLinkUsed)
}
