package app

import (
	"context"
	"unicode/utf8"

	"github.com/google/uuid"

	"go.updspace.com/activity/domain"
	"go.updspace.com/activity/ports"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/errs/why"
	"go.updspace.com/libs/page"
)

// Get returns one post.
func (s *News) Get(ctx context.Context, by authz.Actor, id uuid.UUID) (ShownNews, error) {
	viewer, post, err := s.seen(ctx, by, id)
	if err != nil {
		return ShownNews{}, err
	}
	shown, err := s.shown(ctx, viewer, post)
	if err != nil {
		return ShownNews{}, err
	}
	return shown[0], nil
}

// ListNews selects posts. Zero values match all.
type ListNews struct {
	Query, Tag         string
	Author             uuid.UUID
	ScopeType, ScopeID string
	Pinned, Best       bool
	Page               page.Request
}

// The lengths of a search text, in characters. A shorter one has no trigram, by which an index finds it.
const (
	minQuery = 2
	maxQuery = 100
)

// The names of the lists of posts in cursors.
const (
	newestNews = "news"
	bestNews   = "news by rank"
)

func (in ListNews) filter(by authz.Actor) (ports.NewsFilter, error) {
	f := ports.NewsFilter{Query: in.Query, Author: in.Author, Pinned: in.Pinned, Best: in.Best}
	fields := errs.Fields{}
	if n := utf8.RuneCountInString(in.Query); n > 0 {
		fields.Check(n >= minQuery, "q", why.TooShort(minQuery))
		fields.Check(n <= maxQuery, "q", why.TooLong(maxQuery))
	}
	if tags := domain.CleanTags(errs.Fields{}, []string{in.Tag}); len(tags) > 0 {
		f.Tag = tags[0]
	}
	if err := fields.Err(); err != nil {
		return f, err
	}
	if in.ScopeType == "" && in.ScopeID == "" {
		return f, nil
	}
	var err error
	f.Scope, err = domain.ParseScope(by.Tenant, in.ScopeType, in.ScopeID)
	return f, err
}

// List returns a page of published posts that match and that the caller sees: newest first, or the best first.
func (s *News) List(ctx context.Context, by authz.Actor, in ListNews) (page.Page[ShownNews], error) {
	none := page.Page[ShownNews]{}
	filter, err := in.filter(by)
	if err != nil {
		return none, err
	}
	var after ports.NewsKey
	cursor := func(last ports.ListedNews) string { return page.Encode(newestNews, last.Key.At, last.Key.ID) }
	if in.Best {
		cursor = func(last ports.ListedNews) string { return page.Encode(bestNews, last.Key.Rank, last.Key.ID) }
		_, err = page.Decode(bestNews, in.Page.Cursor, &after.Rank, &after.ID)
	} else {
		_, err = page.Decode(newestNews, in.Page.Cursor, &after.At, &after.ID)
	}
	if err != nil {
		return none, err
	}
	viewer, err := s.viewer(ctx, by)
	if err != nil {
		return none, err
	}
	found, err := page.Fetch(in.Page.Limit, func(limit int) ([]ports.ListedNews, error) {
		return s.News.List(ctx, viewer, filter, after, limit)
	}, cursor)
	if err != nil {
		return none, err
	}
	posts := make([]domain.NewsPost, len(found.Items))
	for i, post := range found.Items {
		posts[i] = post.NewsPost
	}
	shown, err := s.shown(ctx, viewer, posts...)
	return page.Page[ShownNews]{Items: shown, Next: found.Next}, err
}

// Shown returns posts of the feed by their ids, as the caller sees them. Those that are gone are left out. The caller of this
// method has decided that the posts may be seen.
func (s *News) Shown(ctx context.Context, by authz.Actor, ids []uuid.UUID) (map[uuid.UUID]ShownNews, error) {
	found := map[uuid.UUID]ShownNews{}
	if len(ids) == 0 {
		return found, nil
	}
	viewer, err := s.viewer(ctx, by)
	if err != nil {
		return nil, err
	}
	posts, err := s.News.FindEach(ctx, ids)
	if err != nil {
		return nil, err
	}
	shown, err := s.shown(ctx, viewer, posts...)
	if err != nil {
		return nil, err
	}
	for _, one := range shown {
		found[one.Post.ID()] = one
	}
	return found, nil
}

// Unpublished lists the caller's drafts or scheduled posts, the last changed first.
func (s *News) Unpublished(ctx context.Context, by authz.Actor, status domain.NewsStatus, limit int) ([]ShownNews, error) {
	viewer, err := s.viewer(ctx, by)
	if err != nil {
		return nil, err
	}
	posts, err := s.News.Unpublished(ctx, by.User, status, limit)
	if err != nil {
		return nil, err
	}
	return s.shown(ctx, viewer, posts...)
}
