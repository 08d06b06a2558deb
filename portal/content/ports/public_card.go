package ports

import (
	"context"

	"go.updspace.com/portal/content/domain"
)

// PublicCards reads what guests of the tenant may see.
type PublicCards interface {
	// PublicCard returns it without the posts.
	PublicCard(ctx context.Context) (domain.PublicCard, error)
	// PublicPosts returns the newest public posts by members who agreed to be shown to guests. renderer is the version of the
	// renderer in use: see Posts.Page.
	PublicPosts(ctx context.Context, renderer string) ([]AuthoredPost, error)
}

// AuthoredPost is a post with the shown name of its author.
type AuthoredPost struct {
	Post   domain.Post
	Author string
}
