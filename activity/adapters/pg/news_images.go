package pg

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"go.updspace.com/activity/domain"
	"go.updspace.com/activity/ports"
	"go.updspace.com/libs/pg"
	"go.updspace.com/libs/reqctx"
)

// NewsImages implements ports.NewsImages.
type NewsImages struct{ db *pg.DB }

var _ ports.NewsImages = (*NewsImages)(nil)

// NewNewsImages stores the rows of pictures in db.
func NewNewsImages(db *pg.DB) *NewsImages { return &NewsImages{db} }

type newsImageRow struct {
	bun.BaseModel `bun:"table:news_images,alias:i"`
	pg.Tenanted

	ID          uuid.UUID     `bun:"id,pk,type:uuid"`
	UploaderID  uuid.UUID     `bun:"uploader_id,type:uuid"`
	PostID      uuid.NullUUID `bun:"post_id,type:uuid"`
	FileName    string        `bun:"file_name"`
	ContentType string        `bun:"content_type"`
	ThumbType   string        `bun:"thumb_type"`
	Size        int64         `bun:"size"`
	Width       int           `bun:"width"`
	Height      int           `bun:"height"`
	Digest      string        `bun:"digest"`
	CreatedAt   time.Time     `bun:"created_at"`
	Discarded   bool          `bun:"discarded"`
	FreedAt     time.Time     `bun:"freed_at"`
}

func (r *newsImageRow) toDomain() domain.NewsImage {
	return domain.RestoreNewsImage(domain.NewsImageData{
		ID: r.ID, TenantID: r.TenantID, UploaderID: r.UploaderID, PostID: r.PostID.UUID, FileName: r.FileName, CreatedAt: r.CreatedAt.UTC(),
		Content: domain.StoredContent{Type: r.ContentType, ThumbnailType: r.ThumbType, Digest: r.Digest, Size: r.Size, Width: r.Width, Height: r.Height},
	})
}

// Add stores a picture without content. Uploads of one user wait for one another, so that the count is right.
func (r *NewsImages) Add(ctx context.Context, image domain.NewsImage) error {
	d := image.Data()
	_, err := r.db.Conn(ctx).NewRaw("SELECT pg_advisory_xact_lock(hashtextextended('news images of ' || ?::text || ' ' || ?::text, 0))",
		reqctx.From(ctx).TenantID.String(), d.UploaderID.String()).Exec(ctx)
	if err != nil {
		return pg.Error(err)
	}
	pending, err := r.db.Conn(ctx).NewSelect().Model((*newsImageRow)(nil)).Where("i.uploader_id = ?", d.UploaderID).Where("i.post_id IS NULL").
		Where("NOT i.discarded").Count(ctx)
	if err != nil {
		return pg.Error(err)
	}
	if pending >= domain.MaxPendingMedia {
		return domain.ErrTooManyMedia
	}
	_, err = r.db.Conn(ctx).NewInsert().Model(&newsImageRow{
		ID: d.ID, UploaderID: d.UploaderID, FileName: d.FileName, CreatedAt: pg.Time(d.CreatedAt), FreedAt: pg.Time(d.CreatedAt),
	}).Exec(ctx)
	return pg.Error(err)
}

// Find returns a picture.
func (r *NewsImages) Find(ctx context.Context, id uuid.UUID) (domain.NewsImage, error) {
	return pg.One(ctx, r.db, domain.ErrMediaNotFound, (*newsImageRow).toDomain, func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.Where("i.id = ?", id).Where("NOT i.discarded")
	})
}

// Complete stores what is known of the content.
func (r *NewsImages) Complete(ctx context.Context, image domain.NewsImage) error {
	c := image.Data().Content
	result, err := r.db.Conn(ctx).NewUpdate().Model((*newsImageRow)(nil)).Set("content_type = ?", c.Type).Set("thumb_type = ?", c.ThumbnailType).
		Set("size = ?", c.Size).Set("width = ?", c.Width).Set("height = ?", c.Height).Set("digest = ?", c.Digest).
		Where("id = ?", image.ID()).Where("content_type = ''").Where("NOT discarded").Exec(ctx)
	return pg.ChangedOne(result, err, domain.ErrMediaNotFound)
}

// Each returns pictures.
func (r *NewsImages) Each(ctx context.Context, ids []uuid.UUID) ([]domain.NewsImage, error) {
	if len(ids) == 0 {
		return []domain.NewsImage{}, nil
	}
	return pg.Many(ctx, r.db, (*newsImageRow).toDomain, func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.Where("i.id IN ?", bun.Tuple(ids)).Where("NOT i.discarded")
	})
}

// Attach gives a post its pictures. It changes the rows, so that Abandoned looks at them again when it has waited for them.
func (r *NewsImages) Attach(ctx context.Context, post uuid.UUID, ids []uuid.UUID, now time.Time) (bool, error) {
	free := r.db.Conn(ctx).NewUpdate().Model((*newsImageRow)(nil)).Set("post_id = NULL").Set("freed_at = ?", pg.Time(now)).Where("post_id = ?", post)
	if len(ids) > 0 {
		free = free.Where("id NOT IN ?", bun.Tuple(ids))
	}
	if _, err := free.Exec(ctx); err != nil || len(ids) == 0 {
		return true, pg.Error(err)
	}
	result, err := r.db.Conn(ctx).NewUpdate().Model((*newsImageRow)(nil)).Set("post_id = ?", post).Where("id IN ?", bun.Tuple(ids)).
		Where("post_id IS NULL OR post_id = ?", post).Where("content_type <> ''").Where("NOT discarded").Exec(ctx)
	if err != nil {
		return false, pg.Error(err)
	}
	n, err := result.RowsAffected()
	return n == int64(len(ids)), pg.Error(err)
}

// Abandoned marks pictures that can be removed, and returns those that are marked.
func (r *NewsImages) Abandoned(ctx context.Context, before time.Time, limit int) (images []domain.NewsImage, err error) {
	var rows []*newsImageRow
	err = r.db.Conn(ctx).NewRaw(`
		UPDATE news_images AS i SET discarded = true FROM (
			SELECT d.tenant_id, d.id FROM news_images AS d WHERE d.post_id IS NULL AND (d.discarded OR d.freed_at < ?0) LIMIT ?1
		) AS due WHERE i.tenant_id = due.tenant_id AND i.id = due.id AND i.post_id IS NULL
		RETURNING i.*`, pg.Time(before), limit).Scan(ctx, &rows)
	for _, row := range rows {
		images = append(images, row.toDomain())
	}
	return images, pg.Error(err)
}

// Forget removes pictures.
func (r *NewsImages) Forget(ctx context.Context, ids ...uuid.UUID) error {
	_, err := r.db.Conn(ctx).NewDelete().Model((*newsImageRow)(nil)).Where("id IN ?", bun.Tuple(ids)).Exec(ctx)
	return pg.Error(err)
}
