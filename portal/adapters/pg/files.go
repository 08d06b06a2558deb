package pg

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"go.updspace.com/libs/pg"
	"go.updspace.com/libs/valid"
	contentdomain "go.updspace.com/portal/content/domain"
)

// Files is contentports.Files.
type Files struct {
	db *pg.DB
}

// NewFiles stores the rows of files in db.
func NewFiles(db *pg.DB) *Files { return &Files{db: db} }

// fileRow is also read as JSON, along with a post.
type fileRow struct {
	bun.BaseModel `bun:"table:files,alias:f" json:"-"`
	pg.Tenanted   `json:"-"`

	ID          uuid.UUID `bun:"id,pk,type:uuid" json:"id"`
	Kind        string    `bun:"kind" json:"kind"`
	OwnerID     uuid.UUID `bun:"owner_id,type:uuid" json:"owner_id"`
	PostID      uuid.UUID `bun:"post_id,type:uuid,nullzero" json:"post_id"`
	Name        string    `bun:"name" json:"name"`
	ContentType string    `bun:"content_type" json:"content_type"`
	Size        int64     `bun:"size" json:"size"`
	Digest      string    `bun:"digest" json:"digest"`
	AltText     string    `bun:"alt_text" json:"alt_text"`
	InUse       bool      `bun:"in_use" json:"in_use"`
	CreatedAt   time.Time `bun:"created_at" json:"created_at"`
	DiscardedAt time.Time `bun:"discarded_at,nullzero" json:"discarded_at"`
}

func toRowFile(f contentdomain.File) *fileRow {
	d := f.Data()
	return &fileRow{
		Tenanted: pg.Tenanted{TenantID: d.TenantID}, ID: d.ID, Kind: string(d.Kind), OwnerID: d.OwnerID, PostID: d.PostID, Name: d.Name,
		ContentType: d.ContentType, Size: d.Size, Digest: d.Digest, AltText: d.AltText, InUse: d.Kind == contentdomain.FileAvatar && f.Complete(),
		CreatedAt: d.CreatedAt, DiscardedAt: d.DiscardedAt,
	}
}

func (r *fileRow) toDomain() contentdomain.File {
	return contentdomain.RestoreFile(contentdomain.FileData{
		ID: r.ID, TenantID: r.TenantID, Kind: contentdomain.FileKind(r.Kind), OwnerID: r.OwnerID, PostID: r.PostID, Name: r.Name,
		ContentType: r.ContentType, Size: r.Size, Digest: r.Digest, AltText: r.AltText, CreatedAt: valid.Instant(r.CreatedAt), DiscardedAt: valid.Instant(r.DiscardedAt),
	})
}

// Add stores a file whose content is still to come. Adds of one owner wait for one another, so that the count holds.
func (r *Files) Add(ctx context.Context, file contentdomain.File) error {
	d := file.Data()
	if d.Kind == contentdomain.FileAttachment {
		conn := r.db.Conn(ctx)
		if _, err := conn.NewRaw("SELECT pg_advisory_xact_lock(hashtextextended(?, 0))", "portal pending files "+d.TenantID.String()+d.OwnerID.String()).Exec(ctx); err != nil {
			return pg.Error(err)
		}
		pending, err := conn.NewSelect().Model((*fileRow)(nil)).Where("f.owner_id = ?", d.OwnerID).Where("f.kind = ?", d.Kind).
			Where("f.post_id IS NULL").Where("NOT f.in_use").Where("f.discarded_at IS NULL").Count(ctx)
		if err != nil {
			return pg.Error(err)
		}
		if pending >= contentdomain.MaxPending {
			return contentdomain.ErrTooManyPending
		}
	}
	_, err := r.db.Conn(ctx).NewInsert().Model(toRowFile(file)).Exec(ctx)
	return pg.Error(err)
}

// Find returns a file.
func (r *Files) Find(ctx context.Context, id uuid.UUID) (contentdomain.File, error) {
	return pg.One(ctx, r.db, contentdomain.ErrFileNotFound, (*fileRow).toDomain, stored([]uuid.UUID{id}))
}

