package app

import (
	"context"
	"encoding/binary"
	"strconv"

	"github.com/google/uuid"

	"go.updspace.com/activity/domain"
	"go.updspace.com/activity/ports"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/idempotency"
	"go.updspace.com/libs/page"
)

// ShownComment is a comment with what the reader may do with it.
type ShownComment struct {
	domain.NewsComment
	Author                       *domain.Profile // nil while it is not known
	CanEdit, CanDelete, CanReply bool
}

// shownComments adds to comments what a reader sees and may do.
func (s *News) shownComments(ctx context.Context, viewer domain.NewsViewer, post domain.NewsPost, comments ...domain.NewsComment) []ShownComment {
	users := make([]uuid.UUID, len(comments))
	for i, c := range comments {
		users[i] = c.Data().AuthorID
	}
	profiles := s.profiles(ctx, users)
	shown := make([]ShownComment, len(comments))
	for i, c := range comments {
		shown[i] = shownComment(viewer, post, c)
		shown[i].Author = profiles(users[i])
	}
	return shown
}

func shownComment(viewer domain.NewsViewer, post domain.NewsPost, c domain.NewsComment) ShownComment {
	own, alive := c.WrittenBy(viewer.Actor.User), !c.Deleted()
	return ShownComment{
		NewsComment: c, CanEdit: alive && own && !post.Data().CommentsLocked, CanDelete: alive && (own || viewer.Moderates(post)),
		CanReply: alive && post.Listed() && !post.Data().CommentsLocked,
	}
}

// commentPage is the length of a page of comments.
const (
	defaultComments = 20
	maxComments     = 100
)

// FirstComments returns the first comments of a post, in the order in which they were written.
func (s *News) FirstComments(ctx context.Context, by authz.Actor, id uuid.UUID, limit int) ([]ShownComment, error) {
	found, err := s.comments(ctx, by, ports.CommentFilter{Post: id}, limit)
	return found.Items, err
}

// Thread returns a page of comments that are no replies, or of the replies to one.
func (s *News) Thread(ctx context.Context, by authz.Actor, filter ports.CommentFilter, limit int) (page.Page[ShownComment], error) {
	filter.Threads = true
	if limit == 0 {
		limit = defaultComments
	}
	return s.comments(ctx, by, filter, limit)
}

func (s *News) comments(ctx context.Context, by authz.Actor, filter ports.CommentFilter, limit int) (page.Page[ShownComment], error) {
	viewer, post, err := s.seen(ctx, by, filter.Post)
	if err != nil {
		return page.Page[ShownComment]{}, err
	}
	found, err := page.FetchMax(limit, maxComments, func(limit int) ([]domain.NewsComment, error) {
		return s.Comments.List(ctx, by.User, filter, limit)
	}, func(last domain.NewsComment) string { return commentCursor(last.ID()) })
	if err != nil {
		return page.Page[ShownComment]{}, err
	}
	return page.Page[ShownComment]{Items: s.shownComments(ctx, viewer, post, found.Items...), Next: found.Next}, nil
}

// AddComment is the input of News.Comment.
type AddComment struct {
	Body   string
	Parent int64 // zero: no reply
}

// Comment adds a comment to a post. A repeated request gets the comment that the first one made.
func (s *News) Comment(ctx context.Context, by authz.Actor, id uuid.UUID, in AddComment) (ShownComment, error) {
	viewer, post, err := s.seenListed(ctx, by, id)
	if err != nil {
		return ShownComment{}, err
	}
	input := struct {
		Post uuid.UUID
		AddComment
	}{id, in}
	made, err := idempotency.Once(ctx, s.Once, "createNewsComment", input, func(ctx context.Context) (domain.NewsComment, error) {
		return s.addComment(ctx, by, id, in)
	}, func(c domain.NewsComment) uuid.UUID { return numberResult(c.ID()) }, func(ctx context.Context, result uuid.UUID) (domain.NewsComment, error) {
		return s.Comments.Find(ctx, by.User, id, numberOf(result))
	})
	if err != nil {
		return ShownComment{}, err
	}
	return s.shownComments(ctx, viewer, post, made)[0], nil
}

func (s *News) addComment(ctx context.Context, by authz.Actor, id uuid.UUID, in AddComment) (none domain.NewsComment, err error) {
	post, err := s.News.Lock(ctx, id) // so that closing the comments does not overtake it
	switch {
	case err != nil:
		return none, err
	case !post.Listed():
		return none, errNotPublished
	case post.Data().CommentsLocked:
		return none, domain.ErrCommentsLocked
	}
	var parent *domain.NewsComment
	if in.Parent != 0 {
		found, err := s.Comments.Lock(ctx, by.User, id, in.Parent)
		if err == nil && found.Deleted() {
			err = domain.ErrCommentNotFound
		}
		if err != nil {
			return none, err
		}
		parent = &found
	}
	comment, err := domain.NewNewsComment(by, post, parent, in.Body, s.Clock.Now())
	if err != nil {
		return none, err
	}
	if err := s.checkComment(ctx, comment); err != nil {
		return none, err
	}
	if comment, err = s.Comments.Add(ctx, comment); err != nil {
		return none, err
	}
	if err := s.Events.Publish(ctx, domain.NewsWasCommented{Post: post, Comment: comment, Parent: parent}, commentsChanged(post, by)); err != nil {
		return none, err
	}
	return comment, s.Quota.Take(ctx, ports.RuleComments, by.User)
}

