package app

import (
	"context"

	"go.updspace.com/portal/content/domain"
)

// PublicCard returns what guests of the tenant may see. It is for the gateway and checks no permission.
func (s Posts) PublicCard(ctx context.Context) (domain.PublicCard, error) {
	card, err := s.Public.PublicCard(ctx)
	if err != nil {
		return card, err
	}
	posts, err := s.Public.PublicPosts(ctx, s.Markdown.Version())
	for _, p := range posts {
		d := s.shown(p.Post).Data()
		card.Posts = append(card.Posts, domain.PublicPost{
			ID: d.ID, Title: d.Title, Excerpt: d.Rendered.Text(domain.MaxPublicExcerpt), Author: p.Author, CreatedAt: d.CreatedAt,
		})
	}
	return card, err
}
