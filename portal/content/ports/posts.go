package ports

import (
	"context"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/libs/authz"
	"go.updspace.com/portal/content/domain"
)

// Posts stores posts with their attachments. A deleted post is not found.
type Posts interface {
	// Find returns a post, or domain.ErrPostNotFound.
	Find(ctx context.Context, id uuid.UUID) (domain.Post, error)
	// Lock is Find, and locks the post until Tx.Do ends.
	Lock(ctx context.Context, id uuid.UUID) (domain.Post, error)
	// Add stores a new post. A scope that does not exist is domain.ErrCommunityNotFound or domain.ErrTeamNotFound; an id
	// that a post has or had is a conflict.
	Add(ctx context.Context, post domain.Post) error
	// Update stores a changed post over the version it was changed from.
	Update(ctx context.Context, post domain.Post) error
	// Delete marks a post as deleted. It stays in the database until it is purged.
	Delete(ctx context.Context, id uuid.UUID, at time.Time) error

	// Page returns the posts that match the search and that the viewer can read, newest first, after a key in that order.
	// They come without what lists do not show: a body only when it was rendered by another version than the search names,
	// and of the HTML only the excerpt when there is one.
	Page(ctx context.Context, search PostSearch, viewer domain.PostViewer, after PostKey, limit int) ([]domain.Post, error)

	// Purge deletes posts of every tenant that were deleted before a time, and returns how many.
	Purge(ctx context.Context, before time.Time) (int64, error)
}

// PostSearch selects posts. Zero values match all.
type PostSearch struct {
	Community  uuid.UUID // in it and in its teams
	Team       uuid.UUID
	Author     uuid.UUID
	Visibility authz.Visibility
	// Exactly, when set, matches posts of exactly that scope, without the teams in it.
	Exactly *domain.PostScope
	Query   string // in the title or the beginning of the body, see valid.Fold
	// Renderer is the version of the renderer in use.
	Renderer string
}

// PostKey is a position in the order of posts. The zero key is before the first.
type PostKey struct {
	At time.Time
	ID uuid.UUID
}

// PostKeyOf returns the position of a post.
func PostKeyOf(p domain.Post) PostKey { return PostKey{At: p.Data().CreatedAt, ID: p.ID()} }

// Markdown renders the bodies of posts to HTML that is safe to show.
type Markdown interface {
	// Render renders a body. A body that is too complex, or of which nothing would be visible, is errs.Invalid for the field
	// "body".
	Render(source string) (domain.Rendered, error)
	// Version names the rules of Render. What was rendered by other rules is rendered again before it is shown.
	Version() string
}
