package ports

import (
	"context"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/portal/domain"
)

// Posts keeps posts, each with its attachments. A post that was deleted is not found.
type Posts interface {
	// Find returns a post, or domain.ErrPostNotFound.
	Find(ctx context.Context, id uuid.UUID) (domain.Post, error)
	// Lock is Find, and keeps everybody else from changing the post until Tx.Do ends.
	Lock(ctx context.Context, id uuid.UUID) (domain.Post, error)
	// Add stores a new post. A place that does not exist is domain.ErrCommunityNotFound or domain.ErrTeamNotFound; an id
	// that a post has or had is a conflict.
	Add(ctx context.Context, post domain.Post) error
	// Update stores a changed post over the version it was changed from.
	Update(ctx context.Context, post domain.Post) error
	// Delete makes a post not to be found any more. What it was stays for the journal's sake until it is purged.
	Delete(ctx context.Context, id uuid.UUID, at time.Time) error

	// Page returns the posts that match the search and that the viewer sees, newest first, beginning after a place in
	// that order.
	Page(ctx context.Context, search PostSearch, viewer domain.PostViewer, after PostKey, limit int) ([]domain.Post, error)

	// Purge forgets what was deleted before a moment, of every tenant, and says how much that was.
	Purge(ctx context.Context, before time.Time) (int64, error)
}

// PostSearch says which posts are looked for. Zero values match everything.
type PostSearch struct {
	Community  uuid.UUID // in it and in its teams
	Team       uuid.UUID
	Author     uuid.UUID
	Visibility domain.Visibility
	// Standing, when set, asks for what stands at that place itself and not in what lies within.
	Standing *domain.PostPlace
}

// PostKey is a place in the order of posts; the zero key is before the first.
type PostKey struct {
	At time.Time
	ID uuid.UUID
}

// PostKeyOf is the place of a post.
func PostKeyOf(p domain.Post) PostKey { return PostKey{At: p.Data().CreatedAt, ID: p.ID()} }

// Markdown makes HTML that is safe to show of Markdown that anybody may have written.
type Markdown interface {
	Render(source string) domain.Rendered
	// Renews reports whether what was rendered once would be rendered otherwise now.
	Renews(r domain.Rendered) bool
}
