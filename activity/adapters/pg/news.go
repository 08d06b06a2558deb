package pg

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"go.updspace.com/activity/domain"
	"go.updspace.com/activity/ports"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/pg"
	"go.updspace.com/libs/reqctx"
	"go.updspace.com/libs/valid"
)

// News implements ports.News.
type News struct{ db *pg.DB }

var _ ports.News = (*News)(nil)

// NewNews stores posts in db.
func NewNews(db *pg.DB) *News { return &News{db} }

// newsRow is a post, with what the rule of sight and the feed know of it.
type newsRow struct {
	bun.BaseModel `bun:"table:news_posts,alias:p"`
	pg.Tenanted

	ID             uuid.UUID     `bun:"id,pk,type:uuid"`
	AuthorID       uuid.UUID     `bun:"author_id,type:uuid"`
	Title          string        `bun:"title"`
	Body           string        `bun:"body"`
	SearchText     string        `bun:"search_text"`
	Tags           []string      `bun:"tags,array"`
	Media          []mediaRow    `bun:"media,type:jsonb"`
	Visibility     string        `bun:"visibility"`
	ScopeType      string        `bun:"scope_type"`
	ScopeID        uuid.UUID     `bun:"scope_id,type:uuid"`
	Status         string        `bun:"status"`
	PublishAt      *time.Time    `bun:"publish_at"`
	PublishedAt    *time.Time    `bun:"published_at"`
	PinnedAt       *time.Time    `bun:"pinned_at"`
	HiddenAt       *time.Time    `bun:"hidden_at"`
	HiddenBy       uuid.NullUUID `bun:"hidden_by,type:uuid"`
	HiddenReason   string        `bun:"hidden_reason"`
	CommentsLocked bool          `bun:"comments_locked"`
	Age            float64       `bun:"age"`
	EditedAt       *time.Time    `bun:"edited_at"`
	CreatedAt      time.Time     `bun:"created_at"`
	UpdatedAt      time.Time     `bun:"updated_at"`
	Version        int           `bun:"version"`

	CommentsCount  int           `bun:"comments_count,scanonly"`
	ReactionsCount int           `bun:"reactions_count,scanonly"`
	ViewsCount     int           `bun:"views_count,scanonly"`
	Rank           float64       `bun:"rank,scanonly"`
	CommunityID    uuid.NullUUID `bun:"community_id,type:uuid,scanonly"`
	GroupState     string        `bun:"group_state,scanonly"`
	ItemID         int64         `bun:"item_id,scanonly"`
}

type mediaRow struct {
	Kind    domain.MediaKind `json:"kind"`
	Image   *uuid.UUID       `json:"image,omitempty"`
	Caption string           `json:"caption,omitempty"`
	VideoID string           `json:"video_id,omitempty"`
	Title   string           `json:"title,omitempty"`
}

func toNewsRow(post domain.NewsPost) *newsRow {
	d := post.Data()
	row := &newsRow{
		Tenanted: pg.Tenanted{TenantID: d.TenantID}, ID: d.ID, AuthorID: d.AuthorID, Title: d.Title, Body: d.Body, SearchText: valid.Fold(d.Title + "\n" + d.Body),
		Tags: d.Tags, Media: make([]mediaRow, len(d.Media)), Visibility: string(d.Visibility), ScopeType: string(d.Scope.Type), ScopeID: d.Scope.ID,
		Status: string(d.Status), PublishAt: timeOrNull(d.PublishAt), PublishedAt: timeOrNull(d.PublishedAt), PinnedAt: timeOrNull(d.PinnedAt),
		HiddenAt: timeOrNull(d.HiddenAt), HiddenBy: uuid.NullUUID{UUID: d.HiddenBy, Valid: d.HiddenBy != uuid.Nil}, HiddenReason: d.HiddenReason,
		CommentsLocked: d.CommentsLocked, EditedAt: timeOrNull(d.EditedAt), CreatedAt: pg.Time(d.CreatedAt), UpdatedAt: pg.Time(d.UpdatedAt), Version: d.Version,
	}
	if !d.PublishedAt.IsZero() {
		row.Age = float64(d.PublishedAt.UnixMicro()) / float64(domain.RankHalf.Microseconds())
	}
	for i, m := range d.Media {
		row.Media[i] = mediaRow{Kind: m.Kind, Image: orNull(m.Image), Caption: m.Caption, VideoID: m.VideoID, Title: m.Title}
	}
	return row
}

