package pg

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"go.updspace.com/activity/domain"
	"go.updspace.com/activity/ports"
	"go.updspace.com/libs/pg"
)

// Reactions implements ports.Reactions.
type Reactions struct{ db *pg.DB }

var _ ports.Reactions = (*Reactions)(nil)

// NewReactions stores reactions in db.
func NewReactions(db *pg.DB) *Reactions { return &Reactions{db} }

type reactionRow struct {
	bun.BaseModel `bun:"table:news_reactions,alias:r"`
	pg.Tenanted

	ID        int64     `bun:"id,autoincrement"`
	PostID    uuid.UUID `bun:"post_id,pk,type:uuid"`
	UserID    uuid.UUID `bun:"user_id,pk,type:uuid"`
	Emoji     string    `bun:"emoji,pk"`
	CreatedAt time.Time `bun:"created_at"`
}

type reactionCountRow struct {
	bun.BaseModel `bun:"table:news_reaction_counts,alias:c"`
	pg.Tenanted

	PostID uuid.UUID `bun:"post_id,pk,type:uuid"`
	Emoji  string    `bun:"emoji,pk"`
	Count  int       `bun:"count"`
	Mine   bool      `bun:"mine,scanonly"`
}

// count changes a counter of a post.
func count(ctx context.Context, db *pg.DB, post uuid.UUID, column string, by int) error {
	result, err := db.Conn(ctx).NewUpdate().Model((*newsRow)(nil)).Set("? = ? + ?", bun.Ident(column), bun.Ident(column), by).Where("id = ?", post).Exec(ctx)
	return pg.ChangedOne(result, err, domain.ErrNewsNotFound)
}

// lockPost makes other changes of a post wait until the transaction ends. What belongs to a post is changed after it, so that
// its deletion and the changes do not wait for each other.
func lockPost(ctx context.Context, db *pg.DB, post uuid.UUID) error {
	var id uuid.UUID
	err := db.Conn(ctx).NewSelect().Model((*newsRow)(nil)).Column("p.id").Where("p.id = ?", post).For("NO KEY UPDATE").Scan(ctx, &id)
	return pg.NotFound(err, domain.ErrNewsNotFound)
}

// React stores a reaction and counts it.
func (r *Reactions) React(ctx context.Context, post, user uuid.UUID, emoji string, now time.Time) (bool, error) {
	if err := lockPost(ctx, r.db, post); err != nil {
		return false, err
	}
	result, err := r.db.Conn(ctx).NewInsert().Model(&reactionRow{PostID: post, UserID: user, Emoji: emoji, CreatedAt: pg.Time(now)}).
		ExcludeColumn("id").On("CONFLICT DO NOTHING").Returning("NULL").Exec(ctx)
	if err != nil {
		return false, pg.Error(err)
	}
	if n, err := result.RowsAffected(); err != nil || n == 0 {
		return false, pg.Error(err)
	}
	if err := count(ctx, r.db, post, "reactions_count", 1); err != nil {
		return false, err
	}
	_, err = r.db.Conn(ctx).NewInsert().Model(&reactionCountRow{PostID: post, Emoji: emoji, Count: 1}).
		On("CONFLICT (tenant_id, post_id, emoji) DO UPDATE").Set("count = c.count + 1").Returning("NULL").Exec(ctx)
	return true, pg.Error(err)
}

// Withdraw removes a reaction and counts it no more.
func (r *Reactions) Withdraw(ctx context.Context, post, user uuid.UUID, emoji string) (bool, error) {
	if err := lockPost(ctx, r.db, post); err != nil {
		return false, err
	}
	result, err := r.db.Conn(ctx).NewDelete().Model((*reactionRow)(nil)).Where("post_id = ?", post).Where("user_id = ?", user).Where("emoji = ?", emoji).Exec(ctx)
	if err != nil {
		return false, pg.Error(err)
	}
	if n, err := result.RowsAffected(); err != nil || n == 0 {
		return false, pg.Error(err)
	}
	if err := count(ctx, r.db, post, "reactions_count", -1); err != nil {
		return false, err
	}
	_, err = r.db.Conn(ctx).NewUpdate().Model((*reactionCountRow)(nil)).Set("count = count - 1").Where("post_id = ?", post).Where("emoji = ?", emoji).Exec(ctx)
	return true, pg.Error(err)
}

// Of returns the counts of posts by one query.
func (r *Reactions) Of(ctx context.Context, reader uuid.UUID, posts []uuid.UUID) (map[uuid.UUID][]ports.Emoji, error) {
	found := map[uuid.UUID][]ports.Emoji{}
	if len(posts) == 0 {
		return found, nil
	}
	rows, err := pg.Many(ctx, r.db, func(row *reactionCountRow) reactionCountRow { return *row }, func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.ColumnExpr("c.*").ColumnExpr(`EXISTS (SELECT FROM news_reactions AS r
			WHERE r.tenant_id = c.tenant_id AND r.post_id = c.post_id AND r.user_id = ? AND r.emoji = c.emoji) AS mine`, reader).
			Where("c.post_id IN ?", bun.Tuple(posts)).Where("c.count > 0").OrderExpr(`c.count DESC, c.emoji COLLATE "C"`)
	})
	for _, row := range rows {
		found[row.PostID] = append(found[row.PostID], ports.Emoji{Emoji: row.Emoji, Count: row.Count, Mine: row.Mine})
	}
	return found, err
}

// Given lists who reacted.
func (r *Reactions) Given(ctx context.Context, post uuid.UUID, offset, limit int) ([]ports.NewsReaction, error) {
	return pg.Many(ctx, r.db, func(row *reactionRow) ports.NewsReaction {
		return ports.NewsReaction{ID: row.ID, UserID: row.UserID, Emoji: row.Emoji, CreatedAt: row.CreatedAt.UTC()}
	}, func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.Where("r.post_id = ?", post).OrderExpr("r.id DESC").Offset(int64(offset)).Limit(int64(limit))
	})
}

type viewRow struct {
	bun.BaseModel `bun:"table:news_views,alias:v"`
	pg.Tenanted

	PostID        uuid.UUID `bun:"post_id,pk,type:uuid"`
	UserID        uuid.UUID `bun:"user_id,pk,type:uuid"`
	FirstViewedAt time.Time `bun:"first_viewed_at"`
	LastViewedAt  time.Time `bun:"last_viewed_at"`
}

// View notes a view. The first of a user is counted.
func (r *Reactions) View(ctx context.Context, post, user uuid.UUID, now time.Time) (bool, error) {
	if err := lockPost(ctx, r.db, post); err != nil {
		return false, err
	}
	var first bool
	err := r.db.Conn(ctx).NewInsert().Model(&viewRow{PostID: post, UserID: user, FirstViewedAt: pg.Time(now), LastViewedAt: pg.Time(now)}).
		On("CONFLICT (tenant_id, post_id, user_id) DO UPDATE").Set("last_viewed_at = EXCLUDED.last_viewed_at").Returning("xmax = 0").Scan(ctx, &first)
	if err != nil || !first {
		return false, pg.Error(err)
	}
	return true, count(ctx, r.db, post, "views_count", 1)
}
