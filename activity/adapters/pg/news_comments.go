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

// Comments implements ports.Comments.
type Comments struct{ db *pg.DB }

var _ ports.Comments = (*Comments)(nil)

// NewComments stores comments in db.
func NewComments(db *pg.DB) *Comments { return &Comments{db} }

type commentRow struct {
	bun.BaseModel `bun:"table:news_comments,alias:c"`
	pg.Tenanted

	ID        int64      `bun:"id,pk,autoincrement"`
	PostID    uuid.UUID  `bun:"post_id,type:uuid"`
	ParentID  *int64     `bun:"parent_id"`
	AuthorID  uuid.UUID  `bun:"author_id,type:uuid"`
	Body      string     `bun:"body"`
	CreatedAt time.Time  `bun:"created_at"`
	EditedAt  *time.Time `bun:"edited_at"`
	DeletedAt *time.Time `bun:"deleted_at"`

	LikesCount   int  `bun:"likes_count,scanonly"`
	RepliesCount int  `bun:"replies_count,scanonly"`
	Liked        bool `bun:"liked,scanonly"`
}

func (r *commentRow) toDomain() domain.NewsComment {
	d := domain.NewsCommentData{
		ID: r.ID, PostID: r.PostID, AuthorID: r.AuthorID, Body: r.Body, CreatedAt: r.CreatedAt.UTC(), EditedAt: orZero(r.EditedAt), DeletedAt: orZero(r.DeletedAt),
		Likes: r.LikesCount, Replies: r.RepliesCount, Liked: r.Liked,
	}
	if r.ParentID != nil {
		d.ParentID = *r.ParentID
	}
	return domain.RestoreNewsComment(d)
}

// readBy adds whether a reader likes a comment.
func readBy(reader uuid.UUID) func(*bun.SelectQuery) *bun.SelectQuery {
	return func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.ColumnExpr("c.*").ColumnExpr(`EXISTS (SELECT FROM news_comment_likes AS l
			WHERE l.tenant_id = c.tenant_id AND l.comment_id = c.id AND l.user_id = ?) AS liked`, reader)
	}
}

// Find returns a comment.
func (r *Comments) Find(ctx context.Context, reader, post uuid.UUID, id int64) (domain.NewsComment, error) {
	return pg.One(ctx, r.db, domain.ErrCommentNotFound, (*commentRow).toDomain, func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.Apply(readBy(reader)).Where("c.id = ?", id).Where("c.post_id = ?", post)
	})
}

// Lock returns a comment and locks it.
func (r *Comments) Lock(ctx context.Context, reader, post uuid.UUID, id int64) (domain.NewsComment, error) {
	return pg.One(ctx, r.db, domain.ErrCommentNotFound, (*commentRow).toDomain, func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.Apply(readBy(reader)).Where("c.id = ?", id).Where("c.post_id = ?", post).For("UPDATE OF c")
	})
}

// Each returns comments.
func (r *Comments) Each(ctx context.Context, ids []int64) ([]domain.NewsComment, error) {
	if len(ids) == 0 {
		return []domain.NewsComment{}, nil
	}
	return pg.Many(ctx, r.db, (*commentRow).toDomain, func(q *bun.SelectQuery) *bun.SelectQuery { return q.Where("c.id IN ?", bun.Tuple(ids)) })
}

// List lists comments of a post.
func (r *Comments) List(ctx context.Context, reader uuid.UUID, f ports.CommentFilter, limit int) ([]domain.NewsComment, error) {
	return pg.Many(ctx, r.db, (*commentRow).toDomain, func(q *bun.SelectQuery) *bun.SelectQuery {
		q = q.Apply(readBy(reader)).Where("c.post_id = ?", f.Post).Where("c.id > ?", f.After)
		if f.Threads {
			q = q.Where("coalesce(c.parent_id, 0) = ?", f.Parent)
		}
		return q.OrderExpr("c.id").Limit(int64(limit))
	})
}

// countReplies changes the counter of a comment that has replies.
func (r *Comments) countReplies(ctx context.Context, parent int64) error {
	_, err := r.db.Conn(ctx).NewUpdate().Model((*commentRow)(nil)).Set("replies_count = replies_count + 1").Where("id = ?", parent).Exec(ctx)
	return pg.Error(err)
}