func (r *newsRow) toDomain() domain.NewsPost {
	d := domain.NewsData{
		ID: r.ID, TenantID: r.TenantID, AuthorID: r.AuthorID, Title: r.Title, Body: r.Body, Tags: r.Tags, Media: make([]domain.NewsMedia, len(r.Media)),
		Visibility: authz.Visibility(r.Visibility), Scope: authz.Scope{Type: authz.ScopeType(r.ScopeType), ID: r.ScopeID}, Status: domain.NewsStatus(r.Status),
		PublishAt: orZero(r.PublishAt), PublishedAt: orZero(r.PublishedAt), PinnedAt: orZero(r.PinnedAt), HiddenAt: orZero(r.HiddenAt),
		HiddenBy: r.HiddenBy.UUID, HiddenReason: r.HiddenReason, CommentsLocked: r.CommentsLocked, EditedAt: orZero(r.EditedAt),
		Community: r.CommunityID.UUID, GroupDeleted: r.GroupState == "deleted", ItemID: r.ItemID,
		Comments: r.CommentsCount, Reactions: r.ReactionsCount, Views: r.ViewsCount, CreatedAt: r.CreatedAt.UTC(), UpdatedAt: r.UpdatedAt.UTC(), Version: r.Version,
	}
	for i, m := range r.Media {
		d.Media[i] = domain.NewsMedia{Kind: m.Kind, Image: orNil(m.Image), Caption: m.Caption, VideoID: m.VideoID, Title: m.Title}
	}
	return domain.RestoreNewsPost(d)
}

func timeOrNull(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	t = pg.Time(t)
	return &t
}

func orZero(t *time.Time) time.Time {
	if t == nil {
		return time.Time{}
	}
	return t.UTC()
}

// withGroup adds the group of a post's scope and its item in the feed.
func withGroup(q *bun.SelectQuery) *bun.SelectQuery {
	return q.ColumnExpr("p.*").ColumnExpr("g.community_id, coalesce(g.state, '') AS group_state").
		ColumnExpr("coalesce((SELECT i.id FROM items AS i WHERE i.tenant_id = p.tenant_id AND i.source_ref = 'news:' || p.id AND NOT i.retracted), 0) AS item_id").
		Join("LEFT JOIN groups AS g ON g.tenant_id = p.tenant_id AND g.scope_type = p.scope_type AND g.scope_id = p.scope_id")
}

// Find returns a post.
func (r *News) Find(ctx context.Context, id uuid.UUID) (domain.NewsPost, error) {
	return pg.One(ctx, r.db, domain.ErrNewsNotFound, (*newsRow).toDomain, func(q *bun.SelectQuery) *bun.SelectQuery {
		return withGroup(q).Where("p.id = ?", id)
	})
}

// Lock returns a post and locks it.
func (r *News) Lock(ctx context.Context, id uuid.UUID) (domain.NewsPost, error) {
	return pg.One(ctx, r.db, domain.ErrNewsNotFound, (*newsRow).toDomain, func(q *bun.SelectQuery) *bun.SelectQuery {
		return withGroup(q).Where("p.id = ?", id).For("UPDATE OF p")
	})
}

// FindEach returns posts.
func (r *News) FindEach(ctx context.Context, ids []uuid.UUID) ([]domain.NewsPost, error) {
	if len(ids) == 0 {
		return []domain.NewsPost{}, nil
	}
	return pg.Many(ctx, r.db, (*newsRow).toDomain, func(q *bun.SelectQuery) *bun.SelectQuery {
		return withGroup(q).Where("p.id IN ?", bun.Tuple(ids))
	})
}

// Add stores a new post.
func (r *News) Add(ctx context.Context, post domain.NewsPost) error {
	_, err := r.db.Conn(ctx).NewInsert().Model(toNewsRow(post)).Exec(ctx)
	return pg.Error(err)
}

