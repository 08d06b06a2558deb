package ports

import (
	"context"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/activity/domain"
	"go.updspace.com/libs/audit"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/page"
)

// News stores posts. It knows the community of a post's team, and whether the group of a post is gone.
type News interface {
	// Find returns a post, or domain.ErrNewsNotFound.
	Find(ctx context.Context, id uuid.UUID) (domain.NewsPost, error)
	// Lock is Find, and makes other changes of the post wait until Tx.Do ends.
	Lock(ctx context.Context, id uuid.UUID) (domain.NewsPost, error)
	// FindEach returns the posts that exist of some, in no particular order.
	FindEach(ctx context.Context, ids []uuid.UUID) ([]domain.NewsPost, error)
	Add(ctx context.Context, post domain.NewsPost) error
	// Update stores everything but the counters.
	Update(ctx context.Context, post domain.NewsPost) error
	// Delete removes a post with all that belongs to it. Its pictures become free.
	Delete(ctx context.Context, id uuid.UUID) error
	// List lists at most limit posts that match and that the viewer sees in the feed, after a position.
	List(ctx context.Context, viewer domain.NewsViewer, filter NewsFilter, after NewsKey, limit int) ([]ListedNews, error)
	// Unpublished lists the posts of an author with a status, the last changed first.
	Unpublished(ctx context.Context, author uuid.UUID, status domain.NewsStatus, limit int) ([]domain.NewsPost, error)
	// Due returns scheduled posts of all tenants whose time has come, the oldest first.
	Due(ctx context.Context, now time.Time, limit int) ([]domain.NewsPost, error)
}

// NewsFilter selects posts. Zero values match all.
type NewsFilter struct {
	Query  string // a part of the title or the body
	Tag    string
	Author uuid.UUID
	Scope  authz.Scope
	Pinned bool // only pinned posts
	Best   bool // ordered by rank instead of by time
}

// NewsKey is the position of a post in a list. The zero key is before the first.
type NewsKey struct {
	Rank float64   // of a list of the best
	At   time.Time // of the other lists
	ID   uuid.UUID
}

// ListedNews is a post of a list, with its place there.
type ListedNews struct {
	domain.NewsPost
	Key NewsKey
}

// Emoji is how many members reacted to a post with an emoji.
type Emoji struct {
	Emoji string
	Count int
	Mine  bool // the reader is among them
}

// NewsReaction is a reaction of one member.
type NewsReaction struct {
	ID        int64
	UserID    uuid.UUID
	Emoji     string
	CreatedAt time.Time
}

// Reactions stores what members do with posts, and keeps the counters of the posts exact.
type Reactions interface {
	// React stores a reaction; false if it was there. A post that is gone is domain.ErrNewsNotFound.
	React(ctx context.Context, post, user uuid.UUID, emoji string, now time.Time) (bool, error)
	// Withdraw removes a reaction; false if there was none.
	Withdraw(ctx context.Context, post, user uuid.UUID, emoji string) (bool, error)
	// Of returns the reactions to posts as a reader sees them, by post: the most frequent first, then by emoji.
	Of(ctx context.Context, reader uuid.UUID, posts []uuid.UUID) (map[uuid.UUID][]Emoji, error)
	// Given lists the reactions to a post, newest first.
	Given(ctx context.Context, post uuid.UUID, offset, limit int) ([]NewsReaction, error)
	// View notes that a member saw a post; first says whether it counted.
	View(ctx context.Context, post, user uuid.UUID, now time.Time) (first bool, err error)
}

// CommentFilter selects comments of a post.
type CommentFilter struct {
	Post    uuid.UUID
	Threads bool  // only comments that are no replies, or only replies to Parent
	Parent  int64 // zero: comments that are no replies
	After   int64 // id; zero begins at the first
}

