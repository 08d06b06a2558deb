package domain

import (
	"time"

	"github.com/google/uuid"

	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/valid"
)

// MaxComment is the length of a comment, in characters.
const MaxComment = 2000

// What is refused about comments.
var (
	ErrCommentNotFound = errs.New(errs.NotFound, "COMMENT_NOT_FOUND", "This comment does not exist.")
	ErrCommentsLocked  = errs.New(errs.Conflict, "COMMENTS_LOCKED", "The comments of this post are closed.")
)

// NewsComment is a comment on a post, or a reply to one.
type NewsComment struct{ data NewsCommentData }

// NewsCommentData is the state of a comment.
type NewsCommentData struct {
	ID        int64 // zero until it is stored
	PostID    uuid.UUID
	ParentID  int64 // zero for a comment that is no reply
	AuthorID  uuid.UUID
	Body      string
	CreatedAt time.Time
	EditedAt  time.Time // zero unless it was edited
	DeletedAt time.Time // zero unless it was deleted; the body is empty then
	// Likes and Replies are counters that the storage keeps.
	Likes, Replies int
	Liked          bool // by the user who reads
}

// NewNewsComment makes a comment, or reports what is wrong. parent is nil for a comment that is no reply.
func NewNewsComment(by authz.Actor, post NewsPost, parent *NewsComment, body string, now time.Time) (NewsComment, error) {
	fields := errs.Fields{}
	d := NewsCommentData{PostID: post.ID(), AuthorID: by.User, CreatedAt: valid.Instant(now)}
	d.Body = valid.Text(fields, "body", body, 1, MaxComment)
	if parent != nil {
		d.ParentID = parent.data.ID
	}
	return NewsComment{d}, fields.Err()
}

// RestoreNewsComment makes a comment from its stored state.
func RestoreNewsComment(d NewsCommentData) NewsComment { return NewsComment{d} }

// Data returns the state of the comment.
func (c NewsComment) Data() NewsCommentData { return c.data }

// ID returns the id of the comment.
func (c NewsComment) ID() int64 { return c.data.ID }

// Stored returns the comment with the id that it was stored under.
func (c NewsComment) Stored(id int64) NewsComment {
	c.data.ID = id
	return c
}

// Deleted reports whether only the place of the comment is left.
func (c NewsComment) Deleted() bool { return !c.data.DeletedAt.IsZero() }

// WrittenBy reports whether a user is the author.
func (c NewsComment) WrittenBy(user uuid.UUID) bool {
	return user != uuid.Nil && c.data.AuthorID == user
}

// Edit returns the comment with another body.
func (c NewsComment) Edit(body string, now time.Time) (NewsComment, error) {
	fields := errs.Fields{}
	c.data.Body = valid.Text(fields, "body", body, 1, MaxComment)
	c.data.EditedAt = valid.Instant(now)
	return c, fields.Err()
}

// Delete returns the place of the comment, which keeps its replies.
func (c NewsComment) Delete(now time.Time) NewsComment {
	c.data.Body, c.data.DeletedAt, c.data.Likes, c.data.Liked = "", valid.Instant(now), 0, false
	return c
}
