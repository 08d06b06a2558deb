package pg

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"go.updspace.com/libs/pg"
	"go.updspace.com/portal/domain"
)

// Files is ports.Files.
type Files struct {
	db *pg.DB
}

// NewFiles keeps files in db.
func NewFiles(db *pg.DB) *Files { return &Files{db: db} }

// fileRow is also read as JSON, along with a post.
type fileRow struct {
	bun.BaseModel `bun:"table:files,alias:f" json:"-"`
	pg.Tenanted   `json:"-"`

	Tenant      uuid.UUID  `bun:"-" json:"tenant_id"`
	ID          uuid.UUID  `bun:"id,pk,type:uuid" json:"id"`
	Kind        string     `bun:"kind" json:"kind"`
	OwnerID     uuid.UUID  `bun:"owner_id,type:uuid" json:"owner_id"`
	PostID      uuid.UUID  `bun:"post_id,type:uuid,nullzero" json:"post_id"`
	Name        string     `bun:"name" json:"name"`
	ContentType string     `bun:"content_type" json:"content_type"`
	Size        int64      `bun:"size" json:"size"`
	Digest      string     `bun:"digest" json:"digest"`
	InUse       bool       `bun:"in_use" json:"in_use"`
	CreatedAt   time.Time  `bun:"created_at" json:"created_at"`
	DiscardedAt *time.Time `bun:"discarded_at" json:"discarded_at"`
}

func toRowFile(f domain.File) *fileRow {
	d := f.Data()
	row := &fileRow{
		Tenanted: pg.Tenanted{TenantID: d.TenantID}, ID: d.ID, Kind: string(d.Kind), OwnerID: d.OwnerID, PostID: d.PostID, Name: d.Name,
		ContentType: d.ContentType, Size: d.Size, Digest: d.Digest, InUse: d.Kind == domain.FileAvatar && f.Complete(), CreatedAt: d.CreatedAt,
	}
	if !d.DiscardedAt.IsZero() {
		row.DiscardedAt = &d.DiscardedAt
	}
	return row
}

func (r *fileRow) toDomain() domain.File {
	d := domain.FileData{
		ID: r.ID, TenantID: r.TenantID, Kind: domain.FileKind(r.Kind), OwnerID: r.OwnerID, PostID: r.PostID, Name: r.Name,
		ContentType: r.ContentType, Size: r.Size, Digest: r.Digest, CreatedAt: domain.Instant(r.CreatedAt),
	}
	if d.TenantID == uuid.Nil {
		d.TenantID = r.Tenant
	}
	if r.DiscardedAt != nil {
		d.DiscardedAt = domain.Instant(*r.DiscardedAt)
	}
	return domain.RestoreFile(d)
}

// Add stores a file whose content is still to come.
func (r *Files) Add(ctx context.Context, file domain.File) error {
	_, err := r.db.Conn(ctx).NewInsert().Model(toRowFile(file)).Exec(ctx)
	return pg.Error(err)
}

// Find returns a file.
func (r *Files) Find(ctx context.Context, id uuid.UUID) (domain.File, error) {
	files, err := r.FindEach(ctx, []uuid.UUID{id})
	if err == nil && len(files) == 0 {
		err = domain.ErrFileNotFound
	}
	if err != nil {
		return domain.File{}, err
	}
	return files[0], nil
}

// FindEach returns files that are there.
func (r *Files) FindEach(ctx context.Context, ids []uuid.UUID) (files []domain.File, err error) {
	err = r.db.Read(ctx, func(ctx context.Context) error {
		var rows []fileRow
		err := r.db.Conn(ctx).NewSelect().Model(&rows).Where("f.id IN (?)", bun.List(ids)).
			Where("f.discarded_at IS NULL").Where("f.content_type <> ''").Scan(ctx)
		files = toFiles(rows)
		return pg.Error(err)
	})
	return files, err
}

func toFiles(rows []fileRow) []domain.File {
	files := make([]domain.File, len(rows))
	for i := range rows {
		files[i] = rows[i].toDomain()
	}
	return files
}

// Complete stores what is known of the content.
func (r *Files) Complete(ctx context.Context, file domain.File) error {
	result, err := r.db.Conn(ctx).NewUpdate().Model(toRowFile(file)).Column("content_type", "size", "digest", "in_use").
		Where("id = ?", file.ID()).Where("discarded_at IS NULL").Exec(ctx)
	return changedOne(result, err, domain.ErrFileNotFound)
}

// Pending counts what waits to be attached.
func (r *Files) Pending(ctx context.Context, owner uuid.UUID) (n int, err error) {
	err = r.db.Read(ctx, func(ctx context.Context) error {
		counted, err := r.db.Conn(ctx).NewSelect().Model((*fileRow)(nil)).Where("f.owner_id = ?", owner).
			Where("f.kind = ?", domain.FileAttachment).Where("f.post_id IS NULL").Where("NOT f.in_use").Where("f.discarded_at IS NULL").Count(ctx)
		n = int(counted)
		return pg.Error(err)
	})
	return n, err
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
		Where("kind = ?", domain.FileAttachment).Where("content_type <> ''").Where("discarded_at IS NULL").
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

// Discard gives files up.
func (r *Files) Discard(ctx context.Context, at time.Time, ids ...uuid.UUID) error {
	_, err := r.db.Conn(ctx).NewUpdate().Model((*fileRow)(nil)).Set("discarded_at = ?", at).Set("post_id = NULL").Set("in_use = FALSE").
		Where("id IN (?)", bun.List(ids)).Exec(ctx)
	return pg.Error(err)
}

// Abandoned finds what nobody holds on to.
func (r *Files) Abandoned(ctx context.Context, before time.Time, limit int) (files []domain.File, err error) {
	err = r.db.Read(ctx, func(ctx context.Context) error {
		var rows []fileRow
		err := r.db.Conn(ctx).NewSelect().Model(&rows).
			WhereGroup(" AND ", func(q *bun.SelectQuery) *bun.SelectQuery {
				return q.Where("f.discarded_at IS NOT NULL").WhereOr("f.post_id IS NULL AND NOT f.in_use AND f.created_at < ?", before)
			}).Limit(int64(limit)).Scan(ctx)
		files = toFiles(rows)
		return pg.Error(err)
	})
	return files, err
}

// Forget removes files.
func (r *Files) Forget(ctx context.Context, ids ...uuid.UUID) error {
	_, err := r.db.Conn(ctx).NewDelete().Model((*fileRow)(nil)).Where("id IN (?)", bun.List(ids)).Exec(ctx)
	return pg.Error(err)
}