// Comments stores comments, and keeps the counters of posts and comments exact.
type Comments interface {
	// Find returns a comment of a post, or domain.ErrCommentNotFound, as a reader sees it.
	Find(ctx context.Context, reader, post uuid.UUID, id int64) (domain.NewsComment, error)
	// Lock is Find, and makes other changes of the comment wait until Tx.Do ends.
	Lock(ctx context.Context, reader, post uuid.UUID, id int64) (domain.NewsComment, error)
	// Each returns the comments that exist of some, in no particular order.
	Each(ctx context.Context, ids []int64) ([]domain.NewsComment, error)
	// List lists comments in the order in which they were written.
	List(ctx context.Context, reader uuid.UUID, filter CommentFilter, limit int) ([]domain.NewsComment, error)
	// Add stores a comment and returns it with its id.
	Add(ctx context.Context, comment domain.NewsComment) (domain.NewsComment, error)
	// Edit stores the body of a comment.
	Edit(ctx context.Context, comment domain.NewsComment) error
	// Delete stores a comment that is deleted, and lowers the counter of its post.
	Delete(ctx context.Context, comment domain.NewsComment) error
	// Like stores a like; false if it was there.
	Like(ctx context.Context, comment int64, user uuid.UUID, now time.Time) (bool, error)
	// Unlike removes a like; false if there was none.
	Unlike(ctx context.Context, comment int64, user uuid.UUID) (bool, error)
}

// NewsImages stores the rows of uploaded pictures.
type NewsImages interface {
	// Add stores a picture without content, or refuses one who has domain.MaxPendingMedia of them.
	Add(ctx context.Context, image domain.NewsImage) error
	// Find returns a picture, with or without content, or domain.ErrMediaNotFound.
	Find(ctx context.Context, id uuid.UUID) (domain.NewsImage, error)
	// Complete stores what is known of the content of a picture. One that has content already is domain.ErrMediaNotFound.
	Complete(ctx context.Context, image domain.NewsImage) error
	// Each returns the pictures that exist of some, in no particular order.
	Each(ctx context.Context, ids []uuid.UUID) ([]domain.NewsImage, error)
	// Attach gives a post exactly these pictures. Those it had before become free. False says that one of them is not there.
	Attach(ctx context.Context, post uuid.UUID, ids []uuid.UUID, now time.Time) (bool, error)
	// Abandoned marks pictures of all tenants that no post has since a time, so that none gets them any more, and returns those
	// that are marked.
	Abandoned(ctx context.Context, before time.Time, limit int) ([]domain.NewsImage, error)
	// Forget removes pictures.
	Forget(ctx context.Context, ids ...uuid.UUID) error
}

// Reports stores reports and the word filter.
type Reports interface {
	// Add stores a report. Where the reporter has reported the same before and the report is open, the earlier one is returned.
	Add(ctx context.Context, report domain.NewsReport) (domain.NewsReport, error)
	// Lock returns a report, or domain.ErrReportNotFound, and locks it until Tx.Do ends.
	Lock(ctx context.Context, id uuid.UUID) (domain.NewsReport, error)
	// List lists reports about posts that the viewer moderates, newest first, with ids below after.
	List(ctx context.Context, viewer domain.NewsViewer, open bool, after uuid.UUID, limit int) ([]domain.NewsReport, error)
	// Resolve stores the decision on a report, and on all open reports of the same content.
	Resolve(ctx context.Context, report domain.NewsReport) error
	// Words returns the word filter; a tenant without one has the empty filter.
	Words(ctx context.Context) (domain.WordFilter, error)
	SetWords(ctx context.Context, filter domain.WordFilter) error
}

// The rules of Quota.
const (
	RulePosts     = "news posts"
	RuleComments  = "news comments"
	RuleReactions = "news reactions"
	RuleReports   = "news reports"
	RulePreviews  = "news previews"
)

// Quota limits how often a user does something. Uses that lead to nothing are not counted: take last, in the transaction.
type Quota interface {
	// Take counts a use, or returns errs.RateLimited.
	Take(ctx context.Context, rule string, user uuid.UUID) error
}

// Markdown renders the bodies of posts.
type Markdown interface {
	// Render returns HTML that is safe to show, or refuses a body that costs too much, naming the field body.
	Render(body string) (string, error)
}

// FileTypes finds the content type of a file by its first bytes.
type FileTypes interface {
	ContentType(name string, head []byte) string
}

// AuditLog is the audit log.
type AuditLog interface {
	Write(ctx context.Context, entries ...audit.Entry) error
	List(ctx context.Context, filter audit.Filter, request page.Request) (page.Page[audit.Entry], error)
}

// Pictures measures and draws uploaded pictures.
type Pictures interface {
	// Strip removes metadata and leaves the pixels as they are.
	Strip(contentType string, picture []byte) ([]byte, error)
	// Dimensions returns how large a picture is when it is shown upright, in pixels.
	Dimensions(raw []byte) (width, height int, err error)
	// Sizes draws a picture upright for each of sides.
	Sizes(ctx context.Context, raw []byte, sides ...int) (drawn [][]byte, contentType string, err error)
}
