package pg

import (
	"context"
	"strconv"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"go.updspace.com/activity/domain"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/errs/why"
	"go.updspace.com/libs/personaldata"
	"go.updspace.com/libs/pg"
)

// The words that take the place of what an erased user wrote.
const (
	erasedTitle = "[deleted]"
	erasedBody  = "[deleted by user request]"
)

// newsPersonalData lists what news stores about a user. Posts and comments stay as places in their threads, without words and author.
func newsPersonalData(db *pg.DB) []personaldata.Section {
	return []personaldata.Section{{
		Name: "news_posts", Columns: []string{"news_posts.author_id", "news_posts.title", "news_posts.body", "news_posts.search_text", "news_posts.tags", "news_posts.media"},
		Read: personaldata.ByID(func(ctx context.Context, user, after uuid.UUID, limit int) ([]domain.NewsPost, error) {
			return pg.Many(ctx, db, (*newsRow).toDomain, func(q *bun.SelectQuery) *bun.SelectQuery {
				return pg.PageByID(q.Where("p.author_id = ?", user), after, limit)
			})
		}, domain.NewsPost.ID, func(p domain.NewsPost) map[string]any {
			d := p.Data()
			return map[string]any{
				"news_id": d.ID, "title": d.Title, "body": d.Body, "tags": d.Tags, "media": len(d.Media), "visibility": d.Visibility, "status": d.Status,
				"hidden_reason": d.HiddenReason, "created_at": d.CreatedAt, "published_at": d.PublishedAt,
			}
		}),
		Erase: personaldata.Statements(db,
			"DELETE FROM news_posts WHERE tenant_id = ?0 AND author_id = ?1 AND status <> 'published'",
			`UPDATE items SET actor_id = NULL, title = 'Activity from deleted account', payload = payload || '{"redacted": true}'
				WHERE tenant_id = ?0 AND source_ref IN (SELECT 'news:' || id FROM news_posts WHERE tenant_id = ?0 AND author_id = ?1) AND NOT retracted`,
			`UPDATE news_images SET post_id = NULL, freed_at = 'epoch' WHERE tenant_id = ?0 AND post_id IN (SELECT id FROM news_posts WHERE tenant_id = ?0 AND author_id = ?1)`,
			`UPDATE news_posts SET author_id = ?2, title = '`+erasedTitle+`', body = '`+erasedBody+`', search_text = '', tags = '{}', media = '[]', hidden_reason = ''
				WHERE tenant_id = ?0 AND author_id = ?1`),
	}, {
		Name: "news_images", Columns: []string{"news_images.uploader_id", "news_images.file_name"},
		Read: personaldata.ByID(func(ctx context.Context, user, after uuid.UUID, limit int) ([]domain.NewsImage, error) {
			return pg.Many(ctx, db, (*newsImageRow).toDomain, func(q *bun.SelectQuery) *bun.SelectQuery {
				return pg.PageByID(q.Where("i.uploader_id = ?", user), after, limit)
			})
		}, domain.NewsImage.ID, func(i domain.NewsImage) map[string]any {
			d := i.Data()
			return map[string]any{"media_id": d.ID, "file_name": d.FileName, "content_type": d.Content.Type, "size": d.Content.Size, "created_at": d.CreatedAt}
		}),
		Erase: personaldata.Statements(db,
			"UPDATE news_images SET freed_at = 'epoch', uploader_id = ?2, file_name = 'erased' WHERE tenant_id = ?0 AND uploader_id = ?1"),
	}, {
		Name: "news_comments", Columns: []string{"news_comments.author_id", "news_comments.body"},
		Read: byNumber(func(ctx context.Context, user uuid.UUID, after int64, limit int) ([]domain.NewsComment, error) {
			return pg.Many(ctx, db, (*commentRow).toDomain, func(q *bun.SelectQuery) *bun.SelectQuery {
				return q.Where("c.author_id = ?", user).Where("c.id > ?", after).OrderExpr("c.id").Limit(int64(limit))
			})
		}, domain.NewsComment.ID, func(c domain.NewsComment) map[string]any {
			d := c.Data()
			return map[string]any{"comment_id": d.ID, "news_id": d.PostID, "body": d.Body, "created_at": d.CreatedAt}
		}),
		Erase: personaldata.Statements(db, "UPDATE news_comments SET author_id = ?2, body = CASE WHEN deleted_at IS NULL THEN '"+erasedBody+"' ELSE '' END WHERE tenant_id = ?0 AND author_id = ?1"),
	}, {
		Name: "news_reactions", Columns: []string{"news_reactions.user_id", "news_reactions.emoji"},
		Read: byNumber(func(ctx context.Context, user uuid.UUID, after int64, limit int) ([]reactionRow, error) {
			return pg.Many(ctx, db, func(r *reactionRow) reactionRow { return *r }, func(q *bun.SelectQuery) *bun.SelectQuery {
				return q.Where("r.user_id = ?", user).Where("r.id > ?", after).OrderExpr("r.id").Limit(int64(limit))
			})
		}, func(r reactionRow) int64 { return r.ID }, func(r reactionRow) map[string]any {
			return map[string]any{"news_id": r.PostID, "emoji": r.Emoji, "created_at": r.CreatedAt.UTC()}
		}),
		// The counters are lowered under the locks of the posts, as when a reaction is withdrawn.
		Erase: personaldata.Statements(db, `UPDATE news_posts AS p SET reactions_count = reactions_count - gone.n FROM (
				SELECT post_id, count(*) AS n FROM news_reactions WHERE tenant_id = ?0 AND user_id = ?1 GROUP BY post_id) AS gone
			WHERE p.tenant_id = ?0 AND p.id = gone.post_id`,
			`UPDATE news_reaction_counts AS c SET count = c.count - 1 FROM news_reactions AS r
			WHERE r.tenant_id = ?0 AND r.user_id = ?1 AND c.tenant_id = r.tenant_id AND c.post_id = r.post_id AND c.emoji = r.emoji`,
			"DELETE FROM news_reactions WHERE tenant_id = ?0 AND user_id = ?1"),
	}, {
		Name: "news_comment_likes", Columns: []string{"news_comment_likes.user_id"},
		Read: byNumber(func(ctx context.Context, user uuid.UUID, after int64, limit int) ([]likeRow, error) {
			return pg.Many(ctx, db, func(r *likeRow) likeRow { return *r }, func(q *bun.SelectQuery) *bun.SelectQuery {
				return q.Where("l.user_id = ?", user).Where("l.comment_id > ?", after).OrderExpr("l.comment_id").Limit(int64(limit))
			})
		}, func(r likeRow) int64 { return r.CommentID }, func(r likeRow) map[string]any {
			return map[string]any{"comment_id": r.CommentID, "created_at": r.CreatedAt.UTC()}
		}),
		Erase: personaldata.Statements(db, `UPDATE news_comments AS c SET likes_count = c.likes_count - 1 FROM news_comment_likes AS l
			WHERE l.tenant_id = ?0 AND l.user_id = ?1 AND c.tenant_id = l.tenant_id AND c.id = l.comment_id`,
			"DELETE FROM news_comment_likes WHERE tenant_id = ?0 AND user_id = ?1"),
	}, {
		Name: "news_views", Columns: []string{"news_views.user_id"},
		Read: personaldata.ByID(func(ctx context.Context, user, after uuid.UUID, limit int) ([]viewRow, error) {
			return pg.Many(ctx, db, func(r *viewRow) viewRow { return *r }, func(q *bun.SelectQuery) *bun.SelectQuery {
				return q.Where("v.user_id = ?", user).Where("v.post_id > ?", after).OrderExpr("v.post_id").Limit(int64(limit))
			})
		}, func(r viewRow) uuid.UUID { return r.PostID }, func(r viewRow) map[string]any {
			return map[string]any{"news_id": r.PostID, "first_viewed_at": r.FirstViewedAt.UTC(), "last_viewed_at": r.LastViewedAt.UTC()}
		}),
		Erase: personaldata.Statements(db, "DELETE FROM news_views WHERE tenant_id = ?0 AND user_id = ?1"), // it stays counted: a number says nothing of a person
	}, {
		Name: "news_reports", Columns: []string{"news_reports.reporter_id", "news_reports.text"}, Read: reportsOf(db, "r.reporter_id = ?"),
		Erase: personaldata.Statements(db, "UPDATE news_reports SET reporter_id = ?2, text = '' WHERE tenant_id = ?0 AND reporter_id = ?1"),
	}, {
		Name: "news_reports_resolved", Columns: []string{"news_reports.resolved_by"}, Read: reportsOf(db, "r.resolved_by = ?"),
		Erase: personaldata.Statements(db, "UPDATE news_reports SET resolved_by = NULL WHERE tenant_id = ?0 AND resolved_by = ?1"),
	}, {
		Name: "news_hidden", Columns: []string{"news_posts.hidden_by", "news_posts.hidden_reason"}, Reason: "The audit log exports what a moderator did.",
		Erase: personaldata.Statements(db, "UPDATE news_posts SET hidden_by = NULL, hidden_reason = '' WHERE tenant_id = ?0 AND hidden_by = ?1"),
	}, {
		Name: "news_word_filter", Columns: []string{"news_word_filters.updated_by"}, Reason: "The audit log exports what a moderator did.",
		Erase: personaldata.Statements(db, "UPDATE news_word_filters SET updated_by = ?2 WHERE tenant_id = ?0 AND updated_by = ?1"),
	}}
}

