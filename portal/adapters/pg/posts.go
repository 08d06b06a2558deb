package pg

import (
	"context"
	"encoding/json"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/pg"
	"go.updspace.com/portal/domain"
)

// Posts is ports.Posts.
type Posts struct {
	db *pg.DB
}

// NewPosts keeps posts in db.
func NewPosts(db *pg.DB) *Posts { return &Posts{db: db} }

type postRow struct {
	bun.BaseModel `bun:"table:posts,alias:p"`
	pg.Tenanted

	ID          uuid.UUID       `bun:"id,pk,type:uuid"`
	CommunityID uuid.UUID       `bun:"community_id,type:uuid,nullzero"`
	TeamID      uuid.UUID       `bun:"team_id,type:uuid,nullzero"`
	Title       string          `bun:"title"`
	Body        string          `bun:"body"`
	BodyHTML    string          `bun:"body_html"`
	RenderedBy  string          `bun:"rendered_by"`
	Visibility  string          `bun:"visibility"`
	Attachments int             `bun:"attachments"`
	CreatedBy   uuid.UUID       `bun:"created_by,type:uuid"`
	CreatedAt   time.Time       `bun:"created_at"`
	UpdatedAt   time.Time       `bun:"updated_at"`
	Version     int             `bun:"version"`
	Files       json.RawMessage `bun:"files,scanonly"`
}

func toRowPost(p domain.Post) *postRow {
	d := p.Data()
	return &postRow{
		Tenanted: pg.Tenanted{TenantID: d.TenantID}, ID: d.ID, CommunityID: d.Place.CommunityID, TeamID: d.Place.TeamID,
		Title: d.Title, Body: d.Body, BodyHTML: d.Rendered.HTML, RenderedBy: d.Rendered.By, Visibility: string(d.Visibility),
		Attachments: len(d.Attachments), CreatedBy: d.CreatedBy, CreatedAt: d.CreatedAt, UpdatedAt: d.UpdatedAt, Version: d.Version,
	}
}

func (r *postRow) toDomain() (domain.Post, error) {
	post := domain.RestorePost(domain.PostData{
		ID: r.ID, TenantID: r.TenantID, Place: domain.PostPlace{CommunityID: r.CommunityID, TeamID: r.TeamID},
		Title: r.Title, Body: r.Body, Rendered: domain.Rendered{HTML: r.BodyHTML, By: r.RenderedBy},
		Visibility: domain.Visibility(r.Visibility), CreatedBy: r.CreatedBy,
		CreatedAt: domain.Instant(r.CreatedAt), UpdatedAt: domain.Instant(r.UpdatedAt), Version: r.Version,
	})
	if len(r.Files) == 0 {
		return post, nil
	}
	var rows []fileRow
	if err := json.Unmarshal(r.Files, &rows); err != nil {
		return domain.Post{}, errs.Internalf("portal: the files of post %s: %w", r.ID, err)
	}
	files := make([]domain.File, len(rows))
	for i := range rows {
		files[i] = rows[i].toDomain()
	}
	return post.WithAttachments(files), nil
}

// withFiles fetches the attachments along with the posts that have any.
const withFiles = `CASE WHEN p.attachments > 0 THEN
	(SELECT json_agg(row_to_json(f)) FROM files AS f WHERE f.tenant_id = p.tenant_id AND f.post_id = p.id) END AS files`

// Find returns a post.
func (r *Posts) Find(ctx context.Context, id uuid.UUID) (post domain.Post, err error) {
	err = r.db.Read(ctx, func(ctx context.Context) error {
		post, err = r.find(ctx, id, "")
		return err
	})
	return post, err
}

// Lock takes the row lock that a change of the post needs.
func (r *Posts) Lock(ctx context.Context, id uuid.UUID) (domain.Post, error) {
	return r.find(ctx, id, "UPDATE OF p")
}

func (r *Posts) find(ctx context.Context, id uuid.UUID, lock string) (domain.Post, error) {
	var row postRow
	q := r.db.Conn(ctx).NewSelect().Model(&row).ColumnExpr("?TableColumns").ColumnExpr(withFiles).Where("p.id = ?", id).Where("p.deleted_at IS NULL")
	if lock != "" {
		q = q.For(lock)
	}
	if err := q.Scan(ctx); err != nil {
		return domain.Post{}, orMissing(err, domain.ErrPostNotFound)
	}
	return row.toDomain()
}

// Add stores a new post.
func (r *Posts) Add(ctx context.Context, post domain.Post) error {
	_, err := r.db.Conn(ctx).NewInsert().Model(toRowPost(post)).Exec(ctx)
	switch pg.ConstraintName(err) {
	case "posts_community":
		return domain.ErrCommunityNotFound.Wrap(err)
	case "posts_team":
		return domain.ErrTeamNotFound.Wrap(err)
	}
	return pg.Error(err)
}

// Update stores a changed post.
func (r *Posts) Update(ctx context.Context, post domain.Post) error {
	result, err := r.db.Conn(ctx).NewUpdate().Model(toRowPost(post)).
		ExcludeColumn("tenant_id", "id", "created_by", "created_at").
		Where("id = ?", post.ID()).Where("version < ?", post.Data().Version).Exec(ctx)
	return changedOne(result, err, domain.ErrPostNotFound)
}

// Delete hides a post.
func (r *Posts) Delete(ctx context.Context, id uuid.UUID, at time.Time) error {
	result, err := r.db.Conn(ctx).NewUpdate().Model((*postRow)(nil)).Set("deleted_at = ?", at).
		Where("id = ?", id).Where("deleted_at IS NULL").Exec(ctx)
	return changedOne(result, err, domain.ErrPostNotFound)
}

// Purge deletes rows of every tenant.
func (r *Posts) Purge(ctx context.Context, before time.Time) (int64, error) {
	return r.db.Prune(ctx, "posts", "deleted_at", before)
}