// FindEach returns files that are there.
func (r *Files) FindEach(ctx context.Context, ids []uuid.UUID) ([]contentdomain.File, error) {
	return pg.Many(ctx, r.db, (*fileRow).toDomain, stored(ids))
}

// stored selects files whose content is there.
func stored(ids []uuid.UUID) func(*bun.SelectQuery) *bun.SelectQuery {
	return func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.Where("f.id IN (?)", bun.List(ids)).Where("f.discarded_at IS NULL").Where("f.content_type <> ''")
	}
}

// Complete stores what is known of the content.
func (r *Files) Complete(ctx context.Context, file contentdomain.File) error {
	result, err := r.db.Conn(ctx).NewUpdate().Model(toRowFile(file)).Column("content_type", "size", "digest", "in_use").
		Where("id = ?", file.ID()).Where("discarded_at IS NULL").Exec(ctx)
	return pg.ChangedOne(result, err, contentdomain.ErrFileNotFound)
}

// Attach makes files those of a post.
func (r *Files) Attach(ctx context.Context, post uuid.UUID, ids []uuid.UUID, at time.Time) (bool, error) {
	others := r.db.Conn(ctx).NewUpdate().Model((*fileRow)(nil)).Set("post_id = NULL").Set("discarded_at = ?", at).Where("post_id = ?", post)
	if len(ids) > 0 {
		others = others.Where("id NOT IN (?)", bun.List(ids))
	}
	if _, err := others.Exec(ctx); err != nil || len(ids) == 0 {
		return err == nil, pg.Error(err)
	}
	result, err := r.db.Conn(ctx).NewUpdate().Model((*fileRow)(nil)).Set("post_id = ?", post).Where("id IN (?)", bun.List(ids)).
		Where("kind = ?", contentdomain.FileAttachment).Where("content_type <> ''").Where("discarded_at IS NULL").
		WhereGroup(" AND ", func(q *bun.UpdateQuery) *bun.UpdateQuery {
			return q.Where("post_id IS NULL").WhereOr("post_id = ?", post)
		}).
		Exec(ctx)
	if err != nil {
		return false, pg.Error(err)
	}
	n, err := result.RowsAffected()
	return int(n) == len(ids), pg.Error(err)
}

// Describe stores the descriptions of files.
func (r *Files) Describe(ctx context.Context, files []contentdomain.File) error {
	for _, f := range files {
		_, err := r.db.Conn(ctx).NewUpdate().Model(toRowFile(f)).Column("alt_text").Where("id = ?", f.ID()).Exec(ctx)
		if err != nil {
			return pg.Error(err)
		}
	}
	return nil
}

// Discard marks files for removal.
func (r *Files) Discard(ctx context.Context, at time.Time, ids ...uuid.UUID) error {
	_, err := r.db.Conn(ctx).NewUpdate().Model((*fileRow)(nil)).Set("discarded_at = ?", at).Set("post_id = NULL").Set("in_use = FALSE").
		Where("id IN (?)", bun.List(ids)).Exec(ctx)
	return pg.Error(err)
}

// Abandoned finds files that can be removed.
func (r *Files) Abandoned(ctx context.Context, before time.Time, limit int) ([]contentdomain.File, error) {
	return pg.Many(ctx, r.db, (*fileRow).toDomain, func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.WhereGroup(" AND ", func(q *bun.SelectQuery) *bun.SelectQuery {
			return q.Where("f.discarded_at IS NOT NULL").WhereOr("f.post_id IS NULL AND NOT f.in_use AND f.created_at < ?", before)
		}).Limit(int64(limit))
	})
}

// Forget removes files.
func (r *Files) Forget(ctx context.Context, ids ...uuid.UUID) error {
	_, err := r.db.Conn(ctx).NewDelete().Model((*fileRow)(nil)).Where("id IN (?)", bun.List(ids)).Exec(ctx)
	return pg.Error(err)
}
