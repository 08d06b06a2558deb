package pg

import (
	"context"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"go.updspace.com/gamification/domain"
	"go.updspace.com/libs/pg"
	"go.updspace.com/libs/reqctx"
	"go.updspace.com/libs/valid"
)

// Images is ports.Images.
type Images struct{ db *pg.DB }

// NewImages stores the rows of pictures in db.
func NewImages(db *pg.DB) *Images { return &Images{db} }

type imageRow struct {
	bun.BaseModel `bun:"table:images,alias:i"`
	pg.Tenanted

	ID          uuid.UUID `bun:"id,pk,type:uuid"`
	CreatedBy   uuid.UUID `bun:"created_by,type:uuid"`
	ContentType string    `bun:"content_type"`
	CreatedAt   time.Time `bun:"created_at"`
	UsedAt      time.Time `bun:"used_at"`
	Discarded   bool      `bun:"discarded"`
}

func (r *imageRow) toDomain() domain.Image {
	return domain.RestoreImage(domain.ImageData{
		ID: r.ID, TenantID: r.TenantID, CreatedBy: r.CreatedBy, ContentType: r.ContentType, CreatedAt: valid.Instant(r.CreatedAt), UsedAt: valid.Instant(r.UsedAt),
	})
}

// lockUser makes other transactions that lock the same of a user wait until the transaction ends.
func lockUser(ctx context.Context, db *pg.DB, what string, user uuid.UUID) error {
	_, err := db.Conn(ctx).NewRaw("SELECT pg_advisory_xact_lock(hashtextextended(? || ' of ' || ?::text || ' ' || ?::text, 0))",
		what, reqctx.From(ctx).TenantID.String(), user.String()).Exec(ctx)
	return pg.Error(err)
}

// Add stores an image without content.
func (r *Images) Add(ctx context.Context, image domain.Image, since time.Time) error {
	d := image.Data()
	if err := lockUser(ctx, r.db, "images", d.CreatedBy); err != nil {
		return err
	}
	lately, err := r.db.Conn(ctx).NewSelect().Model((*imageRow)(nil)).Where("i.created_by = ?", d.CreatedBy).Where("i.created_at > ?", pg.Time(since)).Count(ctx)
	if err != nil {
		return pg.Error(err)
	}
	if lately >= domain.MaxUploads {
		return domain.ErrTooManyImages.WithRetryAfter(domain.UploadWindow)
	}
	_, err = r.db.Conn(ctx).NewInsert().Model(&imageRow{
		ID: d.ID, CreatedBy: d.CreatedBy, ContentType: d.ContentType, CreatedAt: d.CreatedAt, UsedAt: d.UsedAt,
	}).Exec(ctx)
	return pg.Error(err)
}

// Complete stores what is known of an image.
func (r *Images) Complete(ctx context.Context, image domain.Image) error {
	result, err := r.db.Conn(ctx).NewUpdate().Model((*imageRow)(nil)).Set("content_type = ?", image.Data().ContentType).
		Where("id = ?", image.ID()).Where("NOT discarded").Exec(ctx)
	return pg.ChangedOne(result, err, domain.ErrImageNotFound)
}

// Find returns an image.
func (r *Images) Find(ctx context.Context, id uuid.UUID) (domain.Image, error) {
	return pg.One(ctx, r.db, domain.ErrImageNotFound, (*imageRow).toDomain, func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.Where("i.id = ?", id).Where("i.content_type <> ''").Where("NOT i.discarded")
	})
}

// Use changes the rows, so that Discard looks at them again when it has waited for them.
func (r *Images) Use(ctx context.Context, now time.Time, ids ...uuid.UUID) (missing []uuid.UUID, err error) {
	var used []uuid.UUID
	err = r.db.Conn(ctx).NewUpdate().Model((*imageRow)(nil)).Set("used_at = ?", pg.Time(now)).
		Where("id IN ?", bun.Tuple(ids)).Where("content_type <> ''").Where("NOT discarded").Returning("id").Scan(ctx, &used)
	for _, id := range ids {
		if !slices.Contains(used, id) {
			missing = append(missing, id)
		}
	}
	return missing, pg.Error(err)
}

// Discard marks images that can be removed, and returns those that are marked.
func (r *Images) Discard(ctx context.Context, before time.Time, limit int) (images []domain.Image, err error) {
	var rows []*imageRow
	err = r.db.Conn(ctx).NewRaw(`
		UPDATE images AS i SET discarded = true FROM (
			SELECT d.tenant_id, d.id FROM images AS d WHERE d.discarded OR d.used_at < ?0 AND NOT EXISTS (
				SELECT FROM achievements AS a WHERE a.tenant_id = d.tenant_id AND a.image_ids @> ARRAY[d.id])
			LIMIT ?1
		) AS due WHERE i.tenant_id = due.tenant_id AND i.id = due.id AND (i.discarded OR i.used_at < ?0)
		RETURNING i.*`, pg.Time(before), limit).Scan(ctx, &rows)
	for _, row := range rows {
		images = append(images, row.toDomain())
	}
	return images, pg.Error(err)
}

// Forget removes images.
func (r *Images) Forget(ctx context.Context, ids ...uuid.UUID) error {
	_, err := r.db.Conn(ctx).NewDelete().Model((*imageRow)(nil)).Where("id IN ?", bun.Tuple(ids)).Exec(ctx)
	return pg.Error(err)
}
