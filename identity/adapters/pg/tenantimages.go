package pg

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"go.updspace.com/identity/domain"
	"go.updspace.com/libs/pg"
)

type tenantImageRow struct {
	bun.BaseModel `bun:"table:tenant_images,alias:i"`
	pg.Tenanted

	ID          uuid.UUID        `bun:"id,pk,type:uuid"`
	Kind        domain.ImageKind `bun:"kind"`
	ContentType string           `bun:"content_type"`
	Digest      string           `bun:"digest"`
	CreatedAt   time.Time        `bun:"created_at"`
	InUse       bool             `bun:"in_use"`
}

func toTenantImageRow(i domain.TenantImage) *tenantImageRow {
	return &tenantImageRow{
		Tenanted: pg.Tenanted{TenantID: i.TenantID}, ID: i.ID, Kind: i.Kind, ContentType: i.ContentType, Digest: i.Digest,
		CreatedAt: i.CreatedAt, InUse: i.ContentType != "",
	}
}

func (r *tenantImageRow) image() domain.TenantImage {
	return domain.TenantImage{ID: r.ID, TenantID: r.TenantID, Kind: r.Kind, ContentType: r.ContentType, Digest: r.Digest, CreatedAt: r.CreatedAt}
}

// TenantImages implements ports.TenantImages.
type TenantImages struct{ DB *pg.DB }

// Add implements ports.TenantImages.
func (s TenantImages) Add(ctx context.Context, i domain.TenantImage) error {
	return insert(ctx, s.DB, toTenantImageRow(i))
}

// Use implements ports.TenantImages.
func (s TenantImages) Use(ctx context.Context, i domain.TenantImage) error {
	res, err := s.DB.Conn(ctx).NewUpdate().Model(toTenantImageRow(i)).Column("content_type", "digest", "in_use").Where("id = ?", i.ID).Exec(ctx)
	return pg.ChangedOne(res, err, domain.ErrImageUnknown)
}

// Find implements ports.TenantImages.
func (s TenantImages) Find(ctx context.Context, id uuid.UUID) (domain.TenantImage, error) {
	return pg.One(ctx, s.DB, domain.ErrImageUnknown, (*tenantImageRow).image, func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.Where("i.id = ?", id).Where("i.in_use")
	})
}

// Discard implements ports.TenantImages.
func (s TenantImages) Discard(ctx context.Context, id uuid.UUID) error {
	_, err := s.DB.Conn(ctx).NewUpdate().Model((*tenantImageRow)(nil)).Set("in_use = FALSE").Where("id = ?", id).Exec(ctx)
	return pg.Error(err)
}

// Unused implements ports.TenantImages.
func (s TenantImages) Unused(ctx context.Context, before time.Time, limit int) ([]domain.TenantImage, error) {
	return pg.Many(ctx, s.DB, (*tenantImageRow).image, func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.Where("NOT i.in_use").Where("i.created_at < ?", before).Limit(int64(limit))
	})
}

// Forget implements ports.TenantImages.
func (s TenantImages) Forget(ctx context.Context, images []domain.TenantImage) error {
	ids := make([]uuid.UUID, len(images))
	for i := range images {
		ids[i] = images[i].ID
	}
	_, err := s.DB.Conn(ctx).NewDelete().Model((*tenantImageRow)(nil)).Where("id IN (?)", bun.List(ids)).Where("NOT in_use").Exec(ctx)
	return pg.Error(err)
}
