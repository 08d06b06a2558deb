package app

import (
	"context"

	"go.updspace.com/libs/wire"
	"go.updspace.com/portal/content/domain"
	"go.updspace.com/portal/content/ports"
)

// Found returns members of the tenant that a text finds. The caller has checked the permission.
func (s People) Found(ctx context.Context, query string, limit int) ([]domain.Person, error) {
	found, err := s.People.List(ctx, ports.PeopleSearch{Query: query}, ports.PersonKey{}, limit)
	return wire.Each(found, func(p ports.ListedPerson) domain.Person { return p.Person }), err
}

// Found returns posts that a text finds and the viewer can read, newest first.
func (s Posts) Found(ctx context.Context, viewer domain.PostViewer, query string, limit int) ([]domain.Post, error) {
	if viewer.ReadsNothing() {
		return nil, nil
	}
	found, err := s.Posts.Page(ctx, ports.PostSearch{Query: query, Renderer: s.Markdown.Version()}, viewer, ports.PostKey{}, limit)
	return wire.Each(found, s.shown), err
}
