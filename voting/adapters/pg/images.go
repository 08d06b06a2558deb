package pg

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"go.updspace.com/libs/pg"
	"go.updspace.com/libs/valid"
	"go.updspace.com/voting/domain"
)

// Images is ports.Images.
type Images struct {
	db *pg.DB
}

// NewImages keeps the rows of pictures in db.
func NewImages(db *pg.DB) *Images { return &Images{db: db} }

type imageRow struct {
	bun.BaseModel `bun:"table:images,alias:i"`
	pg.Tenanted

	ID          uuid.UUID `bun:"id,pk,type:uuid"`
	PollID      uuid.UUID `bun:"poll_id,type:uuid"`
	CreatedBy   uuid.UUID `bun:"created_by,type:uuid"`
	ContentType string    `bun:"content_type"`
	Digest      string    `bun:"digest"`
	CreatedAt   time.Time `bun:"created_at"`
}

func (r *imageRow) toDomain() domain.Image {
	return domain.RestoreImage(domain.ImageData{
		ID: r.ID, TenantID: r.TenantID, PollID: r.PollID, CreatedBy: r.CreatedBy, ContentType: r.ContentType, Digest: r.Digest,
		CreatedAt: valid.Instant(r.CreatedAt),
	})
}

// Add stores an image without content.
func (r *Images) Add(ctx context.Context, image domain.Image) error {
	d := image.Data()
	there, err := r.db.Conn(ctx).NewSelect().Model((*imageRow)(nil)).Where("i.poll_id = ?", d.PollID).Count(ctx)
	if err != nil {
		return pg.Error(err)
	}
	if there >= domain.MaxImages {
		return domain.ErrTooManyImages
	}
	_, err = r.db.Conn(ctx).NewInsert().Model(&imageRow{
		ID: d.ID, PollID: d.PollID, CreatedBy: d.CreatedBy, ContentType: d.ContentType, Digest: d.Digest, CreatedAt: d.CreatedAt,
	}).Exec(ctx)
	return pg.Error(err)
}

// Find returns an image of a poll.
func (r *Images) Find(ctx context.Context, poll, id uuid.UUID) (domain.Image, error) {
	return pg.One(ctx, r.db, domain.ErrImageNotFound, (*imageRow).toDomain, func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.Where("i.id = ?", id).Where("i.poll_id = ?", poll).Where("i.content_type <> ''")
	})
}

// Complete stores what is known of an image.
func (r *Images) Complete(ctx context.Context, image domain.Image) error {
	d := image.Data()
	result, err := r.db.Conn(ctx).NewUpdate().Model((*imageRow)(nil)).Set("content_type = ?", d.ContentType).Set("digest = ?", d.Digest).
		Where("i.id = ?", d.ID).Exec(ctx)
	return pg.ChangedOne(result, err, domain.ErrImageNotFound)
}

// Abandoned finds images that can be removed.
func (r *Images) Abandoned(ctx context.Context, before time.Time, limit int) ([]domain.Image, error) {
	return pg.Many(ctx, r.db, (*imageRow).toDomain, func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.WhereGroup(" AND ", func(q *bun.SelectQuery) *bun.SelectQuery {
			return q.Where("NOT EXISTS (SELECT FROM polls AS p WHERE p.tenant_id = i.tenant_id AND p.id = i.poll_id)").
				WhereOr(`i.created_at < ? AND NOT EXISTS (SELECT FROM options AS o WHERE o.tenant_id = i.tenant_id AND o.poll_id = i.poll_id
					AND o.media_url = '/api/v1/voting/polls/' || i.poll_id || '/images/' || i.id)`, pg.Time(before))
		}).Limit(int64(limit))
	})
}

// Forget removes images.
func (r *Images) Forget(ctx context.Context, ids ...uuid.UUID) error {
	_, err := r.db.Conn(ctx).NewDelete().Model((*imageRow)(nil)).Where("id IN (?)", bun.List(ids)).Exec(ctx)
	return pg.Error(err)
}