// Update stores a changed post.
func (r *News) Update(ctx context.Context, post domain.NewsPost) error {
	result, err := r.db.Conn(ctx).NewUpdate().Model(toNewsRow(post)).ExcludeColumn("tenant_id", "id", "author_id", "scope_type", "scope_id", "created_at").
		Where("id = ?", post.ID()).Exec(ctx)
	return pg.ChangedOne(result, err, domain.ErrNewsNotFound)
}

// Delete removes a post.
func (r *News) Delete(ctx context.Context, id uuid.UUID) error {
	result, err := r.db.Conn(ctx).NewDelete().Model((*newsRow)(nil)).Where("id = ?", id).Exec(ctx)
	return pg.ChangedOne(result, err, domain.ErrNewsNotFound)
}

// Unpublished lists posts of an author.
func (r *News) Unpublished(ctx context.Context, author uuid.UUID, status domain.NewsStatus, limit int) ([]domain.NewsPost, error) {
	return pg.Many(ctx, r.db, (*newsRow).toDomain, func(q *bun.SelectQuery) *bun.SelectQuery {
		return withGroup(q).Where("p.author_id = ?", author).Where("p.status = ?", status).OrderExpr("p.updated_at DESC, p.id DESC").Limit(int64(limit))
	})
}

// Due returns scheduled posts of all tenants.
func (r *News) Due(ctx context.Context, now time.Time, limit int) ([]domain.NewsPost, error) {
	return pg.Many(pg.AcrossTenants(ctx, "scheduled news"), r.db, (*newsRow).toDomain, func(q *bun.SelectQuery) *bun.SelectQuery {
		return withGroup(q).Where("p.status = 'scheduled'").Where("p.publish_at <= ?", pg.Time(now)).OrderExpr("p.publish_at").Limit(int64(limit))
	})
}

// searchedPosts bounds what a search looks at: the newest posts that match, seen by the reader or not.
const searchedPosts = 2000

// List lists posts through their items, to which the rule of sight applies.
func (r *News) List(ctx context.Context, viewer domain.NewsViewer, f ports.NewsFilter, after ports.NewsKey, limit int) ([]ports.ListedNews, error) {
	return pg.Many(ctx, r.db, func(row *newsRow) ports.ListedNews {
		return ports.ListedNews{NewsPost: row.toDomain(), Key: ports.NewsKey{Rank: row.Rank, At: row.at(f), ID: row.ID}}
	}, func(q *bun.SelectQuery) *bun.SelectQuery {
		q = withGroup(q).Join("JOIN items AS i ON i.tenant_id = p.tenant_id AND i.source_ref = 'news:' || p.id AND NOT i.retracted").
			Where("p.status = 'published'").Where("p.hidden_at IS NULL").Apply(judged(viewer.Viewer, "i"))
		if f.Author != uuid.Nil {
			q = q.Where("p.author_id = ?", f.Author)
		}
		if f.Scope != (authz.Scope{}) {
			q = q.Where("p.scope_type = ?", f.Scope.Type).Where("p.scope_id = ?", f.Scope.ID)
		}
		if pattern := pg.Contains(f.Query); pattern != "" || f.Tag != "" {
			q = q.Where("p.id = ANY (ARRAY(SELECT search_news(?, ?, ?, ?)))", reqctx.From(ctx).TenantID, pattern, f.Tag, searchedPosts)
		}
		column := "published_at"
		switch {
		case f.Pinned:
			q, column = q.Where("p.pinned_at IS NOT NULL"), "pinned_at"
		case f.Best:
			column = "rank"
		}
		if after.ID != uuid.Nil {
			var from any = pg.Time(after.At)
			if f.Best {
				from = after.Rank
			}
			q = q.Where("(p.?, p.id) < (?, ?)", bun.Ident(column), from, after.ID)
		}
		return q.OrderExpr("p.? DESC, p.id DESC", bun.Ident(column)).Limit(int64(limit))
	})
}

// at is the time that a list is ordered by.
func (r *newsRow) at(f ports.NewsFilter) time.Time {
	if f.Pinned {
		return orZero(r.PinnedAt)
	}
	return orZero(r.PublishedAt)
}
