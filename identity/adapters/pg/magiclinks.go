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

	ID            uuid.UUID  `bun:"id,pk,type:uuid"`
	UserID        *uuid.UUID `bun:"user_id,type:uuid"`
	TokenHash     []byte     `bun:"token_hash"`
	RedirectTo    string     `bun:"redirect_to"`
	CreatedAt     time.Time  `bun:"created_at"`
	ExpiresAt     time.Time  `bun:"expires_at"`
	UsedAt        *time.Time `bun:"used_at"`
	CodeHash      []byte     `bun:"code_hash"`
	CodeExpiresAt *time.Time `bun:"code_expires_at"`
	CodeUsedAt    *time.Time `bun:"code_used_at"`
}

// clicked names what a click on a link does: whose tenant it is for stands in
// the row that the link's token finds, and nowhere else.
const clicked = "identity: a sign-in link is opened"

// MagicLinks implements ports.MagicLinks.
type MagicLinks struct{ DB *pg.DB }

// Insert implements ports.MagicLinks.
func (s MagicLinks) Insert(ctx context.Context, l domain.MagicLink) error {
	row := magicLinkRow{
		ID: l.ID, UserID: l.UserID, TokenHash: l.TokenHash[:], RedirectTo: l.RedirectTo, CreatedAt: l.CreatedAt, ExpiresAt: l.ExpiresAt,
	}
	row.TenantID = l.TenantID
	_, err := s.DB.Conn(ctx).NewInsert().Model(&row).Exec(ctx)
	return pg.Error(err)
}

// ByToken implements ports.MagicLinks.
func (s MagicLinks) ByToken(ctx context.Context, token domain.Hash) (domain.MagicLink, error) {
	var row magicLinkRow
	err := s.DB.Read(pg.AcrossTenants(ctx, clicked), func(ctx context.Context) error {
		return s.DB.Conn(ctx).NewSelect().Model(&row).Where("l.token_hash = ?", token[:]).Scan(ctx)
	})
	if err != nil {
		return domain.MagicLink{}, orElse(err, domain.ErrLinkUnknown)
	}
	return domain.MagicLink{
		ID: row.ID, TenantID: row.TenantID, UserID: row.UserID, TokenHash: token, RedirectTo: row.RedirectTo,
		CreatedAt: row.CreatedAt, ExpiresAt: row.ExpiresAt, UsedAt: row.UsedAt,
		CodeExpiresAt: row.CodeExpiresAt, CodeUsedAt: row.CodeUsedAt,
	}, nil
}

// Use implements ports.MagicLinks. The condition and the change are one
// statement, so of any number of clicks one wins.
func (s MagicLinks) Use(ctx context.Context, id uuid.UUID, code domain.Hash, now time.Time) error {
	res, err := s.DB.Conn(ctx).NewUpdate().Model((*magicLinkRow)(nil)).
		Set("used_at = ?", now).Set("code_hash = ?", code[:]).Set("code_expires_at = ?", now.Add(domain.ExchangeCodeLifetime)).
		Where("id = ?", id).Where("used_at IS NULL").Where("expires_at > ?", now).Exec(ctx)
	return changed(res, err, domain.ErrLinkUsed)
}

// Exchange implements ports.MagicLinks.
func (s MagicLinks) Exchange(ctx context.Context, code domain.Hash, now time.Time) (uuid.UUID, error) {
	var row magicLinkRow
	err := s.DB.Do(ctx, func(ctx context.Context) error {
		return s.DB.Conn(ctx).NewUpdate().Model(&row).
			Set("code_used_at = ?", now).
			Where("code_hash = ?", code[:]).Where("code_used_at IS NULL").Where("code_expires_at > ?", now).
			Returning("user_id").Scan(ctx)
	})
	if err != nil {
		return uuid.Nil, orElse(err, domain.ErrExchange)
	}
	return *row.UserID, nil // a link that was used has a user, says the schema
}
