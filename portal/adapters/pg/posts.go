package pg

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/pg"
	"go.updspace.com/libs/valid"
	"go.updspace.com/libs/wire"
	contentdomain "go.updspace.com/portal/content/domain"
	"go.updspace.com/portal/domain"
)

// Posts is contentports.Posts.
type Posts struct {
	db *pg.DB
}

// NewPosts stores posts in db.
func NewPosts(db *pg.DB) *Posts { return &Posts{db: db} }

type postRow struct {
	bun.BaseModel `bun:"table:posts,alias:p"`
	pg.Tenanted

	ID          uuid.UUID `bun:"id,pk,type:uuid"`
	CommunityID uuid.UUID `bun:"community_id,type:uuid,nullzero"`
	TeamID      uuid.UUID `bun:"team_id,type:uuid,nullzero"`
	Title       string    `bun:"title"`
	Body        string    `bun:"body"`
	BodyHTML    string    `bun:"body_html"`
	ExcerptHTML string    `bun:"excerpt_html"`
	RenderedBy  string    `bun:"rendered_by"`
	Visibility  string    `bun:"visibility"`
	Attachments int       `bun:"attachments"`
	CreatedBy   uuid.UUID `bun:"created_by,type:uuid"`
	CreatedAt   time.Time `bun:"created_at"`
	UpdatedAt   time.Time `bun:"updated_at"`
	Version     int       `bun:"version"`
	Folded      string    `bun:"folded"`
	Files       []fileRow `bun:"files,scanonly,type:json"`
}

func toRowPost(p contentdomain.Post) *postRow {
	d := p.Data()
	return &postRow{
		Tenanted: pg.Tenanted{TenantID: d.TenantID}, ID: d.ID, CommunityID: d.Scope.CommunityID, TeamID: d.Scope.TeamID,
		Title: d.Title, Body: d.Body, BodyHTML: d.Rendered.HTML, ExcerptHTML: d.Rendered.Excerpt, RenderedBy: d.Rendered.By, Visibility: string(d.Visibility),
		Attachments: len(d.Attachments), CreatedBy: d.CreatedBy, CreatedAt: d.CreatedAt, UpdatedAt: d.UpdatedAt, Version: d.Version,
		Folded: foldedPost(d.Title, d.Body),
	}
}

// How much of a body a search looks at, and what is stored of it at most.
const (
	searchedBody = 1000
	maxFolded    = 2000
)

// foldedPost is the text that posts are found by.
func foldedPost(title, body string) string {
	return beginning(valid.Fold(title+"\n"+beginning(body, searchedBody)), maxFolded)
}

// beginning is at most the first characters of a text.
func beginning(text string, most int) string {
	runes := []rune(text)
	return string(runes[:min(len(runes), most)])
}

func (r *postRow) toDomain() contentdomain.Post {
	return contentdomain.RestorePost(contentdomain.PostData{
		ID: r.ID, TenantID: r.TenantID, Scope: contentdomain.PostScope{CommunityID: r.CommunityID, TeamID: r.TeamID},
		Title: r.Title, Body: r.Body, Rendered: contentdomain.Rendered{HTML: r.BodyHTML, Excerpt: r.ExcerptHTML, By: r.RenderedBy},
		Visibility: authz.Visibility(r.Visibility), CreatedBy: r.CreatedBy,
		CreatedAt: valid.Instant(r.CreatedAt), UpdatedAt: valid.Instant(r.UpdatedAt), Version: r.Version,
	}).WithAttachments(wire.Each(r.Files, func(f fileRow) contentdomain.File {
		f.TenantID = r.TenantID
		return f.toDomain()
	}))
}

// withFiles fetches the attachments along with the posts that have any.
const withFiles = `CASE WHEN p.attachments > 0 THEN
	(SELECT json_agg(row_to_json(f)) FROM files AS f WHERE f.tenant_id = p.tenant_id AND f.post_id = p.id) END AS files`

// wholePosts selects posts that are not deleted, with their attachments.
func wholePosts(q *bun.SelectQuery) *bun.SelectQuery {
	return q.ColumnExpr("?TableColumns").ColumnExpr(withFiles).Where("p.deleted_at IS NULL")
}

// Find returns a post.
func (r *Posts) Find(ctx context.Context, id uuid.UUID) (contentdomain.Post, error) {
	return pg.One(ctx, r.db, contentdomain.ErrPostNotFound, (*postRow).toDomain, func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.Apply(wholePosts).Where("p.id = ?", id)
	})
}

// Lock takes the row lock that a change of the post needs.
func (r *Posts) Lock(ctx context.Context, id uuid.UUID) (contentdomain.Post, error) {
	return pg.One(ctx, r.db, contentdomain.ErrPostNotFound, (*postRow).toDomain, func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.Apply(wholePosts).Where("p.id = ?", id).For("UPDATE OF p")
	})
}

// Add stores a new post.
func (r *Posts) Add(ctx context.Context, post contentdomain.Post) error {
	_, err := r.db.Conn(ctx).NewInsert().Model(toRowPost(post)).Exec(ctx)
	return pg.Taken(err, map[string]*errs.Error{"posts_community": domain.ErrCommunityNotFound, "posts_team": domain.ErrTeamNotFound})
}

// Update stores a changed post.
func (r *Posts) Update(ctx context.Context, post contentdomain.Post) error {
	result, err := r.db.Conn(ctx).NewUpdate().Model(toRowPost(post)).
		ExcludeColumn("tenant_id", "id", "created_by", "created_at").
		Where("id = ?", post.ID()).Where("version < ?", post.Data().Version).Exec(ctx)
	return pg.ChangedOne(result, err, contentdomain.ErrPostNotFound)
}

// Delete hides a post.
func (r *Posts) Delete(ctx context.Context, id uuid.UUID, at time.Time) error {
	result, err := r.db.Conn(ctx).NewUpdate().Model((*postRow)(nil)).Set("deleted_at = ?", at).
		Where("id = ?", id).Where("deleted_at IS NULL").Exec(ctx)
	return pg.ChangedOne(result, err, contentdomain.ErrPostNotFound)
}

// Purge deletes rows of every tenant.
func (r *Posts) Purge(ctx context.Context, before time.Time) (int64, error) {
	return r.db.Prune(ctx, "posts", "deleted_at", before)
}