func commentsChanged(post domain.NewsPost, by authz.Actor) domain.Event {
	return domain.NewsWasChanged{Post: post, By: by.User, Parts: []domain.NewsPart{domain.NewsComments}}
}

// commentChange returns the comment as it is afterwards, and whether anything changed.
type commentChange func(ctx context.Context, viewer domain.NewsViewer, post domain.NewsPost, c domain.NewsComment) (domain.NewsComment, bool, error)

// changeComment changes a comment of a post that the caller sees, in a transaction.
func (s *News) changeComment(ctx context.Context, by authz.Actor, id uuid.UUID, comment int64, change commentChange) (ShownComment, error) {
	viewer, err := s.viewer(ctx, by)
	if err != nil {
		return ShownComment{}, err
	}
	var post domain.NewsPost
	var changed domain.NewsComment
	err = s.Tx.Do(ctx, func(ctx context.Context) (err error) {
		if post, err = s.News.Lock(ctx, id); err == nil && !viewer.SeesPost(post) {
			err = domain.ErrNewsNotFound
		}
		if err != nil {
			return err
		}
		found, err := s.Comments.Lock(ctx, by.User, id, comment)
		if err == nil && found.Deleted() {
			err = domain.ErrCommentNotFound
		}
		if err != nil {
			return err
		}
		var differs bool
		if changed, differs, err = change(ctx, viewer, post, found); err != nil || !differs {
			return err
		}
		return s.Events.Publish(ctx, commentsChanged(post, by))
	})
	if err != nil {
		return ShownComment{}, err
	}
	return s.shownComments(ctx, viewer, post, changed)[0], nil
}

// EditComment changes the body of the caller's comment.
func (s *News) EditComment(ctx context.Context, by authz.Actor, id uuid.UUID, comment int64, body string) (ShownComment, error) {
	return s.changeComment(ctx, by, id, comment, func(ctx context.Context, _ domain.NewsViewer, post domain.NewsPost, c domain.NewsComment) (domain.NewsComment, bool, error) {
		switch {
		case !c.WrittenBy(by.User):
			return c, false, errForeignComment
		case post.Data().CommentsLocked:
			return c, false, domain.ErrCommentsLocked
		}
		edited, err := c.Edit(body, s.Clock.Now())
		if err != nil {
			return c, false, err
		}
		if err := s.checkComment(ctx, edited); err != nil {
			return c, false, err
		}
		return edited, true, s.Comments.Edit(ctx, edited)
	})
}

// errForeignComment refuses changes of the words of others, which moderators cannot make either.
var errForeignComment = errs.New(errs.Forbidden, "", "Only its author can edit a comment.")

// DeleteComment deletes a comment, as its author or as a moderator, who may say why. Its replies stay.
func (s *News) DeleteComment(ctx context.Context, by authz.Actor, id uuid.UUID, comment int64, reason string) (ShownComment, error) {
	reason, err := checkedReason(reason)
	if err != nil {
		return ShownComment{}, err
	}
	return s.changeComment(ctx, by, id, comment, func(ctx context.Context, viewer domain.NewsViewer, post domain.NewsPost, c domain.NewsComment) (domain.NewsComment, bool, error) {
		own := c.WrittenBy(by.User)
		if !own && !viewer.Moderates(post) {
			return c, false, authz.Denied(domain.PermissionNewsManage)
		}
		deleted := c.Delete(s.Clock.Now())
		if err := s.Comments.Delete(ctx, deleted); err != nil || own {
			return deleted, true, err
		}
		entry := s.entry("news.comment_deleted", post, reason, map[string]any{"comment_id": comment})
		entry.About = c.Data().AuthorID
		return deleted, true, s.Audit.Write(ctx, entry)
	})
}

// LikeComment adds the caller's like of a comment, or removes it. Both may be repeated.
func (s *News) LikeComment(ctx context.Context, by authz.Actor, id uuid.UUID, comment int64, add bool) (domain.NewsComment, error) {
	liked, err := s.changeComment(ctx, by, id, comment, func(ctx context.Context, _ domain.NewsViewer, _ domain.NewsPost, c domain.NewsComment) (domain.NewsComment, bool, error) {
		var changed bool
		var err error
		if add {
			changed, err = s.Comments.Like(ctx, comment, by.User, s.Clock.Now())
		} else {
			changed, err = s.Comments.Unlike(ctx, comment, by.User)
		}
		if err == nil && changed && add {
			err = s.Quota.Take(ctx, ports.RuleReactions, by.User)
		}
		if err != nil || !changed {
			return c, false, err
		}
		c, err = s.Comments.Find(ctx, by.User, id, comment)
		return c, true, err
	})
	return liked.NewsComment, err
}

func (s *News) checkComment(ctx context.Context, c domain.NewsComment) error {
	filter, err := s.Reports.Words(ctx)
	if err != nil {
		return err
	}
	fields := errs.Fields{}
	filter.Check(fields, "body", c.Data().Body)
	return fields.Err()
}

// numberResult is an id that is a number as the result of a request, which is a UUID. numberOf is the reverse.
func numberResult(id int64) (result uuid.UUID) {
	binary.BigEndian.PutUint64(result[8:], uint64(id)) //nolint:gosec // ids are positive
	return result
}

// commentCursor is the cursor after a comment: its id, as clients of the former system know it.
func commentCursor(id int64) string { return strconv.FormatInt(id, 10) }

func numberOf(result uuid.UUID) int64 {
	return int64(binary.BigEndian.Uint64(result[8:])) //nolint:gosec // as numberResult made it
}