// byNumber is personaldata.ByID for objects with numbers as ids.
func byNumber[T any](
	list func(ctx context.Context, user uuid.UUID, after int64, limit int) ([]T, error), id func(T) int64, data func(T) map[string]any,
) func(context.Context, uuid.UUID, string, int) ([]personaldata.Item, error) {
	return personaldata.ByKey(func(ctx context.Context, user uuid.UUID, after string, limit int) ([]T, error) {
		from := int64(0)
		if after != "" {
			var err error
			if from, err = strconv.ParseInt(after, 10, 64); err != nil {
				return nil, errs.Field("cursor", why.InvalidFormat("names no item"))
			}
		}
		return list(ctx, user, from, limit)
	}, func(t T) string { return strconv.FormatInt(id(t), 10) }, data)
}

func reportsOf(db *pg.DB, ofUser string) func(context.Context, uuid.UUID, string, int) ([]personaldata.Item, error) {
	return personaldata.ByID(func(ctx context.Context, user, after uuid.UUID, limit int) ([]domain.NewsReport, error) {
		return pg.Many(ctx, db, (*reportRow).toDomain, func(q *bun.SelectQuery) *bun.SelectQuery { return pg.PageByID(q.Where(ofUser, user), after, limit) })
	}, func(r domain.NewsReport) uuid.UUID { return r.ID }, func(r domain.NewsReport) map[string]any {
		return map[string]any{
			"report_id": r.ID, "news_id": r.PostID, "comment_id": r.CommentID, "reason": r.Reason, "text": r.Text, "created_at": r.CreatedAt, "resolution": r.Resolution,
		}
	})
}
