package pg

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"go.updspace.com/identity/domain"
	"go.updspace.com/libs/pg"
)

type avatarRow struct {
	bun.BaseModel `bun:"table:avatars,alias:a"`

	ID          uuid.UUID  `bun:"id,pk,type:uuid"`
	UserID      *uuid.UUID `bun:"user_id,type:uuid"`
	ContentType string     `bun:"content_type"`
	Digest      string     `bun:"digest"`
	CreatedAt   time.Time  `bun:"created_at"`
	InUse       bool       `bun:"in_use"`
}

func avatarToRow(a domain.Avatar) *avatarRow {
	return &avatarRow{ID: a.ID, UserID: &a.UserID, ContentType: a.ContentType, Digest: a.Digest, CreatedAt: a.CreatedAt, InUse: a.ContentType != ""}
}

func (r *avatarRow) avatar() domain.Avatar {
	a := domain.Avatar{ID: r.ID, ContentType: r.ContentType, Digest: r.Digest, CreatedAt: r.CreatedAt}
	if r.UserID != nil {
		a.UserID = *r.UserID
	}
	return a
}

// Avatars implements ports.Avatars.
type Avatars struct{ DB *pg.DB }

// Add implements ports.Avatars.
func (s Avatars) Add(ctx context.Context, a domain.Avatar) error {
	return insert(ctx, s.DB, avatarToRow(a))
}

// Use implements ports.Avatars.
func (s Avatars) Use(ctx context.Context, a domain.Avatar) error {
	res, err := s.DB.Conn(ctx).NewUpdate().Model(avatarToRow(a)).Column("content_type", "digest", "in_use").WherePK().Exec(ctx)
	return pg.ChangedOne(res, err, domain.ErrImageUnknown)
}

// Find implements ports.Avatars.
func (s Avatars) Find(ctx context.Context, id uuid.UUID) (domain.Avatar, error) {
	return pg.One(ctx, s.DB, domain.ErrImageUnknown, (*avatarRow).avatar, func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.Where("a.id = ?", id).Where("a.in_use").Where("a.user_id IS NOT NULL")
	})
}

// Discard implements ports.Avatars.
func (s Avatars) Discard(ctx context.Context, user uuid.UUID) error {
	_, err := s.DB.Conn(ctx).NewUpdate().Model((*avatarRow)(nil)).Set("in_use = FALSE").Where("user_id = ?", user).Where("in_use").Exec(ctx)
	return pg.Error(err)
}

// Unused implements ports.Avatars.
func (s Avatars) Unused(ctx context.Context, before time.Time, limit int) ([]domain.Avatar, error) {
	return pg.Many(ctx, s.DB, (*avatarRow).avatar, func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.Where("NOT a.in_use OR a.user_id IS NULL").Where("a.created_at < ?", before).Limit(int64(limit))
	})
}

// Forget implements ports.Avatars.
func (s Avatars) Forget(ctx context.Context, avatars []domain.Avatar) error {
	ids := make([]uuid.UUID, len(avatars))
	for i := range avatars {
		ids[i] = avatars[i].ID
	}
	_, err := s.DB.Conn(ctx).NewDelete().Model((*avatarRow)(nil)).Where("id IN (?)", bun.List(ids)).Where("NOT in_use OR user_id IS NULL").Exec(ctx)
	return pg.Error(err)
}