// Add stores a comment and counts it.
func (r *Comments) Add(ctx context.Context, comment domain.NewsComment) (domain.NewsComment, error) {
	d := comment.Data()
	row := &commentRow{PostID: d.PostID, AuthorID: d.AuthorID, Body: d.Body, CreatedAt: pg.Time(d.CreatedAt)}
	if d.ParentID != 0 {
		row.ParentID = &d.ParentID
		if err := r.countReplies(ctx, d.ParentID); err != nil {
			return comment, err
		}
	}
	if _, err := r.db.Conn(ctx).NewInsert().Model(row).ExcludeColumn("id").Returning("id").Exec(ctx); err != nil {
		return comment, pg.Error(err)
	}
	return comment.Stored(row.ID), count(ctx, r.db, d.PostID, "comments_count", 1)
}

// Edit stores the body of a comment.
func (r *Comments) Edit(ctx context.Context, comment domain.NewsComment) error {
	d := comment.Data()
	result, err := r.db.Conn(ctx).NewUpdate().Model((*commentRow)(nil)).Set("body = ?", d.Body).Set("edited_at = ?", pg.Time(d.EditedAt)).
		Where("id = ?", d.ID).Where("deleted_at IS NULL").Exec(ctx)
	return pg.ChangedOne(result, err, domain.ErrCommentNotFound)
}

// Delete empties a comment and counts it no more. Its likes go.
func (r *Comments) Delete(ctx context.Context, comment domain.NewsComment) error {
	d := comment.Data()
	result, err := r.db.Conn(ctx).NewUpdate().Model((*commentRow)(nil)).Set("body = ''").Set("likes_count = 0").Set("deleted_at = ?", pg.Time(d.DeletedAt)).
		Where("id = ?", d.ID).Where("deleted_at IS NULL").Exec(ctx)
	if err := pg.ChangedOne(result, err, domain.ErrCommentNotFound); err != nil {
		return err
	}
	if _, err := r.db.Conn(ctx).NewDelete().Model((*likeRow)(nil)).Where("comment_id = ?", d.ID).Exec(ctx); err != nil {
		return pg.Error(err)
	}
	return count(ctx, r.db, d.PostID, "comments_count", -1)
}

type likeRow struct {
	bun.BaseModel `bun:"table:news_comment_likes,alias:l"`
	pg.Tenanted

	CommentID int64     `bun:"comment_id,pk"`
	UserID    uuid.UUID `bun:"user_id,pk,type:uuid"`
	CreatedAt time.Time `bun:"created_at"`
}

func (r *Comments) countLikes(ctx context.Context, comment int64, by int) error {
	_, err := r.db.Conn(ctx).NewUpdate().Model((*commentRow)(nil)).Set("likes_count = likes_count + ?", by).Where("id = ?", comment).Exec(ctx)
	return pg.Error(err)
}

// Like stores a like and counts it.
func (r *Comments) Like(ctx context.Context, comment int64, user uuid.UUID, now time.Time) (bool, error) {
	result, err := r.db.Conn(ctx).NewInsert().Model(&likeRow{CommentID: comment, UserID: user, CreatedAt: pg.Time(now)}).On("CONFLICT DO NOTHING").Returning("NULL").Exec(ctx)
	if err != nil {
		return false, pg.Error(err)
	}
	if n, err := result.RowsAffected(); err != nil || n == 0 {
		return false, pg.Error(err)
	}
	return true, r.countLikes(ctx, comment, 1)
}

// Unlike removes a like and counts it no more.
func (r *Comments) Unlike(ctx context.Context, comment int64, user uuid.UUID) (bool, error) {
	result, err := r.db.Conn(ctx).NewDelete().Model((*likeRow)(nil)).Where("comment_id = ?", comment).Where("user_id = ?", user).Exec(ctx)
	if err != nil {
		return false, pg.Error(err)
	}
	if n, err := result.RowsAffected(); err != nil || n == 0 {
		return false, pg.Error(err)
	}
	return true, r.countLikes(ctx, comment, -1)
}
